"""The monthly report as people get it: a page of text, CSV, XLSX, and the interface's JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from server.dossier.calendar import filing_date
from server.dossier.report import KINDS, Line, Report, label, month_bounds, month_report
from server.dossier.tables import table
from server.errors import InvalidInput, Message
from server.in_person import read_in_person
from server.record import journal
from server.record import report as counted
from server.record.store import Connection, Record

Cell = str | int | float | Decimal | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def count(conn: Connection, month: str, now: datetime) -> Report:
    """The report of a month "YYYY-MM" from the record. `InvalidInput` month."""
    try:
        begin, end = month_bounds(month)
    except ValueError:
        raise InvalidInput(
            "month",
            "bad_month",
            Message(
                "Tháng phải có dạng 2023-10 (năm-tháng).",
                "The month must look like 2023-10 (year-month).",
            ),
        ) from None
    cells = counted.cells(conn, month, begin, end)
    return month_report(month, cells, counted.courses(conn, begin, end), filing_date(now))


def take_in(record: Record, content: bytes, now: datetime) -> str:
    """Imports a counter's CSV file; what was known of its months is replaced. What was done, in a
    line. `InvalidInput` bad_file names the bad lines, and nothing is imported."""
    rows = read_in_person(content)
    months = sorted({row.month for row in rows})

    def replace(conn: Connection) -> None:
        counted.replace_in_person(conn, rows, now)
        detail = {"months": months, "received": sum(row.received for row in rows)}
        journal.write(conn, now, "system:cli", "in_person_imported", None, detail)

    record.now(replace)
    return f"{', '.join(months)}: {sum(row.received for row in rows)} received in person"


def as_text(report: Report, language: str) -> str:
    """Lines for a terminal; numbers as the language writes them."""
    lines = []
    for row in _rows(report, language):
        first, *rest = (_shown(cell, language) for cell in row)
        lines.append(f"{first:<58}{''.join(f'{cell:>18}' for cell in rest)}".rstrip())
    return "\n".join(lines)


def as_csv(report: Report, language: str) -> bytes:
    """UTF-8 with a mark, semicolons in Vietnamese: what a spreadsheet there opens by itself."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "vi" else ",", lineterminator="\r\n")
    for row in _rows(report, language):
        writer.writerow([_harmless(_shown(cell, language, plain=True)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report, language: str) -> bytes:
    """One sheet. Numbers are numbers, shares are percentages of the spreadsheet's own locale."""
    from xlsxwriter import Workbook  # here, for the server's start: few ever need it

    out = io.BytesIO()
    # Cells are data: nothing becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(report.month)
        percent, bold = book.add_format({"num_format": "0.00%"}), book.add_format({"bold": True})
        sheet.set_column(0, 0, 56)
        sheet.set_column(1, 3, 14)
        for y, row in enumerate(_rows(report, language)):
            for x, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(y, x, float(cell / 100), percent)
                elif isinstance(cell, int | float):
                    sheet.write_number(y, x, cell)
                elif cell is not None:
                    sheet.write_string(y, x, cell, *([bold] if len(row) != 2 and not x else []))
    return out.getvalue()


def as_json(report: Report) -> dict[str, Any]:
    """What GET /api/reports/{month} answers; every key with its words in both languages."""
    return {
        "month": report.month,
        **_line(report.total),
        "in_person": report.in_person,
        "decided": report.decided,
        "median_days": report.median_days,
        "p90_days": report.p90_days,
        "overdue": report.overdue,
        "overdue_open": report.overdue_open,
        "tables": {
            kind: [
                {
                    "key": line.key,
                    "vi": label(kind, line.key, "vi"),
                    "en": label(kind, line.key, "en"),
                    **_line(line),
                }
                for line in report.tables[kind]
            ]
            for kind in KINDS
        },
    }


FILES: dict[str, tuple[Callable[[Report, str], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""How each kind of file is made, and its media type."""


def _line(line: Line) -> dict[str, Any]:
    share = None if line.share is None else float(line.share)
    return {"received": line.received, "online": line.online, "share": share}


def _rows(report: Report, language: str) -> Iterator[list[Cell]]:
    def words(name: str) -> str:
        return str(table("report")["words"][name][language])

    total = report.total
    year, number = report.month.split("-")
    yield [words("title").format(month=f"{number}/{year}")]
    yield [words("received"), total.received]
    yield [words("online"), total.online]
    yield [words("in_person"), report.in_person]
    yield [words("share"), words("none") if total.share is None else total.share]
    yield [words("decided"), report.decided]
    yield [words("median"), report.median_days]
    yield [words("p90"), report.p90_days]
    yield [words("overdue"), report.overdue]
    yield [words("overdue_open"), report.overdue_open]
    for kind in KINDS:
        if report.tables[kind]:
            yield [words(kind), *(words(name) for name in ("received", "online", "share"))]
        for line in report.tables[kind]:
            yield [label(kind, line.key, language), line.received, line.online, line.share]


def _shown(cell: Cell, language: str, plain: bool = False) -> str:
    """1,115 and 44.78 % as the language writes them. `plain`: without thousands, for machines."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return "" if plain else "–"
    if isinstance(cell, Decimal):
        text = f"{cell:.2f} %"
    elif isinstance(cell, float) and not cell.is_integer():
        text = f"{cell:.1f}"
    else:
        text = str(int(cell)) if plain else f"{int(cell):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def _harmless(text: str) -> str:
    """A spreadsheet that opens the file takes no cell for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
