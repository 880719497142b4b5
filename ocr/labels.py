"""The labels of a licence's front, found in a line though letters of them are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocr.folded import folded, nearest
from ocr.recognise import Letters

_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "name": (("hoten", "hovaten"), ("fullname",)),
    "date_of_birth": (("ngaysinh",), ("dateofbirth",)),
    "nationality": (("quoctich",), ("nationality",)),
    "address": (("noicutru",), ("address", "placeofresidence")),
    "licence_class": (("hang",), ("class",)),
    "expiry": (("cogiatriden",), ("expires", "dateofexpiry")),
    "issue_date": (("ngaycap",), ("dateofissue", "issuedate")),
    "issue_place": (("coquancap", "noicap"), ("issuedby", "placeofissue", "issuingauthority")),
}
"""Folded (see `ocr.folded`): a label's Vietnamese and English words on cards of both regimes."""
_LABELS = {
    field: (*(one + other for one in first for other in second), *first, *second)
    for field, (first, second) in _WORDS.items()
}
_SHORT = 5
"""letters at most of words that are labels only where a line begins with them, and a slash or a
colon follows"""
_TITLES = ("giaypheplaixe", "driverslicense", "driverslicence", "drivinglicence")
_OTHER_TITLES = {
    "id_card": ("cancuoccongdan", "identitycard"),
    "health_certificate": ("giaykhamsuckhoe",),
    "licence_back": ("motorvehicles", "ngaytrungtuyen", "beginningdate", "loaixecogioiduongbo"),
    "unknown": ("chungminhnhandan", "giaychungnhandangky"),
}
_HEADINGS = (
    "congangxahoichunghiavietnam", "conghoaxahoichunghiavietnam", "doclaptudohanhphuc", "bogtvt",
    "bocongan", "giamdoc", "truongphong", *_TITLES,
)  # fmt: skip
COLON_NEAR = 4
WORD_NEAR = 3
_DAY, _MONTH, _YEAR = "ngaydate", "thangmonth", "namyear"


@dataclass(frozen=True)
class Label:
    """`start` and `end`: which of the line's letters are the label."""

    field: str
    start: int
    end: int


def labels(letters: Letters) -> list[Label]:
    """In the order in which they stand; of two that overlap the one with more letters right."""
    found = sorted(_candidates(letters), key=lambda one: one[0])
    kept: list[Label] = []
    for _, label in found:
        if all(label.end <= other.start or other.end <= label.start for other in kept):
            kept.append(label)
    return sorted(kept, key=lambda label: label.start) or _remnant(letters)


def _remnant(letters: Letters) -> list[Label]:
    """The end of one label before a colon, its beginning being hidden."""
    colon = next((at for at, letter in enumerate(letters) if letter.text == ":"), 0)
    left = folded(_texts(letters[:colon]))[0]
    fields = {
        field
        for field, phrases in _LABELS.items()
        if len(left) > 1 and any(phrase.endswith(left) for phrase in phrases)
    }
    return [Label(field, 0, _closed(letters, colon)) for field in fields if len(fields) == 1]


def title(text: str) -> bool:
    return _any(_TITLES, text)


def other_title(text: str) -> str:
    """The kind of the other paper, or the licence's back, that has this print; else empty."""
    return next((kind for kind, titles in _OTHER_TITLES.items() if _any(titles, text)), "")


def heading(text: str) -> bool:
    """Print that is no label and no value."""
    return _any(_HEADINGS, text)


def dated(letters: Letters) -> int | None:
    """Where `ngày/date … tháng/month … năm/year …` begins, the place before it."""
    text, places = folded(_texts(letters))
    wrong, end = nearest(_DAY, text)
    more = [nearest(phrase, text)[0] * 3 <= len(phrase) for phrase in (_MONTH, _YEAR)]
    if wrong * 3 <= len(_DAY) and any(more):
        return places[max(0, end - len(_DAY))]
    return 0 if all(more) else None


def _candidates(letters: Letters) -> Iterator[tuple[int, Label]]:
    text, places = folded(_texts(letters))
    for field, phrases in _LABELS.items():
        for phrase in phrases:
            wrong, end = nearest(phrase, text)
            if not end or wrong > _allowed(phrase):
                continue
            if len(phrase) > _SHORT or (end == len(phrase) and _parted(letters, places[end - 1])):
                start = _word(letters, places[end - _reach(phrase, text[:end])])
                yield (
                    2 * wrong - len(phrase),
                    Label(field, start, _closed(letters, places[end - 1])),
                )


def _word(letters: Letters, near: int) -> int:
    """Where a word begins: a label with a letter too few or too many is not as long as its phrase,
    and what stands before it is not its own."""
    begins = [
        at
        for at, letter in enumerate(letters)
        if abs(at - near) <= WORD_NEAR
        and letter.text.isalpha()
        and (at == 0 or not letters[at - 1].text.isalnum())
    ]
    return min(begins, key=lambda at: abs(at - near), default=near)


def _reach(phrase: str, text: str) -> int:
    """How many letters at the end of `text` are the phrase."""
    return max(1, nearest(phrase[::-1], text[::-1])[1])


def _parted(letters: Letters, last: int) -> bool:
    following = "".join(letter.text for letter in letters[last + 1 :]).lstrip()
    return following.startswith(("/", ":"))


def _closed(letters: Letters, last: int) -> int:
    """After the label's last letter, a colon near it and the spaces."""
    end = last + 1
    for at in range(end, min(end + COLON_NEAR, len(letters))):
        if letters[at].text in (":", ";"):
            end = at + 1
    while end < len(letters) and letters[end].text in ("", " ", ".", ":"):
        end += 1
    return end


def _any(phrases: tuple[str, ...], text: str) -> bool:
    line = folded(text)[0]
    return any(nearest(phrase, line)[0] * 6 <= len(phrase) for phrase in phrases)


def _allowed(phrase: str) -> int:
    """Wrong letters in a phrase that is still recognised."""
    return len(phrase) // (3 if len(phrase) >= 11 else 5)


def _texts(letters: Letters) -> list[str]:
    return [letter.text for letter in letters]
