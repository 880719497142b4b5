"""A person withdraws or erases their dossier by a sealed request, as a phone sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.auth.access import Actor
from server.dossier.consents import digest, newest
from server.errors import NotFound as NoLonger
from server.record import consents, dossiers, journal
from server.sandbox.paper import reseal
from server.sandbox.samples import sample
from sync.model import NotFound
from tests.server.handed import Code, Point, Vault, intake_point, request

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def point(tmp_path: Path) -> AsyncIterator[Point]:
    async with intake_point(tmp_path, "embedded") as point:
        yield point


async def wish(point: Point, vault: Vault, paper: object, kind: str) -> str:
    """Sends it and lets the server work; the request's id."""
    asked = request(paper, Code(), kind)  # type: ignore[arg-type]
    assert await vault.push([asked]) == {}
    await point.work()
    return str(asked["_id"])


async def test_a_withdrawn_dossier_is_decided_by_nobody(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    assert (await point.status(phone, paper)).code == "forwarded"
    asked = await wish(point, phone, paper, "withdraw")
    status = await point.status(phone, paper)
    assert (status.code, status.clear["group"]) == ("withdrawn", "closed")
    lines = await point.parts.record.read(lambda conn: journal.entries(conn, paper.dossier))
    (line,) = (line for line in lines if line.detail.get("by") == "withdraw")
    assert line.detail["request"] == asked
    again = await wish(point, phone, paper, "withdraw")
    assert (await point.status(phone, paper)).clear["refused"] == {again: "too_late"}


async def test_an_erased_dossier_leaves_nothing_personal(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    await wish(point, phone, paper, "erase")
    assert (await point.status(phone, paper)).clear["group"] == "erased"
    row = await point.parts.record.read(lambda conn: dossiers.load(conn, paper.dossier))
    assert (row.state, row.name, row.slip, row.wrapped_key) == ("withdrawn", None, "", None)
    names = [paper.draft["_id"], *(chunk.id for chunk in paper.chunks)]
    for name in names:
        with pytest.raises(NotFound):
            await point.parts.documents.get(f"drafts-{phone.owner}", name)


async def test_a_draft_that_was_never_sent_is_erased_too(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    refused = await wish(point, phone, paper, "withdraw")
    assert (await point.status(phone, paper)).clear["refused"] == {refused: "nothing_to_withdraw"}
    await wish(point, phone, paper, "erase")
    assert (await point.status(phone, paper)).clear["group"] == "erased"


async def test_a_card_under_way_is_not_taken_back(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)

    def approve(conn: object) -> None:
        row = dossiers.load(conn, paper.dossier)  # type: ignore[arg-type]
        dossiers.advance(conn, point.clock(), "test", row, "approve")  # type: ignore[arg-type]

    await point.parts.record.run(approve)
    for kind in ("withdraw", "erase"):
        refused = await wish(point, phone, paper, kind)
        assert (await point.status(phone, paper)).clear["refused"][refused] == "too_late"


async def test_who_borrows_a_dossier_can_neither_withdraw_nor_erase_it(point: Point) -> None:
    phone = await point.vault()
    clerk, _, _ = await point.tablet("Hoa")
    paper = await point.begun(phone)
    await clerk.taken(paper, (await point.code(phone, paper, "lend")).scanned)
    await point.work()
    kid, public = await clerk._intake_key()
    mine = reseal(paper, clerk.owner, clerk.device, (kid, public), point.clock(), {}, [])
    for kind in ("withdraw", "erase"):
        refused = await wish(point, clerk, mine, kind)
        assert (await point.status(clerk, paper)).clear["refused"][refused] == "lent"


async def agreed(point: Point, paper: object) -> dict[str, bool]:
    """Purpose → still holding."""
    rows = await point.parts.record.read(
        lambda conn: consents.of_dossier(conn, paper.dossier)  # type: ignore[attr-defined]
    )
    return {row.purpose: row.withdrawn_at is None for row in rows}


async def take_back(point: Point, vault: Vault, paper: object, purpose: object) -> str:
    asked = request(paper, Code(), "withdraw_consent", purpose=purpose)  # type: ignore[arg-type]
    assert await vault.push([asked]) == {}
    await point.work()
    return str(asked["_id"])


async def test_what_was_agreed_to_at_sending_is_kept_with_its_text(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    rows = await point.parts.record.read(lambda conn: consents.of_dossier(conn, paper.dossier))
    assert {row.purpose for row in rows} == {"process", "health", "delivery"}
    assert {row.digest for row in rows} == {digest(newest(row.purpose)) for row in rows}
    assert {row.given_by for row in rows} == {f"owner:{phone.owner}"}


async def test_taking_back_what_the_procedure_rests_on_takes_the_dossier_back(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    await take_back(point, phone, paper, "process")
    assert (await point.status(phone, paper)).code == "withdrawn"
    assert await agreed(point, paper) == {"process": False, "health": True, "delivery": True}
    lines = await point.parts.record.read(lambda conn: journal.entries(conn, paper.dossier))
    (line,) = (line for line in lines if line.action == "consent_withdrawn")
    assert (line.actor, line.detail["purpose"]) == (f"owner:{phone.owner}", "process")


async def test_taking_back_delivery_leaves_the_dossier_as_it_is(point: Point) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    await take_back(point, phone, paper, "delivery")
    assert (await point.status(phone, paper)).code == "forwarded"
    assert (await agreed(point, paper))["delivery"] is False


async def test_a_helper_whose_help_is_taken_back_opens_the_dossier_no_more(point: Point) -> None:
    tablet, account, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.sent(tablet, helper=account)
    await phone.taken(paper, (await point.code(tablet, paper)).scanned)
    await point.work()
    clerk = Actor("clerk", account.id, point="bn-08")
    assert (await point.parts.vaulted.open(paper.dossier, clerk, "follow")).dossier == paper.dossier
    key = await phone._intake_key()
    mine = reseal(paper, phone.owner, phone.device, key, point.clock(), {}, [])
    await take_back(point, phone, mine, "helper")
    assert (await agreed(point, paper))["helper"] is False
    with pytest.raises(NoLonger):
        await point.parts.vaulted.open(paper.dossier, clerk, "follow")
    assert (await point.status(phone, paper)).code == "forwarded"


@pytest.mark.parametrize("purpose", ["everything", "", None, ["process"], 7])
async def test_only_what_can_be_agreed_to_can_be_taken_back(point: Point, purpose: object) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    asked = await take_back(point, phone, paper, purpose)
    assert (await point.status(phone, paper)).clear["refused"] == {asked: "bad_request"}


async def test_photos_are_read_as_they_arrive_where_that_was_asked_for(point: Point) -> None:
    """By the real gate and reader: a part of a photo wakes the server only after the tick."""
    phone = await point.vault()
    person = sample(7)
    back = [picture for picture in person.pictures() if picture.kind == "licence_back"]
    ahead, late = [await phone.compose(person.truth["answers"], back) for _ in range(2)]
    assert await phone.push([ahead.draft, late.draft]) == {}
    assert await phone.push_chunks(ahead) == {}
    await point.work()
    assert await phone.status(ahead) is None
    for paper in (ahead, late):
        asked = request(paper, Code(), "read_photos", version=newest("read_photos")["version"])
        assert await phone.push([asked]) == {}
    await point.work()
    assert await phone.push_chunks(late) == {}
    await point.work()
    for paper in (ahead, late):
        said = (await point.status(phone, paper)).sealed or {}
        read = {one["field"]: one["value"] for one in said["readings"]}
        assert read["licence_number"] == person.truth["answers"]["licence_number"]
        assert {one["photo"] for one in said["readings"]} == {"licence_back"}
