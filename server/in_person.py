"""What the counters received in person: a CSV file of counts, without a person in it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.dossier.report import month_bounds
from server.dossier.tables import table
from server.errors import InvalidInput, Message

HEAD = ("month", "point", "procedure", "received")
MOST = 1_000_000
SHOWN = 10


@dataclass(frozen=True)
class InPerson:
    """month: "YYYY-MM". point: an intake point, "" for the counter of the office itself."""

    month: str
    point: str
    procedure: str
    received: int


def read_in_person(content: bytes) -> list[InPerson]:
    """Return the rows of a CSV file (UTF-8, comma or semicolon) with the head HEAD.

    Raises InvalidInput bad_file with every bad line (ten at most), its number and what is wrong.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad([(1, "tệp không phải UTF-8", "the file is not UTF-8")]) from None
    comma = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text), delimiter=comma)
    rows: dict[tuple[str, str, str], InPerson] = {}
    faults: list[tuple[int, str, str]] = []
    head = [cell.strip().lower() for cell in next(reader, [])]
    if tuple(head) != HEAD:
        names = comma.join(HEAD)
        raise _bad([(1, f"dòng đầu phải là {names}", f"the first line must be {names}")])
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        found = list(_faults(cells))
        if not found:
            month, point, procedure = (cell.strip() for cell in cells[:3])
            row = InPerson(month, point, procedure, int(cells[3]))
            if rows.setdefault((row.month, row.point, row.procedure), row) is not row:
                found = [("dòng này lặp lại", "this month, point and procedure came before")]
        faults += [(reader.line_num, *fault) for fault in found]
    if faults:
        raise _bad(faults)
    if not rows:
        raise _bad([(2, "tệp không có dòng nào", "the file has no rows")])
    return list(rows.values())


def _faults(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(cells) != len(HEAD):
        yield f"cần {len(HEAD)} cột, có {len(cells)}", f"{len(HEAD)} columns, not {len(cells)}"
        return
    month, point, procedure, received = (cell.strip() for cell in cells)
    try:
        month_bounds(month)
    except ValueError:
        yield f"tháng {month!r} phải có dạng 2023-10", f"the month {month!r} must look like 2023-10"
    if point and point not in {row["id"] for row in table("intake_points")["points"]}:
        yield f"không có điểm tiếp nhận {point!r}", f"there is no intake point {point!r}"
    if procedure not in {row["id"] for row in table("procedures")["procedures"]}:
        yield f"không có thủ tục {procedure!r}", f"there is no procedure {procedure!r}"
    number = received.isascii() and received.isdigit() and len(received) < 8
    if not number or int(received) > MOST:
        yield (
            f"số hồ sơ {received!r} phải là số nguyên từ 0 đến {MOST}",
            f"received {received!r} must be a whole number from 0 to {MOST}",
        )


def _bad(faults: Sequence[tuple[int, str, str]]) -> InvalidInput:
    vi = "\n".join(f"  dòng {line}: {why}" for line, why, _ in faults[:SHOWN])
    en = "\n".join(f"  line {line}: {why}" for line, _, why in faults[:SHOWN])
    return InvalidInput(
        f"line {faults[0][0]}",
        "bad_file",
        Message(
            f"Chưa nhập gì. Sửa những dòng này rồi nhập lại:\n{vi}",
            f"Nothing was imported. Correct these lines and import again:\n{en}",
        ),
    )
