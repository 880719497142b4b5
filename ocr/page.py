"""A picture into its printed lines, each cut out, turned upright and read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import detect, light, models, recognise, ways
from ocr.detect import Quad
from ocr.light import EVEN, Light
from ocr.recognise import Letters

WIDER, HIGHER = 0.4, 0.04
"""of a line's height: what a box is grown by sideways and upwards, for the tone marks there"""
ASKED, LONG = 5, (6, 15)
"""So many lines nearest to the middle, so long in heights, say which side of the page is up."""
UPRIGHT = 0.93
"""No line on its head is read with letters as sure as this."""
GHOST = 0.8
"""A letter in the margin beside a line is none unless it is surer than this."""
MOST = 40
"""A card has about twenty lines; a sheet beneath it may have any number."""
SMALL = 0.62
"""Lines that fill less than this of the picture's sides are looked for again, closer."""


@dataclass(frozen=True, eq=False)
class Printed:
    """A line as it reads: `quad` in the picture's pixels, its letters placed between its ends."""

    quad: Quad
    letters: Letters
    light: Light = EVEN

    @property
    def text(self) -> str:
        return recognise.said(self.letters)


def read(picture: NDArray[np.uint8]) -> Iterator[list[Printed]]:
    """The lines of a grey picture (H, W), those that run one way together and read the right way
    up; first those nearest to its middle. `NoModel` where either network is not installed."""
    models.session(models.LINES)
    for quads in ways.apart(_found(picture), picture.shape):
        quads = sorted(quads[:MOST], key=_tells_little)
        first = [_printed(picture, quad) for quad in quads[:ASKED]]
        if _sureness(first) < UPRIGHT:
            turned = [_printed(picture, _over(quad)) for quad in quads[:ASKED]]
            if _sureness(turned) > _sureness(first):
                first, quads = turned, [_over(quad) for quad in quads]
        yield first + [_printed(picture, quad) for quad in quads[ASKED:]]


def cut(picture: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The line alone, upright, with a margin."""
    width, height = ways.length(quad), ways.height(quad)
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


def _printed(picture: NDArray[np.uint8], quad: Quad) -> Printed:
    """Places along the cut-out line, margins and all, become places between the box's ends."""
    margin = WIDER / 2 * ways.height(quad) / ways.length(quad)
    letters = recognise.read(cut(picture, quad))
    placed = [replace(one, at=one.at * (1 + 2 * margin) - margin) for one in letters]
    real = tuple(one for one in placed if 0 <= one.at < 1 or one.chance > GHOST)
    return Printed(quad, real, light.about(picture, quad))


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


def _tells_little(quad: Quad) -> bool:
    """Whether a line is too short or too long to be read without doubt."""
    return not LONG[0] < ways.length(quad) / ways.height(quad) < LONG[1]


def _over(quad: Quad) -> Quad:
    return np.roll(quad, 2, axis=0)


def _sureness(lines: Sequence[Printed]) -> float:
    """The mean chance of a line's letters."""
    return sum(recognise.mean(line.letters) for line in lines) / len(lines)
