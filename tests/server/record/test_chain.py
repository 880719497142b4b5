from __future__ import annotations

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, insert, update

from server.cli import main
from server.record import chain, erasure, journal
from server.record.chain import Broken, Head
from server.record.migrations import config
from server.record.store import Connection, Record
from server.record.tables import bindings
from server.record.tables import journal as lines
from sync.sqlite_engine import SqliteEngine
from tests.server.record.test_dossiers import NEW, received

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def write(record: Record, count: int) -> None:
    def work(conn: Connection) -> None:
        for n in range(count):
            journal.write(conn, NOW, "test:1", "tried", None, {"n": n, "words": "Đã thử"})

    record.now(work)


def head(record: Record) -> Head:
    return record.now(chain.head)


def verified(record: Record, *noted: Head) -> Head:
    return record.now(partial(chain.verify, noted=noted))


def test_every_line_is_chained_before_its_transaction_ends(record: Record) -> None:
    nothing = verified(record)
    assert nothing == Head(0, "0" * 64)
    write(record, 2)
    first = head(record)
    write(record, 3)
    assert verified(record, nothing, first) == head(record)
    assert head(record).lines == 5
    assert Head.of(str(first)) == first


def test_what_was_rolled_back_leaves_no_gap(record: Record) -> None:
    def half(conn: Connection) -> None:
        journal.write(conn, NOW, "test:1", "lost")
        raise KeyError

    write(record, 1)
    with pytest.raises(KeyError):
        record.now(half)
    write(record, 1)
    assert verified(record).lines == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (update(lines).where(lines.c.link == 3).values(actor="test:2"), "line 3 of"),
        (update(lines).where(lines.c.link == 3).values(at=NOW.replace(hour=3)), "line 3 of"),
        (update(lines).where(lines.c.link == 3).values(detail={"n": 9}), "line 3 of"),
        (update(lines).where(lines.c.link == 3).values(dossier="d" * 32), "line 3 of"),
        (update(lines).where(lines.c.link == 3).values(hash="0" * 64), "line 3 of"),
        (delete(lines).where(lines.c.link == 3), "line 3 is missing"),
        (delete(lines).where(lines.c.link == 1), "line 1 is missing"),
        (delete(lines).where(lines.c.link >= 4), "3 lines are left of the 5 that were noted"),
        (
            insert(lines).values(at=NOW, actor="x", action="y", dossier=None, detail={}),
            "written beside the chain",
        ),
    ],
)
def test_every_change_is_found_and_named(record: Record, change: object, why: str) -> None:
    write(record, 5)
    noted = head(record)
    with record.engine.begin() as conn:
        conn.execute(change)  # type: ignore[call-overload]
    with pytest.raises(Broken, match=why):
        verified(record, noted)


def test_a_chain_made_anew_does_not_have_the_noted_head(record: Record) -> None:
    write(record, 3)
    noted = head(record)

    def forge(conn: Connection) -> None:
        conn.execute(update(lines).where(lines.c.link == 2).values(actor="test:2"))
        conn.execute(update(lines).values(link=None, hash=None))
        chain.due(conn)

    record.now(forge)
    assert verified(record).lines == 3
    with pytest.raises(Broken, match=r"line 3 of .* is not the one that was noted"):
        verified(record, noted)


def test_servers_that_write_at_once_write_one_chain(record: Record) -> None:
    others = [Record(record.url) for _ in range(4)]

    def ten(other: Record) -> None:
        for _ in range(10):
            write(other, 2)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ten, others))
    for other in others:
        other.close()
    assert verified(record).lines == 80


def test_an_erasure_leaves_the_chain_whole(record: Record) -> None:
    received(record, name="Hoa")
    record.now(
        lambda conn: conn.execute(
            insert(bindings).values(dossier=NEW.id, owner=NEW.owner, bound_at=NOW)
        )
    )
    noted = head(record)
    assert record.now(partial(erasure.begin, dossier=NEW.id, actor="test", now=NOW))
    assert verified(record, noted).lines > noted.lines


def test_lines_from_before_are_chained_by_the_migration(record_url: str) -> None:
    record = Record(record_url)
    write(record, 2500)
    now = head(record)
    command.downgrade(config(record_url), "0006")
    command.upgrade(config(record_url), "head")
    assert verified(record, now) == now
    record.now(lambda conn: conn.execute(delete(lines)))
    record.close()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "var"))
    assert main(["invite", "--role", "officer"]) == 0
    assert main(["invite", "--role", "officer"]) == 0
    return tmp_path / "var"


def tampered(data: Path, sql: str) -> None:
    with sqlite3.connect(data / "record.sqlite") as conn:
        conn.execute(sql)
    conn.close()


def test_the_command_verifies_and_notes_the_head(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--journal"]) == 0
    said = capsys.readouterr().out.split()[-1]
    assert (data / "journal-head").read_text() == said + "\n"
    assert main(["check", "--journal", "--head", said]) == 0
    assert main(["check", "--journal", "--head", "2:" + "0" * 64]) == 1
    assert "not the one that was noted" in capsys.readouterr().out
    assert main(["check", "--head", "what"]) == 2


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM journal WHERE link = 2", "! journal: 1 lines are left of the 2"),
        ("UPDATE journal SET detail = '{' WHERE link = 1", "! journal: line 1 of 20"),
    ],
)
def test_the_command_names_what_is_wrong_and_fails(
    data: Path, capsys: pytest.CaptureFixture[str], sql: str, why: str
) -> None:
    assert main(["check", "--journal"]) == 0
    tampered(data, sql)
    assert main(["check", "--journal"]) == 1
    assert why in capsys.readouterr().out


def test_a_backup_notes_the_head(data: Path, tmp_path: Path) -> None:
    asyncio.run(SqliteEngine(data / "documents.sqlite").close())
    assert main(["backup", str(tmp_path / "saved")]) == 0
    manifest = json.loads((tmp_path / "saved" / "manifest.json").read_text())
    assert Head.of(manifest["journal"]).lines == 2
    assert main(["check", "--journal", "--head", manifest["journal"]]) == 0
