"""What can befall a phone while a form is open: its data taken away, a wrong clock.
Each is said plainly, and nothing goes without a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journey.phone import Phone
from tests.journey.processes import Server

DELETED = re.compile("vừa bị xóa.*xin đừng đóng trang")
CONTACT = "dien-thoai"


@pytest.fixture
def phone(make_phone: Callable[[Server], Phone], server: Server) -> Phone:
    """At the question for the telephone number."""
    made = make_phone(server)
    made.begin()
    made.visit(f"/to-khai/{made.dossier}/{CONTACT}")
    made.unlock()
    expect(number(made.page)).to_be_visible()
    return made


def number(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Số điện thoại")


def answer(page: Page, text: str) -> None:
    number(page).fill(text)


def test_a_database_deleted_under_the_page_is_said_at_once(phone: Phone) -> None:
    answer(phone.page, "0912345678")
    expect(phone.page.locator("[data-lost]")).to_have_count(0)
    other = phone.context.new_page()
    other.goto(f"{phone.origin}/sandbox")
    other.evaluate("() => { indexedDB.deleteDatabase('doibang') }")
    expect(phone.page.locator("[data-lost]")).to_have_text(DELETED)
    expect(number(phone.page)).to_have_value("0912345678")


def test_storage_that_the_browser_takes_back_is_said_at_once(phone: Phone) -> None:
    answer(phone.page, "0912345678")
    session = phone.context.new_cdp_session(phone.page)
    session.send(
        "Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "indexeddb"}
    )
    expect(phone.page.locator("[data-lost]")).to_have_text(DELETED)
    expect(number(phone.page)).to_have_value("0912345678")


@pytest.mark.parametrize("years", [-7, 9])
def test_a_clock_years_off_is_said(phone: Phone, years: int) -> None:
    there = datetime.now(UTC) + timedelta(days=365 * years)
    phone.page.clock.install(time=there)
    phone.page.clock.resume()
    phone.visit(f"/to-khai/{phone.dossier}/{CONTACT}")
    phone.unlock()
    expect(phone.page.locator("[data-clock]")).to_contain_text("Ngày giờ trên máy có vẻ sai")
    answer(phone.page, "0912345678")
    expect(phone.page.locator(".saved").first).to_be_visible()
