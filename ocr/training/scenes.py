"""What lies under a photographed card and what lies over it."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ocr.training.words import holder

Floats = NDArray[np.float32]
Size = tuple[int, int]
"""Width, height."""


def floats(values: ArrayLike) -> Floats:
    return np.asarray(values, np.float32)


def noise(dice: Random, size: Size, cells: tuple[float, float]) -> Floats:
    """Smooth noise of about -1…1 with so many cells across and down."""
    rng = np.random.default_rng(dice.getrandbits(64))
    across, down = (max(2, round(c)) for c in cells)
    coarse = rng.uniform(-1, 1, (down, across)).astype(np.float32)
    return floats(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC))


def _coloured(dice: Random, light: Floats, colours: list[tuple[int, int, int]]) -> Floats:
    colour = np.array(dice.choice(colours), np.float32)
    colour += np.array([dice.uniform(-15, 15) for _ in range(3)], np.float32)
    return (light[:, :, None] * np.clip(colour, 5, 250)).astype(np.float32)


def wood(dice: Random, size: Size) -> Floats:
    grain = noise(dice, size, (6, 90)) * 0.1 + noise(dice, size, (3, 400)) * 0.08
    boards = 1 + grain + noise(dice, size, (4, 4)) * 0.1
    return _coloured(dice, boards, [(150, 105, 65), (95, 60, 40), (200, 165, 120)])


def cloth(dice: Random, size: Size) -> Floats:
    across, down = (np.arange(n, dtype=np.float32) for n in size)
    thread = size[0] / dice.uniform(120, 300)
    weave = np.sin(across * math.tau / thread)[None] * np.sin(down * math.tau / thread)[:, None]
    light = 0.8 + 0.1 * weave + noise(dice, size, (5, 5)) * 0.15
    if dice.random() < 0.4:
        step = size[0] / dice.uniform(4, 12)
        light += 0.25 * ((across // step % 2)[None] + (down // step % 2)[:, None])
    return _coloured(dice, floats(light), [(60, 80, 140), (150, 40, 50), (70, 110, 80)])


def plain(dice: Random, size: Size) -> Floats:
    light = 1 + noise(dice, size, (3, 3)) * 0.12 + noise(dice, size, (300, 300)) * 0.03
    return _coloured(dice, light, [(225, 225, 220), (60, 60, 62), (140, 140, 135), (35, 70, 65)])


def tiles(dice: Random, size: Size) -> Floats:
    light = 1 + noise(dice, size, (40, 40)) * 0.05
    step = max(20, int(size[0] / dice.uniform(2, 6)))
    for start in range(dice.randint(0, step), max(size), step):
        light[start : start + max(2, step // 40)] *= 0.6
        light[:, start : start + max(2, step // 40)] *= 0.6
    return _coloured(dice, light, [(205, 200, 190), (170, 150, 130), (190, 205, 210)])


def printed(dice: Random, size: Size) -> Floats:
    """A sheet with text of its own, to lead astray."""
    sheet = np.full((size[1], size[0]), 235, np.uint8)
    step = max(14, size[1] // dice.randint(18, 40))
    for base in range(step, size[1], step):
        text = holder(dice, False).address * 3
        plain_text = text.encode("ascii", "ignore").decode()
        cv2.putText(sheet, plain_text, (dice.randint(0, step * 3), base), cv2.FONT_HERSHEY_SIMPLEX,
                    step / 45, 60, max(1, step // 20), cv2.LINE_AA)  # fmt: skip
    return np.repeat(sheet[:, :, None], 3, 2).astype(np.float32)


def palm(dice: Random, size: Size) -> Floats:
    """A hand below the card: skin with creases, a dim room around it."""
    room = plain(dice, size) * 0.5
    skin = _coloured(dice, 1 + noise(dice, size, (8, 8)) * 0.12, [(214, 165, 135), (180, 130, 100)])
    mask = np.zeros((size[1], size[0]), np.uint8)
    width, height = size
    for index in range(4):
        x = int(width * (0.1 + 0.22 * index + dice.uniform(-0.03, 0.03)))
        top = int(height * dice.uniform(0.02, 0.3))
        cv2.line(mask, (x, top), (x, height), 255, int(width * 0.19), cv2.LINE_AA)
    cv2.ellipse(mask, (width // 2, int(height * 0.75)), (int(width * 0.46), int(height * 0.5)), 0,
                0, 360, 255, -1)  # fmt: skip
    soft = (cv2.GaussianBlur(mask, (0, 0), width / 150) / 255.0).astype(np.float32)[:, :, None]
    return (room * (1 - soft) + skin * soft * (0.75 + 0.25 * soft)).astype(np.float32)


SEEN: tuple[Callable[[Random, Size], Floats], ...] = (wood, cloth, plain, wood, cloth, printed)
KEPT_OUT: tuple[Callable[[Random, Size], Floats], ...] = (palm, tiles)


def background(dice: Random, size: Size, held_out: bool) -> Floats:
    """RGB 0…255. Palms and tiles are kept out of training."""
    kinds = SEEN + KEPT_OUT * 3 if held_out else SEEN
    kind = dice.choice(kinds)
    shrink = max(1.0, max(size) / 1600)
    small = (round(size[0] / shrink), round(size[1] / shrink))
    return floats(cv2.resize(kind(dice, small), size, interpolation=cv2.INTER_LINEAR))


def finger(dice: Random, size: Size, tip: NDArray[np.float64], root: NDArray[np.float64],
           width: float) -> tuple[Floats, Floats]:  # fmt: skip
    """A fingertip at `tip` that comes from `root`, `width` pixels thick: its colour and how much
    of each pixel it covers, 0…1."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    ends = [(int(p[0]), int(p[1])) for p in (root, tip)]
    cv2.line(mask, ends[0], ends[1], 255, max(3, int(width)), cv2.LINE_AA)
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    round_ = np.sqrt(np.clip(depth / (width / 2), 0, 1))
    skin = np.array(dice.choice([(219, 172, 142), (190, 138, 108), (232, 190, 165)]), np.float32)
    colour = (0.55 + 0.45 * round_)[:, :, None] * skin
    if dice.random() < 0.6:
        along = (tip - root) / max(1e-6, float(np.hypot(*(tip - root))))
        nail = tip - along * width * 0.05
        angle = math.degrees(math.atan2(along[1], along[0]))
        axes = (int(width * 0.34), int(width * 0.27))
        plate = np.zeros_like(mask)
        cv2.ellipse(plate, (int(nail[0]), int(nail[1])), axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
        shine = (cv2.GaussianBlur(plate, (0, 0), max(0.8, width / 40)) / 255.0)[:, :, None]
        colour = colour * (1 - 0.6 * shine) + np.array((238, 200, 190)) * 0.6 * shine
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.7, width / 60)) / 255.0
    return colour.astype(np.float32), soft.astype(np.float32)
