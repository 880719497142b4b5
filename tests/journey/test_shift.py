"""A shift at a clerk's tablet without a network: six people helped one after another, two of them
interrupted, everything sent while the tablet is locked; then every byte of its profile searched.
And several people on one device: who opens, who sees what, whose dossiers are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.sandbox.samples import Sample, sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.test_clerk import STORED, confirm
from tests.journey.officer import client, eventually
from tests.journey.phone import PIN, Phone
from tests.journey.processes import Server
from tests.journey.remains import search
from tests.journey.test_no_remains import KEEP_PICTURES, pictures, secrets

SEEDS = range(41, 47)
CUT = {2: "dien-thoai", 4: "anh-mat-sau"}  # who is interrupted, and on which page
ARRIVED = re.compile("Đã gửi|Đã tiếp nhận|Đang thẩm định")
READY = "Sẵn sàng giúp người tiếp theo"
# What the browser does when the screen goes dark or another app comes forward; Playwright keeps
# every page visible.
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# Where one person could still be met by the next: what is drawn, said, or kept by the page.
LEFT = """async () => JSON.stringify([
  document.documentElement.outerHTML,
  [...document.querySelectorAll("input, textarea, select")].map((field) => field.value),
  document.title, location.href, history.length, history.state,
  Object.entries(localStorage), Object.entries(sessionStorage), window.name,
  (await (await navigator.serviceWorker.getRegistration())?.getNotifications() ?? []).map(
    (one) => [one.title, one.body]),
  await navigator.clipboard.readText(),
  await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((one) => one.url))),
])"""


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(playwright, server.origin, tmp_path / "tablet").switch_on(800, 1280)
    yield made
    made.switch_off()


def test_promise_6_six_people_are_helped_without_a_network_and_nobody_remains(
    server: Server, tablet: Phone
) -> None:
    people = [sample(seed, None, NO_CERTIFICATE) for seed in SEEDS]
    page = tablet.page
    tablet.types = True
    tablet.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tablet.context.add_init_script(f"({KEEP_PICTURES})()")
    page.clock.install()
    downloads: list[str] = []
    page.on("download", lambda one: downloads.append(one.suggested_filename))
    words = begin(tablet, server)

    tablet.context.set_offline(True)
    page.reload()  # the words are in nobody's memory but the clerk's
    opened(tablet, words)
    slips: dict[str, str] = {}
    halves: dict[int, str] = {}
    for turn, person in enumerate(people):
        page.locator("[data-help-new]").click()
        page.wait_for_url("**/giay-to")
        dossier = tablet.dossier
        if turn in CUT:
            halves[turn] = dossier
            interrupted(tablet, person, CUT[turn])
        else:
            slips[dossier] = sent(tablet, person)
            (left_alone if turn == 1 else hidden)(tablet)
        nobody_is_left(page, people)
        opened(tablet, words)
        nobody_is_left(page, people, addresses=turn == 0)
    lines = page.locator("[data-dossier]")
    expect(lines).to_have_count(6)
    page.locator("[data-lock]").click()
    taken = pictures(page)
    assert len(taken) >= 3 * len(slips)

    tablet.context.set_offline(False)
    eventually(lambda: only_rows_are_left(page, slips))
    assert page.locator("[data-help-new]").count() == 0, "it was sent while locked"

    tablet.context.clear_cookies()  # the session is over: names are the server's to tell
    opened(tablet, words)
    for dossier, slip in slips.items():
        line = page.locator(f"[data-dossier='{dossier}']")
        expect(line).to_contain_text(f"{slip[:4]} {slip[4:]}")
        expect(line.locator(".chip")).to_have_text(ARRIVED)
    expect(lines).to_have_count(6)
    nobody_is_left(page, people)
    sign_in(tablet, server, words)
    for turn, person in enumerate(people):
        shown = page.locator("db-clerk-aside").get_by_text(name(person), exact=True)
        expect(shown).to_have_count(0 if turn in CUT else 1)
    for turn, dossier in halves.items():
        resumed(tablet, people[turn], dossier, CUT[turn])
    page.locator("[data-lock]").click()
    nobody_is_left(page, people)

    assert downloads == []
    assert page.evaluate("() => navigator.clipboard.readText()") == ""
    tablet.switch_off()
    server.stop()
    said = {text for person in people for text in secrets(person)} - {PIN}
    said |= {text for number in said for text in grouped(number)} | {words}
    assert search([tablet.profile], said, taken) == []


def name(person: Sample) -> str:
    return str(person.truth["answers"]["full_name"])


def grouped(number: str) -> set[str]:
    """Digits as a page shows or a person writes them."""
    digits = number.replace("+84", "0")
    if not re.fullmatch("[0-9]{8,}", digits):
        return set()
    threes = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    parts = [threes, [digits[:4], digits[4:7], digits[7:]]]
    return {mark.join(part) for part in parts for mark in (" ", ".", "-")}


def begin(tablet: Phone, server: Server) -> str:
    """Signed in, the vault made; the five words that open it."""
    page = tablet.page
    tablet.visit(server.demo.pop("clerk"))
    page.locator("[data-begin]").click()
    expect(page.locator("[data-words]")).to_have_text(re.compile(r"^(\S+ ){4}\S+$"))
    words = page.locator("[data-words]").inner_text()
    page.locator("[data-make-words]").click()
    expect(page.locator("h1")).to_have_text(READY)
    tablet.become_offline_ready()
    return words


def opened(tablet: Phone, words: str) -> None:
    """From wherever the tablet was locked to its own page, without loading the app anew."""
    page = tablet.page
    page.evaluate(HIDE, "visible")
    tablet.enter(page.locator("#words"), words)
    page.locator("#words").press("Enter")
    page.locator("[data-help-new]").wait_for()
    if not page.url.endswith("/nhan-vien"):
        page.get_by_role("link", name="Về danh sách").or_(
            page.locator("[data-next-person]")
        ).first.click()
    expect(page.locator("h1")).to_have_text(READY)


def sent(tablet: Phone, person: Sample) -> str:
    tablet.fill_until(person, "xem-lai")
    tablet.page.locator("[data-next]").click()
    confirm(tablet)
    slip = tablet.agree_and_send()
    tablet.page.locator("[data-next-person]").click()
    return slip


def interrupted(tablet: Phone, person: Sample, step: str) -> None:
    """In the middle of a page, as when the tablet's cover is closed."""
    tablet.fill_until(person, step)
    if step == "dien-thoai":
        tablet.page.locator("#phone").press_sequentially(person.truth["answers"]["phone"])
    hidden(tablet)


