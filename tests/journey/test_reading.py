"""Photos are read before sending where that is ticked: asked for and used without a network."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, expect

from server.sandbox.samples import sample
from tests.journey.phone import Phone
from tests.journey.processes import Server


def test_what_photos_say_is_offered_where_reading_was_ticked(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    person = sample(7)
    number = person.truth["answers"]["licence_number"]
    phone = make_phone(server)
    page = phone.page
    phone.begin()
    phone.visit(f"/to-khai/{phone.dossier}/anh-mat-sau")
    phone.unlock()
    picture: FilePayload = {
        "name": "back.jpg",
        "mimeType": "image/jpeg",
        "buffer": person.licence_back,
    }
    page.locator("[data-file]").set_input_files(picture)
    tick = page.locator("#read-photos")
    expect(tick).not_to_be_checked()
    server.stop()
    tick.check()
    said = page.locator("[data-read]")
    expect(said).to_contain_text("Đã ghi")
    server.start()
    expect(said).to_contain_text("Đã đọc 1 trong 1 ảnh")
    server.stop()

    page.locator("[data-next]").click()
    page.wait_for_url("**/so-giay-phep")
    offer = page.locator("[data-offer=licence_number]")
    expect(page.locator("#licence_number")).to_have_value("")
    offer.get_by_role("button").click()
    shown = page.locator("#licence_number")
    expect(shown).to_have_value(" ".join(number[i : i + 3] for i in range(0, 12, 3)))
    expect(offer).to_have_attribute("data-match", "same")
    shown.fill("012345678901")
    expect(offer).to_have_attribute("data-match", "differs")
    expect(shown).to_have_value("012345678901")
    expect(offer.get_by_role("button")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Đã lưu trên máy")

    page.goto(page.url.replace("so-giay-phep", "xem-lai"))
    phone.unlock()
    expect(offer).to_contain_text("khác với điều đã nhập")
    tick.uncheck()
    expect(offer).to_have_count(0)
    expect(tick).to_be_enabled()
    server.start()
    expect(page.locator(".offline")).to_have_count(0)
