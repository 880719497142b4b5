"""Photos are read before sending where that is ticked: asked for and used without a network."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, expect

from server.sandbox.samples import jpeg, sample
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
    page.locator("[data-file]").set_input_files(file(person.licence_back))
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
    expect(offer).to_contain_text("mã QR trên giấy phép")
    offer.get_by_role("button").click()
    shown = page.locator("#licence_number")
    expect(shown).to_have_value(grouped(number))
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


def test_print_is_offered_and_a_photo_of_no_use_is_to_be_taken_again(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    person = sample(7)
    phone = make_phone(server)
    page = phone.page
    phone.begin()
    phone.visit(f"/to-khai/{phone.dossier}/anh-mat-truoc")
    phone.unlock()
    page.locator("[data-file]").set_input_files(file(blurred(person.licence_front)))
    page.locator("#read-photos").check()
    again = page.locator("[data-retake=licence_front]")
    expect(again).to_contain_text("Nên chụp lại")
    expect(again.get_by_role("link")).to_have_count(0)
    page.goto(page.url.replace("anh-mat-truoc", "xem-lai"))
    phone.unlock()
    again.get_by_role("link").click()
    page.wait_for_url("**/anh-mat-truoc?sua=1")

    page.locator("[data-file]").set_input_files(file(person.licence_front))
    expect(page.locator("[data-read]")).to_contain_text("Đã đọc 1 trong 1 ảnh")
    expect(again).to_have_count(0)
    page.goto(page.url.replace("anh-mat-truoc?sua=1", "so-giay-phep"))
    phone.unlock()
    offer = page.locator("[data-offer=licence_number]")
    expect(offer).to_contain_text("chữ in trên thẻ")
    number = page.locator("#licence_number")
    expect(number).to_have_value("")
    offer.get_by_role("button").click()
    expect(number).to_have_value(grouped(person.truth["answers"]["licence_number"]))
    expect(offer).to_have_attribute("data-match", "same")


def file(picture: bytes) -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture}


def blurred(picture: bytes) -> bytes:
    """As by a hand that moves: a person sees a card and reads nothing."""
    with Image.open(io.BytesIO(picture)) as image:
        return jpeg(image.filter(ImageFilter.GaussianBlur(14)))


def grouped(number: str) -> str:
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))
