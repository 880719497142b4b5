"""Cases that only a counter can take: prepared, explained and printed without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.sandbox.samples import sample
from tests.journey.phone import Phone
from tests.journey.processes import Server


def test_an_expired_licence_is_told_its_tests_and_their_fees(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    person = sample(23, card=("2008", "B2"))
    two_years_ago = (datetime.now(UTC) - timedelta(days=731)).date().isoformat()
    told = person.truth | {"answers": person.truth["answers"] | {"licence_expiry": two_years_ago}}
    phone = make_phone(server)
    phone.begin()
    server.stop()
    phone.context.set_offline(True)
    phone.fill_until(replace(person, truth=told), "tai-quay")
    main = phone.page.locator("main")
    expect(main).to_contain_text("sát hạch lại lý thuyết và thực hành")
    expect(phone.page.locator("[data-fees] dt")).to_have_text(
        ["Sát hạch lý thuyết", "Sát hạch trong hình", "Sát hạch trên đường", "Lệ phí cấp giấy phép"]
    )
    expect(main).to_contain_text(re.compile("Căn cứ: Thông tư"))
    slip = phone.page.locator(".slip")  # on paper only, drawn by the phone itself
    expect(slip).to_be_hidden()
    expect(slip.locator("svg path")).to_have_count(1)
    phone.page.emulate_media(media="print")
    phone.page.evaluate("window.print = () => undefined")
    phone.page.locator("[data-print=roll]").dispatch_event("click")
    expect(slip).to_be_visible()
    expect(slip).to_contain_text("Sát hạch trên đường: ")
    expect(slip.locator(".big")).to_have_text(re.compile("^[2-9A-Z]{4} [2-9A-Z]{4}$"))
    expect(phone.page.locator("h1")).to_be_hidden()
    phone.page.emulate_media(media="screen")
    phone.page.reload()  # nothing that was prepared is lost
    phone.unlock()
    expect(main).to_contain_text("Căn cước công dân hoặc thẻ căn cước")


def test_a_foreign_licence_in_english(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    phone = make_phone(server)
    phone.begin()
    phone.page.get_by_role("button", name="English").click()
    expect(phone.page.locator("h1")).to_have_text("Which licence do you hold?")
    server.stop()
    phone.context.set_offline(True)
    phone.page.locator("input[name=licence_held][value=foreign]").check()
    phone.page.locator("[data-next]").click()
    expect(phone.page.locator("h1")).to_have_text("Foreign licence: at the counter")
    main = phone.page.locator("main")
    expect(main).to_contain_text("A certified Vietnamese translation of the licence")
    expect(main).to_contain_text("Fee for the licence")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
