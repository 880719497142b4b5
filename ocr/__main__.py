"""`python -m ocr read [--json] [--serve] FILE…`: what pictures say.
`python -m ocr explain FILE --out REPORT.html`: why one picture was read so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ocr.problems import advice
from ocr.reader import Reader
from ocr.readings import PictureReading


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ocr", description="Read photos of papers.")
    commands = parser.add_subparsers(required=True)
    read = commands.add_parser("read", help="read pictures (JPEG, PNG, WebP)")
    read.add_argument("files", nargs="*", metavar="FILE")
    read.add_argument("--json", action="store_true", help="one JSON object a file, one a line")
    read.add_argument(
        "--serve", action="store_true", help="file names on standard input, one a line"
    )
    drawn = commands.add_parser("explain", help="draw what was read of a picture, and why")
    drawn.add_argument("file", type=Path, metavar="FILE")
    drawn.add_argument("--out", type=Path, required=True, metavar="REPORT.html")
    given = parser.parse_args(arguments)
    if "out" in given:
        from ocr import explain  # what it needs, `read` leaves to its workers

        return explain.write(given.file, given.out)
    if not given.files and not given.serve:
        read.error("name a FILE, or give --serve")
    return _read_all(_names(given.files, given.serve), given.json)


def _read_all(names: Iterable[str], as_json: bool) -> int:
    reader = Reader()
    try:
        for name in names:
            said = {"file": name, **_read(reader, name).as_json()}
            print(json.dumps(said, ensure_ascii=False) if as_json else _text(said), flush=True)
    finally:
        reader.close()
    return 0


def _names(files: Sequence[str], serve: bool) -> Iterable[str]:
    yield from files
    if serve:
        yield from (line.rstrip("\n") for line in sys.stdin if line.strip())


def _read(reader: Reader, name: str) -> PictureReading:
    try:
        data = Path(name).read_bytes()
    except OSError:
        return PictureReading("unknown", problems=("no_such_file",))
    return reader.picture(data)


def _text(said: dict[str, Any]) -> str:
    lines = [f"{said['file']}: {said['kind']}"]
    for name, field in said["fields"].items():
        lines.append(f"  {name}: {field['value']} ({field['source']}, {field['confidence']:.2f})")
    lines += [f"  QR ({code['kind']}): {code['text']!r}" for code in said["qr"]]
    lines += [f"  {problem}: {advice(problem)[0]}" for problem in said["problems"]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
