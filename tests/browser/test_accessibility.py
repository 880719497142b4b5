"""Every page an applicant meets, in the built app over a real server: axe-core's WCAG 2.2 AA rules,
and what axe cannot see: reflow at 320 px, text at 200 %, target sizes, focus and titles, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.sandbox.samples import sample
from tests.journey.phone import Phone, Way
from tests.journey.processes import CHECKOUT, Server

AXE = (CHECKOUT / "pwa/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = {"width": 320, "height": 568}
SMALLEST_TARGET = 44  # px; WCAG 2.2 AA asks for 24, 2.1 AAA for 44

RUN_AXE = """async (tags) => (await axe.run(document, {runOnly: tags})).violations.map(
  (found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`)"""
# A link inside a sentence may be as small as its text; a hidden radio's target is its label.
SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, summary, .choice")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")
  .filter((one) => !one.closest(".skip, .filepick") && !one.matches(".choice input"))
  .filter((one) => one.getBoundingClientRect().height < least)
  .map((one) => one.outerHTML.slice(0, 100))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLIPPED = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && !one.matches(".visually-hidden, .visually-hidden *"))
  .filter((one) => getComputedStyle(one).overflowX === "hidden")
  .filter((one) => !one.matches("video, .camera, progress"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 100))"""
NO_NAME = """() => [...document.querySelectorAll("input, select, textarea")]
  .filter((one) => one.checkVisibility() && !one.labels?.length && !one.getAttribute("aria-label"))
  .map((one) => one.outerHTML.slice(0, 100))"""


@dataclass
class Inspector:
    """Looks at pages as they are passed and keeps what is wrong with them."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def look(self, name: str) -> None:
        expect(self.page.locator("h1")).to_be_visible()
        self._measure(name, "as it is")
        before = self.page.viewport_size
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        self._wide(name, "320 px")
        self.page.evaluate("() => { document.documentElement.style.fontSize = '225%'; }")
        self._wide(name, "320 px and twice the text")
        self.page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        if before:
            self.page.set_viewport_size(before)
        self.titles.add(self.page.title())

    def _measure(self, name: str, how: str) -> None:
        session = self.page.context.new_cdp_session(self.page)  # past the page's own CSP
        session.send("Runtime.evaluate", {"expression": f"{AXE};0"})
        session.detach()
        self._note(name, how, self.page.evaluate(RUN_AXE, TAGS))
        self._note(name, "small target", self.page.evaluate(SMALL, SMALLEST_TARGET))
        self._note(name, "no label", self.page.evaluate(NO_NAME))
        if self.page.locator("h1").count() != 1:
            self._note(name, "headings", [f"{self.page.locator('h1').count()} h1"])

    def _wide(self, name: str, how: str) -> None:
        over = self.page.evaluate(TOO_WIDE)
        self._note(name, how, [f"{over} px too wide"] if over > 0 else [])
        self._note(name, how, self.page.evaluate(CLIPPED))

    def _note(self, name: str, how: str, found: list[Any]) -> None:
        self.wrong += [f"{name} ({how}): {one}" for one in found]


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
    for path in ("/", "/ho-so", "/tro-giup", "/theo-doi", "/khong-co-trang-nay"):
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
    phone.page.locator("input[name=licence_held][value=lost]").check()
    phone.page.locator("[data-next]").click()
    expect(phone.page.locator("h1")).to_have_text("Giấy bị mất: làm tại quầy")
    eye = Inspector(phone.page)
    eye.look("tai-quay")
    assert eye.wrong == []
    phone.page.emulate_media(media="print")
    expect(phone.page.locator("header.bar")).to_be_hidden()
    expect(phone.page.locator("main")).to_contain_text("Mang theo")
    phone.page.emulate_media(media="screen")
    phone.page.get_by_role("link", name="Quay lại").click()
    expect(phone.page.locator("input[name=licence_held][value=lost]")).to_be_checked()


@pytest.mark.parametrize("scheme", ["dark", "forced"])
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
