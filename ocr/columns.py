"""Which printed letters are the value of which field: by their labels, else by what they look like
and where they stand below the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr import labels, places, rows
from ocr.folded import fold, nearest
from ocr.page import Printed
from ocr.recognise import Letters, said

_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){8,14}(?![0-9])")
_DATE = re.compile(r"(?<![0-9])[0-9]{2}\s?[/.\-]\s?[0-9]{2}\s?[/.\-]\s?[0-9]{4}(?![0-9])")
_NAME = re.compile(r"(?:[^\W\d_a-z]{1,9}\s+){1,6}[^\W\d_a-z]{1,9}\W*$")
_CLASS = re.compile(r"(?:[A-D][1-4]?E?|F[BCDE]2?|E)")
_UNLIMITED = "khongthoihan"
ROWS = {"address": 2, "issue_place": 2}
"""at most, where more than one"""
NEAR_NUMBER = 7
"""how many of its heights below the number the name stands at most"""


@dataclass(frozen=True)
class Piece:
    """Part of a line."""

    letters: Letters
    line: Printed


@dataclass(frozen=True)
class Found:
    """What is printed for a field. `labelled`: its label was read too."""

    pieces: tuple[Piece, ...]
    labelled: bool

    @property
    def text(self) -> str:
        return " ".join(said(piece.letters).strip() for piece in self.pieces)


@dataclass(frozen=True)
class Front:
    """`lines`: all of them; `marks`: the line of each label that was read; `titled`: a licence's
    title was; `other`: the kind of the paper whose print was read instead."""

    lines: Sequence[Printed]
    found: dict[str, Found]
    marks: dict[str, Printed]
    titled: bool
    other: str


def front(lines: Sequence[Printed]) -> Front:
    """The fields of a licence's front among a page's lines."""
    found: dict[str, Found] = {}
    lines = [part for line in lines for part in _parts(line)]
    marked = {line: labels.labels(line.letters) for line in lines}
    free = [line for line in lines if not marked[line] and not labels.heading(line.text)]
    _take_number(lines, found)
    _take_issue(free, found)
    for line in lines:
        for label in marked[line]:
            own = Piece(_value(label.field, line.letters[label.end :]), line)
            _take(label.field, own, lines, free, found)
    _take_unlabelled(free, found)
    return Front(
        lines,
        found,
        {label.field: line for line in lines for label in marked[line]},
        any(labels.title(line.text) for line in lines),
        next((kind for line in lines if (kind := labels.other_title(line.text))), ""),
    )


def _parts(line: Printed) -> list[Printed]:
    """A line of two labels in a row, or more, as one line each."""
    starts = [label.start for label in labels.labels(line.letters)]
    ends = [*starts[1:], len(line.letters)]
    if len(starts) < 2:
        return [line]
    return [_part(line, start, end) for start, end in zip([0, *starts[1:]], ends, strict=True)]


def _part(line: Printed, start: int, end: int) -> Printed:
    letters = line.letters[start:end]
    left = line.letters[start].at if start else 0.0
    right = line.letters[end].at if end < len(line.letters) else 1.0
    placed = tuple(replace(one, at=(one.at - left) / (right - left)) for one in letters)
    top, foot = line.quad[1] - line.quad[0], line.quad[2] - line.quad[3]
    quad = np.stack([
        line.quad[0] + left * top, line.quad[0] + right * top,
        line.quad[3] + right * foot, line.quad[3] + left * foot,
    ])  # fmt: skip
    return replace(line, quad=quad, letters=placed)


def _value(field: str, letters: Letters) -> Letters:
    """What follows a label, without the rest of the label: no value has a colon or begins with a
    slash, and a name has no small letters."""
    text = [letter.text for letter in letters]
    start = len(text) - text[::-1].index(":") if ":" in text else 0
    if said(letters[start:]).lstrip().startswith("/"):
        start = (
            text.index(" ", text.index("/", start))
            if " " in text[text.index("/", start) :]
            else len(text)
        )
    if field == "name":
        small = [at for at in range(start, len(text)) if text[at].islower()]
        start = small[-1] + 1 if small else start
    return letters[start:]


def _take(
    field: str,
    own: Piece,
    lines: Sequence[Printed],
    free: list[Printed],
    found: dict[str, Found],
) -> None:
    """The value behind a label, beside it or below; further rows of a long one too."""
    pieces = []
    last = own.line
    if _enough(field, said(own.letters)):
        pieces.append(own)
    else:
        beside, below = rows.beside(own.line, lines), rows.below(own.line, lines)
        near = beside if beside in free else below
        if near is None or near not in free:
            return
        free.remove(near)
        pieces.append(Piece(near.letters, near))
        last = near
    while len(pieces) < ROWS.get(field, 1) and not _whole(field, pieces):
        under = rows.below(last, lines)
        if under not in free or not _goes_on(own.line, under):
            break
        free.remove(under)
        pieces.append(Piece(under.letters, under))
        last = under
    if field not in found:
        found[field] = Found(tuple(pieces), True)


def _enough(field: str, text: str) -> bool:
    if field in ("date_of_birth", "issue_date", "expiry"):
        return bool(re.search("[0-9]{2}", text)) or nearest(_UNLIMITED, fold(text))[0] <= 3
    return len(fold(text)) >= (1 if field == "licence_class" else 2)


def _whole(field: str, pieces: Sequence[Piece]) -> bool:
    """An address that ends with a province needs no further row."""
    return field == "address" and places.known_end(" ".join(said(one.letters) for one in pieces))


def _goes_on(label: Printed, line: Printed) -> bool:
    """A long value's next row: not left of its label, and no date."""
    begins, long = rows.place(label, line).begins, len(fold(line.text)) > 1
    return begins > -1 and long and not re.search(r"[0-9]{4}", line.text)


