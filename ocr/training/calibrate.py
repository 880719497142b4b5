"""Fits how far a reading is to be trusted, from drawn photos whose truth is known.

`python -m ocr.training calibrate` writes ocr/model/confidence.json: for each group of fields a
logistic curve over `ocr.confidence.features`. No weight may speak against what should raise trust,
so that a chance pattern of few errors never turns a doubtful letter into a sure one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr import confidence, front, image
from ocr.training.photos import LEVELS, Level, photo

STEPS = 4000
RIDGE = 0.02
"""How much a weight must gain in likelihood before it is believed: of each example's share."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A value that was read, before any gate, and whether it is what is printed."""

    group: str
    features: Mapping[str, float]
    right: bool


@dataclass(frozen=True)
class Curve:
    """As `ocr.confidence` reads it, one for each group."""

    bias: float
    weights: Mapping[str, float]


def examples(level: Level, seeds: Iterable[int], held_out: bool) -> Iterator[Example]:
    """Whatever is read of a hidden field is wrong."""
    for seed in seeds:
        shot = photo(seed, level, held_out)
        seen = front.seen(np.asarray(image.decode(shot.jpeg)))
        read = front.values_of(seen) if front.is_front(seen) else {}
        for field, value in read.items():
            right = field not in shot.hidden and value.text == shot.truth[field]
            yield Example(confidence.GROUPS[field], confidence.features(field, value), right)


def fit(seen: Sequence[Example]) -> dict[str, Curve]:
    """By group."""
    curves: dict[str, Curve] = {}
    for group in sorted({one.group for one in seen}):
        members = [one for one in seen if one.group == group]
        names = sorted(members[0].features)
        given = np.array([[one.features[name] for name in names] for one in members])
        bias, weights = logistic(given, np.array([one.right for one in members], np.float64))
        rounded = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
        curves[group] = Curve(round(bias, 4), rounded)
    return curves


def logistic(given: Values, right: Values) -> tuple[float, Values]:
    """Bias and weights, none below zero, of the likeliest curve with a small ridge: `given` is
    (examples, features), `right` 0 or 1. Each feature counts in its own spread; one example of
    either kind is added at the middle, so that no sample is beyond doubt."""
    middle, spread = given.mean(0), np.maximum(given.std(0), 1e-6)
    scaled = np.vstack([(given - middle) / spread, np.zeros((2, given.shape[1]))])
    wanted = np.append(right, [0.0, 1.0])
    bias, weights = 0.0, np.zeros(given.shape[1])
    step = 4 / (1 + scaled.shape[1])
    for _ in range(STEPS):
        off = 1 / (1 + np.exp(-(bias + scaled @ weights))) - wanted
        bias -= step * float(off.mean())
        weights = np.maximum(0, weights - step * (scaled.T @ off / len(off) + RIDGE * weights / 10))
    return bias - float(weights @ (middle / spread)), weights / spread


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training calibrate", description=__doc__)
    parser.add_argument("--photos", type=int, default=150, help="of each level")
    parser.add_argument("--first", type=int, default=100_000, help="seed of the first")
    parser.add_argument("--held-out", action="store_true", help="faces and damage kept out")
    parser.add_argument("--out", type=Path, default=confidence.MODEL)
    given = parser.parse_args(arguments)
    seeds = range(given.first, given.first + given.photos)
    seen = [one for level in LEVELS for one in examples(level, seeds, given.held_out)]
    for group in sorted({one.group for one in seen}):
        rights = [one.right for one in seen if one.group == group]
        print(f"{group}: {len(rights)} read, {len(rights) - sum(rights)} of them wrong")
    said = {group: asdict(curve) for group, curve in fit(seen).items()}
    given.out.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
