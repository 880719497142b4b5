"""Photos of a draft are read before it is sent where the person asked for it, and never else."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from server.auth import sealing
from server.dossier.consents import digest, newest
from server.dossier.tables import table
from server.flow.wishes import Wish, fulfil
from server.record import consents, draft_readings, handovers, tables
from server.record.draft_readings import DraftReading
from server.record.handovers import Change
from server.sandbox.paper import Chunk, Paper, reseal
from sync.engine import put
from sync.model import Unavailable
from tests.server.flow.world import PICTURES, Field, Read, Reader, World

pytestmark = pytest.mark.anyio
VERSION = newest("read_photos")["version"]


def says(paper: Paper, kind: str, at: str = "08:00:00", **said: Any) -> dict[str, Any]:
    """A sealed request as the phone writes it."""
    name = secrets.token_hex(16)
    doc_id = f"request:{paper.dossier}:{name}"
    asked = {"schema": "request/1", "kind": kind, "dossier": paper.dossier}
    asked |= {"device_time": f"2026-11-23T{at}.000Z"} | said
    sealed = sealing.seal_json(paper.key, doc_id, "request/1", asked)
    body = {"schema": "request/1", "key": paper.draft["key"], "sealed": sealed}
    return {"_id": doc_id, "_rev": f"1-{name}", **body}


def tick(paper: Paper, at: str = "08:00:00", version: Any = VERSION) -> dict[str, Any]:
    return says(paper, "read_photos", at, version=version)


def untick(paper: Paper, at: str = "09:00:00") -> dict[str, Any]:
    return says(paper, "withdraw_consent", at, purpose="read_photos")


def parts(paper: Paper, *kinds: str) -> list[Chunk]:
    ids = {photo["id"] for photo in paper.photos if photo["kind"] in kinds or not kinds}
    return [chunk for chunk in paper.chunks if chunk.id.split(":")[2] in ids]


async def arrive(world: World, chunks: Sequence[Chunk], *documents: dict[str, Any]) -> None:
    bodies = [*documents, *(chunk.document for chunk in chunks)]
    await world.write(bodies, {chunk.id: chunk.sealed for chunk in chunks})
    await world.work()


async def kept(world: World, paper: Paper) -> list[DraftReading]:
    return await world.record.read(lambda conn: draft_readings.of_dossier(conn, paper.dossier))


async def openings(world: World, paper: Paper) -> list[tuple[str, str]]:
    lines = await world.journal(paper, "opened")
    return [(line.actor, line.detail["purpose"]) for line in lines]


def photo_id(paper: Paper, kind: str) -> str:
    return next(str(photo["id"]) for photo in paper.photos if photo["kind"] == kind)


@pytest.fixture
def paper(world: World) -> Paper:
    """Its back carries a QR code; the other photos say nothing."""
    world.reader.says["licence_back"] = [Field("licence_number", "270812345678", 0.9)]
    return world.paper()


async def test_without_the_tick_no_draft_is_opened_or_read(world: World, paper: Paper) -> None:
    await arrive(world, paper.chunks, paper.draft)
    await arrive(world, [], says(paper, "queue_cancel"))
    assert world.reader.reads == 0
    assert await openings(world, paper) == []
    assert await kept(world, paper) == []
    assert "readings" not in (await world.status(paper)).get("sealed", {})


async def test_what_arrived_before_the_tick_is_read_sealed_and_told(
    world: World, paper: Paper
) -> None:
    await arrive(world, paper.chunks, paper.draft)
    await arrive(world, [], tick(paper))
    status = await world.status(paper)
    assert status["group"] == "draft"
    assert status["sealed"]["readings"] == [
        {
            "photo": "licence_back",
            "id": photo_id(paper, "licence_back"),
            "field": "licence_number",
            "value": "270812345678",
            "confidence": 0.9,
            "source": "licence_qr",
        }
    ]
    assert status["sealed"]["retakes"] == []
    assert sorted(status["sealed"]["photos_read"]) == sorted(p["id"] for p in paper.photos)
    assert await openings(world, paper) == [("system:read_photos", "draft_photos")]
    (given,) = await world.record.read(lambda conn: consents.of_dossier(conn, paper.dossier))
    assert (given.version, given.digest) == (VERSION, digest(newest("read_photos")))
    rows = await world.record.read(lambda conn: conn.execute(select(tables.draft_readings)).all())
    assert len(rows) == len(PICTURES)
    assert "270812345678" not in repr(rows)


async def test_a_photo_that_comes_later_is_read_when_it_is_whole_and_once(
    world: World, paper: Paper
) -> None:
    await arrive(world, [], paper.draft, tick(paper))
    assert (world.reader.reads, await openings(world, paper)) == (0, [])
    assert (await world.status(paper))["sealed"] == {
        "photos_read": [],
        "readings": [],
        "retakes": [],
    }
    first, *rest = parts(paper, "licence_back")
    await arrive(world, [first])
    assert (world.reader.reads, await openings(world, paper)) == (0, [])
    await arrive(world, rest)
    assert world.reader.reads == 1
    assert len((await world.status(paper))["sealed"]["readings"]) == 1
    await arrive(world, parts(paper, "portrait"))
    assert world.reader.reads == 2
    await arrive(world, [], tick(paper))  # asked again by another device
    assert world.reader.reads == 2
    assert len(await openings(world, paper)) == 2
    assert len(await world.record.read(lambda c: consents.of_dossier(c, paper.dossier))) == 1


async def test_taken_back_the_reading_goes_and_nothing_more_is_opened(
    world: World, paper: Paper
) -> None:
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    assert await kept(world, paper)
    await arrive(world, [], untick(paper))
    assert await kept(world, paper) == []
    assert "sealed" not in await world.status(paper)
    before = await openings(world, paper)
    await arrive(world, parts(paper, "portrait", "licence_front"))
    assert (world.reader.reads, await openings(world, paper)) == (1, before)
    lines = [line.action for line in await world.journal(paper)]
    assert [a for a in lines if a.startswith("consent")] == ["consent_given", "consent_withdrawn"]


async def test_the_last_word_of_a_phone_that_was_offline_counts(world: World, paper: Paper) -> None:
    said = [untick(paper, "08:00:02"), tick(paper, "08:00:01")]
    await arrive(world, paper.chunks, paper.draft, *said)
    assert (world.reader.reads, await openings(world, paper)) == (0, [])
    await arrive(world, [], tick(paper, "08:00:03"))
    assert world.reader.reads == len(PICTURES)


async def test_it_goes_when_the_dossier_is_sent(world: World, paper: Paper) -> None:
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    assert await kept(world, paper)
    await world.send(paper)
    await world.work()
    assert await kept(world, paper) == []
    assert "readings" not in (await world.status(paper))["sealed"]
    late = tick(paper, "10:00:00")
    await arrive(world, [], late)
    assert (await world.status(paper))["refused"] == {late["_id"]: "too_late"}


async def test_what_is_sent_and_on_its_way_is_not_opened_for_this(
    world: World, paper: Paper
) -> None:
    await arrive(world, [], paper.draft, paper.submission, tick(paper))
    await arrive(world, parts(paper, "licence_back"))
    assert (world.reader.reads, await openings(world, paper)) == (0, [])


async def test_it_goes_with_the_dossier(world: World, paper: Paper) -> None:
    await arrive(world, paper.chunks, paper.draft, tick(paper))
    await arrive(world, [], says(paper, "erase"))
    assert await kept(world, paper) == []
    assert "sealed" not in await world.status(paper)


@pytest.mark.parametrize("parts_left", [False, True])
async def test_it_goes_with_its_photo_and_a_retake_is_read(
    world: World, paper: Paper, parts_left: bool
) -> None:
    """Also where the phone leaves the old photo's parts to the server's broom."""
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    world.reader.says["licence_back"] = [Field("licence_number", "270887654321", 0.9)]
    again = [picture for picture in PICTURES if picture.kind == "licence_back"]
    key = world.intake_key()
    retaken = reseal(paper, world.owner, world.device, key, world.clock(), {}, again)
    gone = {chunk.id: [chunk.rev] for chunk in parts(paper, "licence_back")}
    if not parts_left:
        await world.documents.purge(f"drafts-{world.owner}", gone)
    db = f"drafts-{world.owner}"
    body = {k: v for k, v in retaken.draft.items() if not k.startswith("_")}
    await put(world.documents, db, paper.draft["_id"], body, paper.draft["_rev"])
    await arrive(world, parts(retaken, "licence_back"))
    (one,) = (await world.status(paper))["sealed"]["readings"]
    assert (one["value"], one["id"]) == ("270887654321", photo_id(retaken, "licence_back"))
    assert [row.photo for row in await kept(world, paper)] == [one["id"]]


async def test_it_is_forgotten_with_old_drafts(world: World, paper: Paper) -> None:
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    world.clock.move(days=91)
    await world.work()
    assert await kept(world, paper) == []


async def test_who_takes_the_dossier_over_is_offered_the_same(world: World, paper: Paper) -> None:
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    taker = secrets.token_hex(16)
    await world.documents.create(f"drafts-{taker}")
    wrapped = world.keys.wrap_at_rest(paper.dossier, paper.key)
    change = Change(paper.dossier, world.owner, taker, "device:x", "hand_over")
    switch = handovers.change_owner
    assert await world.record.run(lambda conn: switch(conn, change, wrapped, world.clock()))
    await world.work()
    assert "sealed" not in await world.status(paper)
    world.owner = taker
    assert len((await world.status(paper))["sealed"]["readings"]) == 1


@pytest.mark.parametrize("version", ["2020-01-01", "", None, ["x"], {}])
async def test_only_a_text_that_is_known_is_agreed_to(
    world: World, paper: Paper, version: object
) -> None:
    asked = tick(paper, version=version)
    await arrive(world, paper.chunks, paper.draft, asked)
    assert (await world.status(paper))["refused"] == {asked["_id"]: "bad_request"}
    assert world.reader.reads == 0


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("blurred", "photo_blurred"),
        ("too_small", "photo_small"),
        ("not_a_licence", "photo_of_another"),
        ("cut_off", "photo_cut"),
        ("glare_over", "photo_glare"),
        ("damaged", "photo_unreadable"),
    ],
)
async def test_a_photo_of_no_use_is_told_with_the_reason_and_not_tried_again(
    world: World, paper: Paper, problem: str, code: str
) -> None:
    world.reader.says["licence_front"] = problem
    await arrive(world, parts(paper, "licence_front"), paper.draft, tick(paper))
    sealed = (await world.status(paper))["sealed"]
    front = photo_id(paper, "licence_front")
    assert sealed == {
        "photos_read": [front],
        "readings": [],
        "retakes": [{"photo": "licence_front", "id": front, "problem": code}],
    }
    assert code in table("messages")["messages"]
    await arrive(world, [], tick(paper))
    assert world.reader.reads == 1


async def test_a_photo_ahead_of_its_draft_is_looked_for_twice(world: World, paper: Paper) -> None:
    body = sealing.open_json(paper.key, paper.draft["_id"], "draft/1", paper.draft["sealed"])
    early = {**paper.draft, "sealed": _sealed(paper, body | {"photos": []})}
    await arrive(world, parts(paper, "licence_back"), early, tick(paper))
    assert (world.reader.reads, len(await openings(world, paper))) == (0, 1)
    db, doc_id = f"drafts-{world.owner}", paper.draft["_id"]
    await put(world.documents, db, doc_id, _body(paper.draft), early["_rev"])
    world.clock.move(minutes=1)
    await world.work()
    assert world.reader.reads == 1
    assert (await world.job_counts()).get("read_photos") is None


async def test_an_outage_of_the_store_costs_nothing(
    world: World, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrive(world, paper.chunks, paper.draft)
    real: Callable[..., Any] = world.documents.attachment
    failing = [True]

    async def away(*args: Any, **options: Any) -> Any:
        if failing:
            failing.clear()
            raise Unavailable("the store is away")
        return await real(*args, **options)

    monkeypatch.setattr(world.documents, "attachment", away)
    await arrive(world, [], tick(paper))
    assert await kept(world, paper) == []
    world.clock.move(minutes=1)
    await world.work()
    assert len((await world.status(paper))["sealed"]["readings"]) == 1


async def test_taken_back_while_it_is_read_nothing_is_kept(world: World, paper: Paper) -> None:
    wish = Wish("withdraw_consent", "request:1", paper.dossier, world.owner, "read_photos")

    class Slow(Reader):
        def read(self, image: bytes, kind: str) -> Read:
            world.record.now(lambda conn: fulfil(conn, world.clock(), wish))
            return super().read(image, kind)

    world.reader = Slow(world.reader.says)
    world.fresh_worker()
    await arrive(world, parts(paper, "licence_back"), paper.draft, tick(paper))
    assert (world.reader.reads, await kept(world, paper)) == (1, [])


def _body(document: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if not k.startswith("_")}


def _sealed(paper: Paper, content: object) -> str:
    return sealing.seal_json(paper.key, paper.draft["_id"], "draft/1", content)
