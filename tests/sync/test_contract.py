"""The rules of `sync.engine.Engine` on every engine: the embedded one; `CouchEngine` in front of
`python -m sync serve`; and `CouchEngine` in front of a real CouchDB where `COUCHDB_URL` names one
(with an administrator's name and password in it)."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from sync.couch_engine import CouchEngine
from sync.engine import Engine, put, read_attachment
from sync.model import (
    BadRequest,
    Conflict,
    DigestMismatch,
    DocumentValidation,
    Edit,
    IllegalDatabaseName,
    IllegalDocumentId,
    Missing,
    MissingStub,
    NewAttachment,
    NotFound,
    Stub,
)
from sync.sqlite_engine import SqliteEngine
from tests.sync.conftest import Served

pytestmark = pytest.mark.anyio
PHOTO = NewAttachment("image/jpeg", b"\xff\xd8" + bytes(range(256)) * 40)
COUCHDB = os.environ.get("COUCHDB_URL", "")


@pytest.fixture(params=["embedded", "served", "couchdb"])
async def engine(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    serve: Callable[[], Served],
    anyio_backend: str,
) -> AsyncIterator[Engine]:
    made: SqliteEngine | CouchEngine
    if request.param == "embedded":
        made = SqliteEngine(tmp_path / "store")
    elif request.param == "served":
        served = serve()
        made = CouchEngine(served.url, *served.auth)
    else:
        if not COUCHDB:
            pytest.skip("COUCHDB_URL is not set: no real CouchDB")
        url = urlsplit(COUCHDB)
        made = CouchEngine(
            f"{url.scheme}://{url.hostname}:{url.port}", url.username or "", url.password or ""
        )
    yield made
    await made.close()


@pytest.fixture
async def db(engine: Engine) -> AsyncIterator[str]:
    """A new database; it and those whose names begin with its own are gone afterwards."""
    name = f"contract-{uuid4().hex}"
    await engine.create(name)
    yield name
    for each in await engine.databases(name, 10):
        if each.startswith(name):
            await engine.delete(each)


def replicated(doc_id: str, *revs: str, deleted: bool = False, **body: object) -> Edit:
    return Edit(doc_id, dict(body), revs, deleted)


async def merge(engine: Engine, db: str, *edits: Edit) -> None:
    for result in await engine.write(db, edits, new_edits=False):
        assert result.failure is None


async def test_databases_are_made_once_listed_and_deleted(engine: Engine, db: str) -> None:
    assert await engine.create(f"{db}/b")
    assert not await engine.create(f"{db}/b")
    assert await engine.databases(db, 2) == [db, f"{db}/b"]
    assert await engine.databases(db, 1) == [db]
    await engine.delete(f"{db}/b")
    assert not await engine.exists(f"{db}/b")
    with pytest.raises(NotFound, match="Database does not exist"):
        await engine.info(f"{db}/b")
    with pytest.raises(NotFound):
        await engine.delete(f"{db}/b")


@pytest.mark.parametrize("name", ["", "A", "1a", "_x", "a b", "ä", "a" * 300, "a\n"])
async def test_illegal_database_names(engine: Engine, name: str) -> None:
    with pytest.raises(IllegalDatabaseName):
        await engine.create(name)


async def test_put_get_update_and_conflict(engine: Engine, db: str) -> None:
    first = await put(engine, db, "d", {"n": 1})
    second = await put(engine, db, "d", {"n": 2}, first)
    assert second.startswith("2-")
    found = await engine.get(db, "d")
    assert (found.body, found.rev, found.revisions) == ({"n": 2}, second, (second, first))
    assert (await engine.get(db, "d", first)).body == {"n": 1}
    for rev in (None, first, "7-abc"):
        with pytest.raises(Conflict):
            await put(engine, db, "d", {}, rev)
    with pytest.raises(BadRequest):
        await put(engine, db, "d", {}, "nonsense")
    with pytest.raises(NotFound, match="missing"):
        await engine.get(db, f"{db}-other")


async def test_equal_edits_give_equal_revisions(engine: Engine, db: str) -> None:
    await engine.create(f"{db}-2")
    assert await put(engine, db, "d", {"n": 1}) == await put(engine, f"{db}-2", "d", {"n": 1})


async def test_tombstones(engine: Engine, db: str) -> None:
    first = await put(engine, db, "d", {"n": 1})
    second = await put(engine, db, "d", {}, first, deleted=True)
    with pytest.raises(NotFound, match="deleted"):
        await engine.get(db, "d")
    assert (await engine.get(db, "d", second)).deleted
    (change,) = (await engine.changes(db)).results
    assert change.deleted and change.revs == (second,)
    assert (await engine.all_docs(db)) == []
    info = await engine.info(db)
    assert (info.doc_count, info.doc_del_count) == (0, 1)
    third = await put(engine, db, "d", {"n": 3})
    assert (await engine.get(db, "d")).revisions == (third, second, first)
    assert (await engine.info(db)).doc_del_count == 0


async def test_a_refused_edit_does_not_disturb_the_others(engine: Engine, db: str) -> None:
    results = await engine.write(
        db,
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
    assert [row.id for row in await engine.all_docs(db)] == ["a", "b"]


def nested(depth: int) -> dict[str, object]:
    body: dict[str, object] = {}
    for _ in range(depth):
        body = {"x": body}
    return body


async def test_replicated_conflicts_and_open_revs(engine: Engine, db: str) -> None:
    await merge(
        engine,
        db,
        replicated("d", "2-b", "1-a", n=2),
        replicated("d", "2-c", "1-a", n=3),
        replicated("d", "3-d", "2-d", "1-a", deleted=True),
    )
    assert (await engine.get(db, "d")).rev == "2-c"
    assert [leaf.rev for leaf in await engine.leaves(db, "d")] == ["2-c", "2-b", "3-d"]
    found = await engine.open_revs(db, "d", None)
    assert [each.rev for each in found] == ["2-c", "2-b", "3-d"]
    assert await engine.open_revs(db, "d", ["1-a", "9-z"]) == [Missing("1-a"), Missing("9-z")]
    latest = await engine.open_revs(db, "d", ["1-a"], latest=True)
    assert [each.rev for each in latest] == ["2-c", "2-b", "3-d"]
    with pytest.raises(NotFound):
        await engine.open_revs(db, "unknown", None)
    assert await engine.open_revs(db, "unknown", ["1-a"]) == [Missing("1-a")]


async def test_a_repetition_changes_nothing(engine: Engine, db: str) -> None:
    await merge(engine, db, replicated("d", "2-b", "1-a"))
    before = await engine.get(db, "d")
    await merge(engine, db, replicated("d", "2-b", "1-a", other=1), replicated("d", "1-a"))
    assert await engine.get(db, "d") == before
    assert len(await engine.leaves(db, "d")) == 1


async def test_revs_diff(engine: Engine, db: str) -> None:
    await merge(engine, db, replicated("d", "2-b", "1-a"))
    found = await engine.revs_diff(db, {"d": ["2-b", "3-c"], "e": ["1-x"], "f": []})
    assert set(found) == {"d", "e"}
    assert (found["d"].missing, found["d"].possible_ancestors) == (("3-c",), ("2-b",))
    assert (found["e"].missing, found["e"].possible_ancestors) == (("1-x",), ())
    with pytest.raises(BadRequest):
        await engine.revs_diff(db, {"d": ["x"]})


async def test_history_says_what_is_stored(engine: Engine, db: str) -> None:
    await merge(engine, db, replicated("d", "3-c", "2-b", "1-a", deleted=True))
    history = await engine.history(db, "d", "3-c")
    assert [(each.rev, each.status) for each in history] == [
        ("3-c", "deleted"),
        ("2-b", "missing"),
        ("1-a", "missing"),
    ]


async def test_attachments_inline_inherited_and_verified(engine: Engine, db: str) -> None:
    (made,) = await engine.write(db, [Edit("d", {}, attachments={"p": PHOTO, "q": PHOTO})])
    assert made.rev is not None
    meta, data = await read_attachment(engine, db, "d", "p")
    assert data == PHOTO.data and meta.digest == PHOTO.hashed().md5
    (kept,) = await engine.write(db, [Edit("d", {"n": 1}, (made.rev,), attachments={"p": Stub()})])
    assert kept.rev is not None
    document = await engine.get(db, "d")
    assert [(a.name, a.revpos) for a in document.attachments] == [("p", 1)]
    with pytest.raises(NotFound):
        await read_attachment(engine, db, "d", "q")
    assert (await read_attachment(engine, db, "d", "q", made.rev))[1] == PHOTO.data
    wrong = NewAttachment("image/jpeg", b"torn", digest=meta.digest)
    torn, lost = await engine.write(
        db,
        [
            Edit("d", {}, (kept.rev,), attachments={"p": wrong}),
            Edit("e", {}, attachments={"p": Stub()}),
        ],
    )
    assert isinstance(torn.failure, DigestMismatch) and isinstance(lost.failure, MissingStub)
    assert (await engine.get(db, "d")).rev == kept.rev


async def test_stubs_of_replicated_revisions(engine: Engine, db: str) -> None:
    first = Edit("d", {}, ("1-a",), attachments={"p": PHOTO})
    digest = PHOTO.hashed().md5
    await merge(engine, db, first, Edit("d", {}, ("2-b", "1-a"), attachments={"p": Stub(digest)}))
    assert (await read_attachment(engine, db, "d", "p", "2-b"))[1] == PHOTO.data
    (other,) = await engine.write(
        db,
        [Edit("d", {}, ("2-c", "1-a"), attachments={"q": Stub(digest)})],
        new_edits=False,
    )
    assert isinstance(other.failure, MissingStub)


async def test_changes_pages_styles_and_order(engine: Engine, db: str) -> None:
    for name in "abc":
        await put(engine, db, name, {"is": name})
    await merge(engine, db, replicated("a", "1-0", n=1))
    page = await engine.changes(db, limit=2, style="all_docs")
    assert [change.id for change in page.results] == ["b", "c"] and page.pending == 1
    rest = await engine.changes(db, page.last_seq, style="all_docs", include_docs=True)
    (change,) = rest.results
    assert change.id == "a" and len(change.revs) == 2 and rest.pending == 0
    assert change.doc is not None and change.doc.rev == change.revs[0]
    assert (await engine.changes(db, rest.last_seq)).results == ()
    back = await engine.changes(db, descending=True, limit=2)
    assert [change.id for change in back.results] == ["a", "c"]
    chosen = await engine.changes(db, doc_ids=["b", "zzz"])
    assert [change.id for change in chosen.results] == ["b"]
    assert (await engine.changes(db, "now")).results == ()


@pytest.mark.parametrize("since", ["0", "", "99", "nonsense", "3-000000000000", "-1", "9" * 99])
async def test_a_seq_that_was_never_given_is_the_beginning(
    engine: Engine, db: str, since: str
) -> None:
    await put(engine, db, "a", {})
    assert len((await engine.changes(db, since)).results) == 1


async def test_a_seq_of_a_former_database_is_the_beginning(engine: Engine, db: str) -> None:
    await put(engine, db, "a", {})
    old = (await engine.info(db)).update_seq
    await engine.delete(db)
    await engine.create(db)
    await put(engine, db, "b", {})
    assert [c.id for c in (await engine.changes(db, old)).results] == ["b"]


async def test_wait_wakes_for_this_database_only(engine: Engine, db: str) -> None:
    await engine.create(f"{db}-other")
    seq = (await engine.info(db)).update_seq
    waiting = asyncio.create_task(engine.wait(db, seq, 20))
    await asyncio.sleep(0)
    await put(engine, f"{db}-other", "x", {})
    assert not waiting.done()
    await put(engine, db, "x", {})
    assert await waiting
    assert await engine.wait(db, seq, 0)
    assert not await engine.wait(db, (await engine.info(db)).update_seq, 0.01)


async def test_local_documents(engine: Engine, db: str) -> None:
    assert await engine.local_put(db, "c", {"seq": 1}) == "0-1"
    assert await engine.local_put(db, "c", {"seq": 2}, "0-1") == "0-2"
    found = await engine.local_get(db, "c")
    assert (found.rev, found.body) == ("0-2", {"seq": 2})
    assert (await engine.changes(db)).results == ()
    assert await engine.local_ids(db) == ["c"]
    await engine.local_delete(db, "c")
    assert await engine.local_ids(db) == []
    assert (await engine.info(db)).bytes == 0
    for call in (engine.local_get(db, "c"), engine.local_delete(db, "c")):
        with pytest.raises(NotFound):
            await call


async def test_all_docs_ranges(engine: Engine, db: str) -> None:
    for name in "abcde":
        await put(engine, db, name, {})

    async def ids(**options: object) -> str:
        return "".join(row.id for row in await engine.all_docs(db, **options))  # type: ignore[arg-type]

    assert await ids() == "abcde"
    assert await ids(start="b", end="d") == "bcd"
    assert await ids(start="b", end="d", inclusive_end=False) == "bc"
    assert await ids(start="d", end="b", descending=True) == "dcb"
    assert await ids(start="d", end="b", descending=True, inclusive_end=False) == "dc"
    assert await ids(skip=1, limit=2) == "bc"
    rows = await engine.rows(db, ["c", "zz"])
    assert rows[0] is not None and rows[0].id == "c" and rows[1] is None


async def test_compaction_drops_old_bodies(engine: Engine, db: str) -> None:
    (first,) = await engine.write(db, [Edit("d", {"n": 1}, attachments={"p": PHOTO})])
    assert first.rev is not None
    second = await put(engine, db, "d", {"n": 2}, first.rev)
    await engine.compact(db)
    for _ in range(100):  # a CouchDB compacts while it serves
        history = await engine.history(db, "d", second)
        if [each.status for each in history] == ["available", "missing"]:
            break
        await asyncio.sleep(0.1)
    with pytest.raises(NotFound):
        await engine.get(db, "d", first.rev)
    assert (await engine.get(db, "d")).revisions == (second, first.rev)


async def test_purge_forgets(engine: Engine, db: str) -> None:
    await merge(
        engine,
        db,
        Edit("d", {"n": 1}, ("2-b", "1-a"), attachments={"p": PHOTO}),
        replicated("d", "2-c", "1-a", n=2),
    )
    assert await engine.purge(db, {"d": ["1-a", "2-b"], "e": ["1-x"]}) == {"d": ["2-b"]}
    assert [leaf.rev for leaf in await engine.leaves(db, "d")] == ["2-c"]
    assert await engine.purge(db, {"d": ["2-c"]}) == {"d": ["2-c"]}
    with pytest.raises(NotFound):
        await engine.leaves(db, "d")
    assert (await engine.info(db)).doc_count == 0
    assert (await engine.changes(db)).results == ()
    await merge(engine, db, replicated("d", "2-b", "1-a"))
    assert (await engine.get(db, "d")).rev == "2-b"


async def test_wait_ends_when_the_database_goes(engine: Engine, db: str) -> None:
    waiting = asyncio.create_task(engine.wait(db, "now"))
    await asyncio.sleep(0)
    await engine.delete(db)
    with pytest.raises(NotFound):
        await waiting


async def test_security_is_kept(engine: Engine, db: str) -> None:
    wanted = {"admins": {"names": ["a"], "roles": []}, "members": {"names": [], "roles": ["r"]}}
    await engine.set_security(db, wanted)
    assert await engine.security(db) == wanted
    with pytest.raises(NotFound):
        await engine.security(f"{db}-other")


async def test_updates_name_the_databases_that_changed(engine: Engine, db: str) -> None:
    mark = (await engine.updates("now")).last_seq
    waiting = asyncio.create_task(engine.updates(mark, 15))
    await put(engine, db, "a", {})
    seen = {each.db for each in (await waiting).results}
    while db not in seen:  # other databases may change meanwhile
        seen |= {each.db for each in (await engine.updates(mark, 15)).results}


async def test_many_writers_at_once(engine: Engine, db: str) -> None:
    async def one(number: int) -> bool:
        attachments = {"p": NewAttachment("image/jpeg", b"%d" % (number % 7))}
        (result,) = await engine.write(
            db, [Edit(f"d{number}", {"n": number}, attachments=attachments)]
        )
        return result.ok

    assert all(await asyncio.gather(*(one(number) for number in range(60))))
    assert (await engine.info(db)).doc_count == 60


async def test_revision_ids_are_couchdbs(engine: Engine, db: str) -> None:
    assert await put(engine, db, "empty", {}) == "1-967a00dff5e02add41819138abb3284d"
    first = await put(engine, db, "d", {"n": 1, "text": "Trần Thị Đào"})
    assert first == "1-ce6942dc3253b0d81631972aae745e7d"
    (made,) = await engine.write(db, [Edit("p", {}, attachments={"b": PHOTO, "a": PHOTO})])
    assert made.rev == "1-c47c1c3b256396823c6423a231ca28a7"


async def test_a_tombstone_is_continued_without_naming_it(engine: Engine, db: str) -> None:
    first = await put(engine, db, "d", {"n": 1})
    gone = await put(engine, db, "d", {}, first, deleted=True)
    with pytest.raises(Conflict):
        await put(engine, db, "d", {"n": 2}, gone)
    again = await put(engine, db, "d", {"n": 2})
    assert (await engine.get(db, "d")).revisions == (again, gone, first)


async def test_the_limit_of_revisions_stems_what_is_written(engine: Engine, db: str) -> None:
    assert await engine.revs_limit(db) == 1000
    await engine.set_revs_limit(db, 3)
    assert await engine.revs_limit(db) == 3
    await merge(engine, db, replicated("d", "5-e", "4-d", "3-c", "2-b", "1-a"))
    assert (await engine.get(db, "d")).revisions == ("5-e", "4-d", "3-c")
    with pytest.raises(BadRequest):
        await engine.set_revs_limit(db, 0)


async def test_a_body_that_was_missing_is_kept(engine: Engine, db: str) -> None:
    await merge(engine, db, replicated("d", "2-b", "1-a", n=2))
    with pytest.raises(NotFound):
        await engine.get(db, "d", "1-a")
    await merge(engine, db, replicated("d", "1-a", n=1))
    assert (await engine.get(db, "d", "1-a")).body == {"n": 1}
    assert (await engine.get(db, "d")).body == {"n": 2}


async def test_a_zipped_attachment_is_read_unzipped(engine: Engine, db: str) -> None:
    text = b"text " * 500
    zipped = NewAttachment("text/plain", gzip.compress(text, mtime=0), encoding="gzip")
    first = Edit("d", {}, ("1-a",), attachments={"t": zipped})
    await merge(engine, db, first)
    (meta,) = (await engine.get(db, "d")).attachments
    assert (meta.length, meta.digest) == (len(text), zipped.hashed().md5)
    assert (await read_attachment(engine, db, "d", "t"))[1] == text
    torn = NewAttachment("text/plain", b"no gzip", encoding="gzip")
    (result,) = await engine.write(
        db, [Edit("e", {}, ("1-a",), attachments={"t": torn})], new_edits=False
    )
    assert isinstance(result.failure, BadRequest)


async def test_changes_may_only_be_counted(engine: Engine, db: str) -> None:
    for name in "abc":
        await put(engine, db, name, {})
    page = await engine.changes(db, limit=0)
    assert (page.results, page.pending) == ((), 3)
    back = await engine.changes(db, descending=True, limit=1)
    assert (back.results[0].id, back.pending) == ("c", 2)
