"""A dossier changes hands: from a clerk's tablet to a person's phone, and for a day the other way,
with the network away when it matters most."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from ocr import qr
from server.sandbox.samples import Sample, sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.inspector import Inspector
from tests.browser.test_clerk import STORED, begin_shift, confirm, help_somebody
from tests.journey.officer import Officer, eventually
from tests.journey.phone import PIN, Phone, typed
from tests.journey.processes import Server

UNDO = timedelta(seconds=31)  # a decision leaves after half a minute
DAY = timedelta(hours=24, minutes=5)
MM = 72 / 25.4  # points
SCREENS = os.environ.get("DOIBANG_SCREENS")
WIDTHS = ((360, 640), (800, 1280), (1440, 900))


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(playwright, server.origin, tmp_path / "tablet").switch_on(800, 1280)
    yield made
    made.switch_off()


def screen(page: Page, name: str) -> None:
    """Everybody can use the page, on each screen it may be seen on; with DOIBANG_SCREENS
    set, pictures lie in that folder."""
    eye = Inspector(page)
    eye.look(name)
    assert eye.wrong == []
    before = page.viewport_size
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if SCREENS:
            page.screenshot(path=Path(SCREENS) / f"{name}-{width}.png", full_page=True)
    if before:
        page.set_viewport_size(before)


def shown_code(page: Page) -> tuple[bytes, str]:
    """The picture of the QR code on the page, and the link that a phone's camera reads in it."""
    picture = page.locator(".claim .qr").screenshot()
    [found] = qr.find(Image.open(io.BytesIO(picture)).convert("L"))
    return picture, found.payload.text


def typed_code(page: Page) -> str:
    return (page.locator("[data-typed]").text_content() or "").replace(" ", "").strip()


def offline(device: Phone, away: bool = True) -> None:
    device.context.set_offline(away)


def take_with(phone: Phone, link: str) -> None:
    """The phone's own camera opens the link; on a new phone, whose it is comes first."""
    phone.page.goto(link)
    phone.page.locator("input[name=mode]").first.wait_for()
    assert "#" not in phone.page.url, "the code does not stay in the address bar"
    whose(phone)


def paper(page: Page, which: str) -> tuple[int, float, float]:
    """The slip as the browser's print-to-PDF gives it: its pages, and a page's size in mm."""
    page.evaluate("window.print = () => {}")
    page.locator(f"[data-print={which}]").click()
    if SCREENS:
        as_printed(page, which)
    printing = page.context.new_cdp_session(page)
    options = {"preferCSSPageSize": True, "printBackground": True}
    pdf = base64.b64decode(printing.send("Page.printToPDF", options)["data"])
    if SCREENS:
        (Path(SCREENS) / f"slip-{which}.pdf").write_bytes(pdf)
    boxes = re.findall(rb"/MediaBox ?\[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]", pdf)
    assert boxes and len(set(boxes)) == 1, boxes
    width, height = boxes[0]
    return len(boxes), float(width) / MM, float(height) / MM


def as_printed(page: Page, which: str) -> None:
    """A picture of the slip, its paper as wide as the window."""
    before = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 344 if which == "a6" else 181, "height": 506})
    page.screenshot(path=Path(SCREENS or "") / f"slip-{which}.png", full_page=True)
    page.emulate_media(media="null")
    if before:
        page.set_viewport_size(before)


def help_and_send(tablet: Phone, person: Sample) -> tuple[str, str]:
    """One person helped from the first page to the slip; the dossier and its slip code."""
    help_somebody(tablet, person)
    dossier = tablet.page.url.rsplit("/", 1)[-1]
    confirm(tablet)
    return dossier, tablet.agree_and_send()


