"""How likely a value is right: a curve over what was seen, one for each group of fields.

model/confidence.json has, for each group, `bias` and `weights` of a logistic curve over `Features`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ocr import lexicon, rows
from ocr.values import Value

MODEL = Path(__file__).parent / "model" / "confidence.json"
GROUPS = {
    "number": "number", "name": "name", "address": "address", "licence_class": "class",
    "date_of_birth": "date", "issue_date": "date", "expiry": "date",
    "nationality": "address", "issue_place": "address",
}  # fmt: skip
LEAST = 1e-4
HIGHEST = 0.999
"""No print is surer than this, whatever the curve says."""

Features = Mapping[str, float]


def confidence(field: str, value: Value) -> float:
    """0…1, calibrated on photos that the curve was not fitted on."""
    total = sum(parts(field, value).values())
    return min(HIGHEST, 1 / (1 + math.exp(-total)))


def parts(field: str, value: Value) -> dict[str, float]:
    """What each feature adds to the log odds, `bias` first."""
    curve = _curves()[GROUPS[field]]
    given = features(field, value)
    weights: dict[str, float] = curve["weights"]
    return {"bias": curve["bias"]} | {name: by * given[name] for name, by in weights.items()}


def features(field: str, value: Value) -> dict[str, float]:
    """`all`, `least`: log odds of all letters and of the least sure one; `runner`: of the likeliest
    other letter; `labelled`, `known`: 0…1; `height`: pixels of the print, log 2 over 16."""
    letters = [letter for letter in value.letters if letter.text.strip() or letter.other.strip()]
    shown = [letter.chance for letter in letters if letter.text.strip()]
    others = [letter.other_chance for letter in letters]
    tall = min(rows.height(piece.line) for piece in value.found.pieces)
    return {
        "all": _odds(math.prod(shown)),
        "least": _odds(min(shown)),
        "runner": -_odds(max(others)),
        "labelled": float(value.found.labelled),
        "known": _known(field, value.text),
        "height": math.log2(max(1.0, tall) / 16),
    }


def _known(field: str, text: str) -> float:
    if field == "name":
        return lexicon.known_name(text)
    if field == "address":
        return lexicon.known_address(text)
    return 1.0


def _odds(chance: float) -> float:
    chance = min(1 - LEAST, max(LEAST, chance))
    return math.log(chance / (1 - chance))


@cache
def _curves() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    return loaded
