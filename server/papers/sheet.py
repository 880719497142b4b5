"""An A4 sheet with the margins and type of Decree 30/2020/NĐ-CP, annex I. Lengths are in mm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from server.papers.words import BOXES, Line, Values, lines_of, words_of

TOP, RIGHT, BOTTOM, LEFT = 20.0, 15.0, 20.0, 30.0
WIDTH, HEIGHT = 210.0, 297.0
ROOM = WIDTH - LEFT - RIGHT
BODY = 13.0  # points
LEADING: Final = 1.32
"""Of the type's size: marks above and below the letters must not touch."""
FAMILY = "serif"
FONTS = Path(__file__).parent / "fonts"
POINT = 25.4 / 72
Align = Literal["left", "center", "right", "justify"]


class Sheet(FPDF):
    """Writes from the top down; `at` is where the next line begins. The same content with the
    same `made_at` gives the same bytes."""

    def __init__(self, title: str, made_at: datetime) -> None:
        super().__init__("P", "mm", "A4")
        self.set_auto_page_break(False)
        self.set_title(title)
        self.set_lang("vi-VN")
        self.set_producer("Đổi Bằng")
        self.set_creation_date(made_at)
        for style, name in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(FAMILY, style, FONTS / f"DoiBangSerif-{name}.ttf")
        font = self.fonts[FAMILY]
        self._glyphs = frozenset(font.cmap if isinstance(font, TTFFont) else ())
        self._beside: tuple[float, float] = (0.0, 0.0)
        self.size = BODY
        self.at = TOP
        self.add_page()

    def known(self, char: str) -> bool:
        return ord(char) in self._glyphs

    def measure(self, text: str, style: str) -> float:
        if text in BOXES:
            return self.size * POINT * 0.85
        self.set_font(FAMILY, style, self.size)
        return float(self.get_string_width(text))

    @property
    def leading(self) -> float:
        return self.size * POINT * LEADING

    def need(self, height: float) -> None:
        """A new page, numbered at its top, when so much does not fit any more."""
        if self.at + height <= HEIGHT - BOTTOM:
            return
        self.add_page()
        self._beside = (0.0, 0.0)
        self.set_font(FAMILY, "", BODY)
        number = str(self.page_no())
        self.text((WIDTH - self.get_string_width(number)) / 2, TOP - 6, number)
        self.at = TOP

    def paragraph(
        self,
        template: str,
        values: Values,
        *,
        style: str = "",
        size: float = BODY,
        align: Align = "left",
        x: float = LEFT,
        width: float = ROOM,
        first: float = 0.0,
        hanging: float = 0.0,
        after: float = 0.0,
        fixed: bool = False,
    ) -> None:
        """One paragraph. `first`, `hanging`: the indents of its first and its other lines.
        `fixed`: a part of the heading, which never moves to another page."""
        self.size = size
        words = words_of(template, values, style, self.measure, self.known)
        space = self.measure(" ", "")

        def indent(n: int) -> float:
            return hanging if n else first

        def room(n: int) -> float:
            return width - indent(n) - self._taken(self.at + n * self.leading, fixed)

        for n, line in enumerate(lines_of(words, room, space, self.measure)):
            self.size = size
            if not fixed:
                self.need(self.leading)
            free = width - indent(n) - self._taken(self.at, fixed)
            self._draw(line, x + indent(n), free, space, align)
            self.at += self.leading
        self.at += after

    def centred(
        self,
        template: str,
        values: Values,
        x: float,
        width: float,
        style: str = "",
        size: float = BODY,
    ) -> None:
        """A part of a heading or signature: in its own column, never moved to another page."""
        self.paragraph(
            template, values, style=style, size=size, align="center", x=x, width=width, fixed=True
        )

    def _taken(self, y: float, fixed: bool) -> float:
        """What stands beside the text at the right takes this of its width."""
        width, until = self._beside
        return width if not fixed and y < until else 0.0

    def _draw(self, line: Line, x: float, free: float, space: float, align: Align) -> None:
        spare = max(0.0, free - line.width)
        leaders = sum(word.leader for word in line.words)
        gaps = sum(word.spaced for word in line.words[1:])
        stretch = spare / leaders if leaders else 0.0
        if not leaders and align == "center":
            x += spare / 2
        elif not leaders and align == "right":
            x += spare
        elif not leaders and align == "justify" and gaps and not line.last:
            space += spare / gaps
        base = self.at + self.size * POINT * 0.95
        for n, word in enumerate(line.words):
            if n and word.spaced:
                x += space
            if word.leader:
                self._dots(x, base, word.width + stretch)
                x += word.width + stretch
                continue
            self._word(x, base, word.text, word.style)
            x += word.width

    def _word(self, x: float, base: float, text: str, style: str) -> None:
        if text not in BOXES:
            self.set_font(FAMILY, style, self.size)
            self.text(x, base, text)
            return
        side = self.size * POINT * 0.72
        self.set_line_width(0.25)
        self.rect(x, base - side, side, side)
        if text == BOXES[1]:
            self.line(x, base - side, x + side, base)
            self.line(x, base, x + side, base - side)

    def _dots(self, x: float, base: float, width: float) -> None:
        self.set_font(FAMILY, "", self.size)
        dot = self.get_string_width(".")
        self.text(x, base, "." * max(1, int(width / dot)))

    def rule(self, x: float, width: float, y: float) -> None:
        self.set_line_width(0.25)
        self.line(x, y, x + width, y)

    def qr(self, text: str, side: float, captions: Sequence[str], values: Values) -> None:
        """A QR code at the right margin; the text goes on at its left."""
        left, top = WIDTH - RIGHT - side - 4, self.at
        matrix = list(segno.make(text, error="m", micro=False).matrix)
        unit = side / len(matrix)
        for row, modules in enumerate(matrix):
            for start, length in _runs(modules):
                self.rect(left + start * unit, top + row * unit, length * unit, unit, style="F")
        self.at = top + side + 1
        for caption in captions:
            self.centred(caption, values, left - 4, side + 8, size=9)
        self._beside = (side + 8, self.at + 1)
        self.at = top

    def beside_done(self) -> None:
        """What comes next goes below what stands at the right."""
        self.at = max(self.at, self._beside[1])
        self._beside = (0.0, 0.0)


def _runs(modules: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for n, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == n:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((n, 1))
    return runs
