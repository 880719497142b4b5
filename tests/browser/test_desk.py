"""The officer's desk in the built app over a real server: by keyboard, with undo, against a second
officer who was faster."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.filing import NO_CERTIFICATE, Filed, file
from tests.browser.inspector import Inspector
from tests.journey.officer import Officer
from tests.journey.phone import ARGS
from tests.journey.processes import Server

WIDE = {"width": 1440, "height": 900}
MISTYPED = "Nguyễn Thị Đặng Ấm"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("desk") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def officer(server: Server) -> Iterator[Officer]:
    made = Officer(server)
    yield made
    made.close()


@pytest.fixture
def desk(playwright: Playwright, server: Server, officer: Officer) -> Iterator[Page]:
    """The desk of the same officer, signed in."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    context = browser.new_context(base_url=server.origin, locale="vi-VN", viewport=WIDE)  # type: ignore[arg-type]
    context.add_cookies(officer.cookies())  # type: ignore[arg-type]
    context.set_default_timeout(45_000)
    yield context.new_page()
    browser.close()


def open_desk(desk: Page, filed: Filed | None = None) -> None:
    desk.goto(f"/can-bo/{filed.dossier}" if filed else "/can-bo")
    expect(desk.locator("h1")).to_have_text("Bàn xét duyệt")
    if filed:
        expect(desk.locator(f"[data-dossier='{filed.dossier}'][aria-current]")).to_be_visible()
        expect(desk.locator(".viewport img").first).to_be_visible()


def title(filed: Filed) -> re.Pattern[str]:
    return re.compile(re.escape(str(filed.answers["full_name"])))


def test_a_clean_dossier_takes_one_look_and_one_key(desk: Page, server: Server) -> None:
    first, second = file(server, 11), file(server, 12)
    open_desk(desk, first)
    expect(desk.locator(".note.done")).to_contain_text("Không có điều gì cần xem thêm")
    desk.keyboard.press("d")
    expect(desk.locator("#dossier-title")).not_to_have_text(title(first))
    expect(desk.locator("#dossier-title")).to_be_focused()
    expect(desk.locator(f"[data-dossier='{first.dossier}']")).to_have_count(0)
    expect(desk.locator(f"[data-dossier='{second.dossier}']")).to_have_count(1)
    expect(desk.locator(".undo")).to_contain_text(re.compile(r"Đã duyệt.*\d+ s", re.S))

    desk.keyboard.press("z")
    expect(desk.locator("#dossier-title")).to_have_text(title(first))
    expect(desk.locator("[data-outcome=approve]")).to_be_visible()
    expect(desk.locator(f"[data-dossier='{first.dossier}'][aria-current]")).to_be_visible()
    expect(desk.locator(".undo")).to_have_count(0)


def test_the_queue_is_searched_without_accents_and_filtered(desk: Page, server: Server) -> None:
    wanted = file(server, 13, changes={"full_name": MISTYPED})
    open_desk(desk)
    desk.keyboard.press("/")
    expect(desk.locator("#queue-search")).to_be_focused()
    desk.keyboard.type("dang am")
    expect(desk.locator(".queue .line")).to_have_count(1)
    expect(desk.locator(".queue .line")).to_contain_text(MISTYPED)
    desk.keyboard.press("d")  # a letter of the search, not a decision
    expect(desk.locator("#queue-search")).to_have_value("dang amd")
    desk.locator("#queue-search").fill(wanted.slip.lower())
    expect(desk.locator(f"[data-dossier='{wanted.dossier}']")).to_have_count(1)
    desk.locator("#queue-search").fill("")
    expect(desk.locator("#queue-state option[value=forwarded]")).to_have_text(
        re.compile(r"Cần quyết định \(\d+\)")
    )