def test_a_tablet_without_a_network_hands_a_sent_dossier_to_a_phone_that_corrects_it(
    server: Server,
    tablet: Phone,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    person = sample(31, None, NO_CERTIFICATE)
    name = str(person.truth["answers"]["full_name"])
    begin_shift(tablet, server)
    page = tablet.page
    tablet.become_offline_ready()
    offline(tablet)
    dossier, slip = help_and_send(tablet, person)
    expect(page.locator("[data-claim=pending]")).to_contain_text("khi máy tính bảng đã gửi xong")
    assert name not in page.content()
    screen(page, "sent")
    _, link = shown_code(page)
    assert re.fullmatch(re.escape(server.origin) + "/nhan#[A-Za-z0-9_-]{22}", link)

    pages, width, height = paper(page, "a6")
    assert (pages, round(width), round(height)) == (1, 105, 148)
    pages, width, _ = paper(page, "roll")
    assert (pages, round(width)) == (1, 58)

    phone = make_phone(server)
    take_with(phone, link)
    expect(phone.page.locator("[data-claiming=unknown_qr]")).to_contain_text("tự thử lại")
    screen(phone.page, "take-unknown")
    offline(tablet, False)
    expect(page.locator("[data-claim=good]")).to_contain_text("Mã dùng được một lần, đến")
    phone.page.locator("[data-try-now]").click()
    expect(phone.page).to_have_url(re.compile(f"/ho-so/{dossier}$"))
    expect(phone.page.locator("[data-slip]")).to_have_text(f"{slip[:4]} {slip[4:]}")
    screen(phone.page, "taken")

    expect(page.locator("[data-taken]")).to_contain_text("Người nộp đã nhận hồ sơ")
    screen(page, "handed-over")
    page.locator("[data-next-person]").click()
    kept = [one for one in page.evaluate(STORED) if dossier in one]
    assert [one.split(" ")[0] for one in kept] == ["dossiers"] and '"localKey"' not in kept[0]

    officer = make_officer(server)
    officer.awaits(dossier)
    blurred = {"target": "photo:licence_front", "reason": "photo_blurred", "text": ""}
    assert officer.decide(dossier, "return", items=[blurred]).status_code == 202
    server.stop()
    server.move_clock(UNDO)
    server.start()
    correct_without_a_network(phone, server, dossier, person)
    make_officer(server).awaits(dossier)


def correct_without_a_network(phone: Phone, server: Server, dossier: str, person: Sample) -> None:
    """The network goes as soon as the phone knows what is asked of it."""
    phone.visit("/ho-so")
    card = phone.page.locator(f"[data-dossier='{dossier}']")
    expect(card).to_contain_text("Cần bổ sung")
    eventually(lambda: phone.page.evaluate(ALL_HERE, dossier))
    offline(phone)
    server.stop()
    phone.visit(f"/ho-so/{dossier}")
    phone.unlock()
    expect(phone.page.locator("main")).to_contain_text("Cần bổ sung 1 chỗ")
    phone.page.locator("[data-fix='photo:licence_front']").click()
    phone.photograph(person.licence_front)
    phone.page.locator("[data-next]").click()
    phone.page.locator("[data-resend]").click()
    expect(phone.page.locator("[data-sending=waiting_network]")).to_be_visible()
    server.start()
    offline(phone, False)


def test_a_draft_in_the_middle_is_finished_on_the_phone_without_a_network(
    server: Server, tablet: Phone, make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:  # fmt: skip
    person = sample(31, None, NO_CERTIFICATE)
    begin_shift(tablet, server)
    page = tablet.page
    page.locator("[data-help-new]").click()
    page.wait_for_url("**/giay-to")
    tablet.fill_until(person, "dien-thoai")
    dossier = tablet.dossier
    page.locator(".helping a").click()
    page.locator(f"[data-dossier='{dossier}'] [data-hand-over]").click()
    page.locator("[data-show-code]").click()
    expect(page.locator("[data-claim=good]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Còn thiếu: Số điện thoại")
    screen(page, "give")
    assert paper(page, "a6")[0] == 1
    assert paper(page, "roll")[0] == 1

    phone = make_phone(server)
    phone.visit("/ho-so")
    phone.become_offline_ready()
    screen(phone.page, "mine-empty")
    phone.page.locator("[data-take]").click()
    whose(phone)
    expect(phone.page.locator("db-qr-source")).to_be_visible()
    screen(phone.page, "take")
    phone.page.locator("#typed").fill(typed_code(page).lower())
    phone.page.locator("#birth").fill(typed(str(person.truth["answers"]["date_of_birth"])))
    phone.page.locator("[data-next]").click()
    expect(phone.page).to_have_url(re.compile(f"/to-khai/{dossier}/dien-thoai$"))
    expect(page.locator("[data-taken]")).to_be_visible()

    offline(phone)
    server.stop()
    phone.visit(f"/to-khai/{dossier}/anh-mat-truoc")
    phone.unlock()
    phone.page.locator("img.shot").evaluate("picture => picture.decode()")
    phone.visit(f"/to-khai/{dossier}/dien-thoai")
    phone.unlock()
    phone.fill_until(person, "gui")
    phone.agree_and_send()
    server.start()
    offline(phone, False)
    row = make_officer(server).awaits(dossier)
    assert row["name"] == person.truth["answers"]["full_name"]


def whose(phone: Phone) -> None:
    page = phone.page
    page.locator("input[name=mode][value=own]").check()
    for field in ("#pin-input", "#again-input"):
        page.locator(field).fill(PIN)
    phone.press("Tiếp tục")


def lend(phone: Phone) -> tuple[bytes, str]:
    """From the list: the consent, then the code; its picture and what is typed instead."""
    page = phone.page
    page.locator("[data-lend]").click()
    page.locator("[data-show-code]").click()
    expect(page.locator(".summary")).to_contain_text("Chưa đánh dấu đồng ý")
    page.locator("#agree").check()
    screen(page, "lend-consent")
    page.locator("[data-show-code]").click()
    expect(page.locator("[data-claim=good]")).to_be_visible()
    screen(page, "lend")
    return shown_code(page)[0], typed_code(page)


@pytest.mark.long
def test_a_phone_lends_its_draft_to_a_clerk_and_gets_it_back_after_a_day(
    server: Server, tablet: Phone, make_phone: Callable[[Server], Phone]
) -> None:
    person = sample(31, None, NO_CERTIFICATE)
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(person, "dien-thoai")
    dossier = phone.dossier
    to_list(phone)
    picture, _ = lend(phone)

    begin_shift(tablet, server)
    page = tablet.page
    page.locator("[data-take]").click()
    screen(page, "take-clerk")
    tablet.scan(picture)
    expect(page).to_have_url(re.compile(f"/to-khai/{dossier}/dien-thoai$"))
    page.locator("#phone").fill("0912 345 678")
    expect(page.locator(".saved")).to_contain_text("Đã lưu trên máy")

    away = phone.page.locator("[data-away=lent]")
    expect(away).to_contain_text("Nhân viên điểm tiếp nhận đang làm tiếp hồ sơ này, đến")
    expect(phone.page.locator("main")).to_contain_text(person.truth["answers"]["full_name"])
    screen(phone.page, "lent")
    eventually(lambda: has_sent_all(page))

    server.stop()
    server.move_clock(DAY)
    server.start()
    phone.visit("/ho-so")
    phone.page.get_by_role("button", name="Làm tiếp", exact=True).click(timeout=90_000)
    phone.unlock()
    phone.page.wait_for_url("**/dien-thoai")
    expect(phone.page.locator("#phone")).to_have_value("0912 345 678")
    expect(page).to_have_url(re.compile("/nhan-vien$"), timeout=90_000)  # it left by itself
    gone = page.locator(f"[data-dossier='{dossier}']")
    expect(gone).to_contain_text("Đã chuyển sang máy khác")
    kept = [one for one in page.evaluate(STORED) if dossier in one]
    assert [one.split(" ")[0] for one in kept] == ["dossiers"]


@pytest.mark.long
def test_a_new_code_voids_the_old_one(
    server: Server, tablet: Phone, make_phone: Callable[[Server], Phone]
) -> None:
    """The page with the code was left before anybody took the dossier."""
    person = sample(31, None, NO_CERTIFICATE)
    begin_shift(tablet, server)
    page = tablet.page
    dossier, slip = help_and_send(tablet, person)
    expect(page.locator("[data-claim=good]")).to_be_visible()
    _, old = shown_code(page)
    page.locator("[data-next-person]").click()
    row = page.locator(f"[data-dossier='{dossier}']")
    expect(row.locator("[data-stage=forwarded]")).to_be_visible(timeout=70_000)
    row.locator("[data-hand-over]").click()
    expect(page.locator("[data-slip]")).to_have_text(f"{slip[:4]} {slip[4:]}")
    expect(page.locator(".claim")).to_have_count(0)
    screen(page, "code-gone")
    offline(tablet)
    page.locator("[data-new-code]").click()
    expect(page.get_by_role("alert")).to_have_text("Cấp mã mới cần có mạng.")
    offline(tablet, False)
    page.locator("[data-new-code]").click()
    expect(page.locator("[data-claim=good]")).to_be_visible()
    picture, new = shown_code(page)
    assert new != old

    phone = make_phone(server)
    take_with(phone, old)
    expect(phone.page.locator("[data-claiming=unknown_qr]")).to_be_visible()
    phone.page.locator("[data-another]").click()
    phone.scan(picture)
    expect(phone.page).to_have_url(re.compile(f"/ho-so/{dossier}$"))
    expect(page.locator("[data-taken]")).to_be_visible()


@pytest.mark.long
def test_a_clerk_sends_what_a_phone_lent_and_the_phone_follows_it(
    server: Server,
    tablet: Phone,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    person = sample(31, None, NO_CERTIFICATE)
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(person, "dien-thoai")
    dossier = phone.dossier
    to_list(phone)
    _, code = lend(phone)
    begin_shift(tablet, server)
    page = tablet.page
    page.locator("[data-take]").click()
    page.locator("#typed").fill(code)
    page.locator("#birth").fill(typed(str(person.truth["answers"]["date_of_birth"])))
    page.locator("[data-next]").click()
    expect(page).to_have_url(re.compile(f"/to-khai/{dossier}/dien-thoai$"))
    tablet.fill_until(person, "xem-lai")
    page.locator("[data-next]").click()
    confirm(tablet)
    slip = tablet.agree_and_send()
    make_officer(server).awaits(dossier)
    main = phone.page.locator("main")
    expect(main).to_contain_text("Đang thẩm định", timeout=90_000)
    expect(phone.page.locator("[data-slip]")).to_have_text(f"{slip[:4]} {slip[4:]}")


def to_list(phone: Phone) -> None:
    """To "my dossiers" by the app's own links, the vault open."""
    phone.page.evaluate("history.pushState({}, '', '/ho-so'); dispatchEvent(new Event('popstate'))")
    phone.page.locator("db-dossiers h1").wait_for()


def has_sent_all(page: Page) -> bool:
    waiting = [one for one in page.evaluate(STORED) if one.startswith("docs ") and '"due"' in one]
    return not waiting


ALL_HERE = """async (dossier) => {
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open("doibang");
    opening.onsuccess = () => resolve(opening.result);
  });
  const asked = db.transaction("dossiers").objectStore("dossiers").get(dossier);
  const record = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  db.close();
  return record.awaited !== undefined && record.awaited.length === 0;
}"""
