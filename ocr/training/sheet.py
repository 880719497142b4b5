"""Sets the lines of a card: label and value in one line or two, long values wrapped or squeezed.

Lengths are millimetres on an ID-1 card (85.60 × 53.98), `top` and `base` from its upper edge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from random import Random

from PIL import Image, ImageDraw

from ocr.training.fonts import Face

MM = 18
"""Pixels a millimetre."""
WIDTH, HEIGHT = round(85.6 * MM), round(53.98 * MM)
Colour = tuple[int, int, int]
RED, BLACK = (200, 30, 35), (28, 26, 30)
Place = tuple[float, float, float, float]
Piece = tuple[str, Face, float, str | None]
"""Text, its face and em, and the field that it belongs to."""


@dataclass(frozen=True)
class Style:
    """What one print run has in common."""

    bold: Face
    plain: Face
    ink: Colour
    value: float
    label: float
    english: float
    colon: str
    slash: str
    below: bool
    address: str
    squeeze: float
    leading: float
    top: float
    side: float
    wide_expiry: bool
    number_left: bool

    @classmethod
    def draw(cls, dice: Random, bold: Face, plain: Face, ink: Colour) -> Style:
        value = dice.uniform(2.45, 2.95)
        return cls(
            bold=bold,
            plain=plain,
            ink=ink,
            value=value,
            label=dice.uniform(1.7, 2.2),
            english=dice.uniform(0.8, 1.0),
            colon=dice.choice([":", ":", ": ", ""]),
            slash=dice.choice(["/", "/", " / "]),
            below=dice.random() < 0.15,
            address=dice.choice(["beside", "beside", "hanging", "below", "parts"]),
            squeeze=dice.choice([1.0, 1.0, dice.uniform(0.82, 1.06)]),
            leading=dice.uniform(1.22, 1.38),
            top=dice.uniform(18.6, 20.8),
            side=dice.uniform(41.5, 43.0),
            wide_expiry=dice.random() < 0.3,
            number_left=dice.random() < 0.2,
        )

    def smaller(self) -> Style:
        return replace(
            self,
            value=max(2.1, self.value * 0.94),
            label=max(1.6, self.label * 0.96),
            leading=max(1.18, self.leading * 0.97),
            top=max(18.2, self.top - 0.6),
            side=self.side - 0.4,
            below=False,
            address="beside",
        )


@dataclass
class Sheet:
    """A card being printed. `places`: the rectangles (left, top, right, bottom in mm) of each
    field's value, one a line."""

    picture: Image.Image
    style: Style
    truth: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)

    def paste(self, patch: Image.Image, left: float, top: float) -> None:
        at = (round(left * MM), round(top * MM))
        self.picture.paste(patch, at, patch if patch.mode == "RGBA" else None)

    def length(self, text: str, face: Face, em: float) -> float:
        return face.at(round(em * MM)).getlength(text) / MM * self.style.squeeze

    def write(
        self, pieces: list[Piece], left: float, base: float, ink: Colour, room: float = 99
    ) -> float:
        """One line, narrowed where it would be longer than `room`; its right end."""
        long = sum(self.length(text, face, em) for text, face, em, _ in pieces)
        narrow = self.style.squeeze * min(1.0, room / max(long, 0.1))
        for text, face, em, of in pieces:
            font = face.at(round(em * MM))
            width, high = font.getlength(text), 2 * round(em * MM)
            tile = Image.new("L", (int(width) + 4, high))
            ImageDraw.Draw(tile).text((2, high * 0.7), text, 255, font, anchor="ls")
            tile = tile.resize((max(1, round(tile.width * narrow)), high), Image.Resampling.LANCZOS)
            top = base - high * 0.7 / MM
            self.picture.paste(ink, (round(left * MM), round(top * MM)), tile)
            box = tile.getbbox()
            if of and box:
                place = (left + box[0] / MM, top + box[1] / MM, left + box[2] / MM,
                         top + box[3] / MM)  # fmt: skip
                self.places.setdefault(of, []).append(place)
            left += width * narrow / MM
        return left

    def centre(
        self, text: str, left: float, right: float, base: float, em: float, ink: Colour
    ) -> None:
        long = min(self.length(text, self.style.bold, em), right - left)
        start = (left + right - long) / 2
        self.write([(text, self.style.bold, em, None)], start, base, ink, right - left)

    def label(self, words: tuple[str, str], em: float) -> list[Piece]:
        style = self.style
        return [
            (words[0] + style.slash, style.plain, em, None),
            (words[1] + style.colon + " ", style.plain, em * style.english, None),
        ]

    def number(
        self, words: tuple[str, str], value: str, left: float, base: float, em: float, ink: Colour
    ) -> None:
        pieces = [*self.label(words, em * 0.85), (value, self.style.bold, em, "number")]
        long = sum(self.length(text, face, size) for text, face, size, _ in pieces)
        middle = max(left, (left + 84 - long) / 2)
        self.write(pieces, left if self.style.number_left else middle, base, ink, 84 - left)

    def cell(
        self, of: str, words: tuple[str, str], value: str, left: float, top: float, room: float
    ) -> float:
        """A label and its value; the bottom of what was set."""
        style, pitch = self.style, self.style.value * self.style.leading
        pieces = self.label(words, style.label)
        taken = sum(self.length(text, face, em) for text, face, em, _ in pieces)
        below = (style.below or taken > room * 0.68) and of != "address"
        below = below or (of == "address" and style.address == "below")
        base = top + (style.label if below else style.value)
        self.write(pieces, left, base, style.ink, room)
        if below:
            base, taken = base + style.value * 1.18, 0.0
        for index, line in enumerate(self._lines(of, value, room - taken, room)):
            hangs = index > 0 and style.address != "hanging"
            start, space = (left, room) if hangs else (left + taken, room - taken)
            if index:
                base += pitch
            self.write([(line, style.bold, style.value, of)], start, base, style.ink, space)
        return base + pitch - style.value

    def _lines(self, of: str, value: str, first: float, rest: float) -> list[str]:
        """`value` in at most two lines, the first `first` long; only long fields wrap."""
        style = self.style
        fits = self.length(value, style.bold, style.value) <= first
        parts = of == "address" and style.address == "parts" and ", " in value
        if of not in ("address", "issue_place") or (fits and not parts):
            return [value]
        words = value.split(" ")
        breaks = [i for i in range(1, len(words)) if not parts or words[i - 1].endswith(",")]
        room = [rest if style.address != "hanging" else first, first]

        def excess(at: int) -> float:
            halves = (" ".join(words[at:]), " ".join(words[:at]))
            over = [
                max(0.0, self.length(half, style.bold, style.value) - space)
                for half, space in zip(halves, room, strict=True)
            ]
            return sum(over) - at * 1e-3

        at = min(breaks, key=excess, default=len(words))
        return [line for line in (" ".join(words[:at]), " ".join(words[at:])) if line]

    def issued(self, place: str, day: str, left: float, top: float) -> float:
        """`Bắc Ninh, ngày/date 12 tháng/month 05 năm/year 2016`; the bottom of it."""
        style, (d, m, y) = self.style, re.split(r"\W", day)
        em = max(1.95, style.label)
        pieces: list[Piece] = [(place, style.plain, em, "issue_place")]
        pieces.append((", ", style.plain, em, None))
        for words, digits in (("ngày/date ", d), (" tháng/month ", m), (" năm/year ", y)):
            pieces += [(words, style.plain, em, None), (digits, style.plain, em, "issue_date")]
        long = sum(self.length(text, face, size) for text, face, size, _ in pieces)
        start = max(left, left + (84 - left - long) * 0.7)
        self.write(pieces, start, top + em, style.ink, 84 - start)
        return top + em + 0.8