def test_what_was_mistyped_is_seen_and_returned_in_one_list(
    desk: Page, server: Server, officer: Officer
) -> None:
    filed = file(server, 14, changes={"full_name": MISTYPED, "licence_number": "270812345679"})
    open_desk(desk, filed)
    row = desk.locator("tr[data-field=full_name]")
    expect(row).to_contain_text("≠")
    expect(row).to_contain_text("khác với điều đã khai")
    crop = desk.locator("tr[data-field=licence_number] + .crops [data-crop]")
    words = re.compile("Chỗ ghi Số giấy phép lái xe trên Ảnh mặt trước")
    expect(crop.locator("img")).to_have_attribute("alt", words)
    place = crop.locator(".cut").bounding_box()
    assert place is not None and 20 < place["height"] <= 100 and place["width"] > 40
    crop.click()
    expect(desk.locator(".frames output")).not_to_have_text("100%")
    expect(desk.locator(".findings .warning").first).to_contain_text("Họ và tên")

    desk.keyboard.press("b")
    expect(desk.locator("db-return-form h3")).to_be_focused()
    desk.locator("[data-return-send]").click()
    expect(desk.locator(".summary")).to_be_focused()
    desk.locator("input[name=full_name]").check()
    desk.locator("input[name='photo:licence_back']").check()
    desk.get_by_label("Lý do: Ảnh mặt sau giấy phép").select_option("cut")
    desk.get_by_label("Lời của cán bộ: Ảnh mặt sau giấy phép").fill("Thiếu góc dưới bên phải.")
    told = desk.locator("db-return-form .note li")
    expect(told).to_have_count(2)
    expect(told.nth(1)).to_contain_text("mất góc")
    expect(told.nth(1)).to_contain_text("Thiếu góc dưới bên phải.")
    desk.locator("[data-return-send]").click()
    expect(desk.locator(".undo")).to_contain_text("Đã yêu cầu bổ sung")
    assert officer.open(filed.dossier)["pending"]["outcome"] == "return"
    desk.locator(f"[data-undo='{filed.dossier}']").click()
    expect(desk.locator("#dossier-title")).to_have_text(title(filed))
    assert officer.open(filed.dossier)["pending"] is None


def test_a_refusal_names_its_law(desk: Page, server: Server, officer: Officer) -> None:
    filed = file(server, 15)
    open_desk(desk, filed)
    desk.keyboard.press("t")
    desk.locator("[data-reject-send]").click()
    expect(desk.locator(".summary li")).to_have_count(2)
    desk.locator("input[value=violation_open]").check()
    expect(desk.locator("#reject-law")).to_have_value("c108_2026")
    desk.locator("[data-reject-send]").click()
    expect(desk.locator(".undo")).to_contain_text("Đã từ chối")
    assert officer.open(filed.dossier)["pending"]["outcome"] == "reject"
    desk.keyboard.press("z")
    expect(desk.locator(".undo")).to_have_count(0)


def test_who_comes_second_is_told_so(desk: Page, server: Server, officer: Officer) -> None:
    filed = file(server, 16)
    open_desk(desk, filed)
    officer.decide(filed.dossier, "approve").raise_for_status()
    desk.keyboard.press("d")
    told = desk.locator(".note.wait[role=alert]")
    expect(told).to_contain_text("đã có người khác quyết định")
    desk.locator("[data-reload]").click()
    expect(told).to_have_count(0)
    expect(desk.locator("db-decide")).to_contain_text("còn hoàn tác được")
    expect(desk.locator("[data-outcome]")).to_have_count(0)


def test_photos_are_enlarged_turned_and_set_side_by_side(desk: Page, server: Server) -> None:
    filed = file(server, 17)
    desk.add_init_script(
        """window.urls = new Set();
        const make = URL.createObjectURL, end = URL.revokeObjectURL;
        URL.createObjectURL = (it) => { const url = make(it); urls.add(url); return url; };
        URL.revokeObjectURL = (url) => { urls.delete(url); end(url); };"""
    )
    open_desk(desk, filed)
    percent = desk.locator("db-photo-frame output").first
    desk.keyboard.press("+")
    expect(percent).to_have_text("125%")
    desk.locator(".viewport").first.hover()
    desk.mouse.wheel(0, -100)
    expect(percent).to_have_text("156%")
    desk.keyboard.press("0")
    expect(percent).to_have_text("100%")
    desk.keyboard.press("r")
    turned = "() => document.querySelector('.viewport img').style.transform"
    assert "rotate(90deg)" in desk.evaluate(turned)
    desk.keyboard.press("s")
    expect(desk.locator("db-photo-frame")).to_have_count(2)
    expect(desk.locator(".viewport img").nth(1)).to_be_visible()
    desk.keyboard.press("3")
    expect(desk.locator("[data-photo=portrait]")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator(".viewport img")).to_have_count(2)
    assert desk.evaluate("() => urls.size") == 3
    before = desk.evaluate("() => [...urls]")
    desk.keyboard.press("j")
    expect(desk.locator("#dossier-title")).not_to_have_text(title(filed))
    expect(desk.locator(".viewport img").first).to_be_visible()
    desk.wait_for_function(
        "(before) => [...urls].every((url) => !before.includes(url))", arg=before
    )


