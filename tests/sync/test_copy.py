"""Databases moved between engines: all arrives, devices resume, a second run is harmless."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.copy import FORMER, all_databases, copy_database
from sync.couch_engine import CouchEngine
from sync.engine import Engine, put, read_attachment
from sync.model import Edit, NewAttachment, NotFound
from sync.sqlite_engine import SqliteEngine
from sync.sqlite_engine_backup import Incomplete, back_up, prove
from tests.sync.test_contract import PHOTO, db, engine

__all__ = ["db", "engine"]  # the target: every kind of engine
pytestmark = pytest.mark.anyio


@pytest.fixture
async def source(tmp_path: Path, db: str, anyio_backend: str) -> SqliteEngine:
    made = SqliteEngine(tmp_path / "source")
    await made.create(db)
    return made


async def fill(source: Engine, db: str, documents: int = 50) -> None:
    for number in range(documents):
        await put(source, db, f"d{number:02}", {"n": number})
    edits = [
        Edit("photo", {"is": "ảnh"}, ("2-b", "1-a"), attachments={"p": PHOTO}),
        Edit("photo", {"is": "other"}, ("2-c", "1-a")),
        Edit("gone", {}, ("3-z", "2-y", "1-x"), deleted=True),
    ]
    assert all(result.ok for result in await source.write(db, edits, new_edits=False))
    await source.local_put(db, "device", {"epoch": "e"})


async def test_everything_arrives(engine: Engine, db: str, source: SqliteEngine) -> None:
    await fill(source, db)
    for _ in range(2):
        copied = await copy_database(source, engine, db)
        assert (copied.revisions, copied.attachments, copied.bytes) == (53, 1, len(PHOTO.data))
    assert (await engine.get(db, "d07")).revisions == (await source.get(db, "d07")).revisions
    assert await engine.leaves(db, "photo") == await source.leaves(db, "photo")
    assert (await read_attachment(engine, db, "photo", "p", "2-b"))[1] == PHOTO.data
    assert (await engine.get(db, "gone", "3-z")).deleted
    assert (await engine.local_get(db, "device")).body == {"epoch": "e"}
    assert (await engine.info(db)).doc_count == (await source.info(db)).doc_count
    await source.close()


async def test_a_device_resumes_where_it_was(engine: Engine, db: str, source: SqliteEngine) -> None:
    """The mapping is CouchDB's; an embedded target sends such a device through everything."""
    await fill(source, db)
    half = await source.changes(db, limit=40)
    end = half.last_seq
    while (page := await source.changes(db, end)).results:
        end = page.last_seq
    await copy_database(source, engine, db)
    await put(engine, db, "news", {})
    resumed = await engine.changes(db, end)
    later = await engine.changes(db, half.last_seq)
    if isinstance(engine, CouchEngine):
        assert [change.id for change in resumed.results] == ["news"]
        assert await engine.wait(db, end, 5)
        assert len(later.results) == 12 + 1 <= 12 + 20
    assert {"news", "photo"} <= {change.id for change in later.results}
    await source.close()


async def test_without_checkpoints_devices_compare(
    engine: Engine, db: str, source: SqliteEngine
) -> None:
    await fill(source, db, 3)
    await copy_database(source, engine, db, checkpoints=False)
    assert await engine.local_ids(db) == []
    with pytest.raises(NotFound):
        await engine.local_get(db, FORMER)
    await source.close()


async def test_all_databases_are_named_once(tmp_path: Path) -> None:
    source = SqliteEngine(tmp_path / "many")
    names = [f"a{number:04}" for number in range(1100)]
    for name in names:
        await source.create(name)
    assert [name async for name in all_databases(source)] == names
    await source.close()


async def test_a_backup_is_taken_while_it_is_written_to(tmp_path: Path) -> None:
    source = SqliteEngine(tmp_path / "store")
    await source.create("db")
    await fill(source, "db", 5)
    assert back_up(tmp_path / "store", tmp_path / "copy") == 1
    await put(source, "db", "later", {})
    assert prove(tmp_path / "copy") == 1
    await source.close()
    copy = SqliteEngine(tmp_path / "copy")
    assert (await read_attachment(copy, "db", "photo", "p", "2-b"))[1] == PHOTO.data
    with pytest.raises(NotFound):
        await copy.get("db", "later")
    await copy.close()


@pytest.mark.parametrize("damage", ["bytes", "gone", "database"])
async def test_a_damaged_backup_is_noticed(tmp_path: Path, damage: str) -> None:
    source = SqliteEngine(tmp_path / "store")
    await source.create("db")
    big = NewAttachment("image/jpeg", bytes(50_000))
    await source.write("db", [Edit("d", {"x": "y" * 20_000}, attachments={"p": big})])
    back_up(tmp_path / "store", tmp_path / "copy")
    await source.close()
    (file,) = [f for f in (tmp_path / "copy-attachments").rglob("*") if f.is_file()]
    if damage == "bytes":
        file.write_bytes(bytes(49_999) + b"!")
    elif damage == "gone":
        file.unlink()
    else:
        content = bytearray((tmp_path / "copy").read_bytes())
        content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
        (tmp_path / "copy").write_bytes(content)
    with pytest.raises(Incomplete):
        prove(tmp_path / "copy")
