"""A dossier goes on on another device: a colleague's tablet, another phone of the same account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.record import journal, people
from server.record.people import Account
from server.sandbox.paper import Paper, reseal
from tests.server.handed import Code, Point, Vault, intake_point, request

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["embedded", "beyond"])
async def point(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Point]:
    async with intake_point(tmp_path, request.param) as point:
        yield point


async def test_a_colleague_goes_on_with_what_was_begun(point: Point) -> None:
    morning, _, hoas = await point.tablet("Hoa")
    evening, _, lans = await point.tablet("Lan")
    _, _, thus = await point.tablet("Thu", "bn-09")
    paper = await point.begun(morning, **{"ui.slip": "ABCDEFGH"})
    filed = await point.sent(morning)
    path = f"/api/clerk/dossiers/{paper.dossier}/take"

    listed = await point.client.get("/api/clerk/unsent", headers={"cookie": lans})
    assert listed.json() == [
        {
            "dossier": paper.dossier,
            "name": "Nguyễn Thị Hoa",
            "slip": "ABCDEFGH",
            "clerk": "Hoa",
            "mine": False,
            "updated_at": "2026-11-22T08:00:00.000Z",
        }
    ]
    own = await point.client.get("/api/clerk/unsent", headers={"cookie": hoas})
    assert [row["mine"] for row in own.json()] == [True]
    assert (await point.client.get("/api/clerk/unsent", headers={"cookie": thus})).json() == []
    lines = await point.parts.record.read(lambda conn: journal.entries(conn, paper.dossier))
    assert [line.detail["purpose"] for line in lines if line.action == "opened"] == [
        "unsent_list"
    ] * 2

    assert (await evening.ask(path, {}, cookie=thus)).status_code == 404
    foreign = await (await point.vault()).ask(path, {}, cookie=lans)
    assert foreign.json()["code"] == "clerk_needed"
    point.clock.forward(minutes=6)
    stale = await evening.ask(path, {}, cookie=lans)
    assert (stale.status_code, stale.json()["code"]) == (403, "passkey_needed")
    _, fresh = await point.clerk("Lan")
    taken = await evening.ask(path, {}, cookie=fresh)
    assert taken.status_code == 200
    assert evening.unwrap(taken.json()) == paper.key
    await point.work()
    assert (await point.status(morning, paper)).code == "handed_over"
    assert await evening.documents(paper.dossier) >= {chunk.id for chunk in paper.chunks}

    again = await point.tablet("Lan")  # her other tablet
    moved = await again[0].ask(path, {}, cookie=fresh)
    assert again[0].unwrap(moved.json()) == paper.key
    back = await morning.ask(f"/api/clerk/dossiers/{filed.dossier}/take", {}, cookie=again[2])
    assert back.json()["code"] == "clerk_needed"  # the grant is not the clerk's who asks


async def test_a_clerk_makes_a_new_code_for_what_the_tablet_cannot_open(point: Point) -> None:
    tablet, hoa, hoas = await point.tablet("Hoa")
    _, _, lans = await point.tablet("Lan")
    phone = await point.vault()
    paper = await point.sent(tablet, hoa)
    old = await point.code(tablet, paper)
    path, code = f"/api/clerk/dossiers/{paper.dossier}/claim", Code()
    origin = {"origin": point.parts.settings.origin}

    async def ask(cookie: str, code: Code) -> tuple[int, dict[str, str]]:
        answer = await point.client.post(
            path, json=code.hashed, headers=origin | {"cookie": cookie}
        )
        return answer.status_code, answer.json()

    assert (await ask(lans, code))[0] == 404
    assert await ask(hoas, code) == (200, {"expires_at": "2026-11-23T08:00:00.000Z"})
    assert (await ask(hoas, code))[0] == 409
    assert (await phone.claim(old.scanned)).status_code == 404
    assert (await phone.taken(paper, code.by_hand())).key == paper.key


async def test_what_is_still_arriving_gets_no_new_code(point: Point) -> None:
    tablet, hoa, hoas = await point.tablet("Hoa")
    paper = await point.compose(tablet, hoa)
    assert await tablet.push([paper.draft, paper.submission]) == {}
    await point.work()
    answer = await point.client.post(
        f"/api/clerk/dossiers/{paper.dossier}/claim",
        json=Code().hashed,
        headers={"origin": point.parts.settings.origin, "cookie": hoas},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "claim_not_ready")


async def applicant(point: Point, name: str) -> tuple[Account, str]:
    account = Account(name.encode().hex().ljust(32, "0"), "applicant", name, None)
    now = point.clock()
    await point.parts.record.run(lambda conn: people.create_account(conn, account, now))
    return account, await again(point, account)


async def again(point: Point, account: Account) -> str:
    sessions = point.parts.sessions
    token, _ = await point.parts.record.run(lambda conn: sessions.start(conn, account))
    return f"{sessions.cookie_name(account.role)}={token}"


async def another(point: Point, first: Vault, cookie: str) -> Vault:
    """A second device of the same owner: its own id and secret, a grant by the session."""
    second = replace(await point.vault(), owner=first.owner, device=secrets.token_hex(16))
    second.grant = secrets.token_bytes(32)
    body = {
        "owner": second.owner,
        "device": second.device,
        "hash": hashlib.sha256(second.grant).hexdigest(),
    }
    origin = {"origin": point.parts.settings.origin, "cookie": cookie}
    answer = await point.client.post("/api/grants/renew", json=body, headers=origin)
    assert answer.status_code == 201
    return second


async def test_another_phone_of_the_account_gets_the_keys(point: Point) -> None:
    account, cookie = await applicant(point, "Mai")
    _, others = await applicant(point, "Bao")
    first = await point.vault()
    assert await point.parts.record.run(lambda conn: people.adopt(conn, first.owner, account.id))
    draft, filed = await point.begun(first), await point.sent(first)
    second = await another(point, first, cookie)

    rows = (await point.client.get("/api/dossiers", headers={"cookie": cookie})).json()
    assert [(row["dossier"], row["owner"], row["state"]) for row in rows] == [
        (filed.dossier, first.owner, "forwarded"),
        (draft.dossier, first.owner, "draft"),
    ]
    for paper in (draft, filed):
        path = f"/api/dossiers/{paper.dossier}/key"
        answer = await second.ask(path, {}, cookie=cookie)
        assert second.unwrap(answer.json()) == paper.key
        assert (await second.ask(path, {}, cookie=others)).status_code == 404
        stranger = await point.vault()
        assert (await stranger.ask(path, {}, cookie=cookie)).status_code == 404
        assert (await second.ask(path, {})).status_code == 401
    point.clock.forward(minutes=6)
    path = f"/api/dossiers/{filed.dossier}/key"
    assert (await second.ask(path, {}, cookie=cookie)).json()["code"] == "passkey_needed"
    cookie = await again(point, account)
    assert second.unwrap((await second.ask(path, {}, cookie=cookie)).json()) == filed.key

    both = await second.correct(draft, {"phone": "+84900000000"}, [])
    assert await second.push([both.draft]) == {}
    assert await first.documents(draft.dossier) >= {draft.draft["_id"], both.draft["_id"]}


async def recovery(point: Point, cookie: str, paper: Paper, code: Code, number: str = "") -> Any:
    asked = {"slip": paper.slip, "identity_number": number or paper.answers["identity_number"]}
    return await point.client.post(
        "/api/clerk/recoveries",
        json=asked | code.hashed,
        headers={"origin": point.parts.settings.origin, "cookie": cookie},
    )


async def test_who_lost_everything_gets_the_dossier_back_with_the_id_card(point: Point) -> None:
    lost, found = await point.vault(), await point.vault()
    _, cookie = await point.clerk("Hoa")
    paper = await point.sent(lost)
    code = Code()
    wrong = await recovery(point, cookie, paper, code, "027180009999")
    assert (wrong.status_code, wrong.json()["code"]) == (404, "no_such_dossier")
    lines = await point.parts.record.read(lambda conn: journal.entries(conn, paper.dossier))
    assert [line.action for line in lines].count("recovery_refused") == 1

    made = await recovery(point, cookie, paper, code)
    assert made.json() == {
        "good_from": "2026-11-23T08:00:00.000Z",
        "expires_at": "2026-11-24T08:00:00.000Z",
    }
    await point.work()
    told = (await point.status(lost, paper)).clear["claim"]
    assert (told["kind"], told["good_from"]) == ("recover", "2026-11-23T08:00:00.000Z")
    early = await found.claim(code.scanned)
    assert (early.status_code, early.json()["code"]) == (409, "claim_early")
    point.clock.forward(hours=24)
    assert (await found.taken(paper, code.by_hand())).key == paper.key
    await point.work()
    assert (await point.status(lost, paper)).code == "handed_over"
    assert (await point.status(found, paper)).code == "forwarded"


async def test_the_device_that_has_the_dossier_may_refuse(point: Point) -> None:
    mine, thief = await point.vault(), await point.vault()
    _, cookie = await point.clerk("Hoa")
    paper = await point.sent(mine)
    code = Code()
    assert (await recovery(point, cookie, paper, code)).status_code == 200
    keep = request(paper, code, "keep")
    assert await mine.push([keep]) == {}
    await point.work()
    assert "claim" not in (await point.status(mine, paper)).clear
    point.clock.forward(hours=25)
    assert (await thief.claim(code.scanned)).json()["code"] == "claim_unknown"
    again = Code()  # what was refused once does not void what is asked for later
    _, cookie = await point.clerk("Hoa")
    assert (await recovery(point, cookie, paper, again)).status_code == 200
    await point.work()
    assert (await point.status(mine, paper)).clear["claim"]["kind"] == "recover"


async def test_a_recovery_is_good_at_once_where_no_device_is_in_use(point: Point) -> None:
    lost, found = await point.vault(), await point.vault()
    paper = await point.sent(lost)
    point.clock.forward(days=31)
    _, cookie = await point.clerk("Hoa")
    code = Code()
    assert (await recovery(point, cookie, paper, code)).status_code == 200
    assert (await found.taken(paper, code.scanned)).key == paper.key


async def test_a_borrowed_dossier_gets_no_code_and_changes_clerks_only(point: Point) -> None:
    phone = await point.vault()
    first, _, _ = await point.tablet("Hoa")
    second, _, lans = await point.tablet("Lan")
    paper = await point.begun(phone)
    await first.taken(paper, (await point.code(phone, paper, "lend")).scanned)
    await point.work()
    kid, public = await first._intake_key()
    mine = reseal(paper, first.owner, first.device, (kid, public), point.clock(), {}, [])
    asked = request(mine, Code())
    assert await first.push([asked]) == {}
    await point.work()
    assert (await point.status(first, paper)).clear["refused"] == {asked["_id"]: "lent"}

    taken = await second.ask(f"/api/clerk/dossiers/{paper.dossier}/take", {}, cookie=lans)
    assert taken.json()["until"] == "2026-11-23T08:00:00.000Z"
    await point.work()
    point.clock.forward(hours=24)
    await point.work()
    assert (await point.status(phone, paper)).code == "draft"
    assert (await point.status(second, paper)).code == "handed_over"


async def test_a_stolen_key_is_wrapped_for_nobody_else(point: Point) -> None:
    account, cookie = await applicant(point, "Bao")
    victim, thief = await point.vault(), await point.vault()
    assert await point.parts.record.run(lambda conn: people.adopt(conn, thief.owner, account.id))
    paper = await point.begun(victim)
    refused = await thief.push([paper.draft])
    assert refused == {paper.draft["_id"]: "not_writable"}

    mine = await point.compose(thief)
    stolen = mine.draft | {"key": paper.draft["key"], "sealed": paper.draft["sealed"]}
    assert await thief.push([stolen]) == {}
    answer = await thief.ask(f"/api/dossiers/{mine.dossier}/key", {}, cookie=cookie)
    assert (answer.status_code, answer.json()["code"]) == (422, "foreign_key")
    theirs = await thief.ask(f"/api/dossiers/{paper.dossier}/key", {}, cookie=cookie)
    assert theirs.status_code == 404
