"""Words that settle a letter the reader was not sure of, and never one that it was; names."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from ocr.recognise import Letters, said

DATA = Path(__file__).parent / "data"
SURE_LETTER = 0.9
OPEN, CLOSED, UNSEEN = 0.3, 0.05, 0.002
"""How likely is a word that no list has, against one that it has: a name, a unit; and a letter that
was not even second."""

Words = dict[int, tuple[str, ...]]
"""by length"""


def name(letters: Letters) -> Letters:
    """A name in capitals: a family's first, then any."""
    first = next((at for at, one in enumerate(letters) if one.text.strip()), 0)
    end = next((at for at in range(first, len(letters)) if letters[at].text == " "), len(letters))
    families, every = _names()
    rest = each(letters[end:], " ", lambda word: settled(word, every, OPEN))
    return (*letters[:first], *settled(letters[first:end], families, OPEN), *rest)


def known_name(text: str) -> float:
    """The share of its words that the lists have, the first among families."""
    first, *rest = text.split()
    families, every = _names()
    return (has(families, first) + sum(has(every, word) for word in rest)) / (1 + len(rest))


def settled(letters: Letters, words: Words, unknown: float = CLOSED) -> Letters:
    """As the likeliest word of their length that differs only where they are unsure. What was
    unsure is afterwards as sure as that word is among those that it might be."""
    shown = [at for at, letter in enumerate(letters) if letter.text]
    if all(letters[at].chance >= SURE_LETTER for at in shown):
        return letters
    text = said(letters)
    fit = {word: _chance(letters, shown, word) for word in words.get(len(text), ())}
    best = max(fit, key=lambda word: fit[word], default=text)
    if fit.get(best, 0.0) <= unknown * math.prod(letters[at].chance for at in shown):
        return letters
    likely = fit[best] / (sum(fit.values()) + unknown)
    out = list(letters)
    for at, wanted in zip(shown, best, strict=True):
        one = letters[at]
        if one.text != wanted:
            out[at] = replace(
                one, text=wanted, chance=likely, other=one.text, other_chance=one.chance
            )
        elif one.chance < SURE_LETTER:
            out[at] = replace(one, chance=max(one.chance, likely))
    return tuple(out)


def _chance(letters: Letters, shown: Iterable[int], word: str) -> float:
    chance = 1.0
    for at, wanted in zip(shown, word, strict=True):
        one = letters[at]
        if one.text == wanted:
            chance *= one.chance
        elif one.chance >= SURE_LETTER:
            return 0.0
        else:
            chance *= one.other_chance if one.other == wanted else UNSEEN
    return chance


def each(letters: Letters, apart: str, settle: Callable[[Letters], Letters]) -> Letters:
    """Each stretch between separators, without spaces at its ends, settled alone."""
    out: list[Letters] = []
    for start, end in stretches(letters, apart):
        inner = [at for at in range(start, end) if letters[at].text.strip()]
        first, last = (inner[0], inner[-1] + 1) if inner else (end, end)
        out += [letters[start:first], settle(letters[first:last]), letters[last : end + 1]]
    return tuple(letter for part in out for letter in part)


def stretches(letters: Letters, apart: str) -> list[tuple[int, int]]:
    """(start, end) of what stands between separators; the separator is at `end`."""
    ends = [*(at for at, one in enumerate(letters) if one.text == apart), len(letters)]
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def has(words: Words, word: str) -> bool:
    return word in words.get(len(word), ())


def by_length(words: Collection[str]) -> Words:
    by: dict[int, list[str]] = {}
    for word in sorted(words):
        by.setdefault(len(word), []).append(word)
    return {length: tuple(of) for length, of in by.items()}


@cache
def _names() -> tuple[Words, Words]:
    """Families; all. In capitals."""
    lists = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    families, others = (
        {word.upper() for row in lists[key] for word in row.split()}
        for key in ("families", "others")
    )
    return by_length(families), by_length(families | others)
