"""Codes in pictures: both decoders, upright and not, in the light and out of it."""

from __future__ import annotations

import pytest
from PIL import Image

from ocr import qr, zbar
from ocr.payload import decode_text
from tests.ocr.pictures import blurred, code, on_table, shadowed

CAPITALS = (
    "027158275224|125405015|TRẦN THỊ NGỌC DIỄM|31121958|Nữ|"
    "THÔN CẦU ĐÀO, BÌNH DƯƠNG, GIA BÌNH, BẮC NINH|02122021"
)


def texts(picture: Image.Image) -> list[str]:
    return [found.payload.text for found in qr.find(picture)]


def test_a_code_and_where_it_is() -> None:
    card = code(CAPITALS)
    (found,) = qr.find(on_table(card))
    assert found.payload.text == CAPITALS
    left, top, width, height = found.box
    assert left == pytest.approx((1280 - card.width) / 2 + 24, abs=3)
    assert top == pytest.approx((960 - card.height) / 2 + 24, abs=3)
    assert (width, height) == pytest.approx((card.width - 48, card.height - 48), abs=5)


def test_zbar_gives_bytes_not_a_guess_at_their_language() -> None:
    assert zbar.available()
    ((raw, points),) = zbar.scan(on_table(code(CAPITALS)))
    assert decode_text(raw) == CAPITALS
    assert len(points) >= 4


@pytest.mark.parametrize("angle", [0, 37, 90, 180, 270])
def test_turned(angle: int) -> None:
    picture = on_table(code(CAPITALS)).rotate(angle, Image.Resampling.BICUBIC, fillcolor=96)
    assert texts(picture) == [CAPITALS]


@pytest.mark.parametrize("depth", [0.5, 0.15])
def test_in_shadow(depth: float) -> None:
    assert texts(shadowed(on_table(code(CAPITALS)), depth)) == [CAPITALS]


def test_small_and_soft_needs_the_ladder() -> None:
    picture = blurred(on_table(code(CAPITALS, scale=4)), 2.2)
    first = next(qr._attempts(picture))
    assert first == []
    assert texts(picture) == [CAPITALS]


def test_in_a_large_picture() -> None:
    (found,) = qr.find(on_table(code(CAPITALS, scale=5), size=(6000, 4000)))
    assert found.payload.text == CAPITALS
    assert found.box[0] == pytest.approx(2820, abs=60)


def test_two_codes() -> None:
    picture = Image.new("L", (1400, 700), 255)
    picture.paste(code("một"), (50, 100))
    picture.paste(code("hai"), (700, 100))
    assert sorted(texts(picture)) == ["hai", "một"]


def test_other_barcodes_and_empty_tables_say_nothing() -> None:
    assert texts(Image.new("L", (900, 900), 140)) == []
    stripes = Image.new("L", (800, 400), 255)
    for x in range(100, 700, 7):
        stripes.paste(0, (x, 50, x + 3, 350))
    assert texts(stripes) == []
