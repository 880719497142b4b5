"""Typefaces for drawing training text: those of the machine that have every letter we need."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cache

from PIL import ImageFont

from ocr.training.words import letters

HELD_OUT = frozenset(
    (
        "Noto Sans",
        "Lato",
        "Roboto Condensed",
        "Tinos",
        "Cantarell",
        "Inter",
        "Inter Display",
        "Noto Sans Display",
    )
)
"""Kept for measuring: none of their letters is trained on."""
LIKE_A_CARD = ("Arimo", "FreeSans", "DejaVu Sans", "Roboto", "Open Sans", "Noto Sans", "Lato",
               "Cantarell", "Inter", "Andika", "Liberation Sans")  # fmt: skip
"""Sans serif, of the build that cards are printed in: drawn more often than the rest."""
_UNFIT = ("Italic", "Oblique", "Mono", "Display Black")


@dataclass(frozen=True)
class Face:
    """`weight`: how often to draw it, next to others."""

    family: str
    path: str
    bold: bool
    weight: float

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def faces(held_out: bool) -> tuple[Face, ...]:
    """Those kept out, or all others, as Fontconfig finds them. RuntimeError when there are none."""
    listed = subprocess.run(
        ["fc-list", ":lang=vi", "family", "style", "file"],  # noqa: S607 - Debian's own
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = {}
    for line in sorted(listed.splitlines()):
        path, families, style = (part.strip() for part in (line + "::").split(":")[:3])
        family = families.split(",")[0]
        if (family in HELD_OUT) != held_out or any(word in style for word in _UNFIT):
            continue
        if not path.endswith((".ttf", ".otf")) or not _complete(path):
            continue
        found[path] = (family, "Bold" in style)
    if not found:
        raise RuntimeError("no typeface with Vietnamese letters: apt install fonts-noto-core")
    files = Counter(family for family, _ in found.values())
    return tuple(
        Face(family, path, bold, (5.0 if family in LIKE_A_CARD else 1.0) / files[family])
        for path, (family, bold) in found.items()
    )


def _complete(path: str) -> bool:
    """Every letter has a picture of its own: some typefaces claim letters that they draw as boxes
    or without their marks."""
    font = ImageFont.truetype(path, 40, layout_engine=ImageFont.Layout.BASIC)
    drawn = [bytes(font.getmask(letter)) for letter in letters().strip()]
    missing = bytes(font.getmask("\uffff"))
    return missing not in drawn and len(set(drawn)) == len(drawn)
