"""Decodes pictures from strangers: three formats, limited size, upright, grey."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from ocr.problems import BadPicture

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 50_000_000
MIN_SIDE = 80


def decode(data: bytes) -> Image.Image:
    """The first frame as an upright 8-bit grey picture. `BadPicture` names what is wrong; no other
    exception leaves, whatever the bytes are."""
    if len(data) > MAX_BYTES:
        raise BadPicture("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decoded(data)
    except BadPicture:
        raise
    except UnidentifiedImageError as error:
        raise BadPicture(_unidentified(data)) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise BadPicture("too_large") from error
    except Exception as error:  # hostile bytes make decoders raise anything (struct, zlib, Index…)
        raise BadPicture("damaged") from error


def _decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise BadPicture("too_large")
        if min(width, height) < MIN_SIDE:
            raise BadPicture("too_small")
        picture.draft("L", picture.size)
        picture.load()
        return _grey(ImageOps.exif_transpose(picture))


def _grey(picture: Image.Image) -> Image.Image:
    """Transparent parts count as white paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        sheet = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(sheet, picture)
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.point(lambda value: value / 256)
    return picture.convert("L")


def _unidentified(data: bytes) -> str:
    """Tells a picture of another format from what is no picture, without decoding it."""
    known = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
    heif = data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"msf1")
    if data.startswith(known) or heif:
        return "unsupported_format"
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or data[8:12] == b"WEBP":
        return "damaged"
    return "not_a_picture"
