"""Base45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}


def encode(data: bytes) -> str:
    letters = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            letters.append(_ALPHABET[digit])
    return "".join(letters)


def decode(text: str) -> bytes:
    """Raises ValueError where the text is no Base45: a strange letter, a length or a group that
    no bytes give."""
    if len(text) % 3 == 1 or not set(text) <= _VALUES.keys():
        raise ValueError("not Base45")
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        number = sum(_VALUES[letter] * 45**place for place, letter in enumerate(group))
        try:
            out += number.to_bytes(len(group) - 1, "big")
        except OverflowError:
            raise ValueError("not Base45") from None
    return bytes(out)
