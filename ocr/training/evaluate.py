"""How well a reader reads drawn photos: exact fields, wrong values given, calibration, time.

`python -m ocr.training evaluate` prints it for `ocr.picture.read_picture`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ocr.picture import read_picture
from ocr.readings import PictureReading
from ocr.training import cases
from ocr.training.figures import BAR, FIELDS, Row, calibration_error, exact, of, whole
from ocr.training.photos import LEVELS, Level, photo

GATES = (0.5, 0.9, 0.95, 0.97)
CASES = 20
Read = Callable[[bytes], PictureReading]


def measure(
    read: Read, level: Level, seeds: Iterable[int], held_out: bool
) -> Iterator[tuple[list[Row], float]]:
    """The rows of each photo, and the CPU milliseconds that `read` took."""
    for seed in seeds:
        shot = photo(seed, level, held_out)
        start = time.process_time()
        reading = read(shot.jpeg)
        spent = (time.process_time() - start) * 1000
        given = {one.field: one for one in reading.readings if one.source == "ocr"}
        rows = [
            Row(level, seed, held_out, field, shot.truth[field], field in shot.hidden,
                given[field].value if field in given else None,
                given[field].confidence if field in given else None)
            for field in FIELDS
        ]  # fmt: skip
        yield rows, spent


def report(rows: Sequence[Row], spent: Sequence[float], worst: int) -> str:
    """Of one level."""
    bar = [row for row in rows if row.field in BAR]
    hidden = [row for row in rows if row.hidden]
    lines = [
        f"  exact {exact(bar):.4f} of fields, name {exact(of(rows, 'name')):.4f},"
        f" whole card {whole(rows):.3f}   (photos: {len(spent)})",
        "  " + "  ".join(f"{field} {exact(of(rows, field)):.3f}" for field in FIELDS),
    ]
    for gate in GATES:
        given = [row for row in rows if row.sure(gate)]
        wrong = sum(row.wrong for row in given)
        lines.append(
            f"  at {gate}: given {len(given) / len(rows):.4f}, wrong {wrong / len(rows):.4f}"
            f" ({wrong}), of hidden {sum(row.sure(gate) for row in hidden)}/{len(hidden)}"
        )
    lines.append(
        f"  calibration error {calibration_error(rows):.4f},"
        f" CPU ms mean {statistics.fmean(spent):.0f} p95 {_percentile(spent, 0.95):.0f}"
    )
    surest = sorted((row for row in rows if row.wrong), key=lambda row: -(row.confidence or 0))
    missed = [row for row in rows if row.value is None and not row.hidden]
    lines += [f"  wrong  {_said(row)}" for row in surest[:worst]]
    lines += [f"  absent {_said(row)}" for row in missed[:worst]]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, read: Read = read_picture) -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training evaluate", description=__doc__)
    parser.add_argument("--photos", type=int, default=20, help="of each level")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--level", choices=LEVELS, action="append", help="only this one")
    parser.add_argument("--held-out", action="store_true", help="faces and damage kept out")
    parser.add_argument("--worst", type=int, default=8, help="how many cases to list")
    parser.add_argument("--cases", type=Path, help="draw the twenty worst there, as HTML")
    parser.add_argument("--json", type=Path, help="write every field's row there, one a line")
    given = parser.parse_args(arguments)
    seeds = range(given.first, given.first + given.photos)
    every: list[Row] = []
    for level in given.level or LEVELS:
        measured = list(measure(read, level, seeds, given.held_out))
        rows = [row for photo_rows, _ in measured for row in photo_rows]
        every += rows
        print(level)
        print(report(rows, [spent for _, spent in measured], given.worst), flush=True)
    if given.cases:
        given.cases.write_text(cases.page(cases.worst(every, CASES)), encoding="utf-8")
    if given.json:
        said = (json.dumps(asdict(row), ensure_ascii=False) for row in every)
        given.json.write_text("".join(line + "\n" for line in said), encoding="utf-8")


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _said(row: Row) -> str:
    sure = "" if row.confidence is None else f" {row.confidence:.3f}"
    hidden = " (hidden)" if row.hidden else ""
    return f"{row.level} {row.seed} {row.field}{hidden}: {row.truth!r} read {row.value!r}{sure}"
