"""The product's main job, whole: filled in with no network, sent by itself, decided, seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.sandbox.samples import sample
from tests.journey.officer import Officer, switch
from tests.journey.phone import Phone
from tests.journey.processes import Server

UNDO = timedelta(seconds=31)  # a decision leaves after half a minute


@pytest.mark.parametrize(
    ("guard", "stores"),
    [
        pytest.param("pin", "", marks=pytest.mark.long),
        ("passkey", ""),
        ("pin", "postgresql"),
        ("passkey", "couchdb"),
    ],
    indirect=["stores"],
)
def test_an_offline_phone_a_decision_and_back(
    server: Server,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
    guard: str,
) -> None:
    phone = make_phone(server)
    if guard == "passkey":
        phone.with_screen_lock()
    phone.begin("own", guard)
    server.stop()
    phone.context.set_offline(True)

    phone.fill_until(sample(7), "gui")
    slip = phone.agree_and_send()
    expect(phone.page.locator("main")).to_contain_text("Đã ghi trên máy")
    dossier = phone.dossier
    phone.lock()
    phone.leave_app()

    server.start()
    phone.context.set_offline(False)
    officer = make_officer(server)
    row = officer.awaits(dossier)
    assert row["name"] == sample(7).person.full_name
    found = officer.open(dossier)["findings"]
    assert [item["code"] for item in found if item["severity"] != "notice"] == []

    assert officer.decide(dossier, "approve").status_code == 202
    server.stop()
    server.move_clock(UNDO)
    server.start()

    phone.visit(f"/ho-so/{dossier}")
    phone.unlock(guard)
    expect(phone.page.locator("main")).to_contain_text("Đang giao")
    expect(phone.page.locator("main")).to_contain_text(f"{slip[:4]} {slip[4:]}")


@pytest.mark.long
def test_the_authority_decides_after_a_day_without_it(
    make_server: Callable[..., Server],
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    server = make_server(DOIBANG_APPROVAL="authority")
    switch(server, authority_down="on")
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(sample(3), "gui")
    phone.agree_and_send()
    dossier = phone.dossier
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Đang chờ cơ quan cấp phép", timeout=60_000)

    for _ in range(4):
        server.stop()
        server.move_clock(timedelta(hours=6))
        server.start()
    row = make_officer(server).awaits(dossier, "validated")
    assert row["wait"]["what"] == "authority"

    switch(server, authority_down="off")
    server.stop()
    server.move_clock(timedelta(hours=6))
    server.start()
    make_officer(server).awaits(dossier, "forwarded")
    server.stop()
    server.move_clock(timedelta(hours=1))
    server.start()
    phone.page.reload()
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Đang giao", timeout=90_000)


def test_one_bad_photo_is_taken_again_offline(
    server: Server,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    paper = sample(11)
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(paper, "gui")
    phone.agree_and_send()
    dossier = phone.dossier
    officer = make_officer(server)
    officer.awaits(dossier)
    blurred = {"target": "photo:licence_front", "reason": "photo_blurred", "text": ""}
    assert officer.decide(dossier, "return", items=[blurred]).status_code == 202
    server.stop()
    server.move_clock(UNDO)
    server.start()

    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Cần bổ sung 1 chỗ")
    server.stop()
    phone.context.set_offline(True)
    phone.page.locator("[data-fix='photo:licence_front']").click()
    phone.photograph(paper.licence_front)
    phone.page.locator("[data-next]").click()
    phone.page.locator("[data-resend]").click()
    server.start()
    phone.context.set_offline(False)

    officer = make_officer(server)
    officer.awaits(dossier)
    assert officer.decide(dossier, "approve").status_code == 202
    server.stop()
    server.move_clock(UNDO)
    server.start()
    phone.page.reload()
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Đang giao", timeout=60_000)
