from pathlib import Path

import pytest

from tests.server.authenticator import Passkey
from tests.server.surface import Browser, build, serve


def cookies(answer: object) -> list[str]:
    return answer.headers.get_list("set-cookie")  # type: ignore[attr-defined, no-any-return]


def test_cookies_are_strict_and_out_of_scripts_reach(caller: Browser) -> None:
    [cookie] = cookies(caller.register())
    name, _, rest = cookie.partition("=")
    token, *flags = rest.split("; ")
    assert name == "doibang_applicant"
    assert len(token) == 43
    assert set(flags) == {"HttpOnly", "SameSite=Strict", "Path=/api", "Max-Age=5184000"}
    [staff] = cookies(caller.register(caller.invite("officer")))
    assert "Max-Age" not in staff  # ends with the browser


def test_cookies_on_https_are_bound_to_the_host(tmp_path: Path) -> None:
    parts = build(tmp_path, origin="https://doibang.example", sandbox=False)
    with serve(parts) as caller:
        passkey = Passkey(origin="https://doibang.example", rp_id="doibang.example")
        answer = caller.register(passkey=passkey)
        [cookie] = cookies(answer)
        assert cookie.startswith("__Host-doibang_applicant=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert caller.get("/api/session?role=applicant").status_code == 200
        assert answer.headers["strict-transport-security"]


def test_tokens_are_not_in_the_record(caller: Browser) -> None:
    [cookie] = cookies(caller.register())
    token = cookie.partition("=")[2].partition(";")[0]
    folder = caller.parts.settings.data
    stored = b"".join(path.read_bytes() for path in folder.glob("record.sqlite*"))
    assert token.encode() not in stored


def test_several_roles_side_by_side_end_one_by_one(caller: Browser) -> None:
    caller.register(caller.invite("clerk", "bn-08"))
    caller.register(caller.invite("officer"))
    for role in ("clerk", "officer"):
        assert caller.get(f"/api/session?role={role}").json()["role"] == role
    answer = caller.delete("/api/session?role=clerk")
    assert answer.status_code == 204
    assert "Max-Age=0" in cookies(answer)[0]
    assert caller.get("/api/session?role=clerk").status_code == 401
    assert caller.get("/api/session?role=officer").status_code == 200
    assert caller.delete("/api/session?role=clerk").status_code == 204


def test_a_signed_out_token_is_dead_wherever_it_was_copied(caller: Browser) -> None:
    caller.register()
    copied = dict(caller.client.cookies)
    caller.delete("/api/session?role=applicant")
    caller.client.cookies.update(copied)
    assert caller.get("/api/session?role=applicant").status_code == 401


def test_one_roles_token_is_no_other_roles(caller: Browser) -> None:
    caller.register()
    token = caller.client.cookies["doibang_applicant"]
    caller.client.cookies.clear()
    caller.client.cookies.set("doibang_officer", token)
    assert caller.get("/api/session?role=officer").status_code == 401


def test_idle_and_absolute_expiry(caller: Browser) -> None:
    clock = caller.clock
    caller.register(caller.invite("officer"))
    clock.forward(minutes=59)
    left = caller.get("/api/session?role=officer").json()["expires_at"]
    assert left == "2026-11-22T09:59:00.000Z"
    clock.forward(minutes=60)
    assert caller.get("/api/session?role=officer").status_code == 401
    caller.register(caller.invite("officer"))
    for _ in range(23):
        clock.forward(minutes=30)
        assert caller.get("/api/session?role=officer").status_code == 200
    clock.forward(minutes=30)
    assert caller.get("/api/session?role=officer").status_code == 401


@pytest.mark.parametrize("query", ["", "?role=", "?role=system", "?role=officer&x=1"])
def test_bad_roles(caller: Browser, query: str) -> None:
    assert caller.get(f"/api/session{query}").status_code == 400
    assert caller.delete(f"/api/session{query}").status_code == 400


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "%00", "=;,"])
def test_nonsense_cookies_are_no_session(caller: Browser, token: str) -> None:
    answer = caller.get("/api/session?role=officer", cookie=f"doibang_officer={token}")
    assert answer.status_code == 401


def demo_token(caller: Browser, role: str = "officer", point: str | None = None) -> str:
    link = caller.call(caller.parts.demo.link, role, "Cán bộ dùng thử", point)
    origin, _, token = str(link).partition("/demo#")
    assert origin == caller.parts.settings.origin
    return token


def test_demo_links_open_once_and_the_same_account(caller: Browser) -> None:
    accounts = []
    for _ in range(2):
        token = demo_token(caller)
        answer = caller.post("/api/demo", {"token": token})
        assert (answer.status_code, answer.json()["role"]) == (200, "officer")
        accounts.append(answer.json()["account"])
        again = caller.post("/api/demo", {"token": token})
        assert (again.status_code, again.json()["code"]) == (404, "demo_over")
    assert accounts[0] == accounts[1]
    clerk = caller.post("/api/demo", {"token": demo_token(caller, "clerk", "bn-08")})
    assert clerk.json()["point"]["id"] == "bn-08"
    assert caller.get("/api/session?role=officer").status_code == 200


def test_a_demo_link_is_no_invitation(caller: Browser) -> None:
    token = demo_token(caller)
    answer = caller.post("/api/passkeys/registration", {"invitation": token})
    assert answer.json()["code"] == "invitation_over"
    assert caller.post("/api/demo", {"token": caller.invite("officer")}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"sandbox": False}, {"origin": "https://doibang.example"}],
    ids=["no sandbox", "public origin"],
)
def test_demo_is_shut_where_it_is_not_a_trial(tmp_path: Path, changes: dict[str, object]) -> None:
    trial = build(tmp_path)
    with serve(trial) as caller:
        token = demo_token(caller)
    with serve(build(tmp_path, **changes)) as caller:
        assert caller.post("/api/demo", {"token": token}).status_code == 404
        with pytest.raises(Exception, match="demo_over"):
            demo_token(caller)


def test_guessing_demo_links_is_limited(caller: Browser) -> None:
    def guess() -> int:
        return int(caller.post("/api/demo", {"token": "A" * 43}).status_code)

    assert {guess() for _ in range(60)} == {404}
    assert guess() == 429


def test_signing_in_again_ends_the_session_before(caller: Browser) -> None:
    passkey = Passkey()
    caller.register(passkey=passkey)
    before = f"doibang_applicant={caller.client.cookies['doibang_applicant']}"
    caller.register(caller.invite("clerk", "bn-08"))
    clerk = f"doibang_clerk={caller.client.cookies['doibang_clerk']}"
    assert caller.sign_in("applicant", passkey).status_code == 200
    caller.client.cookies.clear()
    assert caller.get("/api/session?role=applicant", cookie=before).status_code == 401
    assert caller.get("/api/session?role=clerk", cookie=clerk).status_code == 200
