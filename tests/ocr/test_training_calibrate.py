"""Curves that are fitted say how often a value is right."""

from __future__ import annotations

import numpy as np

from ocr.training.calibrate import Example, fit, logistic


def test_a_curve_finds_the_chances_it_was_drawn_from() -> None:
    rng = np.random.default_rng(1)
    given = np.stack([rng.normal(3, 2, 4000), rng.normal(0, 1, 4000)], 1)
    chances = 1 / (1 + np.exp(-(0.5 + 0.9 * given[:, 0])))
    bias, weights = logistic(given, (rng.random(4000) < chances).astype(np.float64))
    found = 1 / (1 + np.exp(-(bias + given @ weights)))
    assert np.abs(found - chances).mean() < 0.02


def test_no_weight_speaks_against_a_feature_and_no_sample_is_beyond_doubt() -> None:
    given = np.linspace(-3, 3, 50)[:, None]
    _, weights = logistic(given, (given[:, 0] < 0).astype(np.float64))
    assert weights[0] == 0
    bias, weights = logistic(given, np.ones(50))
    assert 1 / (1 + np.exp(-bias)) < 0.999


def test_each_group_has_its_curve() -> None:
    seen = [Example("name", {"least": float(i)}, i > 4) for i in range(10)]
    seen += [Example("class", {"least": float(i)}, True) for i in range(10)]
    curves = fit(seen)
    assert curves.keys() == {"name", "class"}
    assert curves["name"].weights["least"] > 0
