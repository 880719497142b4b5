"""Lines of print for training: what they say can be written, and they come as they are read."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import date

import numpy as np
import pytest

from ocr.line_image import HEIGHT, WIDEST, padded, prepared
from ocr.training import lines, words
from ocr.training.fonts import faces


def test_the_alphabet_has_every_vietnamese_letter_once() -> None:
    letters = words.letters()
    assert len(set(letters)) == len(letters)
    assert set("NGUYỄN THỊ HẰNG Đỗ Ỷ Ỡ ẵ ỹ ợ ử Ẳ") <= set(letters)
    assert unicodedata.is_normalized("NFC", letters)
    assert letters.endswith(" ")


@pytest.mark.parametrize("held_out", [False, True])
def test_what_a_line_says_can_be_written(held_out: bool) -> None:
    dice = random.Random(7)
    said = [lines.text(dice, held_out) for _ in range(300)]
    assert set("".join(said)) <= set(words.letters())
    assert all(0 < len(text) <= 60 for text in said)
    assert len(set(said)) > 250


def test_holders_are_plausible() -> None:
    dice = random.Random(8)
    for _ in range(200):
        one = words.holder(dice)
        assert re.fullmatch(r"[0-9]{12}", one.number)
        assert one.name == unicodedata.normalize("NFC", one.name).upper()
        born, issued = date.fromisoformat(one.date_of_birth), date.fromisoformat(one.issue_date)
        assert (issued - born).days >= 18 * 365
        assert one.expiry == "unlimited" or one.expiry > one.issue_date
        assert one.licence_class in words.said()["classes"][one.regime]


def test_kept_out_names_and_typefaces_are_not_trained_on() -> None:
    known, _, kept = words.said()["families"].partition(" | ")
    assert not set(known.split()) & set(kept.split())
    dice = random.Random(9)
    families = {words.name(dice).split()[0] for _ in range(500)}
    assert not families & set(kept.split())
    assert not {face.path for face in faces(False)} & {face.path for face in faces(True)}


def test_the_same_dice_draw_the_same_line() -> None:
    first, said = lines.line(random.Random(5))
    again, said_again = lines.line(random.Random(5))
    assert said == said_again
    assert np.array_equal(first, again)
    other, _ = lines.line(random.Random(6))
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_a_line_is_handed_over_in_one_height_and_stretched() -> None:
    grey = np.full((24, 100), 255, np.uint8)
    ready = prepared(grey)
    assert ready.shape == (3, HEIGHT, 240)
    assert (ready == 1.0).all()
    assert prepared(np.zeros((10, 900), np.uint8)).shape[2] == WIDEST
    batch = padded([ready, prepared(grey[:, :30])], 80)
    assert batch.shape == (2, 3, HEIGHT, 240)
    assert (batch[1, :, :, 72:] == 0).all()
