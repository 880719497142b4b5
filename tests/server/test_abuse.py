"""What somebody who means harm would try, with everything that they could get hold of."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from server import cli
from server.auth import sealing
from server.sandbox.device import Device, Status
from server.sandbox.paper import Chunk, Paper, Said
from tests.server.surface import ANSWERS, PICTURES, Browser, build, new_grant, serve

MARKUP = '"><img src=x onerror=alert(1)><script>alert(document.domain)</script>'
RETURN = {
    "outcome": "return",
    "items": [{"target": "full_name", "reason": "other", "text": MARKUP}],
}


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Browser]:
    """A real server: no sandbox, no demo."""
    with serve(build(tmp_path, sandbox=False)) as caller:
        yield caller


def with_device(
    caller: Browser, work: Callable[[Device], Awaitable[Any]], again: Device | None = None
) -> Any:
    """Runs `work` with a device of its own, or with one that was there before; then the worker."""

    async def run() -> Any:
        transport = ASGITransport(caller.client.app)
        origin = caller.parts.settings.origin
        async with AsyncClient(transport=transport, base_url=origin) as client:
            device = replace(again, client=client) if again else Device(client, caller.parts.clock)
            await device.enrol()
            done = await work(device)
        await caller.parts.worker.run_once()
        return done

    return caller.call(run)


def sent(caller: Browser, said: Said | None = None, **answers: Any) -> tuple[Device, Paper]:
    async def send(device: Device) -> tuple[Device, Paper]:
        paper = await device.compose(ANSWERS | answers, PICTURES, said)
        assert await device.send(paper) == {}
        return device, paper

    found: tuple[Device, Paper] = with_device(caller, send)
    return found


def status(caller: Browser, device: Device, paper: Paper) -> Status:
    found = with_device(caller, lambda again: again.status(paper), device)
    assert isinstance(found, Status)
    return found


def refusals(caller: Browser, dossier: str) -> list[str]:
    return [one["detail"]["code"] for one in caller.journal("refused") if one["dossier"] == dossier]


def accepted(caller: Browser) -> int:
    return len(caller.journal("accepted"))


def test_a_stolen_ciphertext_opens_in_no_other_account(caller: Browser) -> None:
    """The thief has read everything of the victim's database and sends it as their own: the key
    is wrapped for the victim's owner and dossier (HPKE info), the text sealed for its `_id`."""
    _, stolen = sent(caller)

    async def thieve(device: Device) -> None:
        pushed = await device.push([stolen.submission])
        assert pushed == {stolen.submission["_id"]: "dossier_of_other"}
        for taken in (("key", "sealed"), ("sealed",)):  # with its key, and under one's own
            mine = await device.compose(ANSWERS, PICTURES)
            theirs = {name: stolen.submission[name] for name in taken}
            assert await device.send(replace(mine, submission=mine.submission | theirs)) == {}

    thief = caller.register().json()["account"]
    with_device(caller, thieve)
    refused = [one["detail"]["code"] for one in caller.journal("refused")]
    assert refused == ["unreadable", "unreadable"]
    assert accepted(caller) == 1
    assert caller.get("/api/dossiers").json() == []
    assert not any(one["actor"].endswith(thief) for one in caller.journal("opened"))


def test_a_replayed_submission_changes_nothing(caller: Browser) -> None:
    device, paper = sent(caller)
    seen = status(caller, device, paper)
    copied = dict(paper.submission)
    name = f"submission:{paper.dossier}:{secrets.token_hex(16)}"
    revision = secrets.token_hex(16)
    renamed = copied | {
        "_id": name,
        "_rev": f"1-{revision}",
        "_revisions": {"start": 1, "ids": [revision]},
    }

    async def replay(again: Device) -> None:
        for _ in range(3):
            assert await again.push([copied]) == {}
        assert await again.push([renamed]) == {}

    with_device(caller, replay, device)
    after = status(caller, device, paper)
    assert accepted(caller) == 1
    assert after.clear["submission"] == seen.clear["submission"] == copied["_id"]
    assert after.clear["receipts"] == seen.clear["receipts"]
    assert after.clear["refused"] == {name: "unreadable"}
    assert after.sealed and seen.sealed
    assert after.sealed["dossier_code"] == seen.sealed["dossier_code"]


