"""Printed lines beside and below each other, each seen along its own slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr.page import Printed
from ocr.recognise import Letter

SAME_ROW, SAME_HEIGHT = 0.45, 1.6
CLOSE = 1.4
"""gap between boxes of one line, in its heights"""
REACH = 9.0
"""how far right of its label a value may stand, in the label's heights"""
NEXT_ROW = (0.55, 2.2)

_SPACE = Letter(" ", 1.0, "", 0.0, 0.0)


def height(line: Printed) -> float:
    return float(np.linalg.norm(line.quad[3] - line.quad[0]) / 2) + float(
        np.linalg.norm(line.quad[2] - line.quad[1]) / 2
    )


def width(line: Printed) -> float:
    return float(np.linalg.norm(line.quad[1] - line.quad[0]))


def offset(line: Printed, other: Printed) -> tuple[float, float, float]:
    """In `line`'s heights: from its left end to `other`'s left end, from its right end to
    `other`'s left end, and down from its middle to `other`'s."""
    left, right = _ends(line)
    start, end = _ends(other)
    along = (right - left) / max(1e-6, float(np.linalg.norm(right - left)))
    down = np.array([-along[1], along[0]])
    tall = height(line)
    near = start if abs((start - right) @ along) < abs((end - left) @ along) else end
    return (
        float((start - left) @ along) / tall,
        float((start - right) @ along) / tall,
        float((near - right) @ down) / tall,
    )


def beside(line: Printed, others: Sequence[Printed]) -> Printed | None:
    """The nearest to the right in the same row."""
    near = [
        (gap, other)
        for other in others
        if (place := offset(line, other)) and -1 < (gap := place[1]) < REACH
        and abs(place[2]) < max(SAME_ROW, 0.5 * SAME_ROW * height(other) / height(line))
    ]  # fmt: skip
    return min(near, key=lambda one: one[0])[1] if near else None


def below(line: Printed, others: Sequence[Printed]) -> Printed | None:
    """The nearest in the next row that begins under the line or a little left of it."""
    near = []
    for other in others:
        begins, ends, down = offset(line, other)
        if NEXT_ROW[0] < down < NEXT_ROW[1] and begins > -2 and ends < 0:
            near.append((down, other))
    return min(near, key=lambda one: one[0])[1] if near else None


def joined(lines: Sequence[Printed]) -> list[Printed]:
    """Boxes that are parts of one line become one."""
    rest = sorted(lines, key=lambda line: float(line.quad[0, 0]))
    whole: list[Printed] = []
    while rest:
        line = rest.pop(0)
        while (following := _following(line, rest)) is not None:
            rest.remove(following)
            line = _join(line, following)
        whole.append(line)
    return whole


def _following(line: Printed, others: Sequence[Printed]) -> Printed | None:
    for other in others:
        _, gap, down = offset(line, other)
        alike = 1 / SAME_HEIGHT < height(other) / height(line) < SAME_HEIGHT
        if alike and -0.6 < gap < CLOSE and abs(down) < SAME_ROW:
            return other
    return None


def _join(line: Printed, other: Printed) -> Printed:
    quad = np.stack([line.quad[0], other.quad[1], other.quad[2], line.quad[3]])
    longer = Printed(quad, ())
    whole = width(longer)
    first, second = width(line) / whole, width(other) / whole
    letters = [replace(letter, at=letter.at * first) for letter in line.letters]
    letters.append(replace(_SPACE, at=first))
    letters += [replace(letter, at=1 - second + letter.at * second) for letter in other.letters]
    return Printed(quad, tuple(letters))


def _ends(line: Printed) -> tuple[np.ndarray, np.ndarray]:
    quad = line.quad
    return (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
