"""Cut-out lines into text: the letters of a CTC network (Graves et al. 2006), how sure each is, and
what it might be instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr import models
from ocr.line_image import prepared

BLANK = 0
GAP_DOUBT = 0.1
"""A letter that was nearly seen between two others is kept in mind from this chance on."""


@dataclass(frozen=True)
class Letter:
    """`text` is empty where a letter was nearly seen, `other` where there may be none. `at`: its
    place along the line, 0…1."""

    text: str
    chance: float
    other: str
    other_chance: float
    at: float


Letters = tuple[Letter, ...]
SPACE = Letter(" ", 1.0, "", 0.0, 0.0)


def said(letters: Letters) -> str:
    return "".join(letter.text for letter in letters)


def mean(letters: Letters) -> float:
    """Of the letters' chances; 0 for none."""
    seen = [letter.chance for letter in letters if letter.text]
    return sum(seen) / len(seen) if seen else 0.0


def read(line: NDArray[np.uint8]) -> Letters:
    """One upright line, grey (H, W). `NoModel` where the network is not installed."""
    session = models.session(models.LINES)
    name = session.get_inputs()[0].name
    answer = session.run(None, {name: prepared(line)[None]})[0]
    return decoded(np.asarray(answer, np.float32)[0], alphabet(models.LINES))


@cache
def alphabet(model: Path) -> tuple[str, ...]:
    """The classes' letters: blank first, a space last where the network has one class more than
    its list."""
    session = models.session(model)
    listed = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    classes = session.get_outputs()[0].shape[-1]
    return ("", *listed, " ")[:classes]


def decoded(chances: NDArray[np.float32], letters: tuple[str, ...]) -> Letters:
    """The most likely path of (steps, classes) chances."""
    return tuple(_decoded(chances, letters))


def _decoded(chances: NDArray[np.float32], letters: tuple[str, ...]) -> Iterator[Letter]:
    best = chances.argmax(axis=1)
    runs = np.split(np.arange(len(best)), np.flatnonzero(np.diff(best)) + 1)
    for steps in runs:
        kind = int(best[steps[0]])
        others = chances[steps].copy()
        if kind == BLANK:
            # Where a letter begins and ends, it and the blank share a step: no doubt about either.
            others[:, [BLANK, best[steps[0] - 1], best[(steps[-1] + 1) % len(best)]]] = 0
            step, second = np.unravel_index(others.argmax(), others.shape)
        else:
            step = others[:, kind].argmax()
            others[:, kind] = 0
            second = others[step].argmax()
        doubt = float(others[step, second])
        if kind != BLANK or doubt >= GAP_DOUBT:
            at = (float(steps[step]) + 0.5) / len(best)
            chance = float(chances[steps[step], kind])
            yield Letter(letters[kind], chance, letters[int(second)], doubt, at)
