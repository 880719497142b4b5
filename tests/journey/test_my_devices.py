"""Two phones of one account: from one of them the other loses its right to send, and then all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from server.sandbox.samples import sample
from tests.journey.phone import Phone, add_authenticator
from tests.journey.processes import Server

ROWS = """async () => {
  const db = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("doibang");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const stores = ["vaults", "grants", "docs", "bytes", "dossiers"];
  const tx = db.transaction(stores);
  const counts = await Promise.all(stores.map((store) => new Promise((resolve, reject) => {
    const counting = tx.objectStore(store).count();
    counting.onsuccess = () => resolve([store, counting.result]);
    counting.onerror = () => reject(counting.error);
  })));
  db.close();
  return Object.fromEntries(counts);
}"""
SCREENS = os.environ.get("DOIBANG_SCREENS")


def screen(page: Page, name: str) -> None:
    """No page is wider than the screen; with DOIBANG_SCREENS set, pictures lie in that folder."""
    for width, height in ((360, 640), (800, 1280)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SCREENS:
            page.screenshot(path=Path(SCREENS) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 640})


def mine(phone: Phone) -> None:
    """To the list of dossiers with the vault open."""
    phone.visit("/ho-so")
    phone.page.get_by_role("button", name="Làm tiếp", exact=True).first.click()
    phone.unlock()
    phone.page.locator("db-step h1").wait_for()
    phone.page.go_back()
    phone.page.locator("db-dossiers h1").wait_for()


def authenticator(phone: Phone) -> tuple[Any, str]:
    session = phone.context.new_cdp_session(phone.page)
    return session, add_authenticator(session)


def share_passkey(one: tuple[Any, str], other: tuple[Any, str]) -> None:
    """As a person's password manager brings a passkey to their other phone."""
    held = one[0].send("WebAuthn.getCredentials", {"authenticatorId": one[1]})
    [credential] = held["credentials"]
    credential["signCount"] += 100  # each of the two counts on by itself
    other[0].send("WebAuthn.addCredential", {"authenticatorId": other[1], "credential": credential})


def test_another_phone_is_stopped_and_then_reported_lost(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    one, other = make_phone(server), make_phone(server)
    keys, other_keys = authenticator(one), authenticator(other)
    one.begin()
    mine(one)
    one.page.locator("[data-register]").click()
    expect(one.page.locator("[data-account]")).to_be_visible()
    share_passkey(keys, other_keys)
    other.begin()
    other.fill_until(sample(7), "can-cuoc")
    mine(other)
    other.page.locator("[data-join]").click()
    expect(other.page.locator("[data-account]")).to_be_visible()
    expect(other.page.locator("[data-brought]")).to_contain_text("1")  # what the first one began
    before = other.page.evaluate(ROWS)
    assert before["vaults"] == 1 and before["grants"] == before["dossiers"] == 2
    assert before["docs"] > 0

    one.page.locator("[data-devices]").click()
    expect(one.page).to_have_url(re.compile("/thiet-bi$"))
    cards = one.page.locator("[data-device]")
    expect(cards).to_have_count(2)
    here = one.page.locator("[data-device]:has([data-here])")
    expect(here).to_have_count(1)
    expect(here.locator("[data-deed]")).to_have_count(0)
    expect(here).to_contain_text(
        re.compile("Chrome trên .+Dùng từ ngày.+Liên lạc lần cuối khoảng", re.S)
    )
    screen(one.page, "list")

    card = one.page.locator("[data-device]:not(:has([data-here]))")
    card.locator("[data-deed=revoke]").click()
    expect(card).to_contain_text("Mọi điều đã ghi trên máy đó vẫn còn")
    expect(card).to_contain_text("Không thể bỏ lệnh này")
    screen(one.page, "revoke")
    card.locator("[data-no]").click()
    expect(card).to_have_attribute("data-state", "able")
    card.locator("[data-deed=revoke]").click()
    card.locator("[data-yes]").click()
    expect(card).to_have_attribute("data-state", "signIn")
    expect(card.locator("[data-deed=revoke]")).to_have_count(0)

    contact(other)
    ended = other.page.locator("[data-ended]")
    expect(ended).to_contain_text("Máy này cần đăng nhập lại mới gửi được. Không mất gì")
    assert other.page.evaluate(ROWS) == before
    screen(other.page, "revoked-phone")
    mine(other)  # what was written opens as before
    ended.locator("[data-sign-in]").click()
    expect(ended).to_have_count(0)

    one.page.reload()
    expect(card).to_have_attribute("data-state", "able")
    card.locator("[data-deed=revoke]").click()
    card.locator("[data-yes]").click()
    expect(card).to_have_attribute("data-state", "signIn")
    contact(other)
    expect(ended).to_be_visible()

    card.locator("[data-deed=lose]").click()
    expect(card).to_contain_text("Không lấy lại được, kể cả khi tìm thấy máy")
    screen(one.page, "lose")
    card.locator("[data-yes]").click()
    expect(card).to_have_attribute("data-state", "lost")
    expect(card.locator("[data-deed]")).to_have_count(0)
    screen(one.page, "lost")
    contact(other)
    told = other.page.locator("[data-reported-lost]")
    expect(told).to_contain_text("Máy này đã được báo mất")
    assert set(other.page.evaluate(ROWS).values()) == {0}
    expect(other.page.locator("[data-dossier], [data-ended]")).to_have_count(0)
    screen(other.page, "lost-phone")
    other.visit("/to-khai/moi")
    expect(told).to_be_visible()
    told.get_by_role("button", name="Đã hiểu").click()
    expect(told).to_have_count(0)
    other.visit("/ho-so")
    expect(told).to_have_count(0)


def test_without_a_network_or_a_session_the_page_says_what_it_needs(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    phone = make_phone(server)
    keys = authenticator(phone)
    assert keys[1]
    phone.begin()
    mine(phone)
    phone.page.locator("[data-register]").click()
    expect(phone.page.locator("[data-account]")).to_be_visible()
    phone.context.clear_cookies()
    phone.context.set_offline(True)
    phone.page.locator("[data-devices]").click()
    expect(phone.page.locator("[data-view=offline]")).to_contain_text("cần có mạng")
    screen(phone.page, "offline")
    phone.context.set_offline(False)
    phone.page.locator("[data-retry]").click()
    expect(phone.page.locator("[data-view=signed_out]")).to_be_visible()
    screen(phone.page, "signed-out")
    phone.page.locator("[data-sign-in]").click()
    expect(phone.page.locator("[data-device]")).to_have_count(1)
    expect(phone.page.locator("[data-here]")).to_be_visible()


def contact(phone: Phone) -> None:
    """The phone is opened again and asks the server for news."""
    phone.visit("/ho-so")
