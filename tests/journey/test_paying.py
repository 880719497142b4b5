"""Paying beside the dossier: while it is processed, with the notice lost, and seen on the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from server.sandbox.samples import sample
from tests.journey.officer import Officer, switch
from tests.journey.phone import Phone
from tests.journey.processes import Server


def card(page: Page, state: str, payment: str) -> None:
    """The fee's card says this of the fee and of the last attempt."""
    expect(page.locator(f"[data-fee={state}][data-payment={payment}]")).to_be_visible(
        timeout=60_000
    )


def choose(page: Page, choice: str) -> None:
    """At the gateway's page."""
    page.locator("[data-pay]").click()
    page.locator(f"button[value={choice}]").click()


def test_a_lost_notice_is_found_while_the_dossier_goes_on(
    server: Server,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(sample(7), "gui")
    phone.agree_and_send()
    dossier, page = phone.dossier, phone.page
    officer = make_officer(server)
    officer.awaits(dossier)

    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    card(page, "due", "none")
    page.locator("[data-transfer] summary").click()
    expect(page.locator("[data-transfer] svg.qr")).to_be_visible()
    choose(page, "cancel")
    expect(page).to_have_url(f"{server.origin}/ho-so/{dossier}")
    phone.unlock()
    card(page, "due", "failed")

    switch(server, payment_hangs="on")  # the money is paid, and nobody is told
    choose(page, "pay")
    expect(page.locator("main")).to_contain_text("Ngân hàng đang xử lý")
    assert officer.decide(dossier, "approve").status_code == 202
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    card(page, "due", "pending")

    server.stop()
    server.move_clock(timedelta(minutes=5))
    server.start()
    page.reload()
    phone.unlock()
    card(page, "paid", "paid")
    expect(page.locator("[data-receipt]")).to_contain_text("1400000")
    expect(page.locator("[data-pay]")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Đang giao")
