"""A lost licence: a declaration in place of photos of the card, filed with an outage in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.sandbox.samples import sample, without_card
from server.sandbox.twins.wire import VIETNAM
from tests.journey.officer import Officer
from tests.journey.phone import Phone
from tests.journey.processes import Server


def test_a_lost_licence_is_declared_offline_and_decided(
    server: Server,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    yesterday = (datetime.now(UTC) + VIETNAM).date() - timedelta(days=1)
    person = without_card(sample(21, card=("2008", "B2")), yesterday)
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(person, "can-cuoc")
    server.stop()
    phone.context.set_offline(True)
    phone.fill_until(person, "gui")
    phone.agree_and_send()
    dossier = phone.dossier

    server.start()
    phone.context.set_offline(False)
    officer = make_officer(server)
    assert officer.awaits(dossier)["procedure"] == "cap_lai"
    opened = officer.open(dossier)
    assert opened["answers"]["loss_place"] == person.truth["answers"]["loss_place"]
    assert {item["severity"] for item in opened["findings"]} <= {"warning", "notice"}
    assert officer.decide(dossier, "approve").status_code == 202
    server.stop()
    server.move_clock(timedelta(seconds=31))  # a decision leaves after half a minute
    server.start()
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Đang giao")
