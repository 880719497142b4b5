"""Looks for a person in the bytes that a browser or a server left on a disk."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

JPEG_HEADS = (b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb")
SHORTEST = 5  # shorter values occur by chance


@dataclass(frozen=True)
class Remain:
    """What was found (never the secret of a real person: journeys invent theirs) and where."""

    what: str
    file: Path
    offset: int


def spellings(value: str) -> set[bytes]:
    """Every way the value is likely to lie on a disk: composed and decomposed, capitals, digits
    without grouping, UTF-8 and UTF-16 (V8 keeps non-Latin strings so)."""
    texts = {value, value.upper(), value.casefold(), value.replace(" ", "")}
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")}
    return {form.encode(codec) for form in forms for codec in ("utf-8", "utf-16-le")}


def search(folders: Iterable[Path], values: Iterable[str]) -> list[Remain]:
    """All places under `folders` that hold one of `values` or the head of a JPEG."""
    needles = {
        needle: value for value in values if len(value) >= SHORTEST for needle in spellings(value)
    }
    needles |= dict.fromkeys(JPEG_HEADS, "a JPEG")
    found = []
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = file.read_bytes()
            for needle, what in needles.items():
                offset = content.find(needle)
                if offset >= 0:
                    found.append(Remain(what, file, offset))
    return found