def resumed(tablet: Phone, person: Sample, dossier: str, step: str) -> None:
    page = tablet.page
    page.locator(f"[data-dossier='{dossier}'] button").click()
    page.wait_for_url(f"**/{step}")
    if step == "dien-thoai":
        digits = person.truth["answers"]["phone"].removeprefix("+84")
        expect(page.locator("#phone")).to_have_value(re.compile(r"\s*".join(digits)))
    else:
        page.locator("[data-back]").click()
        page.locator("img.shot").evaluate("picture => picture.decode()")
    page.get_by_role("link", name="Về danh sách").click()
    expect(page.locator("h1")).to_have_text(READY)


def hidden(tablet: Phone) -> None:
    tablet.page.evaluate(HIDE, "hidden")
    expect(tablet.page.locator("[data-open-vault]")).to_be_visible()


def left_alone(tablet: Phone) -> None:
    """Nobody touches it for five minutes."""
    tablet.page.clock.fast_forward("05:01")
    expect(tablet.page.locator("[data-open-vault]")).to_be_visible()


def nobody_is_left(page: Page, people: list[Sample], addresses: bool = False) -> None:
    """Nothing of anyone on the page or in what it can reach; `addresses`: nor where the back
    button leads."""
    told = [page.evaluate(LEFT)]
    if addresses:
        here = page.evaluate("() => history.length")
        for _ in range(min(here, 6)):
            page.go_back()
            page.locator("h1").first.wait_for()
            told.append(page.evaluate(LEFT))
        for _ in range(min(here, 6)):
            page.go_forward()
        expect(page.locator("h1")).to_have_text(READY)
    for person in people:
        for secret in secrets(person) - {PIN}:
            assert len(secret) < 5 or not any(secret in text for text in told), secret


def only_rows_are_left(page: Page, slips: dict[str, str]) -> bool:
    """Of what was sent the receipts have come and the contents are gone."""
    kept = [row for row in page.evaluate(STORED) if any(dossier in row for dossier in slips)]
    stores = {row.split(" ")[0] for row in kept}
    return stores == {"dossiers"} and all('"wiped":true' in row for row in kept)


def sign_in(tablet: Phone, server: Server, words: str) -> None:
    """By a fresh link of the trial."""
    with client(server) as trial:
        link = trial.post("/sandbox/demo/clerk").headers["location"]
    tablet.visit(link)
    tablet.page.locator("[data-begin]").click()
    opened(tablet, words)
