"""Who gets what from /api: every route, for every caller, in every state (api.txt)."""

from __future__ import annotations

from typing import Any

import pytest

from server.web.routes import api_routes
from tests.server.access.asked import asked
from tests.server.access.tables import Row, Table
from tests.server.access.world import BROWSERS, World

API = Table.read("api.txt")
JOURNALLED = {"/api/clerk/recoveries"}
"""Whoever asks in vain leaves a line."""
USUAL = {401: "sign_in", 404: "not_found"}


def said(answer: Any) -> str:
    """The status, with the code of a refusal where it is not the usual one."""
    if answer.status_code < 400:
        return str(answer.status_code)
    assert answer.headers["content-type"] == "application/problem+json"
    code = answer.json()["code"]
    usual = USUAL.get(answer.status_code) == code
    return str(answer.status_code) if usual else f"{answer.status_code}:{code}"


def test_every_route_has_its_rows(world: World) -> None:
    """A new route or method fails here until somebody wrote down who may use it."""
    exist = {
        f"{method} {route.path}"
        for route in api_routes(world.caller.parts)
        for method in route.methods or ()
        if method != "HEAD"
    }
    listed = {f"{row.left[0]} {row.left[1]}" for row in API.rows}
    assert exist - listed == set(), "routes without a row in api.txt"
    assert listed - exist == set(), "rows of api.txt without a route"
    assert API.columns == tuple(BROWSERS)


@pytest.mark.parametrize("row", API.rows, ids=lambda row: " ".join(row.left))
def test_who_gets_what(world: World, row: Row) -> None:
    method, route, state = row.left
    found = {}
    world.forget_attempts()
    for browser in BROWSERS:
        wanted = asked(world, method, route, state)
        headers = wanted.headers | world.sign_in(browser)
        before = world.lines()
        answer = world.ask(method, wanted.path, headers, wanted.body)
        found[browser] = said(answer)
        if answer.status_code in (401, 403, 404):
            if route not in JOURNALLED:
                assert world.lines() == before, f"{browser} is refused and yet it did something"
            names_nobody(world, answer.text)
        if method == "DELETE" and route in ("/api/session", "/api/grants/{grant}"):
            world.signed_out()  # ending a device ends its account's sessions elsewhere
        if method == "GET":
            head = world.ask("HEAD", wanted.path, headers)
            assert (head.status_code, head.content) == (answer.status_code, b"")
    assert found == row.answers


def names_nobody(world: World, text: str) -> None:
    """A refusal tells nothing of any dossier."""
    for filed in world.filed.values():
        for secret in (filed.owner, filed.slip, filed.photo, "Hoa", "027180001234"):
            if secret not in ("0" * 32, "22222222"):
                assert secret not in text


def test_signing_out_ends_the_session_of_that_role_only(world: World) -> None:
    both = world.sign_in("helped")
    assert world.ask("DELETE", "/api/session?role=officer", both).status_code == 204
    world.signed_out()
    assert world.ask("GET", "/api/desk/queue", both).status_code == 401
    assert world.ask("GET", "/api/clerk/dossiers", both).status_code == 200


LISTS = Table.read("lists.txt")


@pytest.mark.parametrize("row", LISTS.rows, ids=lambda row: row.left[0])
def test_what_a_list_names(world: World, row: Row) -> None:
    """Only dossiers of the table's states, and to each caller only theirs (lists.txt)."""
    [route] = row.left
    for browser, states in row.answers.items():
        answer = world.ask("GET", route, world.sign_in(browser))
        named = [state for state, filed in world.filed.items() if filed.dossier in answer.text]
        assert sorted(named) == sorted(() if states == "none" else states.split(",")), browser
