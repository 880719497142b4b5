"""Bytes that claim to be pictures."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr import image
from ocr.picture import read_picture
from ocr.problems import ADVICE, BadPicture
from tests.ocr.pictures import code, encoded, on_table

PICTURE = on_table(code("00001/GKSKLX/27001/26"), size=(640, 480))


def problem(data: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        image.decode(data)
    assert caught.value.problem in ADVICE
    return caught.value.problem


def png(width: int, height: int, body: bytes = b"") -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_three_formats(format: str) -> None:
    assert image.decode(encoded(PICTURE, format)).size == (640, 480)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_turned_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = image.decode(encoded(PICTURE, exif=exif))
    assert decoded.size == ((640, 480) if orientation == 3 else (480, 640))


def test_a_transparent_ground_is_paper() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert image.decode(encoded(clear, "PNG")).getpixel((5, 5)) == 255


def test_sixteen_bits() -> None:
    deep = Image.new("I;16", (100, 100), 65535)
    assert image.decode(encoded(deep, "PNG")).getpixel((5, 5)) == 255


@pytest.mark.parametrize("data", [b"", b"hello", b"<svg xmlns='x'/>", b"%PDF-1.7", b"\x00" * 500])
def test_no_picture(data: bytes) -> None:
    assert problem(data) == "not_a_picture"


@pytest.mark.parametrize("format", ["GIF", "BMP", "TIFF"])
def test_a_format_that_is_not_read(format: str) -> None:
    assert problem(encoded(PICTURE, format)) == "unsupported_format"


def test_heic_is_named() -> None:
    assert problem(b"\x00\x00\x00\x18ftypheic" + bytes(50)) == "unsupported_format"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_cut_off(format: str) -> None:
    data = encoded(PICTURE, format)
    for share in (0.2, 0.5, 0.9):
        assert problem(data[: int(len(data) * share)]) == "damaged"


def test_too_many_pixels_are_never_decoded() -> None:
    bomb = png(60_000, 60_000, zlib.compress(bytes(60_001 * 100)))
    assert problem(bomb) == "too_large"
    assert problem(png(8_000, 8_000)) == "too_large"


def test_a_text_chunk_that_inflates() -> None:
    bomb = b"zTXt" + b"a\x00\x00" + zlib.compress(bytes(80_000_000))
    chunk = struct.pack(">I", len(bomb) - 4) + bomb + struct.pack(">I", zlib.crc32(bomb))
    plain = encoded(PICTURE, "PNG")
    assert problem(plain[:33] + chunk + plain[33:]) == "damaged"


def test_too_many_bytes() -> None:
    assert problem(bytes(image.MAX_BYTES + 1)) == "too_large"


def test_too_small() -> None:
    assert problem(encoded(Image.new("L", (40, 300)), "PNG")) == "too_small"


@given(st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_noise_in_the_middle_is_a_problem_or_a_picture(noise: bytes, format: str) -> None:
    data = encoded(Image.new("L", (90, 90), 200), format)
    broken = io.BytesIO(data)
    broken.seek(len(data) // 2)
    broken.write(noise)
    read = read_picture(broken.getvalue(), "licence_back")
    assert all(code in ADVICE for code in read.problems)
