"""What a card carries beside its text: guilloche, portrait, stamp, signature, hologram."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]


def near(dice: Random, colour: Colour, spread: int) -> Colour:
    red, green, blue = (min(255, max(0, c + dice.randint(-spread, spread))) for c in colour)
    return red, green, blue


def guilloche(dice: Random, size: tuple[int, int], base: Colour) -> Image.Image:
    """Paper of colour `base` under families of waves and rosettes; `size` is width, height."""
    width, height = size
    ramp = np.linspace(dice.uniform(-10, 4), dice.uniform(-4, 10), width)[None, :, None]
    paper: Picture = np.clip(np.full((height, width, 3), base) + ramp, 0, 255).astype(np.uint8)
    strength = dice.uniform(8, 34)
    for _ in range(dice.randint(2, 4)):
        _waves(dice, paper, _tint(dice, base, strength))
    for _ in range(dice.randint(1, 3)):
        _rosette(dice, paper, _tint(dice, base, strength))
    return Image.fromarray(paper)


def _tint(dice: Random, base: Colour, strength: float) -> Colour:
    red, green, blue = (int(max(0, c - strength * dice.uniform(0.2, 1.3))) for c in base)
    return red, green, blue


def _waves(dice: Random, paper: Picture, colour: Colour) -> None:
    height, width = paper.shape[:2]
    x = np.linspace(0, width, 160)
    swing, beat = dice.uniform(10, 60), dice.uniform(2, 9) * math.tau / width
    for step in range(-4, dice.randint(24, 50)):
        y = step * height / 30 + swing * np.sin(beat * x + step * 0.2)
        curve = np.stack([x, y + swing / 3 * np.sin(beat * 2.7 * x)], 1).astype(np.int32)
        cv2.polylines(paper, [curve], False, colour, 1, cv2.LINE_AA)


def _rosette(dice: Random, paper: Picture, colour: Colour) -> None:
    height, width = paper.shape[:2]
    centre = np.array([dice.uniform(0.2, 0.9) * width, dice.uniform(0.2, 0.9) * height])
    radius, petals = dice.uniform(0.15, 0.5) * height, dice.randint(5, 14)
    turn = np.linspace(0, math.tau, 240)
    for step in range(dice.randint(8, 20)):
        reach = radius * (0.3 + step / 25) * (1 + 0.25 * np.cos(petals * turn + step * 0.15))
        curve = np.stack([np.cos(turn) * reach, np.sin(turn) * reach], 1) + centre
        cv2.polylines(paper, [curve.astype(np.int32)], True, colour, 1, cv2.LINE_AA)


def portrait(dice: Random, size: tuple[int, int]) -> Image.Image:
    """A person from the shoulders up before a blue or white wall; no real face."""
    width, height = size
    wall = near(dice, dice.choice([(90, 150, 215), (70, 130, 205), (225, 232, 240)]), 15)
    skin, hair = near(dice, (214, 170, 140), 18), near(dice, (35, 30, 30), 15)
    shirt = near(dice, dice.choice([(235, 235, 235), (40, 60, 110), (60, 60, 60)]), 15)
    picture = Image.new("RGB", size, wall)
    pen = ImageDraw.Draw(picture)

    def oval(x: float, y: float, across: float, down: float, fill: Colour) -> None:
        box = (x - across, y - down, x + across, y + down)
        pen.ellipse([box[0] * width, box[1] * height, box[2] * width, box[3] * height], fill)

    oval(0.5, 1.06, 0.47, 0.33, shirt)
    oval(0.5, 0.76, 0.13, 0.16, skin)
    long = dice.random() < 0.4
    oval(0.5, 0.42 + 0.1 * long, 0.28, 0.29 + 0.12 * long, hair)
    oval(0.5, 0.48, 0.215, 0.265, skin)
    for side in (-0.09, 0.09):
        oval(0.5 + side, 0.45, 0.035, 0.014, hair)
    oval(0.5, 0.62, 0.07, 0.014, (165, 90, 85))
    return picture.filter(ImageFilter.GaussianBlur(width / 60))


def stamp(dice: Random, across: int, font: ImageFont.FreeTypeFont) -> Image.Image:
    """A round seal, RGBA, `across` pixels wide, its words running round the edge."""
    red = (*near(dice, (205, 40, 45), 20), dice.randint(110, 200))
    seal = Image.new("RGBA", (across, across))
    pen = ImageDraw.Draw(seal)
    thick = max(2, across // 60)
    for inset in (0.02, 0.06, 0.28):
        edge = inset * across
        pen.ellipse([edge, edge, across - edge, across - edge], outline=red, width=thick)
    spokes = [(0.5 + (0.16 if i % 2 == 0 else 0.065) * math.sin(i * math.pi / 5),
               0.5 - (0.16 if i % 2 == 0 else 0.065) * math.cos(i * math.pi / 5))
              for i in range(10)]  # fmt: skip
    pen.polygon([(x * across, y * across) for x, y in spokes], fill=red)
    words = dice.choice(["SỞ GIAO THÔNG VẬN TẢI * ", "PHÒNG CẢNH SÁT GIAO THÔNG * "])
    for index, letter in enumerate(words):
        turn = 360 * index / len(words)
        tile = Image.new("RGBA", seal.size)
        ImageDraw.Draw(tile).text((across / 2, across * 0.17), letter, red, font, anchor="mm")
        seal.alpha_composite(tile.rotate(-turn))
    return seal.rotate(dice.uniform(-12, 12), Image.Resampling.BICUBIC)


def signature(dice: Random, size: tuple[int, int]) -> Image.Image:
    """A scrawl, RGBA."""
    width, height = size
    ink = (*near(dice, dice.choice([(30, 40, 130), (25, 25, 30)]), 15), 230)
    t = np.linspace(0, 1, 220)
    x = 0.08 + 0.8 * t + 0.07 * np.sin(math.tau * dice.uniform(3, 6) * t)
    y = 0.5 + 0.3 * np.sin(math.tau * dice.uniform(2, 5) * t + dice.random() * 6) * (1 - 0.5 * t)
    y += 0.15 * np.sin(math.tau * dice.uniform(6, 9) * t)
    scrawl = Image.new("RGBA", size)
    points = [(float(a * width), float(b * height)) for a, b in zip(x, y, strict=True)]
    ImageDraw.Draw(scrawl).line(points, fill=ink, width=max(2, height // 30), joint="curve")
    return scrawl


def hologram(dice: Random, size: tuple[int, int]) -> Image.Image:
    """A patch of shifting colours, RGBA, thin enough to read through."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, period = dice.uniform(0, math.pi), dice.uniform(0.3, 1.0) * width
    phase = (x * math.cos(angle) + y * math.sin(angle)) * math.tau / period
    bands = [127 + 127 * np.sin(phase + shift) for shift in (0, 2.1, 4.2)]
    round_ = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) < 0.25
    lines = 0.6 + 0.4 * np.sin(phase * dice.randint(5, 12))
    bands.append(dice.uniform(25, 80) * round_ * lines)
    return Image.fromarray(np.stack(bands, 2).astype(np.uint8))