def test_a_submission_replayed_after_a_return_is_not_the_correction(caller: Browser) -> None:
    device, paper = sent(caller)
    decide(caller, paper, RETURN)
    assert status(caller, device, paper).code == "returned"

    async def replay(again: Device) -> None:
        assert await again.push([paper.submission]) == {}
        assert await again.push_chunks(paper) == {}

    with_device(caller, replay, device)
    assert status(caller, device, paper).code == "returned"
    assert accepted(caller) == 1


def test_a_part_of_one_dossier_is_none_of_another(caller: Browser) -> None:
    """Of the same owner, even: every part is sealed for its dossier, photo and place."""

    async def move(device: Device) -> Paper:
        first = await device.compose(ANSWERS, PICTURES)
        second = await device.compose(ANSWERS, PICTURES)
        assert await device.send(first) == {}
        moved = Chunk(second.chunks[0].document, first.chunks[0].sealed)
        listed = [dict(photo) for photo in second.submission["photos"]]
        listed[0]["chunks"] = [sealing.digest(moved.sealed), *listed[0]["chunks"][1:]]
        chunks = (moved, *second.chunks[1:])
        mixed = replace(second, chunks=chunks, submission=second.submission | {"photos": listed})
        assert await device.send(mixed) == {}
        return mixed

    mixed = with_device(caller, move)
    assert refusals(caller, mixed.dossier) == ["unreadable"]
    assert accepted(caller) == 1


def test_a_stolen_grant_reads_nobody_and_ends_with_its_revocation(caller: Browser) -> None:
    device, paper = sent(caller)
    stolen = device.bearer
    caller.register()
    assert caller.post("/api/grants/adopt", {"owner": device.owner}, **stolen).status_code == 204
    taken = caller.get(f"{device.database}/_all_docs?include_docs=true", **stolen)
    assert taken.status_code == 200
    for personal in ("Nguyễn", "Thị Hoa", ANSWERS["identity_number"], ANSWERS["phone"], paper.slip):
        assert personal not in taken.text
    [grant] = caller.get("/api/grants").json()
    assert caller.delete(f"/api/grants/{grant['id']}").status_code == 204
    caller.client.cookies.clear()
    for path in ("", "/_changes", f"/{paper.submission['_id']}", f"/{paper.chunks[0].id}/c"):
        assert caller.get(device.database + path, **stolen).status_code == 401
    pushed = caller.client.post(f"{device.database}/_bulk_docs", json={"docs": []}, headers=stolen)
    assert (pushed.status_code, pushed.json()["reason"]) == (401, "grant_revoked")
    caller.register()  # the thief's own account
    adopting = caller.post("/api/grants/adopt", {"owner": device.owner}, **stolen)
    assert (adopting.status_code, adopting.json()["code"]) == (403, "grant_needed")
    triple = new_grant()[1] | {"owner": device.owner, "device": device.device}
    assert caller.post("/api/grants", triple).json()["code"] == "owner_known"
    assert caller.post("/api/grants/renew", triple).json()["code"] == "not_owner"


PREVIEWS = ["facebookexternalhit/1.1", "WhatsApp/2.24", "TelegramBot (like TwitterBot)", "ZaloPC"]


def test_a_link_preview_does_not_spend_an_invitation(caller: Browser) -> None:
    """The token stands behind `#`, which nobody sends; and no GET, HEAD or look uses it up."""
    link = caller.call(caller.parts.invitations.make, "clerk", "bn-08", None, "cli:test")
    page, _, token = link.partition("#")
    assert token and token not in page
    path = page.removeprefix(caller.parts.settings.origin)
    for agent in PREVIEWS:
        for method in ("GET", "HEAD", "OPTIONS"):
            for tried in (path, f"{path}?token={token}", f"/api/invitations/inspect?token={token}"):
                answer = caller.client.request(method, tried, headers={"user-agent": agent})
                assert answer.status_code in (404, 405)
                assert token not in answer.text
        looked = caller.post("/api/invitations/inspect", {"token": token})
        assert looked.json()["role"] == "clerk"
        begun = caller.post("/api/passkeys/registration", {"invitation": token})
        assert begun.status_code == 200
    assert caller.register(token).json()["role"] == "clerk"
    again = caller.post("/api/passkeys/registration", {"invitation": token})
    assert (again.status_code, again.json()["code"]) == (404, "invitation_over")
    looked = caller.post("/api/invitations/inspect", {"token": token})
    assert (looked.status_code, looked.json()["code"]) == (404, "invitation_over")


