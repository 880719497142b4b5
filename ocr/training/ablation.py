"""What each part of the reader brings: the same photos, each time without one of them.

`python -m ocr.training ablate` prints a row for each part.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from unittest.mock import patch

from ocr import models
from ocr.picture import read_picture
from ocr.recognise import Letters
from ocr.training.evaluate import measure
from ocr.training.figures import BAR, Row, exact, of, whole
from ocr.training.photos import LEVELS
from ocr.values import Value


def _as_read(letters: Letters, *_: object) -> Letters:
    return letters


def _least_sure(_: str, value: Value) -> float:
    return min(letter.chance for letter in value.letters if letter.text.strip())


WITHOUT: dict[str, Mapping[str, object]] = {
    "nothing": {},
    "our line model (the package's instead)": {
        "ocr.models.LINES": models.packaged("PP-OCRv6_rec_small.onnx"),
        "ocr.line_image.STRETCH": 1.0,
    },
    "lists of names and units": {"ocr.lexicon.settled": _as_read, "ocr.places.settled": _as_read},
    "labels (only what values look like)": {"ocr.labels.labels": lambda _: []},
    "turning what stands on its head": {"ocr.page.UPRIGHT": 0.0},
    "a closer look at small cards": {"ocr.page.SMALL": 0.0},
    "joining parts of a line": {"ocr.ways.SAME_HEIGHT": 0.0},
    "dates that contradict each other": {"ocr.values.contradictions": lambda *_: []},
    "the curve (the least sure letter instead)": {"ocr.front.confidence": _least_sure},
}
"""Part → what stands in its place."""
FLAGGED = 0.95


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training ablate", description=__doc__)
    parser.add_argument("--photos", type=int, default=20, help="of each level")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--held-out", action="store_true", help="faces and damage kept out")
    given = parser.parse_args(arguments)
    print("level   fields  name    card   wrong and not flagged  CPU ms  without")
    for part, instead in WITHOUT.items():
        with ExitStack() as stack:
            for target, value in instead.items():
                stack.enter_context(patch(target, value))
            for level in LEVELS:
                seeds = range(given.first, given.first + given.photos)
                measured = list(measure(read_picture, level, seeds, given.held_out))
                rows = [row for photo_rows, _ in measured for row in photo_rows]
                print(_said(level, rows, [spent for _, spent in measured]), part, flush=True)


def _said(level: str, rows: Sequence[Row], spent: Sequence[float]) -> str:
    fields, name = exact(row for row in rows if row.field in BAR), exact(of(rows, "name"))
    wrong = sum(row.wrong and row.sure(FLAGGED) for row in rows) / len(rows)
    return (
        f"{level:6}  {fields:6.1%}  {name:6.1%}  {whole(rows):6.1%}  {wrong:21.2%}"
        f"  {statistics.median(spent):6.0f}  "
    )
