"""How a camera sees a card: the way from millimetres on the card to pixels of the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
CORNERS = np.array([[0, 0], [85.6, 0], [85.6, 53.98], [0, 53.98]])


@dataclass(frozen=True)
class Pose:
    """`matrix`: homography from card mm to pixels; `size`: width, height of the picture; `scale`:
    pixels a mm at the corner where they are fewest."""

    matrix: Matrix
    size: tuple[int, int]
    scale: float


@dataclass(frozen=True)
class Limits:
    tilt: float  # degrees
    turn: float  # degrees, beside quarter turns
    quarters: tuple[int, ...]
    megapixels: tuple[float, float]
    fill: tuple[float, float]  # of the picture's area
    scale: float  # least pixels a mm: below 5.5 nobody reads tone marks


LIMITS = {
    "easy": Limits(8, 6, (0, 0, 0, 1, 3), (0.8, 5), (0.45, 1.0), 9.0),
    "normal": Limits(25, 20, (0, 0, 0, 1, 2, 3), (0.5, 8), (0.3, 1.0), 7.5),
    "hard": Limits(45, 45, (0, 1, 2, 3), (0.3, 12), (0.25, 1.0), 6.0),
}


def pose(dice: Random, level: str) -> Pose:
    limits = LIMITS[level]
    seen = _projected(dice, limits)
    low, high = (math.log(m * 1e6) for m in limits.megapixels)
    pixels, fill = math.exp(dice.uniform(low, high)), dice.uniform(*limits.fill)
    if dice.random() < 0.6:
        pixels = min(pixels, 3e6)
    spread = _spread(seen)
    ratio = spread[0] / spread[1]
    shapes = dice.sample((4 / 3, 3 / 4, 16 / 9, 9 / 16), 3)
    shape = min(shapes, key=lambda one: abs(math.log(one / ratio)))
    if fill > 0.9:
        shape = ratio
    least = limits.scale / _least_scale(seen)
    width, height = math.sqrt(pixels * shape), math.sqrt(pixels / shape)
    largest = min(width / spread[0], height / spread[1]) * (1.0 if fill > 0.9 else 0.97)
    zoom = min(largest, math.sqrt(fill * pixels / _area(seen)))
    if zoom < least:
        zoom = min(largest, least)
        more = max(1.0, least / zoom)
        zoom, width, height = zoom * more, width * more, height * more
    grown = np.diag([zoom, zoom, 1.0]) @ seen
    low_end = _seen(grown).min(0)
    room = np.array([width, height]) - np.array(_spread(grown))
    shift = np.eye(3)
    shift[:2, 2] = room * [dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.9)] - low_end
    matrix = shift @ grown
    return Pose(matrix, (round(width), round(height)), _least_scale(matrix))


def _projected(dice: Random, limits: Limits) -> Matrix:
    """The card turned in its plane, tilted, and seen from some two to five card widths away."""
    turn = math.radians(dice.uniform(-limits.turn, limits.turn)) + dice.choice(limits.quarters) * (
        math.pi / 2
    )
    tilt = math.radians(dice.triangular(0, limits.tilt, limits.tilt * 0.4))
    axis, away = dice.uniform(0, math.tau), 85.6 * dice.uniform(1.8, 5)
    c, s = math.cos(axis), math.sin(axis)
    about = np.array([[c, -s], [s, c]])
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    flat = about @ np.diag([1.0, math.cos(tilt)]) @ about.T @ spin
    depth = (np.array([0.0, math.sin(tilt)]) @ about.T @ spin) / away
    tilted = np.eye(3)
    tilted[:2, :2], tilted[2, :2] = flat, depth
    centre = np.eye(3)
    centre[:2, 2] = -CORNERS.mean(0)
    return tilted @ centre


def _seen(matrix: Matrix, points: Matrix = CORNERS) -> Matrix:
    out = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(out[:, :2] / out[:, 2:])


def _spread(matrix: Matrix) -> tuple[float, float]:
    width, height = np.ptp(_seen(matrix), axis=0)
    return float(width), float(height)


def _area(matrix: Matrix) -> float:
    (x, y) = _seen(matrix).T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)


def _least_scale(matrix: Matrix) -> float:
    """The smaller side of a millimetre's square, at the worst corner."""
    least = math.inf
    for corner in CORNERS:
        here, right, down = _seen(matrix, corner + np.array([[0, 0], [0.5, 0], [0, 0.5]]))
        sides = np.linalg.svd(np.stack([right - here, down - here]) * 2, compute_uv=False)
        least = min(least, float(sides[-1]))
    return least
