"""What was read of one picture, drawn as one HTML file that needs no other."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.page import Printed, cut
from ocr.problems import advice
from ocr.readings import CodeSeen, Reading
from ocr.recognise import Letter

CSS = Path(__file__).parent / "data" / "report.css"
LONG_SIDE, QUALITY = 1600, 85
"""pixels and JPEG quality of the picture within the report"""
SAID_FROM = 0.02
"""What a letter might be instead is named from this chance on."""


@dataclass(frozen=True)
class Why:
    """A field, and why it is trusted or not."""

    reading: Reading
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Explained:
    """`picture`: grey (H, W), upright; `kind` and `problems` as readings of pictures have them."""

    name: str
    picture: NDArray[np.uint8]
    kind: str
    problems: Sequence[str]
    fields: Sequence[Why]
    codes: Sequence[CodeSeen]
    lines: Sequence[Printed]


def page(explained: Explained) -> str:
    """The report; everything that was read is escaped, for it may be anything."""
    return document(
        f"{explained.name}: {explained.kind}",
        "".join(map(_problem, explained.problems))
        + _drawn(explained)
        + table("Fields", (field(explained.picture, one) for one in explained.fields))
        + table("Codes", map(_code, explained.codes))
        + table("Lines", (_line(explained.picture, *one) for one in enumerate(explained.lines))),
    )


def document(title: str, body: str) -> str:
    """`body` is HTML, `title` is text."""
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f"<meta name=viewport content='width=device-width'><style>{CSS.read_text('utf-8')}</style>"
        f"<h1>{escape(title)}</h1>{body}"
    )


def _problem(problem: str) -> str:
    return f"<p class=problem>{escape(problem)}: {escape(advice(problem)[1])}</p>"


def _drawn(explained: Explained) -> str:
    """The picture with each line's box, numbered, and each field's."""
    height, width = explained.picture.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(explained.picture, size, interpolation=cv2.INTER_AREA)
    marks = [
        f"<polygon points='{' '.join(f'{x:.1f},{y:.1f}' for x, y in line.quad)}'/>"
        f"<text x={line.quad[0, 0]:.0f} y={line.quad[0, 1]:.0f}>{number}</text>"
        for number, line in enumerate(explained.lines)
    ]
    for why in explained.fields:
        left, top, across, down = why.reading.box
        marks.append(
            f"<rect x={left} y={top} width={across} height={down}>"
            f"<title>{escape(why.reading.field)}</title></rect>"
        )
    return (
        f"<svg viewBox='0 0 {width} {height}' font-size={max(height, width) / 60:.0f}>"
        f"<image href='{_url(small)}' width={width} height={height} />{''.join(marks)}</svg>"
    )


def table(title: str, rows: Iterable[str]) -> str:
    """Rows of HTML cells."""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<h2>{title}</h2><table>{body}</table>" if body else f"<h2>{title}</h2><p>None.</p>"


def field(picture: NDArray[np.uint8], why: Why) -> str:
    """A row: what was read, its crop, and why it is trusted or not."""
    one = why.reading
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in why.reasons)
    left, top, width, height = one.box
    place = picture[max(0, top) : top + height, max(0, left) : left + width]
    return (
        f"<th scope=row>{escape(one.field)}</th><td lang=vi>{escape(one.value)}</td>"
        f"<td><meter value={one.confidence:.4f}></meter> {one.confidence:.3f} {one.source}</td>"
        f"<td>{_image(place)}</td><td><ul>{reasons}</ul></td>"
    )


def _code(code: CodeSeen) -> str:
    return f"<th scope=row>{escape(code.kind)}</th><td lang=vi>{escape(code.text)}</td>"


def _line(picture: NDArray[np.uint8], number: int, line: Printed) -> str:
    return (
        f"<th scope=row>{number}</th><td>{_image(cut(picture, line.quad))}"
        f"<div class=letters lang=vi>{''.join(map(_letter, line.letters))}</div></td>"
    )


def _letter(letter: Letter) -> str:
    """With its chance, and what else it might be."""
    other = ""
    if letter.other_chance >= SAID_FROM:
        other = f"{escape(letter.other) or '∅'} {letter.other_chance:.2f}"
    return (
        f"<span class=letter style='--chance:{letter.chance:.3f}'><b>{escape(letter.text) or '∅'}"
        f"</b><small>{letter.chance:.2f}</small><small class=other>{other}</small></span>"
    )


def _image(picture: NDArray[np.uint8]) -> str:
    return f"<img src='{_url(picture)}' alt=''>" if picture.size else ""


def _url(picture: cv2.typing.MatLike) -> str:
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
