"""Several people on one device: who opens what by how many taps, who sees what, and whose dossiers
are sent while somebody else has theirs open."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from server.sandbox.samples import Sample, sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.test_clerk import confirm, invite
from tests.journey.officer import eventually
from tests.journey.phone import PIN, Phone
from tests.journey.processes import Server
from tests.journey.test_shift import READY, begin, name, only_rows_are_left

OTHER_PIN = "864213"
SECOND = "Trần Thị Mẫu"


@pytest.mark.long
def test_two_clerks_share_a_tablet_and_each_dossier_goes_by_its_own_grant(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    tablet = make_phone(server).with_screen_lock()
    page = tablet.page
    page.set_viewport_size({"width": 800, "height": 1280})
    bearers: dict[str, set[str]] = defaultdict(set)
    page.on("request", lambda request: note(bearers, request))
    words = begin(tablet, server)
    joined(tablet, server)
    one, two = sample(61, None, NO_CERTIFICATE), sample(62, None, NO_CERTIFICATE)

    tablet.context.set_offline(True)
    sent_two = helped(tablet, two)
    page.locator("[data-lock]").click()  # the first tap
    page.get_by_role("button", name="Nhân viên dùng thử").click()  # the second
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(READY)
    expect(page.locator("main")).to_contain_text("Nhân viên dùng thử")
    expect(page.locator("[data-dossier]")).to_have_count(0)
    tablet.context.set_offline(False)  # one clerk's vault is open, the other's dossier goes
    eventually(lambda: only_rows_are_left(page, sent_two))
    expect(page.locator("[data-help-new]")).to_be_visible()
    assert name(two) not in page.content()
    expect(page.locator("[data-sign-in]")).to_be_visible()  # the other clerk's session is over

    tablet.context.set_offline(True)
    sent_one = helped(tablet, one)
    page.locator("[data-lock]").click()
    tablet.context.set_offline(False)  # none is open
    eventually(lambda: only_rows_are_left(page, sent_one | sent_two))
    assert len(bearers) == 2
    assert all(len(tokens) == 1 for tokens in bearers.values())
    assert len(set.union(*bearers.values())) == 2

    page.get_by_role("button", name=SECOND).click()  # a passkey needs nothing more
    expect(page.locator("h1").first).to_have_text(READY)
    expect(page.locator("main")).to_contain_text(SECOND)
    expect(page.locator("[data-dossier]")).to_have_count(1)
    page.locator("[data-sign-in]").click()
    expect(page.locator("db-clerk-aside")).to_contain_text(name(two))
    expect(page.locator("db-clerk-aside")).not_to_contain_text(name(one))


def note(bearers: dict[str, set[str]], request: Request) -> None:
    database = re.search("/db/drafts-([0-9a-f]{32})", request.url)
    if database:
        bearers[database[1]].add(request.headers["authorization"])


def joined(tablet: Phone, server: Server) -> None:
    """Another clerk comes to this tablet by an invitation, with a passkey."""
    page = tablet.page
    page.locator("[data-lock]").click()
    tablet.visit(invite(server, "clerk", "bn-08"))
    page.locator("#name").fill(SECOND)
    page.locator("[data-accept]").click()
    expect(page.locator("h1")).to_have_text(READY)
    expect(page.locator("main")).to_contain_text(SECOND)
    expect(page.locator("[data-sign-out]")).to_be_visible()


def helped(tablet: Phone, person: Sample) -> dict[str, str]:
    page = tablet.page
    page.locator("[data-help-new]").click()
    expect(page.locator(".helping")).to_be_visible()
    tablet.fill_until(person, "xem-lai")
    dossier = tablet.dossier
    page.locator("[data-next]").click()
    confirm(tablet)
    slip = tablet.agree_and_send()
    page.locator("[data-next-person]").click()
    expect(page.locator("[data-lock]")).to_be_visible()
    return {dossier: slip}


def test_a_family_shares_a_phone(server: Server, make_phone: Callable[[Server], Phone]) -> None:
    phone = make_phone(server)
    page = phone.page
    page.clock.install()
    phone.begin()
    first = phone.dossier
    phone.context.set_offline(True)
    phone.lock()
    page.wait_for_url(f"{phone.origin}/")
    second = somebody_else(phone)

    phone.lock()  # the first tap
    page.wait_for_url("**/mo-khoa")
    people = page.locator("input[name=vault]")
    expect(people).to_have_count(2)
    labels = page.locator(".choice")
    expect(labels.first).to_contain_text("Mẹ")
    labels.nth(1).click()  # the second
    expect(page.locator("#pin-input")).to_be_focused()
    opens(page, OTHER_PIN)
    expect(page.locator("[role=alert], .problem").first).to_contain_text("chưa đúng")
    opens(page, PIN)
    mine = page.locator("[data-dossier]")
    expect(mine).to_have_count(1)
    expect(mine).to_have_attribute("data-dossier", first)

    page.locator("[data-idle]").select_option("1")
    left_alone(page, people)
    page.reload()  # what was set stays
    labels.first.click()
    opens(page, OTHER_PIN)
    expect(mine).to_have_attribute("data-dossier", second)
    expect(page.locator("[data-idle]")).to_have_value("1")
    left_alone(page, people)


def left_alone(page: Page, people: Locator) -> None:
    """A minute passes, and another where the page had not begun to count; the default is five."""
    for _ in range(3):
        page.clock.fast_forward("01:05")
        with contextlib.suppress(AssertionError):
            expect(people).to_have_count(2, timeout=5_000)
            return
    expect(people).to_have_count(2)


def opens(page: Page, pin: str) -> None:
    page.locator("#pin-input").fill(pin)
    page.locator("#pin-input").press("Enter")


def somebody_else(phone: Phone) -> str:
    """From the page that asks whom to open: a second person with a name of their own choice."""
    page = phone.page
    page.get_by_role("link", name=re.compile("Đổi giấy phép lái xe")).click()
    page.get_by_role("link", name="Tôi là người khác").click()
    page.locator("input[name=mode][value=own]").check()
    page.locator("#label").fill("Mẹ")
    for field in ("#pin-input", "#again-input"):
        page.locator(field).fill(OTHER_PIN)
    phone.press("Tiếp tục")
    expect(page).to_have_url(re.compile("/to-khai/[0-9a-f]{32}/giay-to"))
    return phone.dossier
