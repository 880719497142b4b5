"""Draws what these tests photograph."""

from __future__ import annotations

import io
from typing import Any

import segno
from PIL import Image, ImageFilter


def code(text: str, scale: int = 6) -> Image.Image:
    symbol = segno.make_qr(text.encode(), mode="byte", error="m", boost_error=False)
    rows = [bytearray(row) for row in symbol.matrix_iter(border=4)]
    picture = Image.new("L", (len(rows), len(rows)), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((len(rows) * scale,) * 2, Image.Resampling.NEAREST)


def on_table(card: Image.Image, size: tuple[int, int] = (1280, 960)) -> Image.Image:
    table = Image.new("L", size, 96)
    table.paste(card, ((size[0] - card.width) // 2, (size[1] - card.height) // 2))
    return table


def shadowed(picture: Image.Image, depth: float) -> Image.Image:
    """Darker from left to right, down to `depth` of the light."""
    ramp = Image.linear_gradient("L").rotate(90).resize(picture.size)
    dark = picture.point(lambda value: value * depth)
    return Image.composite(picture, dark, ramp)


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def encoded(picture: Image.Image, format: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **more)
    return out.getvalue()
