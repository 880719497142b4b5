"""How one line of text is handed to the line model: the same for training and for reading."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 48
STRETCH = 1.2
"""Lines are drawn out sideways: the model looks at every eighth column, and narrow letters with
tone marks need more than one look each."""
WIDEST = 800


def prepared(line: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(rows, columns) grey, upright, reading left to right → (3, 48, width) in -1…1."""
    rows, columns = line.shape
    width = min(WIDEST, max(HEIGHT, round(columns * HEIGHT / rows * STRETCH)))
    shrinks = rows > HEIGHT
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    sized = cv2.resize(line, (width, HEIGHT), interpolation=how)
    plane = sized.astype(np.float32) / 127.5 - 1.0
    return np.repeat(plane[np.newaxis], 3, axis=0)


def padded(lines: list[NDArray[np.float32]], step: int = 1) -> NDArray[np.float32]:
    """One batch, (n, 3, 48, widest), the rest of each line mid-grey; the width a multiple of
    `step`."""
    widest = -(-max(line.shape[2] for line in lines) // step) * step
    batch = np.zeros((len(lines), 3, HEIGHT, widest), np.float32)
    for at, line in enumerate(lines):
        batch[at, :, :, : line.shape[2]] = line
    return batch
