from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from server.auth import sealing
from server.record import bindings, identities, tables
from server.record.identities import Link
from server.sandbox.paper import Paper, Said
from sync.model import DocumentRow, NotFound
from tests.server.flow.world import ANSWERS, PICTURES, START, World

pytestmark = pytest.mark.anyio
CLERK = "c" * 32


def chunks_of(paper: Paper, kind: str) -> list[str]:
    photo = next(photo["id"] for photo in paper.photos if photo["kind"] == kind)
    return [chunk.id for chunk in paper.chunks if chunk.id.split(":")[2] == photo]


def resealed(paper: Paper, **changes: Any) -> dict[str, Any]:
    """The submission document with its sealed part changed and sealed again."""
    doc_id = paper.submission["_id"]
    inner = sealing.open_json(paper.key, doc_id, "submission/1", paper.submission["sealed"])
    sealed = sealing.seal_json(paper.key, doc_id, "submission/1", inner | changes)
    return paper.submission | {"sealed": sealed}


async def test_text_alone_names_every_missing_part(world: World) -> None:
    paper = world.paper()
    await world.send(paper, leave_out=[chunk.id for chunk in paper.chunks])
    await world.work()
    status = await world.status(paper)
    assert (status["group"], status["code"], status["n"]) == ("incomplete", "incomplete", 1)
    assert status["missing"] == [chunk.id for chunk in paper.chunks]
    digest = sealing.sealed_digest(paper.submission["sealed"])
    assert status["submission_digest"] == digest
    assert await world.maybe(paper) is None


async def test_the_filing_date_is_when_the_last_part_came(world: World) -> None:
    paper = world.paper()
    late = chunks_of(paper, "licence_front")[1]
    await world.send(paper, leave_out=[late])
    await world.work()
    assert (await world.status(paper))["missing"] == [late]
    world.clock.move(days=2)
    chunk = next(chunk for chunk in paper.chunks if chunk.id == late)
    await world.write([chunk.document], {late: chunk.sealed})
    arrived = world.clock()
    world.clock.move(hours=5)  # the worker was away meanwhile
    await world.work()
    dossier = await world.dossier(paper)
    assert dossier.filed_at == arrived
    status = await world.status(paper)
    assert (status["missing"], status["receipts"]) == ([], paper.receipts())


async def test_parts_before_text_and_twice(world: World) -> None:
    paper = world.paper()
    sealed = {chunk.id: chunk.sealed for chunk in paper.chunks}
    await world.write([chunk.document for chunk in reversed(paper.chunks)], sealed)
    await world.work()
    with pytest.raises(NotFound):
        await world.status(paper)
    await world.write([paper.submission])
    await world.send(paper)
    await world.work()
    version = (await world.dossier(paper)).version
    await world.send(paper)
    await world.work()
    assert (await world.dossier(paper)).version == version
    assert len(await world.journal(paper, "accepted")) == 1


async def test_the_first_complete_submission_wins(world: World) -> None:
    paper = world.paper()
    other = world.corrected(paper)  # n = 2, though nobody returned it
    await world.send(paper)
    await world.send(other)
    await world.work()
    dossier = await world.dossier(paper)
    assert (dossier.n, dossier.submission) == (1, paper.submission["_id"])
    status = await world.status(paper)
    assert status["refused"] == {other.submission["_id"]: "superseded"}
    assert status["submission"] == paper.submission["_id"]


async def test_an_incomplete_first_one_yields_to_a_complete_one(world: World) -> None:
    paper = world.paper()
    other = world.corrected(paper, [PICTURES[0]])
    stays_out = chunks_of(paper, "licence_front")
    await world.send(paper, leave_out=stays_out)
    await world.send(other)
    await world.work()
    assert (await world.dossier(paper)).submission == other.submission["_id"]


async def test_codes_count_the_day(world: World) -> None:
    papers = [world.paper(), world.paper()]
    for paper in papers:
        await world.send(paper)
    await world.work()
    codes = sorted([(await world.dossier(paper)).code for paper in papers])
    assert [code[-11:] for code in codes] == ["261123-0001", "261123-0002"]
    world.clock.move(hours=15)  # past midnight in Vietnam, still the same day in UTC
    later = world.paper()
    await world.send(later)
    await world.work()
    assert (await world.dossier(later)).code.endswith("261124-0001")


