"""Numbers of a queue under many takers at once: each one once, no half-hour over its places."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from server.dossier import queue
from server.flow import take_number
from server.flow.call_numbers import CallNumbers
from server.flow.take_number import By, Wanted
from server.record import queue_numbers
from server.record.store import Record
from tests.server.flow.test_queue import CLERK

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # Monday, 7:30 in Vietnam
TODAY = date(2026, 11, 23)
POINT = "bn-08"
TAKER = """
import sys
from datetime import UTC, datetime
from server.flow import take_number
from server.record.store import Record
record = Record(sys.argv[1])
now = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
for _ in range(8):
    given = record.now(lambda conn: take_number.at_counter(conn, now, "bn-08"))
    print(given if isinstance(given, str) else given.number)
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_phones_and_counters_at_the_same_moment(record: Record) -> None:
    def by(n: int) -> By:
        return By(f"{n:032x}", f"{n:032x}", f"request:{n:032x}:{n:032x}")

    wanted = Wanted(POINT, TODAY)
    phones = [
        record.run(lambda conn, n=n: take_number.for_phone(conn, NOW, wanted, by(n)))  # type: ignore[misc]
        for n in range(30)
    ]
    counters = [
        record.run(lambda conn: take_number.at_counter(conn, NOW, POINT)) for _ in range(30)
    ]
    mixed: list[object] = await asyncio.gather(*phones, *counters)
    taken = await record.read(lambda conn: queue_numbers.of_day(conn, POINT, TODAY))
    slots = queue.slots(POINT, TODAY)
    places = sum(slot.places for slot in slots)
    assert sorted(row.number for row in taken) == list(range(1, len(taken) + 1))
    assert len(taken) == min(places, 60 - mixed.count("full") - _refused(mixed))
    for slot in slots:
        here = [row for row in taken if row.slot == slot.begin]
        assert len(here) <= slot.places
        assert sum(row.source == "phone" for row in here) <= slot.by_phone


def _refused(answers: list[object]) -> int:
    return sum(isinstance(said, dict) and said["code"] == "full" for said in answers)


def test_two_servers_give_out_a_number_once(record: Record, record_url: str) -> None:
    command = [sys.executable, "-c", TAKER, record_url]
    servers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [line for server in servers for line in server.communicate(timeout=60)[0].split()]
    assert sorted(map(int, said)) == list(range(1, 17))
    taken = record.now(lambda conn: queue_numbers.of_day(conn, POINT, TODAY))
    in_slots = Counter(row.slot for row in taken)
    assert max(in_slots.values()) == 3


@pytest.mark.anyio
async def test_nobody_is_called_to_two_counters(record: Record) -> None:
    for _ in range(6):
        await record.run(lambda conn: take_number.at_counter(conn, NOW, POINT))
    desk = CallNumbers(record, lambda: NOW + timedelta(hours=1))
    called = await asyncio.gather(*(desk.call_next(CLERK, POINT, str(n)) for n in range(1, 7)))
    assert sorted(one["number"] for one in called) == [1, 2, 3, 4, 5, 6]
