"""What a phone and a worn card do to one line of print. Grey pictures, uint8, rows by columns."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def worn(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """`hardness` 0…1: how likely, and how much, of each kind."""
    for chance, kind in _KINDS:
        if dice.random() < chance * (0.35 + hardness):
            line = kind(line, dice, hardness)
    return line


def photographed(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """As small as the camera saw it: letters of the height of 7 to 40 pixels, then blur, noise and
    JPEG of that size."""
    smallest = 30 - 17 * hardness
    rows = dice.uniform(smallest, max(smallest + 6, 60 - 30 * hardness))
    scale = rows / line.shape[0]
    size = (max(8, round(line.shape[1] * scale)), max(8, round(rows)))
    line = cv2.resize(line, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    for chance, kind in _CAMERA:
        if dice.random() < chance * (0.4 + hardness):
            line = kind(line, dice, hardness)
    return line


def _grey(values: NDArray[Any]) -> Grey:
    grey: Grey = np.clip(values, 0, 255).astype(np.uint8)
    return grey


def _shadow(line: Grey, dice: random.Random, hardness: float) -> Grey:
    rows, columns = line.shape
    at, soft = dice.uniform(-0.2, 1.2) * columns, dice.uniform(0.02, 0.6) * columns
    slope = dice.uniform(-1.5, 1.5)
    x = np.arange(columns)[None, :] + slope * np.arange(rows)[:, None]
    dark = 1 - dice.uniform(0.2, 0.4 + 0.4 * hardness) / (1 + np.exp(-(x - at) / soft * 4))
    return _grey(line * dark)


def _glare(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """Light over letters that stay legible."""
    rows, columns = line.shape
    x0, y0 = dice.uniform(0, columns), dice.uniform(-rows, 2 * rows)
    rx, ry = dice.uniform(0.5, 4) * rows, dice.uniform(0.5, 2) * rows
    yy, xx = np.mgrid[0:rows, 0:columns]
    spot = np.exp(-(((xx - x0) / rx) ** 2) - ((yy - y0) / ry) ** 2)
    strength = dice.uniform(0.2, 0.45 + 0.35 * hardness)
    return _grey(line + (255 - line) * spot * strength)


def _strokes(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """Background pattern, watermark, scratches, a stamp's ring."""
    drawn = line.copy()
    rows, columns = line.shape
    tone = int(np.median(line)) + dice.randint(-60, 25)
    for _ in range(dice.randint(1, 6)):
        x, y, r = (
            dice.randint(0, columns),
            dice.randint(-rows, 2 * rows),
            dice.randint(rows, 6 * rows),
        )
        width = dice.choice((1, 1, 2, 3))
        if dice.random() < 0.6:
            cv2.circle(drawn, (x, y + r), r, tone, width, cv2.LINE_AA)
        else:
            end = (x + dice.randint(-columns, columns), y + dice.randint(-2 * rows, 2 * rows))
            cv2.line(drawn, (x, y), end, tone, width, cv2.LINE_AA)
    alpha = dice.uniform(0.15, 0.4 + 0.3 * hardness)
    return cv2.addWeighted(drawn, alpha, line, 1 - alpha, 0).astype(np.uint8)


