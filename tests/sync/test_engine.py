"""What only the embedded engine has: its file, its files beside it, its writer. The rules of all
engines are in test_contract.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from sync.engine import put, read_attachment
from sync.model import (
    Document,
    Edit,
    MissingStub,
    NewAttachment,
    NotFound,
    Stub,
    Unavailable,
)
from sync.sqlite_engine import SqliteEngine
from sync.sqlite_engine_writer import Transaction, Writer

pytestmark = pytest.mark.anyio
PHOTO = NewAttachment("image/jpeg", b"\xff\xd8" + bytes(range(256)) * 40)


def replicated(doc_id: str, *revs: str, deleted: bool = False, **body: object) -> Edit:
    return Edit(doc_id, dict(body), revs, deleted)


async def merge(engine: SqliteEngine, *edits: Edit) -> None:
    for result in await engine.write("db", edits, new_edits=False):
        assert result.failure is None


def files(engine: SqliteEngine, tmp_path: Path) -> list[Path]:
    return [p for p in (tmp_path / "store-attachments").rglob("*") if p.is_file()]


async def test_a_repetition_is_not_listed_again(engine: SqliteEngine) -> None:
    await merge(engine, replicated("d", "2-b", "1-a"))
    before = (await engine.info("db")).update_seq
    await merge(engine, replicated("d", "2-b", "1-a"), replicated("d", "1-a"))
    assert (await engine.info("db")).update_seq == before


async def test_a_stub_names_the_attachment_it_means(engine: SqliteEngine) -> None:
    await merge(engine, Edit("d", {}, ("1-a",), attachments={"p": PHOTO}))
    edit = Edit("d", {}, ("2-c", "1-a"), attachments={"p": Stub("md5-AAAA")})
    (other,) = await engine.write("db", [edit], new_edits=False)
    assert isinstance(other.failure, MissingStub)


async def test_an_update_log_that_is_too_short_names_every_database(
    engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.update_log.KEPT", 2)
    begin = (await engine.updates("now")).last_seq
    for name in ("a", "b", "c"):
        await engine.create(name)
    assert {each.db for each in (await engine.updates(begin)).results} == {"a", "b", "c", "db"}
    recent = (await engine.updates("now")).last_seq
    await engine.delete("b")
    ((gone),) = (await engine.updates(recent)).results
    assert (gone.db, gone.kind) == ("b", "deleted")


def nested(depth: int) -> dict[str, object]:
    body: dict[str, object] = {}
    for _ in range(depth):
        body = {"x": body}
    return body


async def test_compaction_drops_old_bodies_and_their_files(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    (first,) = await engine.write("db", [Edit("d", {"n": 1}, attachments={"p": PHOTO})])
    assert first.rev is not None
    second = await put(engine, "db", "d", {"n": 2}, first.rev)
    await engine.compact("db")
    with pytest.raises(NotFound):
        await engine.get("db", "d", first.rev)
    assert (await engine.get("db", "d")).revisions == (second, first.rev)
    assert files(engine, tmp_path) == []
    assert (await engine.info("db")).bytes == len(b'{"n":2}')


async def test_purge_forgets(engine: SqliteEngine, tmp_path: Path) -> None:
    await merge(
        engine,
        Edit("d", {"n": 1}, ("2-b", "1-a"), attachments={"p": PHOTO}),
        replicated("d", "2-c", "1-a", n=2),
    )
    assert await engine.purge("db", {"d": ["1-a", "2-b"], "e": ["1-x"]}) == {"d": ["2-b"]}
    assert [leaf.rev for leaf in await engine.leaves("db", "d")] == ["2-c"]
    assert files(engine, tmp_path) == []
    assert await engine.purge("db", {"d": ["2-c"]}) == {"d": ["2-c"]}
    with pytest.raises(NotFound):
        await engine.leaves("db", "d")
    info = await engine.info("db")
    assert (info.doc_count, info.bytes) == (0, 0)
    assert (await engine.changes("db")).results == ()
    await merge(engine, replicated("d", "2-b", "1-a"))
    assert (await engine.get("db", "d")).rev == "2-b"


async def test_one_database_does_not_see_or_hold_another_s_files(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    await engine.create("other")
    for db in ("db", "other"):
        await engine.write(db, [Edit("d", {}, attachments={"p": PHOTO})])
    assert len(files(engine, tmp_path)) == 2
    await engine.delete("other")
    assert len(files(engine, tmp_path)) == 1
    assert (await read_attachment(engine, "db", "d", "p"))[1] == PHOTO.data


async def test_wait_ends_when_the_database_goes(engine: SqliteEngine) -> None:
    waiting = asyncio.create_task(engine.wait("db", "now"))
    await asyncio.sleep(0)
    await engine.delete("db")
    with pytest.raises(NotFound):
        await waiting


async def test_long_histories_are_stemmed(engine: SqliteEngine) -> None:
    path = [f"{n}-x{n}" for n in range(1500, 0, -1)]
    await merge(engine, replicated("d", *path))
    assert len((await engine.get("db", "d")).revisions) == 1000


async def test_everything_is_there_after_a_new_start(tmp_path: Path) -> None:
    first = SqliteEngine(tmp_path / "s")
    await first.create("db")
    await first.write("db", [Edit("d", {"n": 1}, attachments={"p": PHOTO})])
    with pytest.raises(Unavailable, match="Another process"):
        SqliteEngine(tmp_path / "s")
    await first.close()
    with pytest.raises(Unavailable):
        await put(first, "db", "x", {})
    second = SqliteEngine(tmp_path / "s")
    found = await second.get("db", "d")
    assert isinstance(found, Document) and found.body == {"n": 1}
    assert (await read_attachment(second, "db", "d", "p"))[1] == PHOTO.data
    await second.close()


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"this is no database " * 500)
    for _ in range(2):  # the lock was let go
        with pytest.raises(Unavailable, match="cannot be opened"):
            SqliteEngine(tmp_path / "s")


async def test_a_failing_rollback_does_not_end_the_writer() -> None:
    class Broken:
        in_transaction = True

        def execute(self, sql: str, *_: object) -> None:
            if sql in ("COMMIT", "ROLLBACK"):
                raise apsw.IOError(sql)

        def close(self) -> None:
            return None

    writer = Writer(Broken(), lambda tx: None)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(Unavailable):
            await writer.submit(lambda tx: None)
    writer.close()


async def test_orphan_files_are_swept_at_the_next_start(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "store")
    await engine.create("db")
    await engine.write("db", [Edit("d", {}, attachments={"p": PHOTO})])
    (kept,) = files(engine, tmp_path)
    await engine.close()
    (kept.parent / ("0" * 64)).write_bytes(b"a crash left it")
    (kept.parent / "7.tmp").write_bytes(b"half")
    again = SqliteEngine(tmp_path / "store")
    await again.close()  # waits for the sweep
    assert files(again, tmp_path) == [kept]


async def test_many_writers_at_once_and_a_poisoned_one(engine: SqliteEngine) -> None:
    async def one(number: int) -> str:
        attachments = {"p": NewAttachment("text/plain", b"%d" % (number % 7))}
        body = nested(400) if number == 50 else {"n": number}
        (result,) = await engine.write("db", [Edit(f"d{number}", body, attachments=attachments)])
        return "refused" if result.failure else "kept"

    outcomes = await asyncio.gather(*(one(number) for number in range(120)))
    assert outcomes.count("refused") == 1 and outcomes[50] == "refused"
    assert (await engine.info("db")).doc_count == 119


async def test_a_full_disk_refuses_clearly_and_recovers(engine: SqliteEngine) -> None:
    """SQLite's own page limit gives the error of a full disk."""
    await put(engine, "db", "before", {})

    def pages(limit: int) -> Callable[[Transaction], object]:
        return lambda tx: tx.rows(f"PRAGMA max_page_count={limit}")

    await engine._writer.submit(pages(1))
    results = await engine.write("db", [Edit(f"d{n}", {"x": "y" * 5000}) for n in range(3)])
    assert [type(result.failure) for result in results] == [Unavailable] * 3
    with pytest.raises(NotFound):
        await engine.get("db", "d0")
    assert (await engine.get("db", "before")).body == {}
    await engine._writer.submit(pages(100_000))
    (again,) = await engine.write("db", [Edit("d0", {"x": "y" * 5000})])
    assert again.ok


async def test_an_attachment_that_cannot_be_written_is_refused(
    engine: SqliteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fdatasync", full)
        failed, kept = await engine.write(
            "db", [Edit("a", {}, attachments={"p": PHOTO}), Edit("b", {})]
        )
    assert isinstance(failed.failure, Unavailable) and "No space" in str(failed.failure)
    assert kept.ok and files(engine, tmp_path) == []
    (again,) = await engine.write("db", [Edit("a", {}, attachments={"p": PHOTO})])
    assert again.ok
