"""A line of a form as words that can be measured, filled in and broken.

A template is the form's own text with the values' names in braces: `Tôi là: {full_name}`.
`{name!}` prints the value bold, `{name:20}` leaves at least 20 mm of dots where there is none. Two
spaces are a wide gap between two fields of one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

Value = str | list[str] | None
Values = Mapping[str, Value]
Measure = Callable[[str, str], float]
"""(text, style "" | "B" | "I") → mm."""

DOTS = 25.0  # mm of dotted line that a missing value leaves at least
GAP = 5.0  # mm of a wide gap
UNKNOWN = "□"
BOXES = ("☐", "☒")
_FIELD = re.compile(r"\{([a-z_0-9]+)(!)?(?::([0-9]+))?\}")


@dataclass(frozen=True)
class Word:
    """`width` in mm. A leader is a dotted line that takes what room is left. `spaced`: a space
    goes before it."""

    text: str
    style: str
    width: float
    spaced: bool
    leader: bool = False


@dataclass(frozen=True)
class Line:
    words: tuple[Word, ...]
    width: float
    """Natural, spaces included."""
    last: bool = False


def clean(text: str, known: Callable[[str], bool]) -> str:
    """One line in NFC, with a box for what the font has no glyph for. Control and direction
    characters go, so that nobody's name can turn a line around."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(char if known(char) or char in BOXES else UNKNOWN)
    return " ".join("".join(kept).split())


def words_of(
    template: str, values: Values, style: str, measure: Measure, known: Callable[[str], bool]
) -> list[Word]:
    """Raises KeyError for a name that no paper has."""
    found: list[Word] = []
    spaced = False
    for text, field in _pieces(template):
        if field is None:
            found += _split(text, style, spaced, measure)
            spaced = text[-1:] == " "
            continue
        value = values[field[0]]
        shown = clean(value, known) if isinstance(value, str) else ""
        if shown:
            bold = "B" if field[1] else style
            found += _split(shown, bold, spaced, measure)
        else:
            found.append(Word("", style, float(field[2] or DOTS), spaced, leader=True))
        spaced = False
    return found


def _pieces(template: str) -> Iterator[tuple[str, tuple[str, str, str] | None]]:
    at = 0
    for match in _FIELD.finditer(template):
        if match.start() > at:
            yield template[at : match.start()], None
        yield "", (match[1], match[2] or "", match[3] or "")
        at = match.end()
    if at < len(template):
        yield template[at:], None


def _split(text: str, style: str, spaced: bool, measure: Measure) -> list[Word]:
    words = []
    for part in re.findall(r" {2,}| |[^ ]+", text):
        if not part.isspace():
            words.append(Word(part, style, measure(part, style), spaced))
        elif len(part) > 1:
            words.append(Word("", style, GAP, False))
        spaced = part == " "
    return words


def lines_of(
    words: list[Word], room: Callable[[int], float], space: float, measure: Measure
) -> list[Line]:
    """Breaks words into lines. `room`: the width of the n-th line; a word wider than one is
    broken between letters."""
    lines: list[Line] = []
    current: list[Word] = []
    width = 0.0
    queue = list(words)
    while queue:
        word = queue.pop(0)
        gap = space if word.spaced and current else 0.0
        limit = room(len(lines))
        if width + gap + word.width <= limit:
            current.append(word)
            width += gap + word.width
        elif current:
            # What stands without a space before it stays with the word before.
            moved = [word]
            while len(current) > 1 and not moved[0].spaced:
                moved.insert(0, current.pop())
            if not moved[0].spaced and len(current) == 1:
                queue = [replace(word, spaced=True), *queue]
            else:
                queue = [*moved, *queue]
            lines.append(_line(current, space))
            current, width = [], 0.0
        else:
            head, tail = _broken(word, limit, measure)
            current, width = [head], head.width
            queue.insert(0, tail)
    return [*lines, replace(_line(current, space), last=True)] if current else lines


def _line(words: list[Word], space: float) -> Line:
    gaps = sum(space for word in words[1:] if word.spaced)
    return Line(tuple(words), sum(word.width for word in words) + gaps)


def _broken(word: Word, limit: float, measure: Measure) -> tuple[Word, Word]:
    """The longest beginning that fits, at least a letter, and the rest."""
    if word.leader:
        return replace(word, width=limit), Word("", word.style, 0.0, spaced=True)
    n = 1
    while n < len(word.text) - 1 and measure(word.text[: n + 1], word.style) <= limit:
        n += 1
    head, tail = word.text[:n], word.text[n:]
    return (
        replace(word, text=head, width=measure(head, word.style)),
        replace(word, text=tail, width=measure(tail, word.style), spaced=True),
    )
