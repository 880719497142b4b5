"""What lies about a line: even ground, a finger over its end, glare."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.light import about

QUAD = np.array([[300, 200], [700, 200], [700, 240], [300, 240]], np.float32)


def card() -> NDArray[np.uint8]:
    picture = np.full((480, 1000), 180, np.uint8)
    picture[208:232, 310:690:12] = 40
    return picture


def test_even_ground() -> None:
    seen = about(card(), QUAD)
    assert (seen.before, seen.after) == pytest.approx((0, 0), abs=0.02)
    assert seen.glare == 0


def test_a_finger_is_seen_at_the_end_that_it_covers() -> None:
    picture = card()
    picture[:, 705:] = 90
    seen = about(picture, QUAD)
    assert seen.after == pytest.approx(np.log(188 / 98), abs=0.05)
    assert seen.before < 0.02
    over = about(picture[::-1, ::-1], np.roll(np.array([1000, 480]) - QUAD, 2, axis=0))
    assert over.before > 0.5 > over.after


def test_the_share_of_white_about_the_line() -> None:
    picture = card()
    picture[:, 600:] = 255
    assert 0.2 < about(picture, QUAD).glare < 0.5


def test_at_the_border_of_the_picture_the_ground_goes_on() -> None:
    seen = about(card()[:, 300:700], QUAD - np.array([300, 0], np.float32))
    assert (seen.before, seen.after) == pytest.approx((0, 0), abs=0.1)
    assert not seen.cut
    assert about(card()[:, 310:700], QUAD - np.array([310, 0], np.float32)).cut
