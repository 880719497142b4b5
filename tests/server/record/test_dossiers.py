from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from server.dossier import states
from server.dossier.tables import table
from server.errors import Conflict, NotFound
from server.record import decisions, dossiers, journal, queues, statuses, tables
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.store import Record

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NEW = Dossier(
    id="d" * 32,
    owner="0" * 32,
    state="received",
    version=1,
    n=1,
    submission="submission:" + "d" * 32 + ":" + "1" * 32,
    code="H05.27-261123-0001",
    slip="ABCDEFGH",
    procedure="doi",
    channel="online",
    assurance="none",
    approval="desk",
    filed_at=NOW,
    updated_at=NOW,
    search="nguienthihoa abcdefgh",
    wrapped_key="r1.x",
)


def received(record: Record, **changes: object) -> Dossier:
    new = replace(NEW, **changes)  # type: ignore[arg-type]
    record.now(partial(dossiers.receive, actor="test", new=new))
    return load(record, new.id)


def load(record: Record, dossier: str = NEW.id) -> Dossier:
    return record.now(partial(dossiers.load, dossier=dossier))


def move(record: Record, before: Dossier, name: str) -> Dossier:
    return record.now(
        lambda conn: dossiers.advance(conn, NOW, "test", before, name, detail={"why": "test"})
    )


def test_state_journal_jobs_and_counter_move_together(record: Record) -> None:
    after = move(record, received(record), "validate")
    assert (after.state, after.version) == ("validated", 2)
    line = record.now(partial(journal.entries, dossier=NEW.id))[-1]
    assert line.detail == {"by": "validate", "from": "received", "to": "validated", "why": "test"}
    kinds = record.now(lambda conn: conn.execute(select(tables.jobs.c.kind)).scalars().all())
    assert sorted(kinds) == ["forward", "publish", "validate"]
    assert record.now(partial(statuses.counter, dossier=NEW.id)) == 2


def test_a_failure_anywhere_leaves_nothing(record: Record) -> None:
    before = received(record)

    def half(conn: object) -> None:
        dossiers.advance(conn, NOW, "test", before, "validate")  # type: ignore[arg-type]
        raise KeyError("after the state change")

    with pytest.raises(KeyError):
        record.now(half)
    assert load(record) == before
    assert len(record.now(partial(journal.entries, dossier=NEW.id))) == 1
    assert record.now(partial(statuses.counter, dossier=NEW.id)) == 1


@pytest.mark.parametrize("state", states.states())
def test_illegal_transitions_cannot_be_written(record: Record, state: str) -> None:
    before = received(record, state=state)
    names = {row["name"] for row in table("states")["transitions"]}
    for name in [*sorted(names - set(states.transitions(state))), "resume", "teleport"]:
        if name == "resume" and state == "parked":
            continue
        with pytest.raises(states.IllegalTransition):
            move(record, before, name)
    assert load(record) == before


def test_parking_remembers_where(record: Record) -> None:
    parked = move(record, move(record, received(record), "validate"), "park")
    assert (parked.state, parked.parked_from) == ("parked", "validated")
    resumed = move(record, parked, "resume")
    assert (resumed.state, resumed.parked_from) == ("validated", None)


def test_who_judged_by_an_older_state_changes_nothing(record: Record) -> None:
    before = received(record)
    move(record, before, "validate")
    with pytest.raises(Conflict, match="stale"):
        move(record, before, "withdraw")
    with pytest.raises(Conflict, match="stale"):
        record.now(lambda conn: dossiers.change(conn, NOW, before, errors=1))
    with pytest.raises(NotFound):
        load(record, "e" * 32)


def test_of_many_at_once_one_moves_it(record: Record) -> None:
    before = received(record)

    def attempt(_: int) -> bool:
        try:
            move(record, before, "validate")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


def test_a_decision_that_can_be_undone_holds_everything_else(record: Record) -> None:
    before = received(record)
    later = NOW + timedelta(seconds=30)
    made = Decision("1" * 32, NEW.id, 1, "return", "sealed", "officer:x", NOW, later, "pending")
    record.now(partial(decisions.make, decision=made))
    with pytest.raises(Conflict, match="decision_pending"):
        move(record, before, "validate")
    with pytest.raises(Conflict, match="already_decided"):
        record.now(partial(decisions.make, decision=replace(made, id="2" * 32)))
    record.now(partial(decisions.undo, decision=made.id))
    assert move(record, before, "validate").state == "validated"


def test_the_queue_pages_by_due_date(record: Record) -> None:
    days = [f"2026-12-{day:02d}" for day in (9, 3, 3, 7, 1)]
    for i, day in enumerate(days):
        received(record, id=f"{i:032x}", code=f"H05.27-261123-{i:04d}", due_on=day)
    received(record, id="f" * 32, code="H05.27-261123-9999", due_on=None)
    seen, cursor = [], ""
    while True:
        page = record.now(partial(queues.queue, cursor=cursor, limit=2))
        seen += [row.due_on for row in page.rows]
        if page.cursor is None:
            break
        cursor = page.cursor
    assert seen == [*sorted(days), None]
    assert record.now(queues.counts) == {"received": 6}


def test_equal_values_have_equal_bytes_in_the_journal(record: Record) -> None:
    for detail in ({"b": "đ", "a": 1}, {"a": 1, "b": "đ"}):
        record.now(partial(journal.write, at=NOW, actor="test", action="x", detail=detail))
    raw = record.now(
        lambda conn: conn.exec_driver_sql("SELECT detail FROM journal ORDER BY seq").scalars().all()
    )
    assert raw == ['{"a":1,"b":"đ"}'] * 2
    assert record.now(lambda c: c.execute(select(func.count(tables.journal.c.seq))).scalar()) == 2
