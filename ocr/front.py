"""A photo of a licence's front into fields, each with how likely it is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ocr import columns, lexicon, page, places, recognise, values
from ocr.columns import Found, Front, Piece
from ocr.confidence import confidence
from ocr.page import Printed
from ocr.readings import Box, Reading
from ocr.values import Value

FRONT = "licence_front"
GIVEN, CERTAIN = 0.5, 0.95
"""Below the first a field is left out; below the second somebody should look."""
DOUBTED = 0.5
"""What is left of a value's confidence that another value speaks against."""
LONG, LEGIBLE = 6, 0.8
"""letters of a line, and their mean chance, that show a picture to be sharp enough"""
GLARE = 0.1
"""of a line and what is about it, white: so much hides letters"""
VIETNAM = timedelta(hours=7)


@dataclass(frozen=True)
class FrontReading:
    """`kind`: by what is printed, `unknown` where nothing tells. `problems`: keys of
    `ocr.problems.ADVICE`, some with `: FIELD`."""

    readings: tuple[Reading, ...] = ()
    kind: str = "unknown"
    problems: tuple[str, ...] = ()


def read_front(picture: NDArray[np.uint8]) -> FrontReading:
    """`picture`: grey (H, W), any side up. `NoModel` where the networks are not installed."""
    return _reading(seen(picture), (datetime.now(UTC) + VIETNAM).date())


def seen(picture: NDArray[np.uint8]) -> Front:
    """The lines that are a licence's front, else those nearest to the middle. `NoModel`."""
    groups = [columns.front([])]
    for lines in page.read(picture):
        groups.append(columns.front(lines))
        if is_front(groups[-1]):
            return groups[-1]
    return groups[:2][-1]


def from_lines(lines: Sequence[Printed], today: date) -> FrontReading:
    """What the lines of one page say on the day `today`."""
    return _reading(columns.front(lines), today)


def _reading(front: Front, today: date) -> FrontReading:
    if not is_front(front):
        problem = "not_a_licence" if legible(front.lines) else "blurred"
        return FrontReading((), front.other or "unknown", (problem,))
    readings = tuple(
        Reading(field, value.text, round(chance, 4), "ocr", box(value.found.pieces))
        for field, (value, chance) in weighed(front, today).items()
        if chance >= GIVEN
    )
    return FrontReading(readings, FRONT, tuple(_problems(front, readings)))


def _problems(front: Front, readings: Sequence[Reading]) -> Iterator[str]:
    given = {one.field: one.confidence for one in readings}
    if not given:
        yield "blurred"
    if any(line.light.cut for line in front.marks.values()):
        yield "cut_off"
    for field in values.FIELDS:
        lines = [piece.line for piece in front.found[field].pieces] if field in front.found else []
        lines += [front.marks[field]] if field in front.marks else []
        if given.get(field, 0.0) >= CERTAIN:
            continue
        if any(line.light.glare > GLARE for line in lines):
            yield f"glare_over: {field}"
        elif field in given:
            yield f"unsure: {field}"


def weighed(front: Front, today: date) -> dict[str, tuple[Value, float]]:
    """By field: what the print says, and how likely that is right; also what is too unsure to be
    given. A field whose print cannot be its value, or speaks against a surer one, is absent."""
    read = values_of(front)
    chances = {field: confidence(field, value) for field, value in read.items()}
    _doubt(read, chances, today)
    return {field: (value, chances[field]) for field, value in read.items()}


def values_of(front: Front) -> dict[str, Value]:
    """By field: whatever could be read, however doubtful."""
    return {
        field: value
        for field in values.FIELDS
        if field in front.found
        and (value := values.value(field, _settled(field, front.found[field])))
    }


def is_front(front: Front) -> bool:
    """Of a licence, and of nothing else with a number and a name on it."""
    if front.other:
        return False
    return len(front.marks) + ("number" in front.found) + 2 * front.titled >= 2


def legible(lines: Sequence[Printed]) -> bool:
    """Whether any print was read well, whatever it says."""
    return any(len(line.text) >= LONG and recognise.mean(line.letters) >= LEGIBLE for line in lines)


def box(pieces: Sequence[Piece]) -> Box:
    """Around the letters of all pieces, of which there is one at least."""
    corners = []
    for piece in pieces:
        at = [letter.at for letter in piece.letters if letter.text.strip()]
        if not at:
            continue
        quad = piece.line.quad
        half = 0.5 / len(piece.line.letters)
        for part in (min(at) - half, max(at) + half):
            corners += [quad[0] + part * (quad[1] - quad[0]), quad[3] + part * (quad[2] - quad[3])]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    left, top = np.floor(low).astype(int).tolist()
    width, height = np.ceil(high - low).astype(int).tolist()
    return (max(0, left), max(0, top), width, height)


_SETTLE = {"name": lexicon.name, "address": places.address, "issue_place": places.place}


def _settled(field: str, found: Found) -> Found:
    """By what names and places there are, over all its rows."""
    settle = _SETTLE.get(field)
    if settle is None:
        return found
    rows = [(*piece.letters, recognise.SPACE) for piece in found.pieces]
    letters = settle(tuple(letter for row in rows for letter in row))
    pieces, start = [], 0
    for piece, row in zip(found.pieces, rows, strict=True):
        end = start + len(row)
        pieces.append(replace(piece, letters=letters[start : end - 1]))
        start = end
    return replace(found, pieces=tuple(pieces))


def _doubt(read: dict[str, Value], chances: dict[str, float], today: date) -> None:
    """Of values that contradict each other the less sure goes, and the other is doubted."""
    while wrong := values.contradictions({name: one.text for name, one in read.items()}, today):
        fields = wrong[0]
        worst = min(fields, key=lambda field: chances[field])
        del read[worst]
        for field in fields:
            chances[field] *= DOUBTED if field != worst else 0
