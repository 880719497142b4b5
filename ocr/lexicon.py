"""Names and places that settle a letter the reader was not sure of, and never one that it was."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from pathlib import Path

from ocr.recognise import Letters, said

DATA = Path(__file__).parent / "data"
SURE_LETTER = 0.9
UNKNOWN, UNSEEN = 0.05, 0.002
"""How likely is a word that no list has, against one; a letter that was not even second."""

Words = dict[int, tuple[str, ...]]
"""by length"""

_KIND = re.compile(
    r"(?:thành phố|thị xã|thị trấn|phường|quận|huyện|xã|tỉnh|tp|tx|tt|[pqhxt](?=\.))[. ]+", re.I
)


def name(letters: Letters) -> Letters:
    """A name in capitals, word by word."""
    return _each(letters, " ", lambda word: settled(word, _names()))


def address(letters: Letters) -> Letters:
    """Its parts between commas; the kind of a unit (Xã, H., …) is no part of the unit's name."""

    def part(read: Letters) -> Letters:
        text = said(read)
        start = match.end() if (match := _KIND.match(text)) else 0
        shown = [letter for letter in read if letter.text]
        return (*shown[:start], *settled(tuple(shown[start:]), _units()))

    return _each(letters, ",", part)


def known_name(text: str) -> float:
    """The share of its words that the lists have."""
    words = text.split()
    return sum(_has(_names(), word) for word in words) / len(words)


def known_address(text: str) -> float:
    """The share of its parts after the first that the lists have."""
    parts = [_KIND.sub("", part.strip(), count=1) for part in text.split(",")][1:]
    return sum(_has(_units(), part) for part in parts) / len(parts) if parts else 0.0


def settled(letters: Letters, words: Words) -> Letters:
    """`letters` as the likeliest word of their length that differs only where they are unsure."""
    text = said(letters)
    shown = [letter for letter in letters if letter.text]
    if all(letter.chance >= SURE_LETTER for letter in shown) or _has(words, text):
        return letters
    best, likely = text, UNKNOWN * math.prod(letter.chance for letter in shown)
    for word in words.get(len(text), ()):
        chance = 1.0
        for letter, wanted in zip(shown, word, strict=True):
            if letter.text == wanted:
                chance *= letter.chance
            elif letter.chance >= SURE_LETTER:
                chance = 0
                break
            else:
                chance *= letter.other_chance if letter.other == wanted else UNSEEN
        if chance > likely:
            best, likely = word, chance
    return tuple(
        replace(letter, text=wanted, other=letter.text) if letter.text != wanted else letter
        for letter, wanted in zip(shown, best, strict=True)
    )


def _each(letters: Letters, apart: str, settle: Callable[[Letters], Letters]) -> Letters:
    """Each stretch between separators and spaces at its ends, settled alone."""
    out: list[Letters] = []
    start = 0
    for end in [*(at for at, one in enumerate(letters) if one.text == apart), len(letters)]:
        stretch = letters[start:end]
        inner = [at for at, one in enumerate(stretch) if one.text.strip()]
        if inner:
            first, last = inner[0], inner[-1] + 1
            out += [stretch[:first], settle(stretch[first:last]), stretch[last:]]
        else:
            out.append(stretch)
        out.append(letters[end : end + 1])
        start = end + 1
    return tuple(letter for part in out for letter in part)


def _has(words: Words, word: str) -> bool:
    return word in words.get(len(word), ())


@cache
def _names() -> Words:
    lists = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    return _by_length(
        {
            word.upper()
            for key in ("families", "others")
            for row in lists[key]
            for word in row.split()
        }
    )


@cache
def _units() -> Words:
    """Without their kinds: all of 2024, and those of Bắc Ninh and the provinces since July 2025."""
    old = json.loads((DATA / "units_2024.json").read_text(encoding="utf-8"))["units"]
    new = json.loads((DATA / "units_2025.json").read_text(encoding="utf-8"))
    units = {*old, *new["provinces"], *new["communes"]}
    for districts in old.values():
        units |= {*districts, *(one for communes in districts.values() for one in communes)}
    return _by_length({_KIND.sub("", unit, count=1) for unit in units})


def _by_length(words: Collection[str]) -> Words:
    by: dict[int, list[str]] = {}
    for word in sorted(words):
        by.setdefault(len(word), []).append(word)
    return {length: tuple(of) for length, of in by.items()}
