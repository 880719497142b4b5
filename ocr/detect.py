"""Where lines of print are: a DB network (Liao et al. 2020) and what its map says, as boxes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import models

SIDE = 640
"""pixels of the picture's long side that the network sees"""
THRESHOLD, SURE, UNCLIP = 0.3, 0.5, 1.2
"""of a pixel; of a box's mean; by how much a shrunken line is grown (area over perimeter): less
than the network's makers do, for the line reader was taught with less around its letters"""
MIN_HEIGHT = 2
MAX_LINES = 120

Quad = NDArray[np.float32]
"""(4, 2): top left, top right, bottom right, bottom left of a line as it reads, x and y"""


def find(picture: NDArray[np.uint8], side: int = SIDE) -> list[Quad]:
    """Lines of print in a grey picture (H, W), in its pixels, the long side as the top. Whether
    they stand on their head is not known here."""
    height, width = picture.shape
    scale = side / max(height, width)
    size = [max(32, round(length * scale / 32) * 32) for length in (width, height)]
    chances = _map(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    grow = np.array([width / size[0], height / size[1]], np.float32)
    return [_long_side_up(quad * grow) for quad in _boxes(chances)]


def _map(picture: cv2.typing.MatLike) -> NDArray[np.float32]:
    """(H, W) chance of each pixel to be a line's core."""
    grey = picture.astype(np.float32) / 127.5 - 1
    session = models.detector()
    name = session.get_inputs()[0].name
    answer = session.run(None, {name: np.repeat(grey[None, None], 3, axis=1)})[0]
    chances: NDArray[np.float32] = np.asarray(answer, np.float32)[0, 0]
    return chances


def _boxes(chances: NDArray[np.float32]) -> list[Quad]:
    mask = (chances > THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:MAX_LINES]:
        centre, size, angle = cv2.minAreaRect(contour)
        width, height = size[0] + 1, size[1] + 1  # a contour runs through its pixels' middles
        if min(width, height) < MIN_HEIGHT or _mean(chances, contour) < SURE:
            continue
        by = UNCLIP * width * height / (width + height)
        grown = cv2.boxPoints((centre, (width + by, height + by), angle))
        found.append(np.asarray(grown, np.float32))
    return found


def _mean(chances: NDArray[np.float32], contour: cv2.typing.MatLike) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour], -1, 1, cv2.FILLED, offset=(-left, -top))
    return float(cv2.mean(chances[top : top + height, left : left + width], inside)[0])


def _long_side_up(quad: Quad) -> Quad:
    """Clockwise from the corner that starts the upper long side; a line that stands upright reads
    downwards."""
    first, second = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[1])
    quad = np.roll(quad, 0 if first >= second else -1, axis=0)
    along = quad[1] - quad[0]
    forward = along[0] > 0 if abs(along[0]) >= abs(along[1]) else along[1] > 0
    return quad if forward else np.roll(quad, 2, axis=0)
