"""What can befall a phone while a form is open: its data taken away, no room left, two tabs, a
wrong clock. Each is said plainly, and nothing goes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Playwright, expect

from server.sandbox.samples import sample
from tests.journey.filled import Copy, Filled
from tests.journey.phone import PIN, Phone
from tests.journey.processes import Server
from tests.journey.test_promises_phone import says

DELETED = re.compile("vừa bị xóa.*xin đừng đóng trang")
FULL = re.compile("hết chỗ chứa.*Hãy xóa bớt ảnh")
CONTACT = "dien-thoai"
NEW = "0912 345 678"


@pytest.fixture(scope="module")
def server(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all: but for the last test, no phone sends to it."""
    made = filled.copy_server(tmp_path_factory.mktemp("device"))
    yield made
    filled.link.cut()
    made.stop()


@pytest.fixture
def phone(
    filled: Filled, server: Server, playwright: Playwright, tmp_path: Path
) -> Iterator[Phone]:
    made = filled.copy_phone(playwright, tmp_path).switch_on()
    yield made
    made.switch_off()


@pytest.fixture
def copy(filled: Filled, server: Server, phone: Phone) -> Copy:
    """At the question for the telephone number."""
    made = Copy(filled, server, phone)
    made.return_to(CONTACT)
    expect(number(phone.page)).to_be_visible()
    return made


def number(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Số điện thoại")


def saved(page: Page) -> Locator:
    return page.locator("main .saved").first


def test_a_database_deleted_under_the_page_is_said_at_once(copy: Copy) -> None:
    phone = copy.phone
    number(phone.page).fill(NEW)
    expect(phone.page.locator("[data-lost]")).to_have_count(0)
    other = phone.context.new_page()
    other.goto(f"{phone.origin}/sandbox")
    other.evaluate("() => { indexedDB.deleteDatabase('doibang') }")
    expect(phone.page.locator("[data-lost]")).to_have_text(DELETED)
    expect(number(phone.page)).to_have_value(NEW)


def test_storage_that_the_browser_takes_back_is_said_at_once(copy: Copy) -> None:
    phone = copy.phone
    number(phone.page).fill(NEW)
    session = phone.context.new_cdp_session(phone.page)
    session.send(
        "Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "indexeddb"}
    )
    expect(phone.page.locator("[data-lost]")).to_have_text(DELETED)
    expect(number(phone.page)).to_have_value(NEW)


def room(phone: Phone, size: int | None) -> None:
    """The browser gives the app so many bytes; None: as many as ever. Less than before is felt
    from a start on: a running Chromium goes on with what it last counted."""
    wanted = {"origin": phone.origin} | ({} if size is None else {"quotaSize": size})
    phone.context.new_cdp_session(phone.page).send("Storage.overrideQuotaForOrigin", wanted)


def test_promise_9_a_full_phone_says_what_to_do_and_keeps_what_it_had(
    filled: Filled, server: Server, phone: Phone
) -> None:
    page, copy = phone.page, Copy(filled, server, phone)
    room(phone, 1)
    copy.return_to(CONTACT)
    picture: FilePayload = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": sample(8).portrait}
    before = number(page).input_value()
    assert before
    number(page).fill(NEW)
    expect(page.get_by_role("alert")).to_have_text(FULL)
    expect(saved(page)).to_have_count(0)
    page.locator("[data-next]").click()
    expect(number(page)).to_have_value(NEW)  # it does not go on with what it cannot keep

    copy.return_to("chan-dung")
    page.locator("[data-file]").set_input_files([picture])
    expect(page.locator("db-photo-view").get_by_role("alert")).to_have_text(FULL)
    page.locator("img.shot").evaluate("picture => picture.decode()")  # the one that was kept
    copy.return_to(CONTACT)
    expect(number(page)).to_have_value(before)

    number(page).fill(NEW)
    expect(page.get_by_role("alert")).to_have_text(FULL)
    room(phone, None)
    page.locator("[data-next]").click()
    page.wait_for_url("**/nhan-the")
    copy.replaced("chan-dung", lambda: page.locator("[data-file]").set_input_files([picture]))
    copy.return_to(CONTACT)
    expect(number(page)).to_have_value(NEW)


def opened(page: Page, copy: Copy, step: str) -> Page:
    page.goto(f"/to-khai/{copy.dossier}/{step}")
    page.locator("#pin-input").fill(PIN)
    page.locator("[data-open]").click()
    expect(page.locator("#pin-input")).to_have_count(0)
    return page


def test_two_tabs_on_one_dossier_lose_nothing(copy: Copy) -> None:
    one, two = copy.phone.page, opened(copy.phone.context.new_page(), copy, "so-giay-phep")
    serial = two.get_by_role("textbox", name="Số seri")
    number(one).fill(NEW)
    serial.fill("AB654321")
    for tab in (one, two):
        expect(saved(tab)).to_contain_text("Đã lưu trên máy")
    number(one).blur()
    opened(two, copy, CONTACT)
    expect(number(two)).to_have_value(NEW)

    number(two).fill("0987 654 321")  # the later answer stands, and both show it
    number(two).blur()
    expect(number(one)).to_have_value("0987 654 321")
    number(one).fill("0987 654 322")
    expect(number(two)).to_have_value("0987 654 322")
    opened(two, copy, "so-giay-phep")
    expect(serial).to_have_value("AB654321")


def test_a_clock_years_ahead_is_said(copy: Copy) -> None:
    page = turned(copy, 9)
    number(page).fill(NEW)
    expect(saved(page)).to_contain_text("Đã lưu trên máy")


def turned(copy: Copy, years: int) -> Page:
    """The phone's clock, so many years off, and what the app says to it."""
    page = copy.phone.page
    page.clock.install(time=datetime.now(UTC) + timedelta(days=365 * years))
    page.clock.resume()
    copy.return_to(CONTACT)
    expect(page.locator("[data-clock]")).to_contain_text("Ngày giờ trên máy có vẻ sai")
    return page


def test_with_a_clock_seven_years_behind_a_dossier_is_sent_and_accepted(copy: Copy) -> None:
    page = turned(copy, -7)
    number(page).fill(NEW)
    expect(saved(page)).to_contain_text("Đã lưu trên máy")
    copy.return_to("xem-lai")
    page.locator("[data-next]").click()
    page.wait_for_url("**/gui")
    copy.phone.agree_and_send()
    copy.phone.visit(f"/ho-so/{copy.dossier}")
    copy.phone.unlock()
    says(page, "accepted")
