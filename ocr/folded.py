"""Text without accents, case and spaces, and phrases found in it though letters are wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """`Họ tên/Full name:` → `hotenfullname`; đ is d."""
    return folded(text)[0]


def folded(text: str | Iterable[str]) -> tuple[str, list[int]]:
    """The folded text, and where in `text` each of its letters stood."""
    letters, places = [], []
    for at, letter in enumerate(text):
        bare = unicodedata.normalize("NFD", letter.lower().replace("đ", "d"))
        for one in bare:
            if one.isalnum():
                letters.append(one)
                places.append(at)
    return "".join(letters), places


def nearest(phrase: str, text: str) -> tuple[int, int]:
    """(wrong letters, end) of the stretch of `text` most like `phrase`: the first of the best.

    Myers 1999, "A fast bit-vector algorithm for approximate string matching".
    """
    length = len(phrase)
    where: dict[str, int] = {}
    for at, letter in enumerate(phrase):
        where[letter] = where.get(letter, 0) | 1 << at
    every = (1 << length) - 1
    up, down, wrong = every, 0, length
    best = (length, 0)
    for at, letter in enumerate(text, 1):
        same = where.get(letter, 0)
        across = (((same & up) + up) ^ up) | same | down
        more, less = down | ~(across | up), up & across
        wrong += bool(more >> length - 1 & 1) - bool(less >> length - 1 & 1)
        more, less = more << 1, less << 1
        same |= down
        up, down = (less | ~(same | more)) & every, more & same & every
        if wrong < best[0]:
            best = (wrong, at)
    return best