async def refusal(world: World, paper: Paper) -> tuple[str, str, str]:
    """Runs intake and tells (group, code, journalled reason); a good dossier beside it passes."""
    beside = world.paper()
    await world.send(beside)
    await world.work()
    assert await world.state(beside) == "forwarded"
    status = await world.status(paper)
    assert await world.maybe(paper) is None
    assert set(status["refused"]) == {paper.submission["_id"]}
    (line,) = await world.journal(paper, "refused")
    return status["group"], status["code"], line.detail["reason"]


async def test_a_key_wrapped_for_another_owner(world: World) -> None:
    paper = world.paper(owner=secrets.token_hex(16))
    await world.send(paper)
    assert await refusal(world, paper) == ("refused_input", "unreadable", "foreign_key")


async def test_an_unknown_intake_key(world: World) -> None:
    paper = world.paper()
    key = paper.submission["key"] | {"kid": "0" * 16}
    await world.write([paper.submission | {"key": key}])
    assert await refusal(world, paper) == ("refused_input", "unreadable", "unknown_key")


async def test_a_part_sealed_for_another_place(world: World) -> None:
    paper = world.paper()
    first, second = chunks_of(paper, "licence_front")[:2]
    moved = {chunk.id: chunk.sealed for chunk in paper.chunks}
    moved[first], moved[second] = moved[second], moved[first]
    photos = [
        {"id": photo["id"], "chunks": list(photo["chunks"])} for photo in paper.submission["photos"]
    ]
    front = next(photo for photo in photos if photo["id"] == first.split(":")[2])
    front["chunks"][:2] = reversed(front["chunks"][:2])
    submission = paper.submission | {"photos": photos}
    await world.write([submission, *[chunk.document for chunk in paper.chunks]], moved)
    group, code, reason = await refusal(world, paper)
    assert (group, code) == ("refused_input", "unreadable")
    assert reason == f"{first}: altered"


async def test_a_part_that_is_not_what_was_named(world: World) -> None:
    paper = world.paper()
    sealed = {chunk.id: chunk.sealed for chunk in paper.chunks}
    bad = paper.chunks[0].id
    sealed[bad] = sealed[bad][:-1] + bytes([sealed[bad][-1] ^ 1])
    await world.write([paper.submission, *[chunk.document for chunk in paper.chunks]], sealed)
    group, code, reason = await refusal(world, paper)
    assert (group, code) == ("refused_input", "bad_submission")
    assert reason.startswith(bad)


async def test_a_photo_that_is_not_what_the_device_hashed(world: World) -> None:
    paper = world.paper()
    photos = [dict(photo) for photo in paper.photos]
    photos[0]["sha256"] = "0" * 64
    await world.send(replace(paper, submission=resealed(paper, photos=photos)))
    group, code, reason = await refusal(world, paper)
    assert (group, code) == ("refused_input", "bad_submission")
    assert photos[0]["id"] in reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dossier": "0" * 32}, "sealed for another dossier or number"),
        ({"n": 2}, "sealed for another dossier or number"),
        ({"photos": []}, "clear and sealed photo lists differ"),
        ({"slip": "<script>"}, "slip shape"),
        ({"schema": "submission/9"}, "submission unknown_schema"),
        ({"surprise": "x" * 10_000}, "submission unknown_field"),
    ],
)
async def test_a_sealed_part_that_does_not_fit(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    paper = world.paper()
    await world.write([resealed(paper, **changes)])
    assert await refusal(world, paper) == ("refused_input", "bad_submission", reason)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("n", 0),
        ("n", True),
        ("photos", [{"id": "x", "chunks": []}]),
        ("photos", [{"id": "0" * 32, "chunks": ["0" * 64] * 17}]),
        ("photos", "none"),
        ("schema", "draft/1"),
    ],
)
async def test_a_clear_part_that_does_not_fit(world: World, part: str, value: object) -> None:
    paper = world.paper()
    await world.write([paper.submission | {part: value}])
    group, code, _ = await refusal(world, paper)
    assert (group, code) == ("refused_input", "bad_submission")