def _take_number(lines: Iterable[Printed], found: dict[str, Found]) -> None:
    for line in lines:
        piece = _matching(line, _NUMBER)
        if piece is not None and not _DATE.search(line.text):
            labelled = fold(line.text[:8]).startswith(("sono", "so", "no"))
            found["number"] = Found((piece,), labelled)
            if labelled:
                return


def _take_issue(free: list[Printed], found: dict[str, Found]) -> None:
    """`Bắc Ninh, ngày/date 05 tháng/month 06 năm/year 2019`: place and day."""
    for line in list(free):
        begins = labels.dated(line.letters)
        if begins is None:
            continue
        free.remove(line)
        found["issue_date"] = Found((Piece(line.letters[begins:], line),), True)
        if fold(said(line.letters[:begins])):
            found["issue_place"] = Found((Piece(line.letters[:begins], line),), True)


def _take_unlabelled(free: list[Printed], found: dict[str, Found]) -> None:
    """What has the form that only one field has; the name is what stands under the number."""
    for line in free:
        text = line.text.strip()
        if "licence_class" not in found and _CLASS.fullmatch(text):
            found["licence_class"] = Found((Piece(line.letters, line),), False)
        if "nationality" not in found and fold(text).endswith("vietnam"):
            found["nationality"] = Found((Piece(line.letters[-len("VIỆT NAM") :], line),), False)
        if "expiry" not in found and nearest(_UNLIMITED, fold(text))[0] <= 2:
            found["expiry"] = Found((Piece(line.letters, line),), False)
    if "number" not in found:
        return
    number = found["number"].pieces[0].line
    stands = {line: rows.place(number, line) for line in free}
    under = [line for line, at in stands.items() if 0.5 < at.down < NEAR_NUMBER and at.gap < 0]
    for line in sorted(under, key=lambda line: stands[line].down):
        name, date = _matching(line, _NAME), _matching(line, _DATE)
        if name and "name" not in found:
            found["name"] = Found((name,), False)
        elif date and "date_of_birth" not in found:
            found["date_of_birth"] = Found((date,), False)


def _matching(line: Printed, form: re.Pattern[str]) -> Piece | None:
    """The letters that the first match of `form` covers."""
    match = form.search(line.text)
    if match is None:
        return None
    ends = [0]
    for letter in line.letters:
        ends.append(ends[-1] + len(letter.text))
    covered = [
        letter
        for letter, start, end in zip(line.letters, ends[:-1], ends[1:], strict=True)
        if start >= match.start() and end <= match.end()
    ]
    return Piece(tuple(covered), line)
