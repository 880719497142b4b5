"""A dossier changes hands by a code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from server.record import journal
from sync.model import Edit
from tests.server.handed import Code, Point, intake_point, request

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["embedded", "beyond"])
async def point(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Point]:
    async with intake_point(tmp_path, request.param) as point:
        yield point


async def test_a_draft_in_the_middle_goes_from_the_tablet_to_a_phone(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    code = await point.code(tablet, paper)
    waiting = await point.status(tablet, paper)
    assert (waiting.group, waiting.clear["claim"]["expires_at"]) == (
        "draft",
        "2026-11-23T08:00:00.000Z",
    )

    mine = await phone.taken(paper, code.scanned)
    assert mine.key == paper.key
    chunks = {chunk.id for chunk in paper.chunks}
    assert await phone.documents(paper.dossier) >= {paper.draft["_id"]} | chunks
    await point.work()
    assert (await point.status(phone, mine)).code == "draft"
    gone = await point.status(tablet, paper)
    assert (gone.group, gone.code, gone.sealed) == ("handed_over", "handed_over", None)
    assert await tablet.documents(paper.dossier) == {f"status:{paper.dossier}"}

    late = await tablet.push([paper.submission])
    assert late == {paper.submission["_id"]: "handed_over"}
    filed = await phone.correct(mine, {"phone": "+84987654321"}, [])
    assert await phone.push([filed.draft, filed.submission]) == {}
    await point.work()
    status = await point.status(phone, filed)
    assert status.code == "forwarded"
    assert phone.submission_arrived(filed, status)


async def test_a_sent_dossier_goes_to_a_phone_and_numbering_continues(point: Point) -> None:
    tablet, hoa, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.sent(tablet, hoa)
    before = await point.status(tablet, paper)
    code = await point.code(tablet, paper)
    assert (await point.status(tablet, paper)).clear["claim"] is not None

    answer = await phone.claim(code.by_hand())
    assert answer.status_code == 200
    assert answer.json()["slip"] == paper.slip
    assert phone.unwrap(answer.json()) == paper.key
    await point.work()
    after = await point.status(phone, paper)
    assert after.clear["counter"] > before.clear["counter"]
    assert "claim" not in after.clear
    assert after.sealed == before.sealed
    assert phone.submission_arrived(paper, after)
    assert (await point.status(tablet, paper)).group == "handed_over"
    other = await point.sent(tablet)
    assert other.dossier != paper.dossier

    row = await point.parts.record.read(
        lambda conn: [
            (line.actor, line.detail)
            for line in journal.entries(conn, paper.dossier)
            if line.action == "owner_changed"
        ]
    )
    detail = {"from": tablet.owner, "to": phone.owner, "reason": "hand_over"}
    assert row == [(f"device:{phone.device}", detail)]


async def test_a_code_waits_for_photos_that_are_still_on_the_tablet(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    for sent in (False, True):
        paper = await point.compose(tablet)
        code = Code()
        texts = [paper.draft, *([paper.submission] if sent else []), request(paper, code)]
        assert (await phone.claim(code.scanned)).json()["code"] == "claim_unknown"
        assert await tablet.push(texts) == {}
        await point.work()
        early = await phone.claim(code.scanned)
        assert (early.status_code, early.json()["code"]) == (409, "claim_not_ready")
        assert await tablet.push_chunks(paper) == {}
        unseen = await phone.claim(code.scanned)  # intake has not looked at them yet
        assert unseen.json()["code"] == "claim_not_ready"
        await point.work()
        assert (await phone.taken(paper, code.scanned)).key == paper.key


async def test_a_code_is_used_once_but_its_answer_can_be_asked_for_again(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone, other = await point.vault(), await point.vault()
    paper = await point.begun(tablet)
    code = await point.code(tablet, paper)
    assert (await tablet.claim(code.scanned)).json()["code"] == "claim_own"
    first = (await phone.claim(code.scanned)).json()
    again = await phone.claim(code.scanned)
    assert phone.unwrap(again.json()) == phone.unwrap(first) == paper.key
    with pytest.raises(InvalidTag):
        other.unwrap(first)
    assert (await other.claim(code.scanned)).json()["code"] == "claim_unknown"
    point.clock.forward(hours=24)
    assert (await phone.claim(code.scanned)).json()["code"] == "claim_unknown"


async def test_a_newer_code_takes_the_place_of_the_older(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    old, new = await point.code(tablet, paper), await point.code(tablet, paper)
    assert (await phone.claim(old.scanned)).json()["code"] == "claim_unknown"
    assert (await phone.taken(paper, new.by_hand())).key == paper.key


async def test_a_typed_code_dies_after_five_wrong_birth_dates(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    code = await point.code(tablet, paper)
    for year in range(1950, 1954):
        wrong = await phone.claim(code.by_hand(f"{year}-05-04"))
        assert (wrong.status_code, wrong.json()["code"]) == (404, "claim_unknown")
    assert (await phone.claim(code.by_hand("1954-05-04"))).status_code == 404
    for right in (code.by_hand(), code.scanned):
        assert (await phone.claim(right)).json()["code"] == "claim_unknown"
    assert (await point.status(tablet, paper)).group == "draft"
    fresh = await point.code(tablet, paper)
    assert (await phone.taken(paper, fresh.by_hand())).key == paper.key


async def test_without_a_birth_date_only_the_qr_code_works(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    code = await point.code(tablet, paper, date_of_birth=None)
    assert (await phone.claim(code.by_hand())).status_code == 404
    assert (await phone.taken(paper, code.scanned)).key == paper.key


async def test_codes_cannot_be_tried_through(point: Point) -> None:
    phone = await point.vault()
    answers = [(await phone.claim(Code().by_hand())).status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


async def test_a_lent_dossier_comes_back_when_it_was_sent(point: Point) -> None:
    phone = await point.vault()
    tablet, _, _ = await point.tablet("Hoa")
    paper = await point.begun(phone)
    code = await point.code(phone, paper, "lend")
    stranger = await point.vault()
    assert (await stranger.claim(code.scanned)).json()["code"] == "clerk_needed"

    answer = (await tablet.claim(code.by_hand())).json()
    assert answer["until"] == "2026-11-23T08:00:00.000Z"
    await point.work()
    lent = await point.status(phone, paper)
    assert (lent.group, lent.code, lent.clear["until"]) == ("handed_over", "lent", answer["until"])
    assert await phone.push([paper.submission]) == {paper.submission["_id"]: "handed_over"}

    done = await tablet.correct(paper, {}, [])
    assert await tablet.push([done.draft, done.submission]) == {}
    await point.work()
    back = await point.status(phone, paper)
    assert (back.group, back.code) == ("accepted", "forwarded")
    assert back.clear["counter"] > lent.clear["counter"]
    assert (await point.status(tablet, paper)).code == "handed_over"
    assert await tablet.documents(paper.dossier) == {f"status:{paper.dossier}"}
    assert await phone.documents(paper.dossier) >= {done.draft["_id"], paper.draft["_id"]}


async def test_a_lent_draft_comes_back_after_a_day(point: Point) -> None:
    phone = await point.vault()
    tablet, _, _ = await point.tablet("Hoa")
    paper = await point.begun(phone)
    code = await point.code(phone, paper, "lend")
    await tablet.taken(paper, code.scanned)
    await point.work()
    point.clock.forward(hours=23)
    await point.work()
    assert (await point.status(phone, paper)).code == "lent"
    point.clock.forward(hours=1)
    await point.work()
    assert (await point.status(phone, paper)).code == "draft"
    assert await phone.documents(paper.dossier) >= {chunk.id for chunk in paper.chunks}
    changed = await phone.correct(paper, {}, [])
    assert await phone.push([changed.draft, changed.submission]) == {}
    await point.work()
    assert (await point.status(phone, changed)).code == "forwarded"


async def test_what_is_under_way_at_the_change_is_brought_after(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    code = await point.code(tablet, paper)
    await phone.taken(paper, code.scanned)
    late = await tablet.correct(paper, {"phone": "+84900000000"}, [])
    body = {k: v for k, v in late.draft.items() if not k.startswith("_")}
    ids = late.draft["_revisions"]["ids"]
    path = tuple(f"{len(ids) - i}-{each}" for i, each in enumerate(ids))
    edit = Edit(late.draft["_id"], body, path)
    (result,) = await point.parts.documents.write(f"drafts-{tablet.owner}", [edit], new_edits=False)
    assert result.ok
    await point.work()
    found = await point.parts.documents.get(f"drafts-{phone.owner}", late.draft["_id"])
    assert found.rev == late.draft["_rev"]
    assert await tablet.documents(paper.dossier) == {f"status:{paper.dossier}"}


async def test_a_request_sealed_by_another_gets_no_code(point: Point) -> None:
    tablet, _, _ = await point.tablet("Hoa")
    phone = await point.vault()
    paper = await point.begun(tablet)
    foreign = await point.begun(tablet)
    code = Code()
    forged = request(paper, code) | {"key": foreign.draft["key"]}
    assert await tablet.push([forged]) == {}
    moved = request(foreign, code, dossier=paper.dossier)
    assert await tablet.push([moved]) == {}
    await point.work()
    assert (await phone.claim(code.scanned)).json()["code"] == "claim_unknown"
    assert (await point.status(tablet, paper)).clear["refused"] == {forged["_id"]: "unreadable"}
    refused = (await point.status(tablet, foreign)).clear["refused"]
    assert refused == {moved["_id"]: "bad_request"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "sell"}, "not_supported"),
        ({"claim": "A" * 64}, "bad_request"),
        ({"typed": "ABCDEFG0"}, "bad_request"),
        ({"typed": None}, "bad_request"),
        ({"date_of_birth": "04/05/1980"}, "bad_request"),
        ({"date_of_birth": 1980}, "bad_request"),
        ({"dossier": "0" * 32}, "bad_request"),
    ],
)
async def test_bad_requests_are_told(point: Point, changes: dict[str, Any], reason: str) -> None:
    tablet = await point.vault()
    paper = await point.begun(tablet)
    asked = request(paper, Code(), **changes)
    assert await tablet.push([asked]) == {}
    await point.work()
    status = await point.status(tablet, paper)
    assert status.clear["refused"] == {asked["_id"]: reason}
