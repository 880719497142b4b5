import io
import zipfile
from typing import Any

import pytest

from server.record import intakes, people
from server.record.intakes import Intake
from tests.server.surface import PICTURES, Browser

APPROVE: dict[str, Any] = {"outcome": "approve", "version": 3}
RETURN: dict[str, Any] = {
    "outcome": "return",
    "version": 3,
    "items": [{"target": "photo:licence_front", "reason": "blurred", "text": "mờ góc trái"}],
}


def officer(caller: Browser) -> str:
    return str(caller.register(caller.invite("officer")).json()["account"])


def at(dossier: str, rest: str = "") -> str:
    return f"/api/desk/dossiers/{dossier}{rest}"


def test_an_officer_sees_the_queue_and_opens_a_dossier(caller: Browser) -> None:
    device, paper = caller.file()
    account = officer(caller)
    queue = caller.get("/api/desk/queue").json()
    [item] = queue["items"]
    assert (item["dossier"], item["name"]) == (paper.dossier, "Nguyễn Thị Hoa")
    assert queue["counts"] == {"forwarded": 1}
    shown = caller.get(at(paper.dossier)).json()
    assert shown["answers"]["full_name"] == "Nguyễn Thị Hoa"
    assert (shown["may_decide"], shown["why_not"]) == (True, None)
    assert {photo["kind"] for photo in shown["photos"]} == {"licence_front", "portrait"}
    assert caller.get("/api/desk/queue?q=hoa").json()["items"]
    assert not caller.get("/api/desk/queue?q=minh").json()["items"]
    opened = [line for line in caller.journal("opened") if line["actor"] == f"officer:{account}"]
    assert [line["detail"]["purpose"] for line in opened] == ["desk"]
    assert opened[0]["dossier"] == paper.dossier
    assert device.owner not in str(shown["answers"])


