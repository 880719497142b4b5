"""Finds QR codes: zxing-cpp on the picture and a short ladder of its versions, then zbar.

Both decoders hand over bytes, which we decode as UTF-8 ourselves: without an ECI mark zbar guesses
Shift-JIS and garbles Vietnamese (`TRẦN` becomes `TR蘯ｦN`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from ocr import zbar
from ocr.payload import MAX_BYTES, Payload, decode_text, parse
from ocr.readings import Box

WORKING_SIDE = 2000


@dataclass(frozen=True)
class Code:
    payload: Payload
    box: Box
    decoder: str


@dataclass(frozen=True)
class _Step:
    """`guesses`: sharpened modules may decode to a wrong payload, so only a known format counts."""

    name: str
    prepare: Callable[[Image.Image], Image.Image]
    guesses: bool = False


def _plain(picture: Image.Image) -> Image.Image:
    return picture


def _local_threshold(picture: Image.Image) -> Image.Image:
    """Black where a pixel is darker than its surroundings: undoes shadows and gradients."""
    radius = max(8, max(picture.size) // 40)
    around = picture.filter(ImageFilter.BoxBlur(radius))
    return ImageChops.subtract(picture, around, offset=128).point(lambda v: 255 if v > 121 else 0)


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=3, percent=250, threshold=0))


_LADDER = (
    _Step("plain", _plain),
    _Step("threshold", _local_threshold),
    _Step("unsharp", _sharpened, guesses=True),
)


def glimpse(picture: Image.Image) -> list[Code]:
    """What the quickest attempt sees."""
    return _zxing(picture, 1.0, _LADDER[0])


def find(picture: Image.Image) -> list[Code]:
    """The codes of the first attempt that gives a valid payload; [] when none does."""
    for codes in _attempts(picture):
        if codes:
            return codes
    return []


def _attempts(picture: Image.Image) -> Iterator[list[Code]]:
    yield glimpse(picture)
    sized = _sizes(picture)
    for scale, version in sized:
        for step in _LADDER:
            yield _zxing(version, scale, step)
    for scale, version in sized:
        for step in _LADDER[:2]:
            yield _zbar(version, scale, step)


def _sizes(picture: Image.Image) -> list[tuple[float, Image.Image]]:
    """The picture at working size, doubled when small, halved when large."""
    side = max(picture.size)
    first = min(1.0, WORKING_SIDE / side)
    second = first * (2.0 if side * first <= WORKING_SIDE / 2 else 0.5)
    return [(scale, _scaled(picture, scale)) for scale in (first, second)]


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _zxing(picture: Image.Image, scale: float, step: _Step) -> list[Code]:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    codes = []
    for found in zxingcpp.read_barcodes(step.prepare(picture), formats=formats):
        corners = found.position
        points = [
            (corner.x, corner.y)
            for corner in (
                corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left
            )
        ]  # fmt: skip
        codes.append((bytes(found.bytes), points))
    return _valid(codes, scale, step, "zxing")


def _zbar(picture: Image.Image, scale: float, step: _Step) -> list[Code]:
    return _valid(zbar.scan(step.prepare(picture)), scale, step, "zbar")


def _valid(
    found: list[tuple[bytes, list[tuple[int, int]]]], scale: float, step: _Step, decoder: str
) -> list[Code]:
    codes: dict[str, Code] = {}
    for raw, points in found:
        payload = parse(decode_text(raw))
        if not raw or len(raw) > MAX_BYTES or (step.guesses and payload.kind == "other"):
            continue
        codes.setdefault(payload.text, Code(payload, _box(points, scale), f"{decoder} {step.name}"))
    return list(codes.values())


def _box(points: list[tuple[int, int]], scale: float) -> Box:
    if not points:
        return (0, 0, 0, 0)
    xs, ys = [x / scale for x, _ in points], [y / scale for _, y in points]
    left, top = round(min(xs)), round(min(ys))
    return (left, top, round(max(xs)) - left, round(max(ys)) - top)
