"""A card on its ground, seen by a camera: flat, curled or creased."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from PIL import Image

from ocr.training import scenes
from ocr.training.pose import Pose
from ocr.training.scenes import Floats
from ocr.training.sheet import MM, Sheet


@dataclass
class Shot:
    """A card as it lies in the picture. `u`, `v`: the point on the card, in mm, that each pixel
    sees; `scale`: pixels a mm where they are fewest."""

    picture: Floats
    u: Floats
    v: Floats
    scale: float


def lay(dice: Random, sheet: Sheet, where: Pose, struck: set[str], held_out: bool) -> Shot:
    """The card on its ground, seen from `where`."""
    width, height = where.size
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    back = np.linalg.inv(where.matrix).astype(np.float32)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    light = np.ones_like(u)
    if "curl" in struck:
        u, v, light = _curled(dice, u, v, light)
    if "crease" in struck:
        u, v, light = _creased(dice, u, v, light)
    across = min(sheet.picture.width, round(85.6 * where.scale * 1.35))
    step = across / sheet.picture.width
    small = sheet.picture.resize((across, round(sheet.picture.height * step)), Image.Resampling.BOX)
    card = np.asarray(small, np.float32)
    px = np.float32(MM * step)
    seen = cv2.remap(card, u * px - 0.5, v * px - 0.5, cv2.INTER_LINEAR,
                     borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    corner = np.hypot(np.maximum(np.abs(u - 42.8) - 39.8, 0), np.maximum(np.abs(v - 27) - 24, 0))
    inside = np.clip((3.0 - corner) * where.scale + 0.5, 0, 1)[:, :, None]
    cast = np.clip((4.5 - np.hypot(np.maximum(np.abs(u - 43.6) - 39.8, 0),
                                   np.maximum(np.abs(v - 28) - 24, 0))) / 2, 0, 1)  # fmt: skip
    ground = scenes.background(dice, where.size, held_out)
    ground *= (1 - 0.45 * cast)[:, :, None]
    picture = ground * (1 - inside) + seen * light[:, :, None] * inside
    return Shot(picture.astype(np.float32), u, v, where.scale)


def _curled(dice: Random, u: Floats, v: Floats, light: Floats) -> tuple[Floats, Floats, Floats]:
    swing, beat = dice.uniform(-2.2, 2.2), dice.uniform(0.7, 1.3) * np.pi / 85.6
    phase = beat * u + np.float32(dice.uniform(0, 0.6))
    light = light * (1 + 0.12 * swing / 2.2 * np.cos(phase))
    return u, (v + swing * np.sin(phase)).astype(np.float32), light.astype(np.float32)


def _creased(dice: Random, u: Floats, v: Floats, light: Floats) -> tuple[Floats, Floats, Floats]:
    for _ in range(dice.randint(2, 5)):
        angle = dice.uniform(0, np.pi)
        x, y = dice.uniform(5, 80), dice.uniform(5, 49)
        off = (u - x) * np.cos(angle) + (v - y) * np.sin(angle)
        fold = dice.uniform(-0.025, 0.025)
        u, v = u + fold * np.abs(off) * np.cos(angle), v + fold * np.abs(off) * np.sin(angle)
        light = light * (1 + 4 * fold * np.tanh(off)) + 0.18 * np.exp(-((off / 0.12) ** 2))
    return u.astype(np.float32), v.astype(np.float32), light.astype(np.float32)
