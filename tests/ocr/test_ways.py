"""Lines of print by the way they run; boxes of one line."""

from __future__ import annotations

import numpy as np
import pytest

from ocr import ways
from ocr.detect import Quad

SHAPE = (1000, 1000)


def box(left: float, top: float, width: float, height: float, degrees: float = 0) -> Quad:
    """Turned about the picture's middle."""
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + np.array([left, top])
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray((corners - 500) @ turn + 500, np.float32)


def page(degrees: float, count: int = 5, left: float = 300) -> list[Quad]:
    return [box(left, 400 + 50 * at, 400, 30, degrees + at / 2) for at in range(count)]


@pytest.mark.parametrize("degrees", [0, 30, 88, -45, -89])
def test_lines_of_one_page_stay_together_and_a_short_box_with_them(degrees: float) -> None:
    [group] = ways.apart([*page(degrees), box(300, 650, 30, 34, degrees)], SHAPE)
    assert len(group) == 6
    tops = [quad[1] - quad[0] for quad in group]
    assert all(top @ tops[0] > 0 for top in tops)


def test_a_sheet_under_the_card_is_another_group_and_comes_after_it() -> None:
    sheet = [box(20, 30 * at, 900, 20) for at in range(4)]
    card, below = ways.apart([*sheet, *page(25)], SHAPE)
    assert (len(card), len(below)) == (5, 4)


def test_a_slanted_watermark_is_left_out() -> None:
    [group] = ways.apart([*page(0), box(500, 500, 120, 60, 35)], SHAPE)
    assert len(group) == 5


@pytest.mark.parametrize("degrees", [0, 40, 180, -95])
def test_boxes_of_one_line_are_joined_and_those_of_a_column_are_not(degrees: float) -> None:
    parts = [box(300, 700, 200, 30, degrees), box(515, 703, 180, 36, degrees)]
    column = [box(800, 700, 200, 30, degrees)]
    [group] = ways.apart([*page(degrees), *parts, *column], SHAPE)
    assert len(group) == 7
    joined = max(group, key=ways.length)
    assert ways.length(joined) == pytest.approx(400, abs=8)
    assert any(np.allclose(np.sort(quad.sum(axis=1)), np.sort(column[0].sum(axis=1)), atol=0.1)
               for quad in group)  # fmt: skip
