"""Why a picture was read as it was: its lines, letters and fields, for `ocr.report` to draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np

from ocr import columns, front, image, report
from ocr.confidence import parts
from ocr.models import NoModel
from ocr.picture import read_picture
from ocr.problems import BadPicture, advice
from ocr.readings import Reading
from ocr.report import Explained, Why
from ocr.values import Value

PARTS = {
    "bias": "to begin with",
    "all": "all of its letters together",
    "least": "the least sure letter",
    "runner": "the likeliest other letter",
    "labelled": "its label was read",
    "known": "its words are on the lists",
    "whole": "it begins and ends as such a value does",
    "height": "the size of the print",
    "gap": "a gap between its letters",
    "edge": "the ground changes where it ends",
    "glare": "glare about it",
}
"""What `ocr.confidence` weighs, in words."""


def explain(name: str, data: bytes, today: date) -> Explained:
    """`BadPicture` for what cannot be decoded, `NoModel` where print cannot be read here."""
    picture = np.asarray(image.decode(data))
    seen = front.seen(picture)
    reading = read_picture(data)
    fields = [Why(one) for one in reading.readings if one.source == "qr"]
    fields += _printed(seen, today)
    return Explained(name, picture, reading.kind, reading.problems, fields, reading.qr, seen.lines)


def write(file: Path, out: Path) -> int:
    """The command: 0, or 1 with the reason said. In this process, without limits."""
    today = datetime.now().astimezone().date()
    try:
        out.write_text(report.page(explain(file.name, file.read_bytes(), today)), encoding="utf-8")
    except BadPicture as bad:
        return _failed(bad.problem)
    except NoModel:
        return _failed("no_text_reader")
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _failed(problem: str) -> int:
    print(f"{problem}: {advice(problem)[1]}", file=sys.stderr)
    return 1


def _printed(found: columns.Front, today: date) -> Iterator[Why]:
    """Also what was left out, and why."""
    if not front.is_front(found):
        return
    weighed = front.weighed(found, today)
    for field, print_ in found.found.items():
        if not print_.text.strip():
            continue
        box = front.box(print_.pieces)
        if field not in weighed:
            why = "left out: no such value, or against a surer one"
            yield Why(Reading(field, print_.text, 0.0, "ocr", box), (why,))
            continue
        value, chance = weighed[field]
        reading = Reading(field, value.text, chance, "ocr", box)
        yield Why(reading, tuple(_reasons(field, value, chance)))


def _reasons(field: str, value: Value, chance: float) -> Iterator[str]:
    if chance < front.GIVEN:
        yield "left out: too unsure"
    for name, part in parts(field, value).items():
        yield f"{PARTS.get(name, name)}: {part:+.1f}"
