"""Work that a colleague goes on with, and people who lost what opened their dossier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.sandbox.samples import Sample, sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.test_clerk import begin_shift, confirm, invite
from tests.journey.officer import Officer, eventually
from tests.journey.phone import Phone, add_authenticator
from tests.journey.processes import Server
from tests.journey.test_hand_over import screen, typed_code, whose

READY = "Sẵn sàng giúp người tiếp theo"
UNDO = timedelta(seconds=31)
NIGHT = timedelta(hours=14)


@pytest.fixture
def make_tablet(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[Server], Phone]]:
    made: list[Phone] = []

    def make(server: Server) -> Phone:
        folder = tmp_path / f"tablet-{len(made)}"
        made.append(Phone(playwright, server.origin, folder).switch_on(800, 1280))
        return made[-1]

    yield make
    for tablet in made:
        tablet.switch_off()


def joined(tablet: Phone, server: Server, name: str) -> None:
    """A clerk of the same point, who has a passkey: it opens the tablet too."""
    page = tablet.with_screen_lock().page
    tablet.visit(invite(server, "clerk", "bn-08"))
    page.locator("#name").fill(name)
    page.locator("[data-accept]").click()
    expect(page.locator("h1")).to_have_text(READY)


def sent_all(page: Page) -> bool:
    """Nothing of the tablet waits to be sent."""
    return bool(
        page.evaluate(
            """async () => {
              const db = await new Promise((done) => {
                const opening = indexedDB.open("doibang");
                opening.onsuccess = () => done(opening.result);
              });
              const rows = await new Promise((done) => {
                const asked = db.transaction("docs").objectStore("docs").getAll();
                asked.onsuccess = () => done(asked.result);
              });
              db.close();
              return rows.length > 0 && rows.every((row) => !row.due);
            }"""
        )
    )


def begun(tablet: Phone, person: Sample, step: str) -> str:
    """Helped until `step`, and all of it at the server."""
    page = tablet.page
    page.locator("[data-help-new]").click()
    page.wait_for_url("**/giay-to")
    tablet.fill_until(person, step)
    dossier = tablet.dossier
    page.locator(".helping a").click()
    expect(page.locator("h1")).to_have_text(READY)
    eventually(lambda: sent_all(page))
    return dossier


@pytest.mark.long
def test_a_colleague_goes_on_next_morning_and_corrects_what_was_returned(
    server: Server,
    make_tablet: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    person = sample(37, None, NO_CERTIFICATE)
    evening, morning = make_tablet(server), make_tablet(server)
    begin_shift(evening, server)
    dossier = begun(evening, person, "xem-lai")
    joined(morning, server, "Lan")
    server.stop()
    server.move_clock(NIGHT)
    server.start()

    page = morning.page
    morning.visit("/nhan-vien")
    page.locator("[data-open-vault]").click()
    page.locator("[data-unfinished]").click()
    page.locator("[data-sign-in]").click()  # the session ended over night
    card = page.locator(f"[data-unsent='{dossier}']")
    expect(card).to_contain_text(person.truth["answers"]["full_name"])
    expect(card).to_contain_text("Nhân viên dùng thử")
    card.locator("[data-resume]").click()
    page.wait_for_url("**/xem-lai")
    expect(page.locator("main")).to_contain_text(person.truth["answers"]["full_name"])
    morning.context.set_offline(True)
    page.locator("[data-next]").click()
    confirm(morning)
    morning.agree_and_send()
    morning.context.set_offline(False)
    officer = make_officer(server)
    officer.awaits(dossier)
    assert officer.open(dossier)["assurance"] == "clerk_checked"

    gone = evening.page.locator(f"[data-dossier='{dossier}']")
    expect(gone).to_contain_text("Đã giao lại", timeout=90_000)

    blurred = {"target": "photo:licence_front", "reason": "photo_blurred", "text": ""}
    assert officer.decide(dossier, "return", items=[blurred]).status_code == 202
    server.stop()
    server.move_clock(UNDO)
    server.start()
    morning.visit("/nhan-vien")
    page.locator("[data-open-vault]").click()
    line = page.locator(f"[data-dossier='{dossier}']")
    line.locator("[data-resume]").click(timeout=90_000)
    page.wait_for_url(f"**/ho-so/{dossier}")
    expect(page.locator("main")).to_contain_text("Cần bổ sung 1 chỗ")
    page.locator("[data-fix='photo:licence_front']").click()
    morning.photograph(person.licence_front)
    page.locator("[data-next]").click()
    page.locator("[data-resend]").click()
    make_officer(server).awaits(dossier)
    page.get_by_role("link", name="Về danh sách").click()
    page.locator("[data-unfinished]").click()
    expect(page.locator("[data-none]")).to_be_visible()
    screen(page, "unfinished")  # the inspector takes the authenticator away, so at the end


@pytest.mark.long
def test_a_lost_phone_is_asked_first_and_the_dossier_given_back(
    server: Server,
    make_tablet: Callable[[Server], Phone],
    make_phone: Callable[[Server], Phone],
) -> None:
    person = sample(38, None, NO_CERTIFICATE)
    lost, tablet = make_phone(server), make_tablet(server)
    lost.begin()
    lost.fill_until(person, "gui")
    slip = lost.agree_and_send()
    dossier = lost.dossier
    lost.visit(f"/ho-so/{dossier}")
    lost.unlock()
    expect(lost.page.locator("main")).to_contain_text("Đang thẩm định", timeout=60_000)
    begin_shift(tablet, server)
    page = tablet.page

    page.locator("[data-reissue]").click()
    page.locator("[data-next]").click()
    expect(page.locator(".summary li")).to_have_count(3)
    screen(page, "reissue")
    issue(page, slip, "027180009999")
    expect(page.locator("[role=alert]")).to_contain_text("Không có hồ sơ nào với mã phiếu")
    issue(page, slip, person.truth["answers"]["identity_number"])
    expect(page.locator("[data-later]")).to_contain_text("báo trước")
    screen(page, "reissued")
    warned = lost.page.locator("[data-recovery]")
    expect(warned).to_contain_text("nói đã mất máy này", timeout=60_000)
    screen(lost.page, "recovery")
    lost.page.locator("[data-keep]").click()
    expect(warned).to_have_count(0)
    expect(lost.page.locator("[data-kept]")).to_have_count(0, timeout=60_000)  # it is void

    page.locator("main .foot a").click()
    page.locator("[data-reissue]").click()
    issue(page, slip, person.truth["answers"]["identity_number"])
    expect(page.locator("[data-later]")).to_be_visible()
    code = typed_code(page)
    lost.switch_off()  # really lost now
    server.stop()
    server.move_clock(timedelta(hours=24, minutes=1))
    server.start()
    found = make_phone(server)
    found.visit("/nhan")
    found.become_offline_ready()
    whose(found)
    found.page.locator("#typed").fill(code)
    born = str(person.truth["answers"]["date_of_birth"])
    year, month, day = born.split("-")
    found.page.locator("#birth").fill(f"{day}/{month}/{year}")
    found.page.locator("[data-next]").click()
    expect(found.page).to_have_url(re.compile(f"/ho-so/{dossier}$"), timeout=60_000)
    expect(found.page.locator("[data-slip]")).to_have_text(f"{slip[:4]} {slip[4:]}")


def issue(page: Page, slip: str, number: str) -> None:
    page.locator("#slip").fill(f"{slip[:4]} {slip[4:]}".lower())
    page.locator("#identity").fill(number)
    page.locator("#seen").check()
    page.locator("[data-next]").click()


def test_a_second_passkey_opens_the_account_when_the_first_is_lost(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    phone = make_phone(server)
    page = phone.page
    session = phone.context.new_cdp_session(page)
    first = add_authenticator(session)
    phone.begin()
    phone.visit("/ho-so")
    phone.press("Làm tiếp")
    phone.unlock()
    page.locator("db-step h1").wait_for()
    page.go_back()
    page.locator("[data-register]").click()
    expect(page.locator("[data-account]")).to_be_visible()
    page.locator("[data-devices]").click()
    keys = page.locator("[data-passkeys]")
    expect(keys).to_have_attribute("data-passkeys", "1")
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": first})
    add_authenticator(session, prf=False)  # a security key, say
    page.locator("[data-add-passkey]").click()
    expect(keys).to_have_attribute("data-passkeys", "2")
    phone.context.clear_cookies()
    page.go_back()
    page.locator("[data-devices]").click()
    page.locator("[data-sign-in]").click()
    expect(page.locator("[data-device]")).to_have_count(1)
    expect(keys).to_have_attribute("data-passkeys", "2")
    screen(page, "passkeys")
