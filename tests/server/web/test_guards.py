import itertools
import json
import logging
import re
from typing import Any

import pytest

from server.web.guards import SIGNED
from server.web.routes import api_routes
from tests.server.surface import Browser, bearer, new_grant

SIGN_IN_FIRST = ("/desk/", "/dossiers/", "/clerk/", "/queue/", "/identity/", "/grants/renew")


def unsafe(caller: Browser) -> list[tuple[str, str]]:
    return [
        (method, route.path.replace("{rest:path}", "x"))
        for route in api_routes(caller.parts)
        for method in sorted(route.methods or ())
        if method not in ("GET", "HEAD", "OPTIONS") and route.path not in SIGNED
    ]


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost:8001"])
def test_no_unsafe_request_from_another_page_gets_in(caller: Browser, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    routes = unsafe(caller)
    assert len(routes) > 12
    for method, path in routes:
        answer = caller.client.request(method, path, json={}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "other_origin"), path


def test_every_answer_carries_the_security_headers(caller: Browser) -> None:
    for path in ("/api/keys", "/api/nothing", "/db/drafts-x", "/healthz", "/nowhere"):
        headers = caller.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self' 'wasm-unsafe-eval'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "'unsafe-eval'" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=(self)" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", "application/json", 400, "not_json"),
        (b"{", "application/json", 400, "not_json"),
        (b"\xff\xfe{}", "application/json", 400, "not_json"),
        (b'{"owner": "\xc3\x28"}', "application/json", 400, "not_json"),
        (b"[" * 50_000, "application/json", 400, "not_json"),
        (b"[]", "application/json", 400, "not_an_object"),
        (b"null", "application/json", 400, "not_an_object"),
        (b"{}", "text/plain", 415, "not_json_type"),
        (b"owner=1", "application/x-www-form-urlencoded", 415, "not_json_type"),
        (b'{"a":"' + b"x" * 65_536 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_hostile_bodies_everywhere(
    caller: Browser, content: bytes, kind: str, status: int, code: str
) -> None:
    headers = {"origin": caller.parts.settings.origin, "content-type": kind}
    for method, path in unsafe(caller):
        if method != "POST":
            continue
        answer = caller.client.request(method, path, content=content, headers=headers)
        if path == "/api/x":
            assert answer.status_code in (404, status)
            continue
        if any(part in path for part in SIGN_IN_FIRST):
            assert answer.status_code in (401, status), path
            continue
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


def test_a_body_without_a_length_is_counted(caller: Browser) -> None:
    def pieces() -> object:
        for _ in range(100):
            yield b"x" * 1024

    headers = {"origin": caller.parts.settings.origin, "content-type": "application/json"}
    answer = caller.client.post("/api/grants", content=pieces(), headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_unknown_addresses_and_methods_are_problems(caller: Browser) -> None:
    gone = caller.get("/api/nothing/here")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    wrong = caller.post("/api/keys", {})
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD"


def test_an_unexpected_error_tells_nobody_anything(
    caller: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("NGUYỄN THỊ MINH 027080000123")

    monkeypatch.setattr(caller.parts.keys, "public_keys", broken)
    with caplog.at_level(logging.DEBUG):
        answer = caller.get("/api/keys")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "Traceback" not in answer.text
    assert "RuntimeError" in caplog.text
    assert "test_guards.py" in caplog.text
    for text in (answer.text, caplog.text):
        assert "MINH" not in text
        assert "0270" not in text


def test_the_log_has_paths_only(caller: Browser, caplog: pytest.LogCaptureFixture) -> None:
    secret, asked = new_grant()
    with caplog.at_level(logging.INFO, "doibang.http"):
        caller.post("/api/grants", asked, **bearer(secret))
        caller.get("/api/session?role=NGUYEN&token=abc")
        caller.get("/api/a%0aINJECTED%20b")
    lines = [record.getMessage() for record in caplog.records if record.name == "doibang.http"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "POST /api/grants 201",
        "GET /api/session 400",
        "GET /api/a%0AINJECTED%20b 404",
    ]
    for text in ("NGUYEN", "abc", secret, asked["hash"]):
        assert text not in caplog.text


def test_health(caller: Browser) -> None:
    assert caller.get("/healthz").json() == {"ok": True}
    assert caller.get("/readyz").json() == {"record": True, "documents": True, "keys": True}
    text = caller.get("/metrics").text
    assert 'doibang_http_requests_total{method="GET",status="200"} 2' in text
    assert 'doibang_jobs{state="parked"} 0' in text


def test_readiness_names_what_does_not_answer(caller: Browser) -> None:
    caller.call(caller.parts.documents.close)
    answer = caller.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"record": True, "documents": False, "keys": True}


def test_keys_are_listed_for_everyone(caller: Browser) -> None:
    [key] = caller.get("/api/keys").json()["keys"]
    assert key.keys() == {"kid", "public", "not_after"}
    caller.clock.forward(seconds=1)
    kid = caller.parts.keys.rotate().kid
    assert [k["kid"] for k in caller.get("/api/keys").json()["keys"]] == [kid, key["kid"]]


VALUES: list[Any] = [
    None,
    True,
    -1,
    1.5,
    10**40,
    "",
    "x" * 5000,
    "\u0000",
    "\ud800",
    "<script>alert(1)</script>",
    "'; DROP TABLE grants; --",
    "0" * 32,
    "A" * 43,
    [],
    [[]],
    {},
    {"a": {"b": [None]}},
]
NAMES = [
    "owner",
    "device",
    "hash",
    "role",
    "invitation",
    "name",
    "ceremony",
    "credential",
    "assertion",
    "token",
    "slip",
    "date_of_birth",
    "outcome",
    "version",
    "items",
    "reason",
    "law",
    "text",
    "action",
]
PLACES = ["0" * 32, "x", "%00", "%ff", "..%2f..", "%F0%9F%92%A9", "a" * 3000]


def test_nothing_that_is_sent_makes_the_server_fail(caller: Browser) -> None:
    for invitation in (None, caller.invite("clerk", "bn-08"), caller.invite("officer")):
        caller.register(invitation)
    headers = {
        "origin": caller.parts.settings.origin,
        "content-type": "application/json",
        "authorization": "Bearer x",
    }
    bodies = [json.dumps(dict.fromkeys(NAMES, value)) for value in VALUES]
    bodies += [json.dumps({name: value}) for name in NAMES for value in VALUES[::6]]
    tried = 0
    for route in api_routes(caller.parts):
        paths = {re.sub(r"\{[^}]*\}", place, route.path) for place in PLACES}
        for method in sorted(route.methods or ()):
            contents = bodies if method == "POST" else [""] * len(paths)
            for path, content in zip(itertools.cycle(sorted(paths)), contents, strict=False):
                answer = caller.client.request(method, path, content=content, headers=headers)
                if method == "DELETE" and path == "/api/session":
                    continue
                assert answer.status_code < 500, (method, path, content)
                tried += 1
    assert tried > 700


@pytest.mark.parametrize("query", ["%00", "q=%00", "role=%ff", "q=" + "a" * 4000, "state=\u202e"])
def test_nothing_in_a_query_makes_the_server_fail(caller: Browser, query: str) -> None:
    caller.register(caller.invite("officer"))
    for path in ("/api/desk/queue", "/api/session", "/api/grants", "/api/keys", "/metrics"):
        assert caller.get(f"{path}?{query}").status_code < 500
