"""Every page an applicant meets, in the built app over a real server: axe-core's WCAG 2.2 AA rules,
and what axe cannot see: reflow at 320 px, text at 200 %, target sizes, focus and titles, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from server.sandbox.samples import sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.inspector import Inspector
from tests.journey.officer import Officer
from tests.journey.phone import Phone, Way, typed
from tests.journey.processes import Server

PLAIN = ("/", "/ho-so", "/tro-giup", "/theo-doi", "/moi#x", "/sandbox", "/khong-co-trang-nay")
UNDO = timedelta(seconds=31)  # a decision leaves after half a minute


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "server" / "data")
    made.data.parent.mkdir()
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture
def phone(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(playwright, server.origin, tmp_path / "phone").switch_on()
    try:
        yield made
    finally:
        made.switch_off()


def test_every_page_of_the_applicant(phone: Phone) -> None:
    eye = Inspector(phone.page)
    for path in (
        "/",
        "/ho-so",
        "/tro-giup",
        "/theo-doi",
        "/moi#x",
        "/sandbox",
        "/khong-co-trang-nay",
    ):
        phone.visit(path)
        eye.look(path)
    phone.visit("/to-khai/moi")
    eye.look("whose phone")
    phone.begin()

    person = sample(7)
    way = Way(phone, person)
    passed: list[str] = []
    while phone.step != "gui":
        here = phone.step
        expect(phone.page.locator("h1")).to_be_visible()
        eye.look(here)
        passed.append(here)
        way.answer(here)
        phone.page.wait_for_url(lambda url, here=here: f"/{here}" not in url)  # type: ignore[misc]
    expect(phone.page.locator("[data-send]")).to_be_visible()
    eye.look("gui")
    phone.press("Gửi hồ sơ")
    expect(phone.page.locator(".summary")).to_be_focused()
    eye.look("gui, nothing ticked")
    phone.agree_and_send()
    eye.look("da-ghi")
    phone.page.get_by_role("link", name="Xem hồ sơ").click()
    expect(phone.page.locator("[data-todo]")).to_be_visible()
    eye.look("a dossier")
    phone.lock()
    phone.visit("/to-khai/moi")
    eye.look("unlock")

    assert len(passed) >= 15, passed
    assert eye.wrong == []
    assert len(eye.titles) >= 20, "each page has a title of its own"


def test_what_is_read_after_sending(phone: Phone, server: Server) -> None:
    """The stage in plain words on the dossier, in the list and on the page without an account."""
    person = sample(24, None, NO_CERTIFICATE)
    phone.begin()
    phone.fill_until(person, "gui")
    slip = phone.agree_and_send()
    dossier = phone.dossier
    bad = [{"target": "photo:licence_front", "reason": "blurred", "text": "Chụp ngoài sáng."}]
    decide(server, dossier, "return", items=bad)
    eye = Inspector(phone.page)
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    expect(phone.page.locator("[data-fix]")).to_be_visible(timeout=60_000)
    eye.look("returned")
    phone.page.locator("[data-fix]").click()
    phone.photograph(person.licence_front)
    eye.look("taken again")
    phone.page.locator("[data-next]").click()
    phone.page.locator("[data-resend]").click()

    decide(server, dossier, "approve")
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    chip = phone.page.locator(".chip")
    expect(chip).to_have_text("Đang giao", timeout=60_000)
    expect(phone.page.locator("[data-todo]")).to_contain_text("Thẻ mới đang trên đường giao")
    eye.look("on its way")
    phone.page.locator("[data-back]").click()
    expect(phone.page.locator("h1")).to_have_text("Hồ sơ của tôi")
    expect(chip).to_have_text("Đang giao")
    eye.look("the list")
    phone.visit("/theo-doi")
    phone.page.locator("#slip").fill(slip)
    phone.page.locator("#birth").fill(typed(person.truth["answers"]["date_of_birth"]))
    phone.page.locator("form button").click()
    expect(phone.page.locator("main")).to_contain_text("Đang giao")
    eye.look("followed")
    assert eye.wrong == []


def decide(server: Server, dossier: str, outcome: str, **said: Any) -> None:
    """The desk's decision, and the half minute after which it leaves."""
    officer = Officer(server)
    officer.awaits(dossier)
    assert officer.decide(dossier, outcome, **said).status_code == 202
    officer.close()
    server.stop()
    server.move_clock(UNDO)
    server.start()


def test_errors_take_the_focus_and_lead_to_their_fields(phone: Phone) -> None:
    phone.begin()
    phone.page.locator("[data-next]").click()
    summary = phone.page.locator(".summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(phone.page.locator("input[name=licence_held]").first).to_be_focused()


def test_a_new_page_starts_at_its_heading_and_works_by_keyboard(phone: Phone) -> None:
    phone.begin()
    heading = phone.page.locator("h1")
    expect(heading).to_be_focused()
    first = heading.inner_text()
    assert phone.page.title().startswith(first)
    phone.page.locator("input[name=licence_held]").first.focus()
    phone.page.keyboard.press("Space")
    for _ in range(3):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("() => document.activeElement.matches('[data-next]')"):
            break
    phone.page.keyboard.press("Enter")
    expect(phone.page).to_have_url(re.compile("/tuoc-quyen$"))
    expect(heading).to_be_focused()
    assert heading.inner_text() != first


def test_a_case_for_the_counter_is_told_early_and_can_be_printed(phone: Phone) -> None:
    phone.begin()
    phone.page.locator("input[name=licence_held][value=military]").check()
    phone.page.locator("[data-next]").click()
    expect(phone.page.locator("h1")).to_have_text("Giấy phép quân sự: làm tại quầy")
    eye = Inspector(phone.page)
    eye.look("tai-quay")
    assert eye.wrong == []
    phone.page.emulate_media(media="print")
    expect(phone.page.locator("header.bar")).to_be_hidden()
    expect(phone.page.locator("main")).to_contain_text("Mang theo")
    phone.page.emulate_media(media="screen")
    phone.page.get_by_role("link", name="Quay lại").click()
    expect(phone.page.locator("input[name=licence_held][value=military]")).to_be_checked()


@pytest.mark.parametrize("scheme", [pytest.param("dark", marks=pytest.mark.long), "forced"])
def test_other_colours_stay_readable(phone: Phone, scheme: str) -> None:
    phone.page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light",
        forced_colors="active" if scheme == "forced" else "none",
    )
    eye = Inspector(phone.page)
    for path in ("/", "/ho-so", "/tro-giup", "/theo-doi", "/to-khai/moi"):
        phone.visit(path)
        eye.look(f"{path} in {scheme}")
    assert eye.wrong == []


def test_english_is_whole(phone: Phone) -> None:
    phone.visit("/")
    phone.page.get_by_role("button", name="English").click()
    expect(phone.page.locator("h1")).to_have_text("Driving licence")
    assert phone.page.evaluate("() => document.documentElement.lang") == "en"
    phone.page.reload()
    expect(phone.page.locator("h1")).to_have_text("Driving licence")
    phone.visit("/to-khai/moi")
    vietnamese = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
    assert not vietnamese.search(phone.page.locator("main").inner_text())
