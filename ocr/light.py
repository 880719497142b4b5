"""What lies about a line of print: a finger's edge or glare where it ends may hide more of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.detect import Quad

ROWS = 16
"""pixels that a line is high when it is looked at"""
NEAR, FAR = 0.2, 0.9
"""Where the ground beyond a line's end is looked at, in its heights."""
PAPER = 75
"""percentile: lighter than ink"""
WHITE = 250


@dataclass(frozen=True)
class Light:
    """`before`, `after`: how much lighter or darker the ground is beyond the left and the right
    end than within, as a natural logarithm; `glare`: the share of white in and about the line;
    `cut`: the line goes on beyond the picture."""

    before: float = 0.0
    after: float = 0.0
    glare: float = 0.0
    cut: bool = False


EVEN = Light()


def about(picture: NDArray[np.uint8], quad: Quad) -> Light:
    """`quad`: an upright line in a grey picture (H, W)."""
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    long, high = float(np.linalg.norm(along)), float(np.linalg.norm(quad[3] - quad[0]))
    inside = max(1, round(ROWS * long / high))
    reach = round(FAR * ROWS)
    scale = np.float32(ROWS / high)
    start = quad[0] - along / long * (reach / scale)
    matrix = np.array([
        [*(along / long), 0.0], [-along[1] / long, along[0] / long, 0.0]
    ], np.float32) * scale  # fmt: skip
    matrix[:, 2] = -matrix[:, :2] @ start
    seen = cv2.warpAffine(
        picture, matrix, (inside + 2 * reach, ROWS), flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    strip = np.asarray(seen, np.uint8)
    ends = np.stack([quad[0] + quad[3], quad[1] + quad[2]]) / 2
    away = reach - round(NEAR * ROWS)
    ground = _paper(strip[:, reach : reach + inside])
    return Light(
        abs(float(np.log(_paper(strip[:, :away]) / ground))),
        abs(float(np.log(_paper(strip[:, -away:]) / ground))),
        float((strip >= WHITE).mean()),
        bool(((ends < 0) | (ends > picture.shape[::-1])).any()),
    )


def _paper(part: NDArray[np.uint8]) -> float:
    return float(np.percentile(part, PAPER)) + 8.0
