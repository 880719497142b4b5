"""Looks for a person in the bytes that a browser or a server left on a disk."""

from __future__ import annotations

import base64
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.journey.unpacked import contents

JPEG_HEADS = (b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb")
HEAD = 4  # bytes of a needle that are looked for first; none is shorter
SHORTEST = 5  # shorter values occur by chance
SLICE, STRIDE = 24, 1024  # bytes of a picture that nothing else has, taken all along it


@dataclass(frozen=True)
class Remain:
    """What was found (never the secret of a real person: journeys invent theirs) and where.
    `offset` counts in the file, or in what was packed inside it."""

    what: str
    file: Path
    offset: int


def spellings(value: str) -> set[bytes]:
    """Every way the value is likely to lie on a disk: composed and decomposed, capitals, without
    accents, digits without grouping, escaped for an address or in JSON; in UTF-8 and, as V8's
    strings and IndexedDB's keys are, in UTF-16 and Latin-1."""
    texts = {value, value.replace(" ", ""), unaccented(value)}
    texts |= {cased for text in texts for cased in (text.upper(), text.casefold())}
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")}
    forms |= {escape(form) for form in forms for escape in (quote, quote_plus, _json)}
    found = {form.encode(codec) for form in forms for codec in ("utf-8", "utf-16-le", "utf-16-be")}
    return found | {form.encode("latin-1") for form in forms if _latin(form)}


def unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def search(
    folders: Iterable[Path], values: Iterable[str], pictures: Iterable[bytes] = ()
) -> list[Remain]:
    """All places under `folders` that hold one of `values`, a part of one of `pictures` or the
    head of any JPEG."""
    needles = {
        needle: value for value in values if len(value) >= SHORTEST for needle in spellings(value)
    }
    needles |= dict.fromkeys(JPEG_HEADS, "a JPEG")
    needles |= dict.fromkeys((base64.b64encode(JPEG_HEADS[0])[:12],), "a JPEG")
    needles |= {cut: "a picture" for picture in pictures for cut in _slices(picture)}
    by_head: dict[int, list[bytes]] = {}
    for needle in needles:
        by_head.setdefault(int.from_bytes(needle[:HEAD], sys.byteorder), []).append(needle)
    return [
        Remain(needles[needle], file, offset)
        for file in _files(folders)
        for content in _haystacks(file)
        for head in _heads_in(content, frozenset(by_head))
        for needle in by_head[head]
        if (offset := content.find(needle)) >= 0
    ]


def _heads_in(content: bytes, heads: frozenset[int]) -> set[int]:
    """Which of `heads`, each the first bytes of a needle, are anywhere in `content`: one pass, so
    that thousands of needles cost little more than one."""
    found: set[int] = set()
    for shift in range(HEAD):
        whole = (len(content) - shift) // HEAD * HEAD
        if whole > 0:
            found |= heads.intersection(memoryview(content)[shift : shift + whole].cast("I"))
    return found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _haystacks(file: Path) -> tuple[bytes, bytes]:
    """The file as it lies there and, in one piece, all that is packed inside."""
    raw, *inside = contents(file)
    return raw, b"\x00\x00".join(inside)


def _slices(picture: bytes) -> Iterator[bytes]:
    for at in range(STRIDE, len(picture) - SLICE, STRIDE):
        cut = picture[at : at + SLICE]
        if len(set(cut)) > SLICE // 2:  # not a flat stretch
            yield cut


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _latin(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)
