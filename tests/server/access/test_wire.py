"""Who gets what from /db: every path and method of the wire, for every holder (wire.txt)."""

from __future__ import annotations

from typing import Any

import pytest

from sync import wire
from tests.server.access.holders import (
    KEY,
    SEALED,
    TABLES,
    Holder,
    Place,
    holders,
    others,
    place,
    wire_routes,
)
from tests.server.access.tables import Row, Table
from tests.server.access.world import World

WIRE = Table.read("wire.txt")
DRAFT = {"schema": "draft/1", "key": KEY, "sealed": SEALED, "_rev": "1-a"}
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/db/{db}/{doc}"): DRAFT,
    ("POST", "/db/{db}"): {"_id": "x"},
    ("POST", "/db/{db}/_bulk_docs"): {"docs": []},
    ("POST", "/db/{db}/_bulk_get"): {"docs": []},
    ("POST", "/db/{db}/_all_docs"): {"keys": []},
    ("POST", "/db/{db}/_design_docs"): {"keys": []},
    ("PUT", "/db/{db}/_local/here"): {"seq": "1", "_rev": "0-1"},
    ("PUT", "/db/{db}/_revs_limit"): 5,
}
QUERIES = {
    ("DELETE", "/db/{db}/{doc}"): "?rev=1-a",
    ("DELETE", "/db/{db}/{chunk}/c"): "?rev=1-b",
    ("PUT", "/db/{db}/{chunk}/c"): "?rev=1-b",
    ("DELETE", "/db/{db}/_local/here"): "?rev=0-1",
}


@pytest.fixture(scope="session")
def known(world: World) -> dict[str, Place]:
    return others(world)


def said(answer: Any) -> str:
    """The status, with the reason of a refusal that a device acts on."""
    if answer.status_code in (401, 403) and answer.content:
        return f"{answer.status_code}:{answer.json()['reason']}"
    return str(answer.status_code)


def asked(world: World, holder: Holder, own: Place, method: str, route: str) -> Any:
    path = route.replace("{db}", holder.db).replace("{doc}", own.draft)
    path = path.replace("{chunk}", own.chunk) + QUERIES.get((method, route), "")
    body = BODIES.get((method, route), {} if method in ("POST", "PUT") else None)
    headers = holder.headers | ({"destination": "copy"} if method == "COPY" else {})
    return world.ask(method, path, headers, body)


def test_every_path_has_its_row() -> None:
    exist = {(method, path) for method, path in wire_routes() if method != "HEAD"}
    listed = {row.left for row in WIRE.rows}
    assert exist - listed == set(), "paths without a row in wire.txt"
    assert listed - exist == set(), "rows of wire.txt without a path"
    reads = {path for method, path in wire_routes() if method == "GET"}
    assert {path for method, path in wire_routes() if method == "HEAD"} <= reads
    named = {name for name in vars(wire) if name.isupper()}
    known = {*TABLES, "SPECIAL", "SERVER", "UNSUPPORTED", "UNSUPPORTED_SERVER"}
    assert named == known | {"PUSHES", "NO_DATABASE"}, "a table of the wire that nobody reads here"


@pytest.mark.parametrize("row", WIRE.rows, ids=lambda row: " ".join(row.left))
def test_who_gets_what(world: World, known: dict[str, Place], row: Row) -> None:
    method, route = row.left
    own = place(world)
    heads = ("HEAD", route) in wire_routes() and method == "GET"
    found, seen = {}, {}
    for name, holder in holders(world, own, known).items():
        answer = asked(world, holder, own, method, route)
        found[name] = said(answer)
        seen[name] = answer.status_code, dict(answer.headers), answer.content
        if heads:
            head = asked(world, holder, own, "HEAD", route)
            assert (head.status_code, head.content) == (answer.status_code, b""), name
    assert found == row.answers
    if "{db}" in route:
        assert seen["foreign"] == seen["absent"], "another's database differs from none"
