"""The rules of `sync.engine.Engine`, on the embedded engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.engine import put, read_attachment
from sync.model import (
    BadRequest,
    Conflict,
    DigestMismatch,
    Document,
    DocumentValidation,
    Edit,
    IllegalDatabaseName,
    IllegalDocumentId,
    Missing,
    MissingStub,
    NewAttachment,
    NotFound,
    Stub,
    Unavailable,
)
from sync.sqlite_engine import SqliteEngine
from sync.sqlite_engine_writer import Transaction

pytestmark = pytest.mark.anyio
PHOTO = NewAttachment("image/jpeg", b"\xff\xd8" + bytes(range(256)) * 40)


def replicated(doc_id: str, *revs: str, deleted: bool = False, **body: object) -> Edit:
    return Edit(doc_id, dict(body), revs, deleted)


async def merge(engine: SqliteEngine, *edits: Edit) -> None:
    for result in await engine.write("db", edits, new_edits=False):
        assert result.failure is None


def files(engine: SqliteEngine, tmp_path: Path) -> list[Path]:
    return [p for p in (tmp_path / "store-attachments").rglob("*") if p.is_file()]


async def test_databases_are_made_once_listed_and_deleted(engine: SqliteEngine) -> None:
    assert await engine.create("a/b")
    assert not await engine.create("a/b")
    assert await engine.databases() == ["a/b", "db"]
    assert await engine.databases("b", 1) == ["db"]
    await engine.delete("a/b")
    assert not await engine.exists("a/b")
    with pytest.raises(NotFound, match="Database does not exist"):
        await engine.info("a/b")
    with pytest.raises(NotFound):
        await engine.delete("a/b")


@pytest.mark.parametrize("name", ["", "A", "1a", "_x", "a b", "ä", "a" * 300, "a\n"])
async def test_illegal_database_names(engine: SqliteEngine, name: str) -> None:
    with pytest.raises(IllegalDatabaseName):
        await engine.create(name)


async def test_put_get_update_and_conflict(engine: SqliteEngine) -> None:
    first = await put(engine, "db", "d", {"n": 1})
    second = await put(engine, "db", "d", {"n": 2}, first)
    assert second.startswith("2-")
    found = await engine.get("db", "d")
    assert (found.body, found.rev, found.revisions) == ({"n": 2}, second, (second, first))
    assert (await engine.get("db", "d", first)).body == {"n": 1}
    for rev in (None, first, "7-abc"):
        with pytest.raises(Conflict):
            await put(engine, "db", "d", {}, rev)
    with pytest.raises(BadRequest):
        await put(engine, "db", "d", {}, "nonsense")
    with pytest.raises(NotFound, match="missing"):
        await engine.get("db", "other")


async def test_equal_edits_give_equal_revisions(engine: SqliteEngine) -> None:
    await engine.create("db2")
    assert await put(engine, "db", "d", {"n": 1}) == await put(engine, "db2", "d", {"n": 1})


async def test_tombstones(engine: SqliteEngine) -> None:
    first = await put(engine, "db", "d", {"n": 1})
    second = await put(engine, "db", "d", {}, first, deleted=True)
    with pytest.raises(NotFound, match="deleted"):
        await engine.get("db", "d")
    assert (await engine.get("db", "d", second)).deleted
    (change,) = (await engine.changes("db")).results
    assert change.deleted and change.revs == (second,)
    assert (await engine.all_docs("db")) == []
    info = await engine.info("db")
    assert (info.doc_count, info.doc_del_count) == (0, 1)
    third = await put(engine, "db", "d", {"n": 3})
    assert (await engine.get("db", "d")).revisions == (third, second, first)
    assert (await engine.info("db")).doc_del_count == 0


async def test_a_refused_edit_does_not_disturb_the_others(engine: SqliteEngine) -> None:
    results = await engine.write(
        "db",
        [
            Edit("a", {}),
            Edit("a", {"again": True}),
            Edit("_secret", {}),
            Edit("deep", nested(300)),
            Edit("special", {"_x": 1}),
            Edit("b", {}),
        ],
    )
    failures = [type(result.failure) for result in results]
    none = type(None)
    assert failures == [none, Conflict, IllegalDocumentId, BadRequest, DocumentValidation, none]
    assert [row.id for row in await engine.all_docs("db")] == ["a", "b"]


def nested(depth: int) -> dict[str, object]:
    body: dict[str, object] = {}
    for _ in range(depth):
        body = {"x": body}
    return body


async def test_replicated_conflicts_and_open_revs(engine: SqliteEngine) -> None:
    await merge(
        engine,
        replicated("d", "2-b", "1-a", n=2),
        replicated("d", "2-c", "1-a", n=3),
        replicated("d", "3-d", "2-d", "1-a", deleted=True),
    )
    assert (await engine.get("db", "d")).rev == "2-c"
    assert [leaf.rev for leaf in await engine.leaves("db", "d")] == ["2-c", "2-b", "3-d"]
    found = await engine.open_revs("db", "d", None)
    assert [each.rev for each in found] == ["2-c", "2-b", "3-d"]
    assert await engine.open_revs("db", "d", ["1-a", "9-z"]) == [Missing("1-a"), Missing("9-z")]
    latest = await engine.open_revs("db", "d", ["1-a"], latest=True)
    assert [each.rev for each in latest] == ["2-c", "2-b", "3-d"]
    with pytest.raises(NotFound):
        await engine.open_revs("db", "unknown", None)
    assert await engine.open_revs("db", "unknown", ["1-a"]) == [Missing("1-a")]


async def test_a_repetition_changes_nothing(engine: SqliteEngine) -> None:
    await merge(engine, replicated("d", "2-b", "1-a"))
    before = (await engine.info("db")).update_seq
    await merge(engine, replicated("d", "2-b", "1-a"), replicated("d", "1-a"))
    assert (await engine.info("db")).update_seq == before


async def test_revs_diff(engine: SqliteEngine) -> None:
    await merge(engine, replicated("d", "2-b", "1-a"))
    found = await engine.revs_diff("db", {"d": ["2-b", "3-c"], "e": ["1-x"], "f": []})
    assert set(found) == {"d", "e"}
    assert (found["d"].missing, found["d"].possible_ancestors) == (("3-c",), ("2-b",))
    assert (found["e"].missing, found["e"].possible_ancestors) == (("1-x",), ())
    with pytest.raises(BadRequest):
        await engine.revs_diff("db", {"d": ["x"]})


async def test_history_says_what_is_stored(engine: SqliteEngine) -> None:
    await merge(engine, replicated("d", "3-c", "2-b", "1-a", deleted=True))
    history = await engine.history("db", "d", "3-c")
    assert [(each.rev, each.status) for each in history] == [
        ("3-c", "deleted"),
        ("2-b", "missing"),
        ("1-a", "missing"),
    ]


async def test_attachments_inline_inherited_and_verified(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    (made,) = await engine.write("db", [Edit("d", {}, attachments={"p": PHOTO, "q": PHOTO})])
    assert made.rev is not None
    assert len(files(engine, tmp_path)) == 1
    meta, data = await read_attachment(engine, "db", "d", "p")
    assert data == PHOTO.data and meta.digest == PHOTO.hashed().md5 and meta.revpos == 1
    (kept,) = await engine.write(
        "db", [Edit("d", {"n": 1}, (made.rev,), attachments={"p": Stub()})]
    )
    assert kept.rev is not None
    document = await engine.get("db", "d")
    assert [(a.name, a.revpos) for a in document.attachments] == [("p", 1)]
    with pytest.raises(NotFound):
        await read_attachment(engine, "db", "d", "q")
    assert (await read_attachment(engine, "db", "d", "q", made.rev))[1] == PHOTO.data
    wrong = NewAttachment("image/jpeg", b"torn", digest=meta.digest)
    torn, lost = await engine.write(
        "db",
        [
            Edit("d", {}, (kept.rev,), attachments={"p": wrong}),
            Edit("e", {}, attachments={"p": Stub()}),
        ],
    )
    assert isinstance(torn.failure, DigestMismatch) and isinstance(lost.failure, MissingStub)
    assert (await engine.get("db", "d")).rev == kept.rev


async def test_stubs_of_replicated_revisions(engine: SqliteEngine) -> None:
    first = Edit("d", {}, ("1-a",), attachments={"p": PHOTO})
    digest = PHOTO.hashed().md5
    await merge(engine, first, Edit("d", {}, ("2-b", "1-a"), attachments={"p": Stub(digest)}))
    assert (await read_attachment(engine, "db", "d", "p", "2-b"))[1] == PHOTO.data
    (other,) = await engine.write(
        "db",
        [Edit("d", {}, ("2-c", "1-a"), attachments={"p": Stub("md5-AAAA")})],
        new_edits=False,
    )
    assert isinstance(other.failure, MissingStub)


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


async def test_changes_pages_styles_and_order(engine: SqliteEngine) -> None:
    for name in "abc":
        await put(engine, "db", name, {"is": name})
    await merge(engine, replicated("a", "1-0", n=1))
    page = await engine.changes("db", limit=2, style="all_docs")
    assert [change.id for change in page.results] == ["b", "c"] and page.pending == 1
    rest = await engine.changes("db", page.last_seq, style="all_docs", include_docs=True)
    (change,) = rest.results
    assert change.id == "a" and len(change.revs) == 2 and rest.pending == 0
    assert change.doc is not None and change.doc.rev == change.revs[0]
    assert (await engine.changes("db", rest.last_seq)).results == ()
    back = await engine.changes("db", descending=True, limit=2)
    assert [change.id for change in back.results] == ["a", "c"]
    chosen = await engine.changes("db", doc_ids=["b", "zzz"])
    assert [change.id for change in chosen.results] == ["b"]
    assert (await engine.changes("db", "now")).results == ()


@pytest.mark.parametrize("since", ["0", "", "99", "nonsense", "3-000000000000", "-1", "9" * 99])
async def test_a_seq_that_was_never_given_is_the_beginning(
    engine: SqliteEngine, since: str
) -> None:
    await put(engine, "db", "a", {})
    assert len((await engine.changes("db", since)).results) == 1


async def test_a_seq_of_a_former_database_is_the_beginning(engine: SqliteEngine) -> None:
    await put(engine, "db", "a", {})
    old = (await engine.info("db")).update_seq
    await engine.delete("db")
    await engine.create("db")
    await put(engine, "db", "b", {})
    assert [c.id for c in (await engine.changes("db", old)).results] == ["b"]


async def test_wait_wakes_for_this_database_only(engine: SqliteEngine) -> None:
    await engine.create("other")
    seq = (await engine.info("db")).update_seq
    waiting = asyncio.create_task(engine.wait("db", seq, 20))
    await asyncio.sleep(0)
    await put(engine, "other", "x", {})
    assert not waiting.done()
    await put(engine, "db", "x", {})
    assert await waiting
    assert await engine.wait("db", seq, 0)
    assert not await engine.wait("db", (await engine.info("db")).update_seq, 0.01)


async def test_wait_ends_when_the_database_goes(engine: SqliteEngine) -> None:
    waiting = asyncio.create_task(engine.wait("db", "now"))
    await asyncio.sleep(0)
    await engine.delete("db")
    with pytest.raises(NotFound):
        await waiting


async def test_local_documents(engine: SqliteEngine) -> None:
    assert await engine.local_put("db", "c", {"seq": 1}) == "0-1"
    assert await engine.local_put("db", "c", {"seq": 2}, "0-1") == "0-2"
    found = await engine.local_get("db", "c")
    assert (found.rev, found.body) == ("0-2", {"seq": 2})
    assert (await engine.changes("db")).results == ()
    await engine.local_delete("db", "c")
    assert (await engine.info("db")).bytes == 0
    for call in (engine.local_get("db", "c"), engine.local_delete("db", "c")):
        with pytest.raises(NotFound):
            await call


async def test_all_docs_ranges(engine: SqliteEngine) -> None:
    for name in "abcde":
        await put(engine, "db", name, {})

    async def ids(**options: object) -> str:
        return "".join(row.id for row in await engine.all_docs("db", **options))  # type: ignore[arg-type]

    assert await ids() == "abcde"
    assert await ids(start="b", end="d") == "bcd"
    assert await ids(start="b", end="d", inclusive_end=False) == "bc"
    assert await ids(start="d", end="b", descending=True) == "dcb"
    assert await ids(start="d", end="b", descending=True, inclusive_end=False) == "dc"
    assert await ids(skip=1, limit=2) == "bc"
    rows = await engine.rows("db", ["c", "zz"])
    assert rows[0] is not None and rows[0].id == "c" and rows[1] is None


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