def decide(caller: Browser, paper: Paper, decision: dict[str, Any]) -> None:
    """By an officer of another browser; final afterwards."""
    caller.client.cookies.clear()
    caller.register(caller.invite("officer"))
    path = f"/api/desk/dossiers/{paper.dossier}"
    version = caller.get(path).json()["version"]
    answer = caller.post(f"{path}/decision", decision | {"version": version})
    assert answer.status_code == 202, answer.text
    caller.clock.forward(seconds=31)
    caller.work()


def test_who_helped_as_a_clerk_does_not_decide_as_an_officer(caller: Browser) -> None:
    """One person, two accounts, one browser."""
    clerk = caller.register(caller.invite("clerk", "bn-08")).json()["account"]
    helper = {"account": clerk, "point": "bn-08", "confirmation": "present"}
    _, paper = sent(caller, Said(helper=helper))
    caller.register(caller.invite("officer"))
    path = f"/api/desk/dossiers/{paper.dossier}"
    shown = caller.get(path).json()
    assert (shown["may_decide"], shown["why_not"], shown["outcomes"]) == (
        False,
        "helped_dossier",
        [],
    )
    wanted = {"outcome": "approve", "version": shown["version"]}
    for tried, body in (("decision", wanted), ("actions", {"action": "park"})):
        answer = caller.post(f"{path}/{tried}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "helped_dossier")
    assert caller.journal("decision_made") == []
    decide(caller, paper, {"outcome": "approve"})
    assert len(caller.journal("decision_made")) == 1


def test_a_public_server_starts_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DOIBANG_ORIGIN", "https://doibang.example")
    monkeypatch.setenv("DOIBANG_SANDBOX", "on")
    assert cli.main(["serve"]) == cli.CANNOT
    assert "DOIBANG_SANDBOX=on" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def only_json(answer: Any) -> None:
    """What a browser that opens this address would make of it: nothing."""
    assert answer.headers["content-type"] in ("application/json", "application/problem+json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_markup_stays_text_wherever_it_is_typed(caller: Browser) -> None:
    """Addresses, scanned codes, a clerk's own name, reasons: kept as they are, and answered as JSON
    only."""
    name = caller.call(caller.parts.invitations.make, "clerk", "bn-08", MARKUP, "cli:test")
    clerk = caller.register(name.partition("#")[2]).json()
    assert clerk["name"] == MARKUP
    helper = {"account": clerk["account"], "point": "bn-08", "confirmation": "present"}
    scanned = {"source": "other_qr", "text": MARKUP, "fields": {"full_name": MARKUP}}
    said = Said(helper=helper, readings=[scanned])
    device, paper = sent(caller, said, residence_line=MARKUP)
    own = caller.get("/api/session?role=clerk")
    listed = caller.get("/api/clerk/dossiers")
    decide(caller, paper, RETURN)
    shown = caller.get(f"/api/desk/dossiers/{paper.dossier}")
    found = caller.client.get("/api/desk/queue", params={"q": MARKUP})
    lost = caller.client.get(f"/api/desk/dossiers/{MARKUP}")
    wrong = caller.post("/api/session/<script>", {MARKUP: MARKUP})
    for answer in (own, listed, shown, found, lost, wrong):
        only_json(answer)
    assert own.json()["name"] == MARKUP
    assert listed.json()[0]["dossier"] == paper.dossier
    assert shown.json()["answers"]["residence_line"] == MARKUP
    assert scanned in shown.json()["readings"]
    told = status(caller, device, paper).sealed
    assert told and told["correction"]["items"][0]["text"] == MARKUP


def test_a_name_is_letters(caller: Browser) -> None:
    """Who is named on a list, a slip or a letter has no markup in the name."""
    device, paper = sent(caller, full_name=MARKUP)
    assert set(status(caller, device, paper).clear["refused"].values()) == {"bad_submission"}
    assert refusals(caller, paper.dossier) == ["bad_submission"]
    assert accepted(caller) == 0


def test_no_name_of_a_file_is_anybodys_words(caller: Browser) -> None:
    """The pack is named by the dossier's code, its photos by kind and random id."""
    _, paper = sent(caller, residence_line=MARKUP)
    caller.register(caller.invite("officer"))
    answer = caller.get(f"/api/desk/dossiers/{paper.dossier}/pack")
    said = answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "application/zip"
    assert said.startswith("attachment; filename*=UTF-8''")
    assert all(letter.isalnum() or letter in "-._%" for letter in said.partition("''")[2])
