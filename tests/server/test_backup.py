"""`doibang backup`, `restore` and `migrate --to` on every pair of stores that is at hand."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server import backup
from server.cli import main
from server.container import build, open_documents
from server.record import backup as record_backup
from server.record import grants, journal
from server.record.backup import BackupFailed
from server.record.store import Record
from server.settings import Settings
from sync.engine import put, read_attachment
from sync.model import Edit, NewAttachment, NotFound
from tests.stores import couchdb, fresh_postgresql

OWNER = "5" * 32
DB = f"drafts-{OWNER}"
PHOTO = NewAttachment("application/octet-stream", bytes(range(256)) * 128)


@pytest.fixture(params=["embedded", "postgresql", "couchdb"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as opened:
        settings: dict[str, str] = {}
        if request.param == "postgresql":
            if shutil.which("pg_dump") is None:
                pytest.skip("pg_dump is not installed")
            settings["DOIBANG_RECORD"] = opened.enter_context(fresh_postgresql())
        if request.param == "couchdb":
            settings |= opened.enter_context(couchdb(tmp_path / "couchdb-credentials"))
        yield settings


def settings(tmp_path: Path, stores: dict[str, str], name: str) -> Settings:
    return Settings.from_env({"DOIBANG_DATA": str(tmp_path / name), **stores})


async def fill(running: Settings) -> None:
    parts = build(running)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    await parts.record.run(lambda conn: grants.create_owner(conn, OWNER, now))
    await parts.documents.create(DB)
    await put(parts.documents, DB, "draft:1", {"sealed": "x"})
    await parts.documents.write(DB, [Edit("chunk:1", {}, attachments={"c": PHOTO})])
    await parts.documents.local_put(DB, "device", {"epoch": "e"})
    await parts.close()


async def looks_whole(restored: Settings) -> None:
    documents = open_documents(restored)
    assert (await documents.get(DB, "draft:1")).body == {"sealed": "x"}
    assert (await read_attachment(documents, DB, "chunk:1", "c"))[1] == PHOTO.data
    assert await documents.local_ids(DB) == []  # devices shall compare
    await documents.delete(DB)
    await documents.close()
    record = Record(restored.record_url)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert not record.now(lambda conn: grants.create_owner(conn, OWNER, now))
    record.close()


def test_a_backup_taken_while_serving_comes_back(
    tmp_path: Path, stores: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    running = settings(tmp_path, stores, "running")
    saved = tmp_path / "saved"

    async def while_open() -> None:
        await fill(running)
        parts = build(running)  # a server that holds its stores
        await backup.back_up(running, saved, lambda: datetime.now(UTC), print)
        await parts.close()

    asyncio.run(while_open())
    assert stat.S_IMODE(saved.stat().st_mode) == 0o700
    assert not [file for file in saved.rglob("*") if "keys" in file.parts]
    with ExitStack() as opened:
        beyond = dict(stores)
        beyond.pop("DOIBANG_DOCUMENTS", None)  # what a CouchDB held comes back in a file as well
        if "DOIBANG_RECORD" in stores:
            beyond["DOIBANG_RECORD"] = opened.enter_context(fresh_postgresql())
        restored = settings(tmp_path, beyond, "restored")
        asyncio.run(backup.restore(restored, saved, print))
        with pytest.raises(BackupFailed):
            asyncio.run(backup.restore(restored, saved, print))
        asyncio.run(looks_whole(restored))
    assert "restored" in capsys.readouterr().out


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = settings(tmp_path, {}, "running")
    saved = tmp_path / "saved"
    asyncio.run(fill(running))
    monkeypatch.setenv("DOIBANG_DATA", str(running.data))
    assert main(["backup", str(saved)]) == 0
    assert main(["backup", str(saved)]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["restore", "--prove", str(saved)]) == 0
    (chunk,) = (saved / "documents.sqlite-attachments").glob("*/*/*")
    chunk.write_bytes(PHOTO.data[:-1] + b"!")
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "other"))
    for arguments in (["restore", str(saved)], ["restore", "--prove", str(saved)]):
        assert main(arguments) == 2
    assert "the attachment" in capsys.readouterr().err
    assert not (tmp_path / "other" / "record.sqlite").exists()
    assert main(["restore", str(tmp_path)]) == 2
    assert "is no backup" in capsys.readouterr().err


def test_a_journal_that_was_rewritten_in_the_backup_is_not_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = settings(tmp_path, {}, "running")
    saved = tmp_path / "saved"
    asyncio.run(fill(running))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    record = Record(running.record_url)
    for account in ("a" * 32, "b" * 32):
        record.now(lambda conn, who=account: journal.write(conn, now, f"officer:{who}", "opened"))  # type: ignore[misc]
    record.close()
    monkeypatch.setenv("DOIBANG_DATA", str(running.data))
    assert main(["backup", str(saved)]) == 0
    with closing(sqlite3.connect(saved / "record.sqlite")) as copy:
        copy.execute("update journal set actor = ? where link = 1", (f"officer:{'c' * 32}",))
        copy.commit()
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((saved / "record.sqlite").read_bytes()).hexdigest()
    manifest["files"]["record.sqlite"] = digest
    (saved / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "other"))
    assert main(["restore", str(saved)]) == 2
    assert "line 1 of" in capsys.readouterr().err


def test_documents_move_into_a_couchdb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = settings(tmp_path, {}, "running")
    asyncio.run(fill(running))
    with couchdb(tmp_path / "credentials") as beyond:
        monkeypatch.setenv("DOIBANG_DATA", str(running.data))
        monkeypatch.setenv("DOIBANG_COUCHDB_CREDENTIALS", beyond["DOIBANG_COUCHDB_CREDENTIALS"])
        for _ in range(2):
            assert main(["migrate", "--to", beyond["DOIBANG_DOCUMENTS"]]) == 0
        assert "1 databases, 2 revisions, 1 attachments" in capsys.readouterr().out

        async def moved() -> None:
            documents = open_documents(settings(tmp_path, beyond, "running"))
            assert (await documents.local_get(DB, "device")).body == {"epoch": "e"}
            assert (await read_attachment(documents, DB, "chunk:1", "c"))[1] == PHOTO.data
            with pytest.raises(NotFound):
                await documents.get(DB, "draft:2")
            await documents.close()

        asyncio.run(moved())


def test_moving_asks_for_a_stopped_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = settings(tmp_path, {}, "running")
    running.data.mkdir()
    monkeypatch.setenv("DOIBANG_DATA", str(running.data))
    (running.data / "couchdb-credentials").write_text("admin:secret")
    parts = build(running)
    assert main(["migrate", "--to", "http://127.0.0.1:9"]) == 2
    assert "Another process uses" in capsys.readouterr().err
    asyncio.run(parts.close())


def test_pg_dump_is_told_what_the_url_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in pg_dump's place writes down what it was given."""
    seen = tmp_path / "seen"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "$PGPASSWORD" >{seen}\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    url = "postgresql+psycopg://doibang:s3cret@db/record?passfile=/run/secrets/file"
    with pytest.raises(BackupFailed, match="pg_dump"):
        record_backup.back_up(url, tmp_path)
    *arguments, password = seen.read_text().splitlines()
    assert "--dbname=dbname=record passfile=/run/secrets/file" in arguments
    assert password == "s3cret" and not any("s3cret" in each for each in arguments)
