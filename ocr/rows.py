"""Printed lines beside and below each other, each seen along its own slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.page import Printed

SAME_ROW = 0.45
REACH = 9.0
"""how far right of its label a value may stand, in the label's heights"""
ASIDE = 0.05
"""How much a line further to the side counts as one further down."""
NEXT_ROW = (0.55, 2.2)


@dataclass(frozen=True)
class Place:
    """Where a line stands, seen along another and in its heights: from the other's left end to
    where it begins and ends, from the other's right end to where it begins, and how far down."""

    begins: float
    gap: float
    ends: float
    down: float


def height(line: Printed) -> float:
    return float(np.linalg.norm(line.quad[3] - line.quad[0]) / 2) + float(
        np.linalg.norm(line.quad[2] - line.quad[1]) / 2
    )


def place(line: Printed, other: Printed) -> Place:
    """Of `other`, seen from `line`."""
    left, right = _ends(line)
    start, end = _ends(other)
    along = (right - left) / max(1e-6, float(np.linalg.norm(right - left)))
    down = np.array([-along[1], along[0]])
    tall = height(line)
    near = start if abs((start - right) @ along) < abs((end - left) @ along) else end
    return Place(
        float((start - left) @ along) / tall,
        float((start - right) @ along) / tall,
        float((end - left) @ along) / tall,
        float((near - right) @ down) / tall,
    )


def beside(line: Printed, others: Sequence[Printed], reach: float = REACH) -> Printed | None:
    """The nearest to the right in the same row."""
    near = []
    for other in others:
        at = place(line, other)
        level = abs(at.down) < SAME_ROW * max(1.0, 0.5 * height(other) / height(line))
        if level and -1 < at.gap < reach:
            near.append((at.gap, other))
    return min(near, key=lambda one: one[0])[1] if near else None


def below(line: Printed, others: Sequence[Printed]) -> Printed | None:
    """The nearest line under any part of this one, in the next row."""
    near = []
    for other in others:
        at = place(line, other)
        if NEXT_ROW[0] < at.down < NEXT_ROW[1] and at.gap < 0 < at.ends:
            near.append((at.down + ASIDE * abs(at.begins), other))
    return min(near, key=lambda one: one[0])[1] if near else None


def _ends(line: Printed) -> tuple[np.ndarray, np.ndarray]:
    quad = line.quad
    return (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
