"""A queue number taken without a network and called at the point; one for a person who walks in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.dossier.calendar import ZONE, is_working_day
from tests.journey.phone import ARGS, Phone
from tests.journey.processes import Server


def working_morning() -> datetime:
    """Five past eight of today or of the next day on which the points are open."""
    today = datetime.now(UTC).astimezone(ZONE).date()
    days = (today + timedelta(days=ahead) for ahead in range(8))
    day = next((day for day in days if is_working_day(day)), None)
    if day is None:
        pytest.skip("the holidays are longer than numbers are given out ahead")
    return datetime.combine(day, time(8, 5), ZONE)


@pytest.fixture
def point(tmp_path: Path, stores: dict[str, str]) -> Iterator[Server]:
    """A server that lives on such a morning."""
    server = Server(tmp_path / "data", stores)
    server.move_clock(working_morning() - datetime.now(UTC))
    yield server.start()
    server.stop()


def test_a_number_from_the_phone_is_called_at_the_point(
    make_server: Callable[..., Server],
    make_phone: Callable[[Server], Phone],
    playwright: Playwright,
) -> None:
    server = make_server()
    server.stop()
    morning = working_morning()
    server.move_clock(morning - datetime.now(UTC))
    server.start()
    phone = make_phone(server)
    phone.begin()
    server.stop()
    phone.context.set_offline(True)
    phone.page.locator("input[name=licence_held][value=military]").check()
    phone.page.locator("[data-next]").click()
    card = phone.page.locator("[data-queue]")
    card.locator("[id='queue-point']").select_option("bn-08")
    card.locator("[id='queue-day']").select_option(morning.date().isoformat())
    card.locator("[name='queue-part'][value=morning]").check()
    card.locator("[data-take]").click()
    expect(card.locator("[data-pending]")).to_contain_text("Đã ghi trên máy")
    phone.page.reload()
    phone.unlock()
    expect(card.locator("[data-pending]")).to_be_visible()

    server.start()
    phone.context.set_offline(False)
    expect(card.locator("[data-number]")).to_have_text("Số 1")
    expect(card).to_contain_text("08:00–08:30")

    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    try:
        here = browser.new_context(base_url=server.origin, locale="vi-VN")
        tablet = here.new_page()
        _the_point(tablet, server)
        _called(tablet, phone)
    finally:
        browser.close()


def _the_point(tablet: Page, server: Server) -> None:
    """The clerk's tablet at the point's counter."""
    tablet.goto(server.demo["clerk"])
    tablet.locator("[data-begin]").click()
    expect(tablet).to_have_url(f"{server.origin}/nhan-vien")
    tablet.goto("/so-thu-tu")
    expect(tablet.locator("[data-waiting]")).to_have_count(1)


def _called(tablet: Page, phone: Phone) -> None:
    screen = tablet.context.new_page()
    screen.goto("/goi-so/bn-08")
    expect(screen.locator(".nobody")).to_be_visible()
    state = phone.page.locator("[data-queue] [data-state]")
    tablet.locator("[data-next]").click()
    expect(screen.locator("[data-number='1']")).to_contain_text("1")
    expect(state).to_have_attribute("data-state", "called")
    tablet.locator("[data-action=missed]").click()
    expect(tablet.locator("[data-waiting='1']")).to_contain_text("gọi lần hai")
    expect(state).to_contain_text("được gọi thêm một lần nữa")

    tablet.locator("[data-take]").click()
    expect(tablet.locator("[data-taken]")).to_have_text("2")
    tablet.locator("[data-close]").click()
    tablet.locator("[data-next]").click()
    expect(screen.locator("tbody tr")).to_have_count(1)
    expect(screen.locator("[data-number='2']")).to_be_visible()
    tablet.locator("[data-action=served]").click()
    expect(tablet.locator("[data-ended]")).to_contain_text("Đã xong: 1")
    expect(screen.locator(".nobody")).to_be_visible()