@pytest.fixture
def signed_out(playwright: Playwright, server: Server) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    yield browser.new_context(base_url=server.origin, locale="vi-VN", viewport=WIDE)  # type: ignore[arg-type]
    browser.close()


def test_nothing_is_shown_without_a_session(signed_out: BrowserContext, server: Server) -> None:
    filed = file(server, 18)
    page = signed_out.new_page()
    page.goto(f"/can-bo/{filed.dossier}")
    expect(page.locator("[data-sign-in]")).to_be_visible()
    assert str(filed.answers["full_name"]) not in page.content()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_the_desk_can_be_used_by_everybody(desk: Page, server: Server, scheme: str) -> None:
    filed = file(server, 19 if scheme == "light" else 20, NO_CERTIFICATE, {"full_name": MISTYPED})
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    eye = Inspector(desk)
    open_desk(desk)
    eye.look("queue")
    open_desk(desk, filed)
    desk.keyboard.press("s")
    eye.look("a dossier")
    desk.keyboard.press("b")
    desk.locator("input[name=full_name]").check()
    eye.look("return")
    desk.keyboard.press("Escape")
    desk.keyboard.press("t")
    eye.look("reject")
    desk.keyboard.press("Escape")
    desk.locator("#dossier-title").focus()
    desk.keyboard.press("?")
    expect(desk.locator("dialog.keys")).to_be_visible()
    eye.look("shortcuts")
    assert eye.wrong == []


def test_the_month_is_reported_on_screen_and_as_a_file(desk: Page, server: Server) -> None:
    filed = file(server, 19)
    open_desk(desk, filed)
    desk.get_by_role("link", name="Báo cáo tháng").click()
    expect(desk.locator("h1")).to_have_text("Báo cáo tháng")
    received = desk.locator("dl.figures dd").first
    expect(received).to_have_text(re.compile(r"[1-9]\d*"))
    count = received.inner_text()
    everything = desk.locator("[data-kind=channel] tbody tr").filter(has_text="Trực tuyến")
    expect(everything.locator("td")).to_have_text([count, count, "100,00\u00a0%"])
    eye = Inspector(desk)
    eye.look("the report")
    desk.set_viewport_size({"width": 360, "height": 640})
    eye.look("the report on a phone")
    assert eye.wrong == []
    with desk.expect_download() as download:
        desk.locator("[data-file=xlsx]").click()
    assert re.fullmatch(r"doibang-\d{4}-\d\d\.xlsx", download.value.suggested_filename)
    desk.locator("[data-before]").click()
    expect(received).to_have_text("0")
    month = desk.locator(".monthbar select")
    month.select_option(index=0)
    expect(received).to_have_text(count)
    desk.locator("[data-before]").click()
    expect(received).to_have_text("0")
    assert month.evaluate("one => one.selectedIndex") == 1
    expect(desk.locator("dl.figures")).to_contain_text("không phát sinh")
    desk.get_by_role("button", name="English").click()
    expect(desk.locator("dl.figures")).to_contain_text("nothing received")


def test_signing_out_leaves_nothing_on_the_screen(desk: Page, server: Server) -> None:
    """The last of this file: the session that all share ends."""
    filed = file(server, 21)
    open_desk(desk, filed)
    desk.locator("[data-sign-out]").click()
    expect(desk.locator("[data-sign-in]")).to_be_visible()
    assert str(filed.answers["full_name"]) not in desk.content()
    desk.goto(f"/can-bo/{filed.dossier}")
    expect(desk.locator("[data-sign-in]")).to_be_visible()
