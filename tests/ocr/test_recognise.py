"""Steps of a CTC network into letters and doubts."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.folded import fold, folded, nearest
from ocr.line_image import prepared
from ocr.recognise import decoded, mean, said

ALPHABET = ("", "A", "Ả", "1", " ")


def steps(*likely: dict[str, float]) -> NDArray[np.float32]:
    """One row a step: what is not named shares nothing."""
    rows = np.zeros((len(likely), len(ALPHABET)), np.float32)
    for row, chances in zip(rows, likely, strict=True):
        for letter, chance in chances.items():
            row[ALPHABET.index(letter)] = chance
    return rows


def test_repeated_steps_are_one_letter_and_a_blank_parts_two() -> None:
    read = decoded(steps({"A": 1}, {"A": 1}, {"": 1}, {"1": 1}, {"": 1}, {"1": 1}), ALPHABET)
    assert said(read) == "A11"
    assert [round(letter.at, 2) for letter in read] == [0.08, 0.58, 0.92]


def test_a_letter_knows_its_runner_up_at_its_clearest_step() -> None:
    read = decoded(steps({"A": 0.5, "": 0.5}, {"A": 0.7, "Ả": 0.2}, {"": 1}), ALPHABET)
    [letter] = read
    assert (letter.text, letter.other) == ("A", "Ả")
    assert letter.chance == pytest.approx(0.7)
    assert letter.other_chance == pytest.approx(0.2)
    assert mean(read) == pytest.approx(0.7)


def test_a_letter_nearly_seen_is_kept_in_mind_but_no_edge_of_its_neighbours() -> None:
    read = decoded(steps({"A": 1}, {"": 0.6, "A": 0.4}, {"": 0.7, "1": 0.3}, {"Ả": 1}), ALPHABET)
    assert said(read) == "AẢ"
    assert [(letter.text, letter.other) for letter in read][1] == ("", "1")
    read = decoded(steps({"A": 1}, {"": 0.6, "A": 0.4}, {"": 0.6, "Ả": 0.4}, {"Ả": 1}), ALPHABET)
    assert len(read) == 2


def test_phrases_are_found_without_accents_and_with_wrong_letters() -> None:
    assert fold("Họ tên/Full name: ĐỖ") == "hotenfullnamedo"
    assert folded("a Ệ")[1] == [0, 2]
    assert nearest("fullname", "hotenfullnamedo") == (0, 13)
    assert nearest("fullname", "hotenfu11name") == (2, 13)
    assert nearest("fullname", "") == (8, 0)


def test_a_line_is_given_to_the_network_at_one_height() -> None:
    shown = prepared(np.full((100, 700), 255, np.uint8))
    assert shown.shape == (3, 48, round(700 * 0.48 * 1.2))
    assert shown.max() == shown.min() == 1
