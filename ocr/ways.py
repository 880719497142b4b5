"""Which way lines of print run, and which of them run together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ocr.detect import Quad

LONG = 4
"""times as long as high at least: such a line's way is certain"""
SHORT = 2
"""times as long as high at most: any of the box's sides may be its top"""
GAP = math.radians(6)
"""In perspective the lines of one card differ, but each little from the next."""
SLANTED = math.radians(17)
"""A short box this far from the others is a watermark or lies beside the card."""
FEWEST = 3
CLOSE, SAME_ROW, SAME_HEIGHT = 0.7, 0.4, 1.9
"""Boxes of one line: the gap between them and how far one lies lower, in heights; and by how much
the one may be higher."""


def apart(quads: Sequence[Quad], shape: Sequence[int]) -> list[list[Quad]]:
    """Lines in groups that run one way each, every quad's first side its top or its foot; lines
    and groups nearest to the middle of the picture of this shape (H, W) first."""
    middle = np.array([shape[1], shape[0]]) / 2

    def far(quad: Quad) -> float:
        return float(np.linalg.norm(quad.mean(axis=0) - middle))

    long = sorted((quad for quad in quads if length(quad) >= LONG * height(quad)), key=_slope)
    groups = [group for group in _chained(long) if len(group) >= FEWEST]
    short = [quad for quad in quads if length(quad) < LONG * height(quad)]
    for group in groups:
        # Doubled angles: a line and the same line on its head run one way.
        way = float(np.angle(sum(length(quad) * np.exp(2j * _way(quad)) for quad in group)) / 2)
        group[:] = [_along(quad, way) for quad in group]
        turned = [_along(quad, way) for quad in short]
        group += [quad for quad in turned if _between(_way(quad), way) < SLANTED]
        group[:] = sorted(_joined(group, way), key=far)
    return sorted(groups, key=lambda group: far(group[len(group) // 2]))


def length(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _chained(quads: Sequence[Quad]) -> list[list[Quad]]:
    """Sorted by slope, parted where the slope leaps; the last and the first may be neighbours."""
    groups: list[list[Quad]] = []
    for quad in quads:
        if groups and _slope(quad) - _slope(groups[-1][-1]) < GAP:
            groups[-1].append(quad)
        else:
            groups.append([quad])
    if len(groups) > 1 and _slope(groups[0][0]) + math.pi - _slope(groups[-1][-1]) < GAP:
        groups[0] += groups.pop()
    return groups


def _joined(quads: Sequence[Quad], way: float) -> list[Quad]:
    """Boxes that are parts of one line become one."""
    along = np.array([math.cos(way), math.sin(way)])
    rest = sorted(quads, key=lambda quad: float((quad[0] + quad[3]) @ along))
    whole: list[Quad] = []
    while rest:
        quad = rest.pop(0)
        while following := [at for at, other in enumerate(rest) if _follows(quad, other)]:
            quad = _around(quad, rest.pop(following[0]))
        whole.append(quad)
    return whole


def _follows(quad: Quad, other: Quad) -> bool:
    along = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
    along = along / np.linalg.norm(along)
    step = (other[0] + other[3] - quad[1] - quad[2]) / 2
    low, high = sorted((height(quad), height(other)))
    return bool(
        high < SAME_HEIGHT * low
        and -CLOSE * high < step @ along < CLOSE * low
        and abs(along[0] * step[1] - along[1] * step[0]) < SAME_ROW * low
    )


def _around(quad: Quad, other: Quad) -> Quad:
    """The box along both."""
    along = other[1] + other[2] - quad[0] - quad[3]
    along = along / np.linalg.norm(along)
    axes = np.stack([along, [-along[1], along[0]]])
    spread = np.concatenate([quad, other]) @ axes.T
    (left, top), (right, bottom) = spread.min(axis=0), spread.max(axis=0)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return np.asarray(corners @ axes, np.float32)


def _along(quad: Quad, way: float) -> Quad:
    sides = range(4) if length(quad) < SHORT * height(quad) else (0, 2)
    return min((np.roll(quad, -side, axis=0) for side in sides),
               key=lambda turn: _between(_way(turn), way))  # fmt: skip


def _slope(quad: Quad) -> float:
    """0…π: a line on its head has the same."""
    return _way(quad) % math.pi


def _way(quad: Quad) -> float:
    x, y = (quad[1] + quad[2] - quad[0] - quad[3]).tolist()
    return math.atan2(y, x)


def _between(one: float, other: float) -> float:
    return abs((one - other + math.pi) % (2 * math.pi) - math.pi)