def test_photos_are_pictures_that_nobody_keeps(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    for manifest, picture in zip(paper.photos, PICTURES, strict=True):
        answer = caller.get(at(paper.dossier, f"/photos/{manifest['id']}"))
        assert answer.content == picture.jpeg
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    assert caller.get(at(paper.dossier, f"/photos/{'0' * 32}")).status_code == 404
    assert caller.get(at(paper.dossier, "/photos/%2e%2e%00")).status_code in (400, 404)
    purposes = [line["detail"]["purpose"] for line in caller.journal("opened")]
    assert f"photo:{paper.photos[0]['id']}" in purposes


def test_a_decision_is_pending_for_30_seconds_then_final(caller: Browser) -> None:
    _, paper = caller.file()
    account = officer(caller)
    version = caller.get(at(paper.dossier)).json()["version"]
    decision = APPROVE | {"version": version}
    answer = caller.post(at(paper.dossier, "/decision"), decision)
    assert (answer.status_code, answer.json()) == (202, {"until": "2026-11-22T08:00:30.000Z"})
    pending = caller.get(at(paper.dossier)).json()["pending"]
    assert (pending["outcome"], pending["by"]) == ("approve", f"officer:{account}")
    twice = caller.post(at(paper.dossier, "/decision"), decision)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_decided")
    assert caller.delete(at(paper.dossier, "/decision")).status_code == 204
    assert caller.get(at(paper.dossier)).json()["pending"] is None
    assert caller.post(at(paper.dossier, "/decision"), decision).status_code == 202
    caller.clock.forward(seconds=31)
    caller.work()
    late = caller.delete(at(paper.dossier, "/decision"))
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    assert caller.get(at(paper.dossier)).json()["state"] in ("approved", "produced")
    again = caller.post(at(paper.dossier, "/decision"), decision)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_a_stale_view_decides_nothing(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    answer = caller.post(at(paper.dossier, "/decision"), APPROVE | {"version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_two_officers_do_not_decide_one_dossier(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    version = caller.get(at(paper.dossier)).json()["version"]
    assert caller.post(at(paper.dossier, "/decision"), RETURN | {"version": version}).is_success
    caller.client.cookies.clear()
    officer(caller)
    answer = caller.post(at(paper.dossier, "/decision"), APPROVE | {"version": version})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")
    answer = caller.delete(at(paper.dossier, "/decision"))
    assert (answer.status_code, answer.json()["code"]) == (403, "decision_of_other")


BAD_DECISIONS: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "burn"}, "outcome"),
    ({"outcome": None}, "outcome"),
    ({"version": "3"}, "version"),
    ({"version": True}, "version"),
    ({"version": 10**30}, "version"),
    ({"items": {}}, "items"),
    ({"items": [{}] * 41}, "items"),
    ({"items": [{"target": "photo:licence_front"}]}, "items.0.reason"),
    ({"items": [{"target": 3, "reason": "x"}]}, "items.0.target"),
    ({"items": [{"target": "x", "reason": "x", "html": ""}]}, "items.0.html"),
    ({"items": ["x"]}, "items.0"),
    ({"items": []}, "items"),
    ({"items": [{"target": "nothing", "reason": "x"}]}, "items.0.target"),
    ({"text": "x" * 2001}, "text"),
    ({"text": "a\u202eb"}, "text"),
    ({"outcome": "reject", "reason": "wrong_procedure"}, "law"),
    ({"by": "officer:1"}, "by"),
]


def test_bad_decisions_name_the_field(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    for change, field in BAD_DECISIONS:
        answer = caller.post(at(paper.dossier, "/decision"), RETURN | change)
        assert (answer.status_code, answer.json()["field"]) == (400, field), change
    assert caller.journal("decision_made") == []


def test_a_device_that_is_missed_is_listed(caller: Browser) -> None:
    _, grant = caller.enrol()
    seen = caller.clock.now
    owed = Intake("0" * 32, grant["owner"], "incomplete", "incomplete", seen)
    caller.parts.record.now(lambda conn: intakes.keep(conn, owed))
    caller.register(caller.invite("officer"))
    assert caller.get("/api/desk/devices").json() == {"days": 7, "devices": []}
    caller.clock.forward(days=8)
    caller.register(caller.invite("admin"))
    [missed] = caller.get("/api/desk/devices").json()["devices"]
    assert missed["device"] == grant["device"] and missed["incomplete"] == 1
    assert 'doibang_devices{state="silent"} 1' in caller.get("/metrics").text


def test_nobody_else_gets_to_the_desk(caller: Browser) -> None:
    _, paper = caller.file()
    photo = paper.photos[0]["id"]
    gets = ["/api/desk/queue", at(paper.dossier), at(paper.dossier, f"/photos/{photo}")]
    gets.append(at(paper.dossier, "/pack"))
    before = len(caller.journal("opened"))
    for invitation in (None, caller.invite("clerk", "bn-08"), caller.invite("admin")):
        caller.register(invitation)
        seen = caller.get("/api/desk/devices").status_code
        assert seen == (200 if caller.get("/api/session?role=admin").is_success else 401)
        for path in gets:
            answer = caller.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "sign_in"), path
        assert caller.post(at(paper.dossier, "/decision"), APPROVE).status_code == 401
        assert caller.delete(at(paper.dossier, "/decision")).status_code == 401
        assert caller.post(at(paper.dossier, "/actions"), {"action": "park"}).status_code == 401
    assert len(caller.journal("opened")) == before


def test_nobody_decides_what_they_own(caller: Browser) -> None:
    device, paper = caller.file()
    account = officer(caller)
    caller.parts.record.now(lambda conn: people.adopt(conn, device.owner, account))
    shown = caller.get(at(paper.dossier)).json()
    assert (shown["may_decide"], shown["why_not"]) == (False, "own_dossier")
    answer = caller.post(at(paper.dossier, "/decision"), APPROVE)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_dossier")


def test_unknown_dossiers_are_not_found(caller: Browser) -> None:
    officer(caller)
    ghost = "0" * 32
    assert caller.get(at(ghost)).status_code == 404
    assert caller.get(at(ghost, f"/photos/{ghost}")).status_code == 404
    assert caller.get(at(ghost, "/pack")).status_code == 404
    assert caller.post(at(ghost, "/decision"), APPROVE).status_code == 404
    assert caller.delete(at(ghost, "/decision")).status_code == 404
    assert caller.post(at(ghost, "/actions"), {"action": "park"}).status_code == 404
    for bad in ("x", "0" * 31, "A" * 32, "'; drop table dossiers"):
        assert caller.get(at(bad)).status_code in (400, 404)
        assert caller.post(at(bad, "/actions"), {"action": "park"}).status_code in (400, 404)


@pytest.mark.parametrize(
    "query",
    [
        f"q={'x' * 101}",
        "state=nowhere",
        f"cursor={'9' * 65}",
        "q=a%00b",
        "page=2",
        "q=%ff%fe",
    ],
)
def test_bad_queues(caller: Browser, query: str) -> None:
    officer(caller)
    assert caller.get(f"/api/desk/queue?{query}").status_code in (200, 400)
    if "%ff" not in query:
        assert caller.get(f"/api/desk/queue?{query}").status_code == 400


@pytest.mark.parametrize("cursor", ["x", ".", "9999-12-31", "'.'", "2026-01-01." + "f" * 32])
def test_made_up_cursors_are_harmless(caller: Browser, cursor: str) -> None:
    officer(caller)
    assert caller.get("/api/desk/queue", cookie="").status_code in (200, 401)
    assert caller.client.get("/api/desk/queue", params={"cursor": cursor}).status_code == 200


def test_parking_and_resuming(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    actions = at(paper.dossier, "/actions")
    assert caller.post(actions, {"action": "park"}).status_code == 204
    assert caller.get(at(paper.dossier)).json()["state"] == "parked"
    answer = caller.post(actions, {"action": "park"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible")
    assert caller.post(actions, {"action": "resume"}).status_code == 204
    assert caller.get(at(paper.dossier)).json()["state"] == "forwarded"
    assert caller.post(actions, {"action": "explode"}).status_code == 400


def test_the_pack_is_a_zip_with_sums(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    answer = caller.get(at(paper.dossier, "/pack"))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"dossier.json", "SHA256SUMS"} < set(archive.namelist())
    assert caller.journal("opened")[-1]["detail"]["purpose"] == "pack"


def test_what_was_altered_in_the_store_is_not_shown(caller: Browser) -> None:
    _, paper = caller.file()
    officer(caller)
    stored = caller.parts.settings.data
    photo = paper.photos[0]["id"]
    sealed = next(c.sealed for c in paper.chunks if c.id.split(":")[2] == photo)
    files = [p for p in stored.rglob("*") if p.is_file() and p.read_bytes() == sealed]
    assert files
    for file in files:
        file.chmod(0o600)
        file.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    answer = caller.get(at(paper.dossier, f"/photos/{photo}"))
    assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
    assert caller.get(at(paper.dossier)).status_code == 200