def _watermark(line: Grey, dice: random.Random, hardness: float) -> Grey:
    rows, columns = line.shape
    drawn = line.copy()
    at = (dice.randint(-rows, columns), dice.randint(rows // 2, 2 * rows))
    size, tone = dice.uniform(0.03, 0.08) * rows, dice.randint(60, 200)
    word, heavy = dice.choice(("MAU", "COPY", "SAMPLE")), max(2, rows // 12)
    cv2.putText(drawn, word, at, cv2.FONT_HERSHEY_DUPLEX, size, tone, heavy, cv2.LINE_AA)
    alpha = dice.uniform(0.08, 0.2 + 0.15 * hardness)
    return cv2.addWeighted(drawn, alpha, line, 1 - alpha, 0).astype(np.uint8)


def _crumple(line: Grey, dice: random.Random, hardness: float) -> Grey:
    rows, columns = line.shape
    waves = dice.uniform(0.5, 3) * 2 * np.pi / columns
    depth = dice.uniform(0.01, 0.03 + 0.05 * hardness) * rows
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    phase = dice.uniform(0, 6)
    moved_y = (y + depth * np.sin(x * waves + phase)).astype(np.float32)
    moved_x = (x + depth * np.sin(x * waves * 0.7 + phase * 2)).astype(np.float32)
    bent = cv2.remap(line, moved_x, moved_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return bent.astype(np.uint8)


def _faded(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """Letters rubbed thin: lighter in patches."""
    rows, columns = line.shape
    small = np.array([[dice.random() for _ in range(max(3, columns // rows))] for _ in range(3)])
    patch = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    ground = float(np.median(line))
    part = np.clip(patch, 0, 1) * dice.uniform(0.2, 0.4 + 0.3 * hardness)
    return _grey(line + (ground - line) * part)


def _dirt(line: Grey, dice: random.Random, hardness: float) -> Grey:
    drawn = line.copy()
    rows, columns = line.shape
    for _ in range(dice.randint(1, 4)):
        at = (dice.randint(0, columns), dice.randint(0, rows))
        cv2.circle(drawn, at, max(1, rows // dice.randint(12, 30)), dice.randint(40, 230), -1)
    return drawn


def _focus(line: Grey, dice: random.Random, hardness: float) -> Grey:
    sigma = dice.uniform(0.3, 0.6 + 1.0 * hardness) * line.shape[0] / 32
    return cv2.GaussianBlur(line, (0, 0), max(0.3, sigma)).astype(np.uint8)


def _motion(line: Grey, dice: random.Random, hardness: float) -> Grey:
    length = max(2, round(dice.uniform(0.05, 0.08 + 0.1 * hardness) * line.shape[0]))
    kernel = np.zeros((2 * length + 1,) * 2, np.float32)
    angle = dice.uniform(0, np.pi)
    dx, dy = np.cos(angle) * length, np.sin(angle) * length
    centre = (length, length)
    cv2.line(kernel, (round(length - dx), round(length - dy)), centre, 1.0)
    return cv2.filter2D(line, -1, kernel / kernel.sum()).astype(np.uint8)


def _noise(line: Grey, dice: random.Random, hardness: float) -> Grey:
    rng = np.random.default_rng(dice.getrandbits(32))
    sigma = dice.uniform(2, 6 + 14 * hardness)
    noise: NDArray[Any] = rng.normal(0, sigma, line.shape)
    if dice.random() < 0.5:
        noise = np.asarray(cv2.GaussianBlur(noise, (3, 3), 0)) * 2.0
    return _grey(line + noise)


def _jpeg(line: Grey, dice: random.Random, hardness: float) -> Grey:
    quality = dice.randint(round(70 - 40 * hardness), 95)
    _, data = cv2.imencode(".jpg", line, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _exposed(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """Gamma, gain, a lifted black: under- and over-exposed, copied, printed."""
    gamma = dice.uniform(0.6, 1.0 + 0.8 * hardness)
    low, high = dice.uniform(0, 70 * hardness), dice.uniform(255 - 110 * hardness, 285)
    table = np.clip((np.arange(256) / 255) ** gamma * (high - low) + low, 0, 255)
    return np.asarray(table.astype(np.uint8)[line], np.uint8)


def _sharpened(line: Grey, dice: random.Random, hardness: float) -> Grey:
    """What phones do to their own pictures."""
    soft = cv2.GaussianBlur(line, (0, 0), dice.uniform(0.8, 2.0))
    amount = dice.uniform(0.3, 1.5)
    return cv2.addWeighted(line, 1 + amount, soft, -amount, 0).astype(np.uint8)


_Kind = Callable[[Grey, random.Random, float], Grey]
_KINDS: tuple[tuple[float, _Kind], ...] = (
    (0.5, _strokes), (0.25, _watermark), (0.25, _faded), (0.2, _dirt), (0.3, _crumple),
    (0.45, _shadow), (0.3, _glare),
)  # fmt: skip
_CAMERA: tuple[tuple[float, _Kind], ...] = (
    (0.6, _exposed), (0.7, _focus), (0.3, _motion), (0.7, _noise), (0.3, _sharpened), (0.8, _jpeg),
)  # fmt: skip
