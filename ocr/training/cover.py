"""Fingers and glare over a card, and which fields nobody could read below them."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.training import optics, scenes
from ocr.training.scenes import Floats
from ocr.training.sheet import Place, Sheet
from ocr.training.shot import Shot


def cover(dice: Random, shot: Shot, sheet: Sheet, kind: str) -> frozenset[str]:
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
        judged = {of: judge(shot, places, lost, touched) for of, places in sheet.places.items()}
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


def judge(shot: Shot, places: list[Place], lost: NDArray[np.bool_],
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
