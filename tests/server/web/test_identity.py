"""Linking an account to a proven identity: the way there and back, in whose browser, and once."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from server.record import people
from server.record.people import Account
from server.record.people_tables import identity_attempts, identity_links
from server.sandbox.switches import Switches
from server.sandbox.twins.identity import IdentityProvider
from tests.server.sandbox.served import served
from tests.server.surface import ANSWERS, START, Browser, build, serve

NUMBER = ANSWERS["identity_number"]
PAGE = "/thiet-bi/dinh-danh"
ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="module")
def switches() -> Switches:
    return Switches()


@pytest.fixture(scope="module")
def issuer(switches: Switches) -> Iterator[str]:
    twin = IdentityProvider(switches, lambda: START, ORIGIN, "doibang", "sandbox")
    with served(
        Starlette(routes=[Mount("/sandbox/twins/identity", routes=twin.routes())])
    ) as address:
        yield f"{address}/sandbox/twins/identity"


@pytest.fixture
def here(tmp_path: Path, issuer: str, switches: Switches) -> Iterator[Browser]:
    switches.set({"identity": "works"})
    with serve(build(tmp_path, oidc_issuer=issuer)) as caller:
        caller.register()
        yield caller


def begin(caller: Browser) -> str:
    answer = caller.post("/api/identity/begin", {})
    assert answer.status_code == 200, answer.text
    [cookie] = [c for c in answer.headers.get_list("set-cookie") if "identity" in c]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Max-Age=600" in cookie
    return str(answer.json()["url"])


def asked(issuer: str, url: str, choice: str = "agree", number: str = NUMBER) -> str:
    """The person chooses at the provider; the address that the browser is sent back to."""
    page = f"{issuer}/authorize?{urlsplit(url).query}"
    answer = httpx2.post(page, data={"number": number, "choice": choice}, trust_env=False)
    assert answer.status_code == 303
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == ORIGIN
    return f"{back.path}?{back.query}"


def back(caller: Browser, path: str) -> str:
    """Where the browser lands: a navigation from elsewhere brings no Strict cookie."""
    jar = caller.client.cookies
    name = caller.parts.sessions.cookie_name("applicant")
    session = jar.get(name)
    if session:
        jar.delete(name)
    answer = caller.client.get(path, follow_redirects=False)
    if session:
        jar.set(name, session, domain="localhost.local", path="/api")
    assert answer.status_code == 303
    return str(answer.headers["location"])


def finish(caller: Browser) -> tuple[int, Any]:
    answer = caller.post("/api/identity/finish", {})
    body = answer.json()
    return answer.status_code, body.get("code", body)


def link(caller: Browser, issuer: str, number: str = NUMBER) -> tuple[int, Any]:
    assert back(caller, asked(issuer, begin(caller), number=number)) == f"{PAGE}?xong"
    return finish(caller)


def rows(caller: Browser, table: Any) -> list[dict[str, Any]]:
    read = caller.parts.record.now(lambda conn: list(conn.execute(table.select()).mappings()))
    return [dict(row) for row in read]


def test_linking_and_unlinking(here: Browser, issuer: str) -> None:
    assert here.get("/api/identity").json() == {"offered": True, "linked_at": None}
    status, said = link(here, issuer)
    assert (status, said) == (200, {"offered": True, "linked_at": "2026-11-22T08:00:00.000Z"})
    assert here.get("/api/identity").json() == said
    assert here.client.cookies.get("doibang_identity") is None
    [kept] = rows(here, identity_links)
    assert NUMBER not in json.dumps(kept, default=str)
    assert rows(here, identity_attempts) == []
    assert link(here, issuer)[0] == 200  # once more is no conflict
    assert here.delete("/api/identity").status_code == 204
    assert here.delete("/api/identity").status_code == 204
    assert here.get("/api/identity").json()["linked_at"] is None
    assert len(here.journal("identity_linked")) == 2
    [line] = here.journal("identity_unlinked")
    assert line["actor"].startswith("applicant:")
    assert NUMBER not in json.dumps(here.journal("identity_linked"), default=str)


def test_one_person_one_account(here: Browser, issuer: str) -> None:
    assert link(here, issuer)[0] == 200
    assert link(here, issuer, "027180009999") == (409, "another_linked")
    here.client.cookies.clear()
    here.register()
    assert link(here, issuer) == (409, "linked_elsewhere")
    assert here.get("/api/identity").json()["linked_at"] is None


def test_who_says_no_links_nothing(here: Browser, issuer: str) -> None:
    assert back(here, asked(issuer, begin(here), "refuse")) == f"{PAGE}?tu-choi"
    assert finish(here) == (404, "attempt_over")
    assert rows(here, identity_attempts) == []


def test_an_attempt_lives_ten_minutes(here: Browser, issuer: str) -> None:
    path = asked(issuer, begin(here))
    here.clock.forward(minutes=10)
    assert back(here, path) == f"{PAGE}?qua-han"
    path = asked(issuer, begin(here))
    assert back(here, path) == f"{PAGE}?xong"
    here.clock.forward(minutes=10)
    assert finish(here) == (404, "attempt_over")
    begin(here)
    assert len(rows(here, identity_attempts)) == 1  # those that are over are gone


def test_an_answer_is_taken_once(here: Browser, issuer: str) -> None:
    path = asked(issuer, begin(here))
    assert back(here, path) == f"{PAGE}?xong"
    assert back(here, path) == f"{PAGE}?qua-han"
    cookie = here.client.cookies.get("doibang_identity")
    assert finish(here)[0] == 200
    here.client.cookies.set("doibang_identity", str(cookie), domain="localhost.local", path="/api")
    assert back(here, path) == f"{PAGE}?qua-han"
    assert finish(here) == (404, "attempt_over")


def test_another_browser_or_account_cannot_go_on(here: Browser, issuer: str) -> None:
    path = asked(issuer, begin(here))
    jar = here.client.cookies
    mine = str(jar.get("doibang_identity"))
    for theirs in (None, "A" * 43, "x", mine[::-1]):
        jar.delete("doibang_identity") if jar.get("doibang_identity") else None
        if theirs:
            jar.set("doibang_identity", theirs, domain="localhost.local", path="/api/identity")
        assert back(here, path) == f"{PAGE}?qua-han"
    jar.clear()
    here.register()
    jar.set("doibang_identity", mine, domain="localhost.local", path="/api/identity")
    assert back(here, path) == f"{PAGE}?xong"  # the right browser, and yet:
    assert finish(here) == (404, "attempt_over")
    assert rows(here, identity_links) == []


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied", "?code=" + "é"])
def test_odd_ways_back_end_at_the_page(here: Browser, query: str) -> None:
    begin(here)
    assert back(here, f"/api/identity/callback{query}") == f"{PAGE}?qua-han"
    assert len(rows(here, identity_attempts)) == 1


def test_a_code_that_is_too_long_is_not_kept(here: Browser) -> None:
    state = dict(part.split("=") for part in urlsplit(begin(here)).query.split("&"))["state"]
    path = f"/api/identity/callback?{urlencode({'state': state, 'code': 'x' * 2049})}"
    assert back(here, path) == f"{PAGE}?tu-choi"


def test_a_provider_in_trouble_is_said_and_nothing_is_linked(
    here: Browser, issuer: str, switches: Switches
) -> None:
    for trouble in ("forged", "cut"):
        path = asked(issuer, begin(here))
        switches.set({"identity": trouble})
        assert back(here, path) == f"{PAGE}?xong"
        assert finish(here) == (503, "unavailable")
        assert finish(here) == (404, "attempt_over")
        switches.set({"identity": "works"})
    made_up = asked(issuer, begin(here)).replace("code=", "code=x")
    assert back(here, made_up) == f"{PAGE}?xong"
    assert finish(here) == (403, "identity_refused")
    assert rows(here, identity_links) == []


def test_without_an_issuer_nothing_is_offered(tmp_path: Path) -> None:
    with serve(build(tmp_path, sandbox=False, oidc_issuer="")) as caller:
        caller.register()
        assert caller.get("/api/identity").json() == {"offered": False, "linked_at": None}
        answer = caller.post("/api/identity/begin", {})
        assert (answer.status_code, answer.json()["code"]) == (404, "identity_off")


def test_other_sites_begin_and_finish_nothing(here: Browser) -> None:
    for path in ("begin", "finish"):
        answer = here.post(f"/api/identity/{path}", {}, origin="https://other.example")
        assert (answer.status_code, answer.json()["code"]) == (403, "other_origin")


def test_on_https_the_cookie_is_bound_to_the_host(tmp_path: Path, issuer: str) -> None:
    with serve(build(tmp_path, oidc_issuer=issuer, origin="https://doibang.example")) as caller:
        parts, account = caller.parts, Account("a" * 32, "applicant", None, None)

        def enter(conn: Any) -> str:
            people.create_account(conn, account, START)
            return parts.sessions.start(conn, account)[0]

        session = f"__Host-doibang_applicant={parts.record.now(enter)}"
        answer = caller.post("/api/identity/begin", {}, cookie=session)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-doibang_identity=")
        assert all(part in cookie for part in ("; Secure", "; Path=/;", "; HttpOnly"))


def test_the_link_is_in_the_export_of_one_s_data(here: Browser, issuer: str) -> None:
    link(here, issuer)
    device, paper = here.file()
    account = here.get("/api/session?role=applicant").json()["account"]
    assert here.parts.record.now(lambda conn: people.adopt(conn, device.owner, account))
    answer = here.get(f"/api/dossiers/{paper.dossier}/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["identity"] == {"issuer": issuer, "linked_at": "2026-11-22T08:00:00.000Z"}
