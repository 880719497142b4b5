"""Printed lines beside and below each other, each seen along its own slope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.page import Printed

SAME_ROW = 0.45
REACH = 9.0
"""how far right of its label a value may stand, in the label's heights"""
NEXT_ROW = (0.55, 2.2)


def height(line: Printed) -> float:
    return float(np.linalg.norm(line.quad[3] - line.quad[0]) / 2) + float(
        np.linalg.norm(line.quad[2] - line.quad[1]) / 2
    )


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


def _ends(line: Printed) -> tuple[np.ndarray, np.ndarray]:
    quad = line.quad
    return (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
