"""Draws a paper: an edition's blocks, in order, filled with values.

A block is one JSON object. `when`: {value: [allowed, …]} leaves it out unless every value fits.

    heading    {"heading": "office" | "citizen", "desk": ["…"], "number": "…", "place": "…"}
    title      {"title": ["GIẤY …"], "sub": ["…"]}
    line       {"line": "Tôi là: {full_name!}"}          one line of the form, dots to the margin
    text       {"text": "…"}                             a justified paragraph with an indent
    list       {"list": "papers"}                        numbered, of a value that is a list
    qr         {"qr": "link", "captions": ["{code}"]}    beside what follows
    sign       {"sign": [{"title", "note", "name"}, …], "place": "…"}
    notes      {"notes": ["…"]}                          small, at the end
    gap        {"gap": 3}                                mm
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.papers.sheet import LEFT, ROOM, Sheet
from server.papers.words import Values

Block = Mapping[str, Any]
INDENT = 10.0
OFFICE, MOTTO = 74.0, 91.0  # mm: the two columns of the heading
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
WATCHWORD = "Độc lập - Tự do - Hạnh phúc"
SIGNATURE = 24.0  # mm left for signing


def draw(title: str, made_at: datetime, blocks: Sequence[Block], values: Values) -> bytes:
    """The PDF of one paper. `made_at` (aware) is what it says of its making, so that the same
    paper has the same bytes. Raises KeyError for a block or value that there is not."""
    sheet = Sheet(title, made_at)
    for block in blocks:
        if all(values[name] in allowed for name, allowed in block.get("when", {}).items()):
            _BLOCKS[next(iter(block))](sheet, block, values)
    return bytes(sheet.output())


def _heading(sheet: Sheet, block: Block, values: Values) -> None:
    top = sheet.at
    right = LEFT + ROOM - MOTTO
    if block["heading"] == "citizen":
        right = LEFT + (ROOM - MOTTO) / 2
    else:
        _office(sheet, block, values)
    left_end, sheet.at = sheet.at, top
    sheet.centred(NATION, values, right, MOTTO, "B", 12)
    sheet.centred(WATCHWORD, values, right, MOTTO, "B")
    line = sheet.measure(WATCHWORD, "B")
    sheet.rule(right + (MOTTO - line) / 2, line, sheet.at + 0.6)
    sheet.at += 2.5
    if place := block.get("place"):
        sheet.centred(place, values, right, MOTTO, "I")
    sheet.at = max(sheet.at, left_end) + 5


def _office(sheet: Sheet, block: Block, values: Values) -> None:
    width = OFFICE - 3
    desk = block.get("desk", ())
    above, bold = ("{office_name}", desk) if desk else ("{office_parent}", ["{office_name}"])
    sheet.centred(above, values, LEFT, width, size=12)
    for text in bold:
        sheet.centred(text, values, LEFT, width, "B", 12)
    sheet.rule(LEFT + width / 2 - 12.5, 25, sheet.at + 0.6)
    sheet.at += 2.5
    if number := block.get("number"):
        sheet.centred(number, values, LEFT, width)


def _title(sheet: Sheet, block: Block, values: Values) -> None:
    sheet.at += 2
    for text in block["title"]:
        sheet.paragraph(text, values, style="B", size=14, align="center")
    for text in block.get("sub", ()):
        sheet.paragraph(text, values, style=block.get("style", ""), align="center")
    sheet.at += 4


def _line(sheet: Sheet, block: Block, values: Values) -> None:
    first = INDENT if block.get("indent") else 0.0
    style = block.get("style", "")
    align = block.get("align", "left")
    sheet.paragraph(block["line"], values, style=style, align=align, first=first, after=1.2)


def _text(sheet: Sheet, block: Block, values: Values) -> None:
    style = block.get("style", "")
    sheet.paragraph(block["text"], values, style=style, align="justify", first=INDENT, after=1.8)


def _list(sheet: Sheet, block: Block, values: Values) -> None:
    rows = values[block["list"]] or []
    for n, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        mark = f"{n}." if len(rows) > 1 or block.get("numbered", True) else "-"
        sheet.paragraph(f"{mark} {{row}}", {"row": row}, align="justify", first=INDENT, after=0.8)
    if not rows:
        sheet.paragraph("{row}", {"row": None}, first=INDENT, after=0.8)


def _qr(sheet: Sheet, block: Block, values: Values) -> None:
    text = values[block["qr"]]
    if isinstance(text, str):
        sheet.qr(text, block.get("side", 26.0), block.get("captions", ()), values)


def _sign(sheet: Sheet, block: Block, values: Values) -> None:
    sheet.beside_done()
    columns = block["sign"]
    width = ROOM / max(2, len(columns))
    sheet.need(SIGNATURE + 30 + _extra(sheet, columns, values, width))
    sheet.at += 3
    if place := block.get("place"):
        sheet.centred(place, values, LEFT + ROOM - width, width, "I")
    top, lowest = sheet.at, sheet.at
    for n, column in enumerate(columns, max(0, 2 - len(columns))):
        sheet.at = top
        where = LEFT + n * width + 2, width - 4
        sheet.centred(column["title"], values, *where, "B")
        if note := column.get("note"):
            sheet.centred(note, values, *where, "I", 12)
        sheet.at += SIGNATURE
        if (name := column.get("name")) and values[name]:
            sheet.centred(f"{{{name}}}", values, *where, "B")
        lowest = max(lowest, sheet.at)
    sheet.at = lowest + 2


def _extra(
    sheet: Sheet, columns: Sequence[Mapping[str, str]], values: Values, width: float
) -> float:
    """What names longer than a line take below the place for signing."""
    names = (values[column["name"]] for column in columns if "name" in column)
    longest = max((sheet.measure(str(name or ""), "B") for name in names), default=0.0)
    return longest / width * 1.2 * sheet.leading


def _notes(sheet: Sheet, block: Block, values: Values) -> None:
    sheet.beside_done()
    sheet.at += 3
    sheet.need(12)
    if head := block.get("head"):
        sheet.paragraph(head, values, style="I", size=11)
    for text in block["notes"]:
        sheet.paragraph(text, values, size=11, align="justify", style=block.get("style", ""))


def _gap(sheet: Sheet, block: Block, values: Values) -> None:
    sheet.at += block["gap"]


_BLOCKS: Mapping[str, Callable[[Sheet, Block, Values], None]] = {
    "heading": _heading,
    "title": _title,
    "line": _line,
    "text": _text,
    "list": _list,
    "qr": _qr,
    "sign": _sign,
    "notes": _notes,
    "gap": _gap,
}
