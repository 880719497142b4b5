"""Every recorded request, replayed against `python -m sync serve`: the same answers, less what
`differences` lists with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.sync.conformance.compare import Mismatch, mismatch
from tests.sync.conformance.differences import DIFFERENCES
from tests.sync.conformance.play import Answer, client, play
from tests.sync.conformance.scenarios import FIXTURES, GROUPS
from tests.sync.conftest import Served

SCENARIOS = [(group, title) for group, found in GROUPS.items() for title in found]
Found = list[tuple[str, Answer, Answer, Mismatch]]
"""`group: METHOD path`, the recorded answer, ours, what of ours differs."""


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Found]]:
    served = Served(tmp_path_factory.mktemp("conformance"))
    found: dict[tuple[str, str], Found] = {}
    try:
        with client(served.url_with_user) as http:
            for group, title in SCENARIOS:
                found[group, title] = [
                    (f"{group}: {request.title}", theirs, ours, mismatch(theirs, ours))
                    for request, theirs, ours in zip(
                        GROUPS[group][title],
                        recorded(group, title),
                        play(http, GROUPS[group][title]),
                        strict=True,
                    )
                ]
        yield found
    finally:
        served.stop()


def recorded(group: str, title: str) -> list[Answer]:
    lines = json.loads((FIXTURES / f"{group}.json").read_text("utf-8"))[title]
    asked = [request.title for request in GROUPS[group][title]]
    assert [line[0] for line in lines] == asked, "record again"
    return [line[1] for line in lines]


def declared(request: str, differs: Mismatch) -> list[int]:
    """The rows of `DIFFERENCES` that say together what differs; none where they do not."""
    rows = [
        (number, said)
        for number, (pattern, said, _) in enumerate(DIFFERENCES)
        if re.search(pattern, request)
    ]
    left = dict(differs)
    used = []
    for number, said in rows:
        if all(name in left and value in (..., left[name]) for name, value in said.items()):
            used.append(number)
            for name in said:
                del left[name]
    return [] if left else used


@pytest.mark.parametrize(("group", "title"), SCENARIOS)
def test_as_couchdb(group: str, title: str, replayed: dict[tuple[str, str], Found]) -> None:
    wrong = [
        f"{request}\n  theirs {theirs}\n  ours   {ours}\n  differs {differs}"
        for request, theirs, ours, differs in replayed[group, title]
        if differs and not declared(request, differs)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_declared_difference_is_one(replayed: dict[tuple[str, str], Found]) -> None:
    seen = {
        number
        for found in replayed.values()
        for request, _, _, differs in found
        for number in declared(request, differs)
    }
    unseen = [DIFFERENCES[number] for number in range(len(DIFFERENCES)) if number not in seen]
    assert not unseen


def test_the_fixtures_are_of_couchdb_3_4() -> None:
    assert {json.loads(path.read_text("utf-8"))["couchdb"] for path in FIXTURES.iterdir()} == {
        "3.4.3"
    }
    assert {path.stem for path in FIXTURES.iterdir()} == set(GROUPS)
    assert sum(len(each) for found in GROUPS.values() for each in found.values()) > 700


def test_a_mismatch_is_seen() -> None:
    theirs: Answer = {"status": 200, "headers": {"etag": "a"}, "body": {"x": 1}}
    assert mismatch(theirs, theirs) == {}
    ours: Answer = {"status": 201, "headers": {}, "body": {"x": 1, "y": None}}
    assert mismatch(theirs, ours) == {"status": 201, "headers.etag": None, "body.y": None}
    assert mismatch(theirs, theirs | {"body": [1]}) == {"body": [1]}
