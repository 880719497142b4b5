"""Who may unseal what, and that every unsealing leaves a line."""

from dataclasses import replace
from typing import Any

import pytest

from server.auth.access import Actor, may_open, stage, why_not_decide
from server.errors import Forbidden, NotFound, Unreadable
from server.record import dossiers, people
from server.record.openings import SealedDossier
from tests.server.surface import PICTURES, Browser

MINE = SealedDossier("d", "o", "adopter", "helper", "bn-08", "s", "x", "k")


@pytest.mark.parametrize(
    ("actor", "opens", "why_not"),
    [
        (Actor("officer", "anyone"), True, None),
        (Actor("officer", "adopter"), True, "own_dossier"),
        (Actor("officer", "helper"), True, "helped_dossier"),
        (Actor("officer", "anyone", also=frozenset({"adopter"})), True, "own_dossier"),
        (Actor("officer", "anyone", also=frozenset({"x", "helper"})), True, "helped_dossier"),
        (Actor("applicant", "anyone", also=frozenset({"adopter"})), False, "not_an_officer"),
        (Actor("applicant", "adopter"), True, "not_an_officer"),
        (Actor("applicant", "anyone"), False, "not_an_officer"),
        (Actor("applicant", "helper"), False, "not_an_officer"),
        (Actor("clerk", "helper"), True, "not_an_officer"),
        (Actor("clerk", "anyone", "bn-08"), False, "not_an_officer"),
        (Actor("admin", "anyone"), False, "not_an_officer"),
        (stage("validate"), True, "not_an_officer"),
    ],
)
def test_the_table_of_roles(actor: Actor, opens: bool, why_not: str | None) -> None:
    assert may_open(actor, MINE) is opens
    assert why_not_decide(actor, MINE) == why_not


def test_nobody_without_an_account_owns_what_nobody_adopted() -> None:
    unowned = replace(MINE, account=None, helper=None)
    assert not may_open(Actor("applicant", ""), unowned)
    assert not may_open(Actor("clerk", "x"), unowned)


def test_opening_is_journalled_with_actor_and_purpose(caller: Browser) -> None:
    _, paper = caller.file()
    opened = caller.call(caller.parts.vaulted.open, paper.dossier, stage("test"), "looking")
    assert opened.answers["full_name"] == "Nguyễn Thị Hoa"
    assert caller.call(opened.photo, paper.photos[0]["id"]) == PICTURES[0].jpeg
    line = caller.journal("opened")[-1]
    assert (line["actor"], line["dossier"]) == ("system:test", paper.dossier)
    assert line["detail"] == {"purpose": "looking", "submission": paper.submission["_id"]}
    assert "Hoa" not in repr(opened)


def test_what_may_not_be_opened_is_not_there_and_leaves_no_line(caller: Browser) -> None:
    _, paper = caller.file()
    before = len(caller.journal("opened"))
    vaulted = caller.parts.vaulted
    for dossier, actor in (
        (paper.dossier, Actor("applicant", "0" * 32)),
        (paper.dossier, Actor("clerk", "0" * 32)),
        ("0" * 32, stage("test")),
    ):
        with pytest.raises(NotFound):
            caller.call(vaulted.open, dossier, actor, "looking")
    assert len(caller.journal("opened")) == before
    with pytest.raises(Forbidden, match="not_an_officer"):
        caller.call(vaulted.may_decide, paper.dossier, Actor("clerk", "x"))


def test_an_adopter_opens_their_own(caller: Browser) -> None:
    device, paper = caller.file()
    account = caller.register().json()["account"]
    caller.parts.record.now(lambda conn: people.adopt(conn, device.owner, account))
    actor = Actor("applicant", account)
    assert caller.call(caller.parts.vaulted.open, paper.dossier, actor, "reading").answers


def test_without_its_key_a_dossier_is_gone(caller: Browser) -> None:
    _, paper = caller.file()

    def forget(conn: Any) -> None:
        dossiers.change(conn, caller.clock(), dossiers.load(conn, paper.dossier), wrapped_key=None)

    caller.parts.record.now(forget)
    with pytest.raises(NotFound):
        caller.call(caller.parts.vaulted.open, paper.dossier, stage("test"), "looking")


def test_a_key_moved_from_another_dossier_opens_nothing(caller: Browser) -> None:
    _, paper = caller.file()
    _, other = caller.file()

    def swap(conn: Any) -> None:
        row = dossiers.load(conn, paper.dossier)
        stolen = dossiers.load(conn, other.dossier).wrapped_key
        dossiers.change(conn, caller.clock(), row, wrapped_key=stolen)

    caller.parts.record.now(swap)
    with pytest.raises(Unreadable):
        caller.call(caller.parts.vaulted.open, paper.dossier, stage("test"), "looking")
