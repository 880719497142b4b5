"""What light, lens, sensor and copier do to a picture. Pictures are RGB float32, 0…255."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np

from ocr.training.scenes import Floats, Size, floats, noise


def shadow(dice: Random, size: Size, held_out: bool) -> Floats:
    """The light left at each pixel, up to 1: a slope and one edge; blinds are kept out."""
    width, height = size
    angle = dice.uniform(0, math.tau)
    x, y = np.arange(width) / width - 0.5, np.arange(height) / height - 0.5
    along = (math.cos(angle) * x[None] + math.sin(angle) * y[:, None]).astype(np.float32)
    light = 1 + dice.uniform(-0.5, 0.5) * along
    soft, depth = dice.uniform(0.004, 0.08), dice.uniform(0.35, 0.8)
    edge = along - dice.uniform(-0.25, 0.25)
    if held_out and dice.random() < 0.4:
        edge = np.sin(along * dice.uniform(15, 50)) * 0.08
    light *= depth + (1 - depth) / (1 + np.exp(np.clip(edge / soft, -40, 40)))
    return floats(light / light.max())


def glare(dice: Random, size: Size, at: tuple[float, float], across: float) -> Floats:
    """Light added at each pixel: a spot or a tube's reflection of about `across` pixels."""
    long, short = across * dice.uniform(0.6, 1.6), across * dice.uniform(0.25, 0.6)
    angle = dice.uniform(0, math.pi)
    shrink = max(1.0, max(size) / 500)
    small = (math.ceil(size[0] / shrink), math.ceil(size[1] / shrink))
    y, x = np.mgrid[0 : small[1], 0 : small[0]].astype(np.float32) * np.float32(shrink)
    x, y = x - np.float32(at[0]), y - np.float32(at[1])
    u = (x * math.cos(angle) + y * math.sin(angle)) / long
    v = (y * math.cos(angle) - x * math.sin(angle)) / short
    fall = 1 / (1 + ((u * u + v * v) / dice.uniform(0.3, 1)) ** dice.uniform(1.2, 3))
    return floats(cv2.resize(dice.uniform(120, 420) * fall, size))


def screen(dice: Random, picture: Floats, pitch: float) -> Floats:
    """As if photographed from a display whose pixels are `pitch` picture pixels wide."""
    height, width = picture.shape[:2]
    angle = math.radians(dice.uniform(-8, 8))
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    u = x[None] * math.cos(angle) + y[:, None] * math.sin(angle)
    v = y[:, None] * math.cos(angle) - x[None] * math.sin(angle)
    bend = noise(dice, (width, height), (3, 3)) * pitch
    depth = dice.uniform(0.08, 0.22)
    rows = 1 - depth * (0.5 + 0.5 * np.sin((v + bend) * math.tau / pitch))
    out = np.empty_like(picture)
    for channel in range(3):
        stripes = np.sin((u + bend) * math.tau / pitch + channel * math.tau / 3)
        out[:, :, channel] = picture[:, :, channel] * rows * (1 - depth * (0.5 + 0.5 * stripes))
    return out * np.float32(1.12) + np.float32(6)


def photocopy(dice: Random, picture: Floats, halftone: float | None) -> Floats:
    """Grey and contrasty; `halftone`: the period of a copier's dots in pixels."""
    grey = picture @ np.array([0.3, 0.59, 0.11], np.float32)
    grey = 128 + (grey - dice.uniform(118, 138)) * dice.uniform(1.1, 1.9)
    grey += noise(dice, (grey.shape[1], grey.shape[0]), (60, 60)) * dice.uniform(0, 10)
    if halftone:
        x = np.arange(grey.shape[1], dtype=np.float32) * (math.tau / halftone)
        y = np.arange(grey.shape[0], dtype=np.float32)[:, None] * (math.tau / halftone)
        grey += dice.uniform(20, 45) * np.sin(x + y) * np.sin(x - y)
    return np.repeat(np.clip(grey, 12, 250)[:, :, None], 3, 2).astype(np.float32)


def dim(dice: Random, picture: Floats) -> Floats:
    """A dark room under a warm or a cold lamp."""
    tint = np.array(dice.choice([(1.0, 0.85, 0.6), (0.8, 0.95, 1.0), (1, 1, 1)]), np.float32)
    return picture * tint * np.float32(dice.uniform(0.28, 0.55)) + np.float32(dice.uniform(0, 12))


def focus(picture: Floats, sigma: float, disc: bool) -> Floats:
    """Out of focus by `sigma` pixels; a lens's own `disc` instead of a Gaussian is kept out."""
    if sigma < 0.3:
        return picture
    if not disc:
        return floats(cv2.GaussianBlur(picture, (0, 0), sigma))
    radius = max(1, round(2 * sigma))
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    kernel = np.clip(2 * sigma + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return floats(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def motion(picture: Floats, length: float, angle: float, bow: float) -> Floats:
    """Smeared along a line of `length` pixels, bent by `bow` (0…1) into an arc."""
    reach = max(1, math.ceil(length / 2) + 1)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    t = np.linspace(-0.5, 0.5, 8 * reach + 1)
    x, y = t * length, bow * length * (t * t * 4 - 0.5) / 2
    u = x * math.cos(angle) - y * math.sin(angle) + reach
    v = x * math.sin(angle) + y * math.cos(angle) + reach
    for a, b in zip(u, v, strict=True):
        i, j, p, q = int(b), int(a), b % 1, a % 1
        for di, dj, share in ((0, 0, (1 - p) * (1 - q)), (0, 1, (1 - p) * q), (1, 0, p * (1 - q)),
                              (1, 1, p * q)):  # fmt: skip
            if 0 <= i + di <= 2 * reach and 0 <= j + dj <= 2 * reach:
                kernel[i + di, j + dj] += share
    return floats(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def grain(dice: Random, picture: Floats, strength: float) -> Floats:
    """A sensor's noise of `strength` grey levels, when strong in colour too."""
    rng = np.random.default_rng(dice.getrandbits(64))
    height, width = picture.shape[:2]
    luma = rng.standard_normal((height, width, 1), np.float32) * np.float32(strength)
    if strength > 4:
        half = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), np.float32)
        luma = luma + cv2.resize(half, (width, height)) * np.float32(strength * 0.8)
    return np.clip(picture + luma, 0, 255)
