"""The monthly report against a count of its own, made beside it in plain Python."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median

import pytest

from server import report
from server.dossier.calendar import ZONE, is_working_day
from server.dossier.report import Course, month_bounds, month_report, share
from server.errors import InvalidInput
from server.in_person import read_in_person
from server.record import bindings, decisions, dossiers, erasure, tables
from server.record.decisions import Decision
from server.record.store import Connection, Record
from tests.server.record.test_dossiers import NEW

NOW = datetime(2023, 11, 20, 3, 0, tzinfo=UTC)
HEAD = "month,point,procedure,received\n"


def file(conn: Connection, number: int, filed_at: datetime, **more: object) -> str:
    new = replace(NEW, id=f"{number:032x}", code=f"T-{number}", filed_at=filed_at)
    new = replace(new, **more)  # type: ignore[arg-type]
    dossiers.receive(conn, "test", new)
    return new.id


def decide(conn: Connection, dossier: str, at: datetime, outcome: str, state: str = "done") -> None:
    decisions.make(conn, Decision(dossier, dossier, 1, outcome, None, "t:1", at, at, state))


def test_the_month_of_the_newspaper_prints_its_share(record: Record) -> None:
    """2,490 received of which 1,115 online; the others were counted at the counters."""
    rows = {"": 900, "bn-08": 475}
    imported = HEAD + "".join(f"2023-10,{point},doi,{n}\n" for point, n in rows.items())
    assert report.take_in(record, imported.encode(), NOW) == "2023-10: 1375 received in person"

    def online(conn: Connection) -> None:
        begin = datetime(2023, 10, 1, tzinfo=ZONE)
        values = [
            {
                column.name: getattr(NEW, column.name)
                for column in tables.dossiers.columns
                if column.name not in ("id", "code", "filed_at")
            }
            | {
                "id": f"{n:032x}",
                "code": f"T-{n}",
                "filed_at": begin + timedelta(minutes=30 * n),
            }
            for n in range(1115)
        ]
        conn.execute(tables.dossiers.insert(), values)

    record.now(online)
    found = record.now(partial(report.count, month="2023-10", now=NOW))
    said = report.as_text(found, "vi")
    assert [line.split()[-1] for line in said.splitlines()[1:4]] == ["2.490", "1.115", "1.375"]
    assert "44,78 %" in said
    assert "44.78 %" in report.as_text(found, "en")
    assert ";44,78 %" in report.as_csv(found, "vi").decode()
    assert report.as_json(found)["share"] == 44.78
    with zipfile.ZipFile(io.BytesIO(report.as_xlsx(found, "vi"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>2490</v>" in sheet
        assert "<v>0.4478</v>" in sheet
        assert "<f>" not in sheet


def test_a_month_is_counted_as_by_hand(record: Record) -> None:
    """A few hundred dossiers by chance over four months; counted again here, one by one."""
    chance = random.Random(4)
    begin, end = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
    made: list[tuple[dict[str, object], datetime, datetime | None, str | None]] = []

    def fill(conn: Connection) -> None:
        for number in range(300):
            filed = begin + chance.random() * (end - begin)
            facts: dict[str, object] = {
                "procedure": chance.choice(["doi", "cap_lai"]),
                "point": chance.choice([None, "bn-03", "bn-08"]),
                "channel": chance.choice(["online", "online", "post"]),
                "licence_class": chance.choice(["A1", "B2", None]),
            }
            due = chance.choice([None, (filed + timedelta(days=7)).astimezone(ZONE).date()])
            due_on = due.isoformat() if due else None
            dossier = file(conn, number, filed, due_on=due_on, **facts)
            decided = None
            match chance.randrange(4):
                case 0 | 1:
                    decided = filed + timedelta(days=chance.randrange(15))
                    decide(conn, dossier, decided, chance.choice(["approve", "reject"]))
                case 2:
                    decide(conn, dossier, filed, chance.choice(["return", "approve"]), "pending")
            made.append((facts, filed, decided, due_on))

    record.now(fill)
    report.take_in(record, (HEAD + "2026-11,bn-03,doi,41\n2026-10,,doi,9\n").encode(), NOW)
    today = date(2026, 12, 1)
    found = record.now(
        partial(report.count, month="2026-11", now=datetime(2026, 12, 1, 5, tzinfo=UTC))
    )

    def in_november(at: datetime) -> bool:
        local = at + timedelta(hours=7)
        return (local.year, local.month) == (2026, 11)

    mine = [row for row in made if in_november(row[1])]
    assert found.total.received == len(mine) + 41
    assert found.total.online == sum(row[0]["channel"] == "online" for row in mine)
    for kind in ("procedure", "point", "channel", "licence_class"):
        by_hand = Counter(row[0][kind] for row in mine)
        by_hand[{"procedure": "doi", "point": "bn-03", "channel": "counter"}.get(kind)] += 41
        assert {line.key: line.received for line in found.tables[kind]} == by_hand
    waited = sorted(waited_by_hand(row[1], row[2]) for row in mine if row[2])
    assert found.decided == len(waited) > 40
    assert found.median_days == median(waited)
    assert found.p90_days == next(
        days for days in waited if sum(other <= days for other in waited) >= 0.9 * len(waited)
    )
    late = [row for row in mine if row[3] and day_of(row[2], today).isoformat() > row[3]]
    assert found.overdue == len(late) > 10
    assert found.overdue_open == sum(row[2] is None for row in late) > 3


def day_of(at: datetime | None, today: date) -> date:
    return (at + timedelta(hours=7)).date() if at else today


def waited_by_hand(filed: datetime, decided: datetime) -> int:
    local = filed + timedelta(hours=7)
    day = local.date()
    if local.time() > datetime(1, 1, 1, 17).time():
        day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    days = 0
    while day < (decided + timedelta(hours=7)).date():
        day += timedelta(days=1)
        days += is_working_day(day)
    return days


def test_an_erased_dossier_stays_in_its_month(record: Record) -> None:
    filed = datetime(2026, 11, 5, 2, tzinfo=UTC)

    def live(conn: Connection) -> None:
        dossier = file(conn, 1, filed, name="Hoa", licence_class="A1", point="bn-08")
        bindings.bind(conn, dossier, NEW.owner, filed)
        decide(conn, dossier, filed + timedelta(days=5), "approve")

    record.now(live)
    count = partial(report.count, month="2026-11", now=filed + timedelta(days=20))
    before = record.now(count)
    assert before.total.received == before.decided == 1
    assert record.now(
        lambda conn: erasure.begin(conn, f"{1:032x}", "test", filed + timedelta(days=9))
    )
    assert record.now(count) == before


def test_a_second_import_replaces_its_months_only(record: Record) -> None:
    for text in ("2026-10,,doi,5\n2026-11,,doi,6\n", "2026-11,bn-08,doi,4\n"):
        report.take_in(record, (HEAD + text).encode(), NOW)
    found = [record.now(partial(report.count, month=f"2026-{n}", now=NOW)) for n in (10, 11)]
    assert [one.in_person for one in found] == [5, 4]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("month,received\n", 1, "the first line must be month,point,procedure,received"),
        (HEAD, 2, "no rows"),
        (HEAD + "2026-13,,doi,5\n", 2, "must look like 2023-10"),
        (HEAD + "2026-10,,doi,5\n2026-10,bn-99,doi,5\n", 3, "no intake point 'bn-99'"),
        (HEAD + "2026-10,,boat,5\n", 2, "no procedure 'boat'"),
        (HEAD + "2026-10,,doi,-5\n", 2, "whole number"),
        (HEAD + "2026-10,,doi,5.0\n", 2, "whole number"),
        (HEAD + "2026-10,,doi,5\n\n2026-10,,doi,6\n", 4, "came before"),
        (HEAD + "2026-10,,doi\n", 2, "4 columns, not 3"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(
    record: Record, text: str, line: int, why: str
) -> None:
    with pytest.raises(InvalidInput) as bad:
        report.take_in(record, text.encode(), NOW)
    assert f"line {line}: " in bad.value.message.en
    assert f"dòng {line}: " in bad.value.message.vi
    assert why in bad.value.message.en
    assert record.now(partial(report.count, month="2026-10", now=NOW)).in_person == 0


def test_a_file_as_a_spreadsheet_writes_it() -> None:
    text = "\ufeffMonth;Point;Procedure;Received\r\n2026-10;bn-08;doi;7\r\n"
    [row] = read_in_person(text.encode())
    assert (row.month, row.point, row.procedure, row.received) == ("2026-10", "bn-08", "doi", 7)
    with pytest.raises(InvalidInput, match="not UTF-8"):
        read_in_person("tháng".encode("utf-16"))


@pytest.mark.parametrize(
    ("online", "received", "shown"),
    [(1115, 2490, "44.78"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (5, 5, "100.00")],
)
def test_shares_are_rounded_half_up(online: int, received: int, shown: str) -> None:
    assert str(share(online, received)) == shown


def test_a_month_without_anything() -> None:
    empty = month_report("2026-02", [], [], date(2026, 3, 1))
    assert "không phát sinh" in report.as_text(empty, "vi")
    assert "nothing received" in report.as_text(empty, "en")
    assert report.as_json(empty)["share"] is None
    assert (empty.median_days, empty.p90_days, empty.overdue) == (None, None, 0)


def test_a_month_begins_at_midnight_in_vietnam() -> None:
    begin, end = month_bounds("2026-12")
    assert begin.astimezone(UTC) == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 12, 31, 17, tzinfo=UTC)
    for wrong in ("2026-00", "2026-1", "1999-10", "2026-10 ", "abc"):
        with pytest.raises(ValueError, match="no month"):
            month_bounds(wrong)


def test_a_withdrawn_dossier_is_late_only_if_it_was() -> None:
    filed, ended = datetime(2026, 11, 2, 3, tzinfo=UTC), datetime(2026, 11, 9, 3, tzinfo=UTC)
    in_time = Course(filed, "2026-11-09", None, ended)
    too_late = Course(filed, "2026-11-06", None, ended)
    found = month_report("2026-11", [], [in_time, too_late], date(2026, 12, 1))
    assert (found.overdue, found.overdue_open) == (1, 0)
