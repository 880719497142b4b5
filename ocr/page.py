"""A picture into its printed lines, each cut out, turned upright and read once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import detect, models, recognise
from ocr.detect import Quad
from ocr.recognise import Letters

WIDER, HIGHER = 0.5, 0.1
"""of a line's height: what a box is grown by sideways and upwards, for the tone marks there"""
ASKED = 4
"""so many of the longest lines say which side of the page is up"""
SLANTED = math.radians(17)
"""A line this far from the others is a watermark or lies beside the card."""
SHORT = 2
"""times as long as high at most: the long side may be any"""
SMALL = 0.62
"""Lines that fill less than this of the picture's sides are looked for again, closer."""


@dataclass(frozen=True, eq=False)
class Printed:
    """A line as it reads: `quad` in the picture's pixels, its letters placed between its ends."""

    quad: Quad
    letters: Letters

    @property
    def text(self) -> str:
        return recognise.said(self.letters)


def read(picture: NDArray[np.uint8]) -> list[Printed]:
    """The lines of a grey picture (H, W) that run one way, whichever way that is. `NoModel` where
    either network is not installed."""
    models.session(models.LINES)
    quads = _one_way(_found(picture))
    if not quads:
        return []
    longest = sorted(quads, key=_length, reverse=True)[:ASKED]
    over = [np.roll(quad, 2, axis=0) for quad in longest]
    if _sureness(picture, over) > _sureness(picture, longest):
        quads = [np.roll(quad, 2, axis=0) for quad in quads]
    return [Printed(quad, _placed(quad, recognise.read(cut(picture, quad)))) for quad in quads]


def cut(picture: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The line alone, upright, with a margin."""
    width, height = _length(quad), _height(quad)
    side, above = WIDER * height / 2, HIGHER * height
    out = np.array(
        [[side, above], [side + width, above], [side + width, above + height],
         [side, above + height]], np.float32,
    )  # fmt: skip
    size = (round(width + 2 * side), round(height + above))
    matrix = cv2.getPerspectiveTransform(quad, out)
    line = cv2.warpPerspective(
        picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(line, np.uint8)


def _placed(quad: Quad, letters: Letters) -> Letters:
    """Places along the cut-out line, margins and all, become places between the box's ends."""
    margin = WIDER / 2 * _height(quad) / _length(quad)
    return tuple(replace(one, at=one.at * (1 + 2 * margin) - margin) for one in letters)


def _found(picture: NDArray[np.uint8]) -> list[Quad]:
    """A card that is small in its picture is looked at alone."""
    quads = detect.find(picture)
    if not quads:
        return []
    corners = np.concatenate(quads)
    low, high = corners.min(axis=0), corners.max(axis=0)
    if max(high - low) > SMALL * max(picture.shape):
        return quads
    margin = 0.12 * max(high - low)
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    closer = detect.find(picture[top:bottom, left:right])
    return [quad + np.array([left, top], np.float32) for quad in closer]


def _one_way(quads: Sequence[Quad]) -> list[Quad]:
    """Those along the way that most print runs; short boxes are turned to it."""
    if not quads:
        return []
    ways = np.array([_way(quad) for quad in quads])
    weights = np.array([_length(quad) for quad in quads])
    # Doubled angles: a line and the same line on its head run one way.
    way = np.angle((weights * np.exp(2j * ways)).sum()) / 2
    turned = [min(_turns(quad), key=lambda turn: _apart(_way(turn), way)) for quad in quads]
    return [quad for quad in turned if _apart(_way(quad), way) < SLANTED]


def _turns(quad: Quad) -> list[Quad]:
    """Which side of a short box is its top cannot be seen in it."""
    sides = range(4) if _length(quad) < SHORT * _height(quad) else (0, 2)
    return [np.roll(quad, -side, axis=0) for side in sides]


def _way(quad: Quad) -> float:
    x, y = (quad[1] + quad[2] - quad[0] - quad[3]).tolist()
    return math.atan2(y, x)


def _apart(one: float, other: float) -> float:
    return abs((one - other + math.pi) % (2 * math.pi) - math.pi)


def _length(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _sureness(picture: NDArray[np.uint8], quads: Sequence[Quad]) -> float:
    return sum(recognise.mean(recognise.read(cut(picture, quad))) for quad in quads)