async def test_a_deflate_bomb_is_not_unpacked(world: World) -> None:
    paper = world.paper()
    await world.write([resealed(paper, surprise="0" * 10_000_000)])
    assert await refusal(world, paper) == ("refused_input", "unreadable", "too_large")


async def test_another_owner_cannot_take_part(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    stranger = secrets.token_hex(16)
    forged = Paper.seal(
        stranger, world.device, world.intake_key(), world.clock(), paper.answers, PICTURES
    )
    doc_id = forged.submission["_id"].replace(forged.dossier, paper.dossier)
    await world.write([forged.submission | {"_id": doc_id}], owner=stranger)
    await world.work()
    assert (await world.dossier(paper)).owner == world.owner
    assert (await world.status(paper))["refused"] == {}


async def test_a_clock_years_off_changes_nothing_but_a_notice(world: World) -> None:
    world.clock.move(days=365 * 6)
    paper = world.paper()
    world.clock.now = START
    await world.send(paper)
    await world.work()
    dossier = await world.dossier(paper)
    assert dossier.filed_at == START
    findings = (await world.status(paper))["sealed"]["findings"]
    assert "clock_off" in [item["code"] for item in findings]


async def test_a_request_is_answered(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    doc_id = f"request:{paper.dossier}:{secrets.token_hex(16)}"
    request = {"_id": doc_id, "_rev": f"1-{secrets.token_hex(16)}", "schema": "request/1"}
    await world.write([request])
    await world.work()
    status = await world.status(paper)
    assert status["refused"] == {doc_id: "unreadable"}
    assert status["code"] == "forwarded"


async def test_the_clerk_counts_only_with_the_own_database(world: World) -> None:
    helper = {"account": CLERK, "point": "bn-08", "confirmation": "present"}

    def people(conn: Any) -> None:
        row = {"id": CLERK, "role": "clerk", "created_at": world.clock()}
        conn.execute(insert(tables.accounts).values(**row))
        owner = {"owner": world.owner, "account": CLERK, "created_at": world.clock()}
        conn.execute(insert(tables.owners).values(**owner))

    await world.record.run(people)
    mine = world.paper(said=Said(helper=helper))
    await world.send(mine)
    await world.work()
    dossier = await world.dossier(mine)
    assert (dossier.channel, dossier.point, dossier.assurance) == ("post", "bn-08", "clerk_checked")

    world.owner = secrets.token_hex(16)
    foreign = world.paper(said=Said(helper=helper))
    await world.send(foreign)
    await world.work()
    assert (await world.dossier(foreign)).assurance == "none"


async def test_a_linked_identity_counts_for_its_own_number(world: World) -> None:
    hashed = world.keys.keyed_hash(identities.NUMBER, str(ANSWERS["identity_number"]))

    def people(conn: Any) -> None:
        row = {"id": CLERK, "role": "applicant", "created_at": world.clock()}
        conn.execute(insert(tables.accounts).values(**row))
        owner = {"owner": world.owner, "account": CLERK, "created_at": world.clock()}
        conn.execute(insert(tables.owners).values(**owner))
        link = Link(CLERK, "https://id.example", "s" * 64, hashed, world.clock())
        identities.keep(conn, link)

    await world.record.run(people)
    mine = world.paper()
    neighbour = world.paper(identity_number="027180009999")
    for paper in (mine, neighbour):
        await world.send(paper)
    await world.work()
    assert (await world.dossier(mine)).assurance == "vneid"
    assert (await world.dossier(neighbour)).assurance == "none"

    world.owner = secrets.token_hex(16)
    foreign = world.paper()
    await world.send(foreign)
    await world.work()
    assert (await world.dossier(foreign)).assurance == "none"


async def test_a_copy_that_lists_less_than_was_acknowledged_hides_no_submission(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CouchDB answers a listing from one copy, which may lag; a document it asks two copies for."""

    async def lagging(*_: object, **__: object) -> list[DocumentRow]:
        return []

    paper = world.paper()
    await world.send(paper)
    monkeypatch.setattr(world.documents, "all_docs", lagging)
    await world.record.run(
        lambda conn: bindings.note_offered(conn, [(paper.dossier, paper.submission["_id"])])
    )
    await world.work()
    assert await world.state(paper) == "forwarded"
