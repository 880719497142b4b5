"""Drawn cards and photos of them: what they claim is what they show."""

from __future__ import annotations

import io
from random import Random

import numpy as np
import pytest
from PIL import Image

from ocr.training import cards
from ocr.training.cover import judge
from ocr.training.photos import LEVELS, Level, photo
from ocr.training.sheet import HEIGHT, MM, WIDTH
from ocr.training.shot import Shot


@pytest.mark.parametrize("held_out", [False, True])
def test_every_field_is_printed_where_it_is_said_to_be(held_out: bool) -> None:
    for seed in range(3):
        sheet = cards.draw(Random(seed), held_out)
        grey = np.asarray(sheet.picture.convert("L"), np.float32)
        assert sheet.places.keys() == sheet.truth.keys() == cards.LABELS.keys()
        for places in sheet.places.values():
            for left, top, right, bottom in places:
                assert 0 <= left < right <= WIDTH / MM
                assert 0 <= top < bottom <= HEIGHT / MM
                cut = grey[
                    round(top * MM) : round(bottom * MM), round(left * MM) : round(right * MM)
                ]
                assert np.percentile(cut, 95) - np.percentile(cut, 5) > 60


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert photo(3, "easy", False) == photo(3, "easy", False)
    assert photo(3, "easy", False).jpeg != photo(3, "easy", True).jpeg


@pytest.mark.parametrize("level", LEVELS)
def test_a_photo_is_a_jpeg_of_three_tenths_to_twelve_megapixels(level: Level) -> None:
    shot = photo(1, level, True)
    with Image.open(io.BytesIO(shot.jpeg)) as picture:
        assert picture.format == "JPEG"
        assert 0.25e6 < picture.width * picture.height < 13e6
    assert shot.hidden <= shot.truth.keys()


def test_a_field_is_hidden_when_a_letter_is_and_legible_when_none_is_touched() -> None:
    y, x = np.mgrid[0:540, 0:856].astype(np.float32) / 10
    shot = Shot(np.zeros((540, 856, 3), np.float32), x, y, 10.0)
    place = [(30.0, 20.0, 60.0, 23.0)]

    def verdict(left: float, right: float, top: float = 0.0) -> str:
        over = (x > left) & (x < right) & (y > top)
        return judge(shot, place, over, over)

    assert verdict(44, 50) == "lost"
    assert verdict(61, 70) == "whole"
    assert verdict(44, 45) == "unsure"
    assert verdict(44, 50, top=22.0) == "unsure"
