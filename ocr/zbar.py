"""zbar through pyzbar's own ctypes wrapper, in raw-bytes mode.

pyzbar's enumeration has no ZBAR_CFG_BINARY (4, zbar ≥ 0.23.1), and without it zbar guesses the
character set, so the scanner is set up here.
"""

from __future__ import annotations

import logging
from ctypes import c_char_p, c_void_p, cast, string_at
from functools import cache
from types import ModuleType

from PIL import Image

ENABLE, BINARY = 0, 4
NO_SYMBOL, QRCODE = 0, 64
_log = logging.getLogger(__name__)


@cache
def _library() -> ModuleType | None:
    """None, said once in the log, where libzbar0 is not installed: zxing-cpp reads alone then."""
    try:
        from pyzbar import wrapper  # type: ignore[import-untyped]
    except ImportError as error:
        _log.warning("libzbar is missing, QR codes are read by zxing-cpp alone: %s", error)
        return None
    loaded: ModuleType = wrapper
    return loaded


def available() -> bool:
    return _library() is not None


def scan(picture: Image.Image) -> list[tuple[bytes, list[tuple[int, int]]]]:
    """(payload bytes, corner points) of each QR code in an 8-bit grey picture."""
    lib = _library()
    if lib is None:
        return []
    scanner = lib.zbar_image_scanner_create()
    image = lib.zbar_image_create()
    if not scanner or not image:
        raise MemoryError("zbar made no scanner")
    try:
        lib.zbar_image_scanner_set_config(scanner, NO_SYMBOL, ENABLE, 0)
        lib.zbar_image_scanner_set_config(scanner, QRCODE, ENABLE, 1)
        if lib.zbar_image_scanner_set_config(scanner, QRCODE, BINARY, 1):
            _log.warning("this libzbar is too old for raw bytes; not used")
            return []
        pixels = picture.tobytes()
        lib.zbar_image_set_format(image, int.from_bytes(b"Y800", "little"))
        lib.zbar_image_set_size(image, *picture.size)
        lib.zbar_image_set_data(image, cast(c_char_p(pixels), c_void_p), len(pixels), None)
        lib.zbar_scan_image(scanner, image)
        return _symbols(lib, image)
    finally:
        lib.zbar_image_destroy(image)
        lib.zbar_image_scanner_destroy(scanner)


def _symbols(lib: ModuleType, image: object) -> list[tuple[bytes, list[tuple[int, int]]]]:
    found = []
    symbol = lib.zbar_image_first_symbol(image)
    while symbol:
        raw = string_at(lib.zbar_symbol_get_data(symbol), lib.zbar_symbol_get_data_length(symbol))
        points = [
            (lib.zbar_symbol_get_loc_x(symbol, i), lib.zbar_symbol_get_loc_y(symbol, i))
            for i in range(lib.zbar_symbol_get_loc_size(symbol))
        ]
        if symbol.contents.type == QRCODE:
            found.append((raw, points))
        symbol = lib.zbar_symbol_next(symbol)
    return found
