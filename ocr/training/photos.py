"""Photographs drawn cards: perspective, light, hands, lenses, copies, compression.

Creased laminate, palms and tiles, blinds' shadows, dotted copies, discs of defocus and bowed shakes
happen only with `held_out`: damage that a reader was never fitted to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random
from typing import Literal

import numpy as np
from PIL import Image

from ocr.training import cards, optics
from ocr.training.cover import cover
from ocr.training.pose import pose
from ocr.training.scenes import Floats
from ocr.training.shot import Shot, lay

Level = Literal["easy", "normal", "hard"]


@dataclass(frozen=True)
class Photo:
    """`truth`: what is printed, dates ISO; `hidden`: fields that nobody could read, under a finger
    or in glare. No field is in between: of such a cover another is drawn."""

    jpeg: bytes
    truth: dict[str, str]
    hidden: frozenset[str]


CHANCES: dict[str, tuple[float, float, float]] = {
    "shadow": (0.2, 0.6, 0.75),
    "glare": (0.0, 0.25, 0.45),
    "finger": (0.0, 0.25, 0.45),
    "curl": (0.0, 0.15, 0.4),
    "crease": (0.0, 0.1, 0.3),
    "screen": (0.0, 0.04, 0.15),
    "photocopy": (0.0, 0.06, 0.15),
    "dim": (0.0, 0.12, 0.3),
    "focus": (0.3, 0.6, 0.8),
    "motion": (0.0, 0.15, 0.45),
    "unreadable": (0.0, 0.0, 0.03),
}
"""How often each damage strikes: easy, normal, hard."""
BLUR = {"easy": 0.05, "normal": 0.1, "hard": 0.17}
"""The most a focus may be out, in mm on the card: beyond 0.2 the tone marks run together."""
NOISE = {"easy": (0.5, 3.0), "normal": (1.0, 7.0), "hard": (2.0, 16.0)}
QUALITY = {"easy": (80, 95), "normal": (60, 95), "hard": (40, 85)}
LEVELS: tuple[Level, ...] = ("easy", "normal", "hard")


def photo(seed: int, level: Level, held_out: bool) -> Photo:
    """The same picture for the same arguments. ValueError for another level."""
    dice = Random(f"{seed} {level} {held_out}")  # noqa: S311 - pictures, no secrets
    at = LEVELS.index(level)
    struck = {kind for kind, chances in CHANCES.items() if dice.random() < chances[at]}
    if not held_out:
        struck -= {"crease"}
    if "dim" in struck:
        struck -= {"shadow"}
    sheet = cards.draw(dice, held_out)
    shot = lay(dice, sheet, pose(dice, level), struck, held_out)
    hidden: frozenset[str] = frozenset()
    if "finger" in struck:
        hidden |= cover(dice, shot, sheet, "finger")
    if "shadow" in struck:
        size = (shot.u.shape[1], shot.u.shape[0])
        shot.picture *= optics.shadow(dice, size, held_out)[:, :, None]
    if "glare" in struck:
        hidden |= cover(dice, shot, sheet, "glare")
    if "unreadable" in struck:
        hidden = frozenset(sheet.truth)
    picture = _taken(dice, shot, level, struck, held_out)
    return Photo(_encoded(dice, picture, level), dict(sheet.truth), hidden)


def _taken(dice: Random, shot: Shot, level: Level, struck: set[str], held_out: bool) -> Floats:
    """Through display, copier, room, lens and sensor, in this order."""
    picture, scale = shot.picture, shot.scale
    if "photocopy" in struck:
        dots = scale * dice.uniform(0.25, 0.4) if held_out and dice.random() < 0.6 else None
        picture = optics.photocopy(dice, np.clip(picture, 0, 255), dots)
    elif "screen" in struck:
        picture = optics.screen(dice, np.clip(picture, 0, 255), dice.uniform(2.1, 4.5))
    if "dim" in struck:
        picture = optics.dim(dice, np.clip(picture, 0, 255))
    most = BLUR[level] * scale
    if "motion" in struck:
        bow = dice.uniform(0.3, 1) if held_out else 0.0
        length = dice.uniform(0.5, 2.6) * most
        picture = optics.motion(picture, length, dice.uniform(0, np.pi), bow)
        most *= 0.5
    if "focus" in struck:
        picture = optics.focus(picture, dice.uniform(0, most), held_out and dice.random() < 0.5)
    if "unreadable" in struck:
        picture = optics.focus(picture, 1.1 * scale, False)
    low, high = NOISE[level]
    return optics.grain(dice, picture, dice.uniform(low, high) * (0.5 if "dim" in struck else 1))


def _encoded(dice: Random, picture: Floats, level: Level) -> bytes:
    """A JPEG; phones store some pictures turned, with a note which way (EXIF orientation)."""
    image, exif = Image.fromarray(picture.astype(np.uint8)), Image.Exif()
    if dice.random() < 0.3:
        tag, turn = dice.choice([
            (3, Image.Transpose.ROTATE_180),
            (6, Image.Transpose.ROTATE_90),
            (8, Image.Transpose.ROTATE_270),
        ])  # fmt: skip
        image, exif[0x0112] = image.transpose(turn), tag
    out = io.BytesIO()
    image.save(out, "JPEG", quality=dice.randint(*QUALITY[level]), exif=exif)
    return out.getvalue()
