"""How likely a value is right: a curve over what was seen, one for each group of fields.

model/confidence.json has, for each group, `bias` and `weights` of a logistic curve over `Features`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ocr import lexicon, places, rows, ways
from ocr.columns import Piece
from ocr.values import NATIONALITY, Value

MODEL = Path(__file__).parent / "model" / "confidence.json"
GROUPS = {
    "number": "number", "name": "name", "address": "address", "licence_class": "class",
    "date_of_birth": "date", "issue_date": "date", "expiry": "date",
    "nationality": "address", "issue_place": "address",
}  # fmt: skip
_KNOWN: dict[str, Callable[[str], float]] = {
    "nationality": lambda text: float(text == NATIONALITY),
    "name": lexicon.known_name, "address": places.known_address, "issue_place": places.known_place,
}  # fmt: skip
_SIGNS: dict[str, Callable[[str], bool]] = {
    "number": str.isdigit, "date": str.isdigit, "class": str.isalnum,
}  # fmt: skip
WORD_GAP = 1.2
"""heights of a line between the middles of two letters with a space between them, at most"""
LEAST = 1e-4
HIGHEST = 0.999
"""No print is surer than this, whatever the curve says."""

Features = Mapping[str, float]


def confidence(field: str, value: Value) -> float:
    """0…1, calibrated on photos that the curve was not fitted on."""
    total = sum(parts(field, value).values())
    return min(HIGHEST, _weakest(field, value), 1 / (1 + math.exp(-total)))


def parts(field: str, value: Value) -> dict[str, float]:
    """What each feature adds to the log odds, `bias` first."""
    curve = _curves()[GROUPS[field]]
    given = features(field, value)
    weights: dict[str, float] = curve["weights"]
    return {"bias": curve["bias"]} | {name: by * given[name] for name, by in weights.items()}


def features(field: str, value: Value) -> dict[str, float]:
    """The more, the better. `all`, `least`: log odds of all letters and of the least sure one;
    `runner`: against the likeliest other letter; `labelled`, `known`, `whole`: 0…1, its label was
    read, its words are on lists, it begins and ends as such a value does; `height`: of the print,
    pixels, log 2 over 16; `gap`: minus the widest gap between letters beyond a word's, in heights;
    `edge`: minus how much the ground changes where the print ends; `glare`: minus the share of
    white."""
    letters = [letter for letter in value.letters if letter.text.strip() or letter.other.strip()]
    shown = [letter.chance for letter in letters if letter.text.strip()]
    pieces = value.found.pieces
    return {
        "all": _odds(math.prod(shown)),
        "least": _odds(min(shown)),
        "runner": -_odds(max(letter.other_chance for letter in letters)),
        "labelled": float(value.found.labelled),
        "known": _KNOWN[field](value.text) if field in _KNOWN else 1.0,
        "whole": float(_whole(field, value)),
        "height": math.log2(max(1.0, min(rows.height(piece.line) for piece in pieces)) / 16),
        "gap": -max(_gap(piece) for piece in pieces),
        "edge": -max(_edge(piece) for piece in pieces),
        "glare": -max(piece.line.light.glare for piece in pieces),
    }


def _weakest(field: str, value: Value) -> float:
    """Where each sign tells and no list helps, nothing is surer than the least sure sign, however
    seldom the photos of the curve were wrong."""
    counts = _SIGNS.get(GROUPS[field])
    if counts is None:
        return 1.0
    return min((one.chance for one in value.letters if counts(one.text)), default=1.0)


def _whole(field: str, value: Value) -> bool:
    """Nothing is missing before its first letter or after its last, by these letters."""
    text = value.found.text.strip()
    ends = text[-1].isalnum() if field != "address" else places.known_end(text)
    return (text[0].isupper() or text[0].isdigit()) and ends


def _gap(piece: Piece) -> float:
    at = [letter.at for letter in piece.letters if letter.text.strip()]
    long = ways.length(piece.line.quad) / rows.height(piece.line)
    widest = max((right - left for left, right in pairwise(at)), default=0.0)
    return max(0.0, widest * long - WORD_GAP)


def _edge(piece: Piece) -> float:
    """Where other print of the same line stands at its end, nothing is hidden there."""
    line = piece.line
    first = piece.letters[0].at <= line.letters[0].at
    last = piece.letters[-1].at >= line.letters[-1].at
    return max(line.light.before * first, line.light.after * last)


def _odds(chance: float) -> float:
    chance = min(1 - LEAST, max(LEAST, chance))
    return math.log(chance / (1 - chance))


@cache
def _curves() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    return loaded
