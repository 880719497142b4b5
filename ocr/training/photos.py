"""Photographs drawn cards: perspective, light, hands, lenses, copies, compression.

Creased laminate, palms and tiles, blinds' shadows, dotted copies, discs of defocus and bowed shakes
happen only with `held_out`: damage that a reader was never fitted to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.training import cards, optics, scenes
from ocr.training.pose import Pose, pose
from ocr.training.scenes import Floats
from ocr.training.sheet import MM, Place, Sheet

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


@dataclass
class Shot:
    """A card as it lies in the picture. `u`, `v`: the point on the card, in mm, that each pixel
    sees; `scale`: pixels a mm where they are fewest."""

    picture: Floats
    u: Floats
    v: Floats
    scale: float


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
        hidden |= _cover(dice, shot, sheet, "finger")
    if "shadow" in struck:
        size = (shot.u.shape[1], shot.u.shape[0])
        shot.picture *= optics.shadow(dice, size, held_out)[:, :, None]
    if "glare" in struck:
        hidden |= _cover(dice, shot, sheet, "glare")
    if "unreadable" in struck:
        hidden = frozenset(sheet.truth)
    picture = _taken(dice, shot, level, struck, held_out)
    return Photo(_encoded(dice, picture, level), dict(sheet.truth), hidden)


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


def _cover(dice: Random, shot: Shot, sheet: Sheet, kind: str) -> frozenset[str]:
    """Puts a finger or glare over the card so that each field is whole or clearly lost."""
    height, width = shot.u.shape
    for _ in range(8):
        if kind == "finger":
            skin, over = _fingered(dice, shot)
            lost, touched = over > 0.9, over > 0.03
            result = shot.picture * (1 - over[:, :, None]) + skin * over[:, :, None]
        else:
            spot = _seen_at(shot, dice.uniform(5, 80), dice.uniform(4, 50))
            more = optics.glare(dice, (width, height), spot, dice.uniform(6, 20) * shot.scale)
            light = cv2.GaussianBlur(shot.picture.max(2), (0, 0), shot.scale)
            left = 1 - np.clip((more + 0.15 * light - 60) / 190, 0, 1)
            lost, touched = left < 0.04, left < 0.4
            result = shot.picture + more[:, :, None]
        judged = {of: _judge(shot, places, lost, touched) for of, places in sheet.places.items()}
        if "unsure" not in judged.values():
            shot.picture = result.astype(np.float32)
            return frozenset(of for of, verdict in judged.items() if verdict == "lost")
    return frozenset()


def _seen_at(shot: Shot, u: float, v: float) -> tuple[float, float]:
    step = max(1, min(shot.u.shape) // 250)
    far = np.hypot(shot.u[::step, ::step] - u, shot.v[::step, ::step] - v)
    y, x = np.unravel_index(int(far.argmin()), far.shape)
    return float(x * step), float(y * step)


def _fingered(dice: Random, shot: Shot) -> tuple[Floats, Floats]:
    height, width = shot.u.shape
    deep = dice.choice([dice.uniform(1, 6), dice.uniform(4, 18)])
    edge = dice.choice(["left", "right", "bottom", "bottom", "top"])
    along = dice.uniform(8, 78) if edge in ("top", "bottom") else dice.uniform(6, 48)
    u, v = {"left": (deep, along), "right": (85.6 - deep, along), "top": (along, deep),
            "bottom": (along, 54 - deep)}[edge]  # fmt: skip
    tip = np.array(_seen_at(shot, u, v))
    middle = np.array(_seen_at(shot, 42.8, 27))
    rim = {"left": (0, along), "right": (85.6, along), "top": (along, 0), "bottom": (along, 54)}
    outward = np.array(_seen_at(shot, *rim[edge])) - middle
    outward = outward / max(1.0, float(np.hypot(*outward))) + [dice.uniform(-0.4, 0.4)] * 2
    root = tip + outward * max(width, height)
    return scenes.finger(dice, (width, height), tip, root, dice.uniform(11, 16) * shot.scale)


def _judge(shot: Shot, places: list[Place], lost: NDArray[np.bool_],
           touched: NDArray[np.bool_]) -> str:  # fmt: skip
    """`lost` when a letter of the field is, `whole` when none is touched, else `unsure`."""
    step = max(1, int(shot.scale / 5))
    u, v = shot.u[::step, ::step], shot.v[::step, ::step]
    verdict = "whole"
    for left, top, right, bottom in places:
        within = (u >= left) & (u < right) & (v >= top) & (v < bottom)
        letters = max(1, round((right - left) / (bottom - top) * 1.4))
        which = ((u[within] - left) / (right - left) * letters).astype(np.int64)
        pixels = np.maximum(1, np.bincount(which, minlength=letters))
        gone = np.bincount(which, lost[::step, ::step][within], letters) / pixels
        brushed = np.bincount(which, touched[::step, ::step][within], letters) / pixels
        if gone.max() > 0.9:
            return "lost"
        if brushed.max() > 0.05:
            verdict = "unsure"
    return verdict


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
