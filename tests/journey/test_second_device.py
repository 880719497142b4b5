"""Two phones of one person: what is begun on one goes on on the other, with the network away when
it matters most; and a PIN that was forgotten."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx2 import AsyncClient
from playwright.sync_api import Page, Route, expect

from server.sandbox.samples import Sample, sample
from tests.bench.link import Link
from tests.browser.filing import NO_CERTIFICATE
from tests.journey import devices
from tests.journey.officer import Officer, eventually
from tests.journey.phone import PIN, Phone, add_authenticator
from tests.journey.processes import Server

OTHER_PIN = "618340"
FIRST, SECOND = "0912 345 678", "0987 654 321"
SCREENS = os.environ.get("DOIBANG_SCREENS")
ROWS = """async (store) => {
  const db = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("doibang");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const asked = db.transaction(store).objectStore(store).getAll();
  const rows = await new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  db.close();
  return rows;
}"""

GO = """(path) => {
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}"""

MakePhone = Callable[[Server], Phone]
Key = tuple[Any, str]


def screen(page: Page, name: str) -> None:
    """No page is wider than the screen, and nothing to press is smaller than a finger; with
    DOIBANG_SCREENS set, pictures lie in that folder."""
    before = page.viewport_size
    for width, height in ((360, 640), (800, 1280), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        small = page.locator("main :is(button, a.button, a.textbutton):visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 48)"
            ".map(one => one.outerHTML)"
        )
        assert small == [], (name, width)
        if SCREENS:
            page.screenshot(path=Path(SCREENS) / f"{name}-{width}.png", full_page=True)
    if before:
        page.set_viewport_size(before)


def rows(phone: Phone, store: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.page.evaluate(ROWS, store)
    return found


def record(phone: Phone, dossier: str) -> dict[str, Any]:
    return next(row for row in rows(phone, "dossiers") if row["dossier"] == dossier)


def all_sent(phone: Phone) -> bool:
    return not any("due" in row for row in rows(phone, "docs"))


def offline(phone: Phone, away: bool = True) -> None:
    phone.context.set_offline(away)


def to_list(phone: Phone) -> None:
    """To "my dossiers" by the app's own links, the vault open."""
    phone.page.evaluate(GO, "/ho-so")
    phone.page.locator("db-dossiers h1").wait_for()


def authenticator(phone: Phone, prf: bool = True) -> Key:
    session = phone.context.new_cdp_session(phone.page)
    return session, add_authenticator(session, prf)


def share_passkey(one: Key, other: Key) -> None:
    """As a person's password manager brings a passkey to their other phone. Two virtual
    authenticators do not count together: the clock keeps the later one ahead."""
    held = one[0].send("WebAuthn.getCredentials", {"authenticatorId": one[1]})
    other[0].send("WebAuthn.clearCredentials", {"authenticatorId": other[1]})
    for credential in held["credentials"]:
        credential["signCount"] = int(time.time())
        other[0].send(
            "WebAuthn.addCredential", {"authenticatorId": other[1], "credential": credential}
        )


def begun(
    server: Server, make_phone: MakePhone, person: Sample, prf: bool = True
) -> tuple[Phone, Key, str]:
    """A phone with an account and one dossier filled in up to the telephone number."""
    phone = make_phone(server)
    key = authenticator(phone, prf)
    phone.begin()
    phone.fill_until(person, "dien-thoai")
    dossier = phone.dossier
    to_list(phone)
    phone.page.locator("[data-register]").click()
    expect(phone.page.locator("[data-account]")).to_be_visible()
    eventually(lambda: all_sent(phone))
    return phone, key, dossier


def set_pins(page: Page, pin: str = PIN) -> None:
    for field in ("#pin-input", "#again-input"):
        page.locator(field).fill(pin)
    page.locator("[data-go]").click()


def come_in(phone: Phone) -> None:
    """Signs in to the account, and sets a PIN where the passkey locks nothing."""
    page = phone.page
    page.locator("[data-sign-in]").click()
    page.locator("[data-go], [data-working], [data-done]").first.wait_for()
    if page.locator("[data-go]").count():
        set_pins(page)


def change_number(phone: Phone, dossier: str, number: str) -> None:
    page = phone.page
    page.locator("#phone").fill(number)
    expect(page.locator(".saved")).to_contain_text("Đã lưu trên máy")


def test_promise_15_a_draft_goes_on_on_another_phone(
    server: Server, make_phone: MakePhone, make_officer: Callable[[Server], Officer]
) -> None:
    """Photos and answers come to the second phone, both write without a network, what both wrote
    differently is shown and chosen, the second sends, and the first shows it as sent."""
    person = sample(31, None, NO_CERTIFICATE)
    one, key, dossier = begun(server, make_phone, person)
    two = make_phone(server)
    two_key = authenticator(two)
    share_passkey(key, two_key)
    two.visit("/ho-so")
    two.become_offline_ready()
    screen(two.page, "nothing-here")
    two.page.locator("[data-enter]").click()
    expect(two.page.locator("[data-sign-in]")).to_be_visible()
    screen(two.page, "enter")

    offline(two)
    two.page.locator("[data-sign-in]").click()
    expect(two.page.locator("main [role=alert]")).to_be_visible()
    assert rows(two, "vaults") == []
    offline(two, False)
    two.page.route("**/api/dossiers/*/key", lambda route: route.abort())  # the link dies here
    come_in(two)
    expect(two.page.locator("[data-failed]")).to_be_visible()
    screen(two.page, "enter-cut")
    two.page.unroute("**/api/dossiers/*/key")
    two.page.locator("[data-again]").click()
    expect(two.page.locator("[data-done]")).to_contain_text("1")
    screen(two.page, "entered")
    assert len(rows(two, "vaults")) == 1
    assert record(two, dossier)["owner"] == rows(one, "vaults")[0]["owner"]
    eventually(lambda: record(two, dossier).get("awaited") == [])

    one.press("Làm tiếp")
    offline(one)
    two.page.locator("[data-mine]").click()
    offline(two)
    screen(two.page, "mine")
    two.press("Làm tiếp")
    change_number(one, dossier, FIRST)
    change_number(two, dossier, SECOND)
    two.visit(f"/to-khai/{dossier}/anh-mat-truoc")
    unlocked(two)
    two.page.locator("img.shot").evaluate("picture => picture.decode()")

    offline(one, False)
    eventually(lambda: all_sent(one))
    offline(two, False)
    two.visit(f"/to-khai/{dossier}/dien-thoai")
    unlocked(two)
    both = two.page.locator("[data-conflict=phone]")
    expect(both).to_contain_text(FIRST, timeout=90_000)
    expect(both).to_contain_text(SECOND)
    expect(both).to_contain_text("Máy này,")
    expect(both).to_contain_text("Máy khác,")
    screen(two.page, "conflict")
    two.fill_until(person_with(person, phone=None), "xem-lai")
    two.page.locator("[data-next]").click()
    expect(two.page.locator(".summary")).to_contain_text("hai máy ghi khác nhau")
    screen(two.page, "conflict-check")
    both.locator("[data-choose=there]").click()
    expect(both).to_have_count(0)
    two.page.locator("[data-next]").click()
    slip = two.agree_and_send()

    row = make_officer(server).awaits(dossier)
    assert row["name"] == person.truth["answers"]["full_name"]
    one.visit("/ho-so")
    card = one.page.locator(f"[data-dossier='{dossier}']")
    expect(card).to_contain_text("Hồ sơ đã gửi", timeout=90_000)
    card.get_by_role("link", name="Xem").click()
    unlocked(one)
    expect(one.page.locator("[data-slip]")).to_have_text(f"{slip[:4]} {slip[4:]}")
    expect(one.page.locator("[data-stage], [data-sending=accepted]").first).to_be_visible()
    to_list(one)
    expect(card).to_contain_text(f"{slip[:4]} {slip[4:]}")


def person_with(person: Sample, **changed: Any) -> Sample:
    """The same person, who leaves the answers that are None as they find them."""
    truth = person.truth | {"answers": person.truth["answers"] | changed}
    return person.__class__(**{**person.__dict__, "truth": truth})


def unlocked(phone: Phone, pin: str = PIN) -> None:
    """Opens the vault by what guards it on this phone."""
    page = phone.page
    page.locator("[data-open]").wait_for()
    if page.locator("#pin-input").count():
        page.locator("#pin-input").fill(pin)
    page.locator("[data-open]").click()
    page.locator("[data-open]").wait_for(state="detached")


@pytest.mark.long
def test_what_another_phone_began_is_fetched_by_one_button(
    server: Server, make_phone: MakePhone
) -> None:
    """The other way round: the first phone finds that the account has a dossier elsewhere. A field
    that only one of them changed is no question, also when both wrote without a network."""
    person = sample(31, None, NO_CERTIFICATE)
    one, key, mine = begun(server, make_phone, person)
    two = make_phone(server)
    two_key = authenticator(two)
    two.begin()
    two.fill_until(person, "ban-than")
    theirs = two.dossier
    share_passkey(key, two_key)
    to_list(two)
    two.page.locator("[data-join]").click()
    expect(two.page.locator("[data-brought]")).to_contain_text("1")
    expect(two.page.locator("[data-dossier]")).to_have_count(2)
    screen(two.page, "joined")
    eventually(lambda: all_sent(two))

    one.press("Làm tiếp")
    to_list(one)
    away = one.page.locator("[data-away='1']")
    expect(away).to_contain_text("Tài khoản còn 1 hồ sơ ở máy khác")
    screen(one.page, "away")
    offline(one)
    one.page.locator("[data-bring]").click()
    expect(away.locator("[role=alert]")).to_contain_text("có mạng")
    offline(one, False)
    share_passkey(two_key, key)
    one.page.locator("[data-bring]").click()
    expect(one.page.locator("[data-brought]")).to_contain_text("1")
    expect(away).to_have_count(0)
    owners = [rows(phone, "vaults")[0]["owner"] for phone in (one, two)]
    assert [record(one, dossier)["owner"] for dossier in (mine, theirs)] == owners

    one.page.locator("[data-devices]").click()
    expect(one.page.locator("[data-device]")).to_have_count(2)  # each with two databases
    other = one.page.locator("[data-device]:not(:has([data-here]))")
    other.locator("[data-deed=lose]").click()
    other.locator("[data-yes]").click()
    expect(other).to_have_attribute("data-state", "lost")
    two.visit("/ho-so")
    expect(two.page.locator("[data-reported-lost]")).to_be_visible()
    for store in ("vaults", "grants", "docs", "bytes", "dossiers"):
        assert rows(two, store) == [], store
    one.visit(f"/ho-so/{theirs}")
    unlocked(one)
    one.page.wait_for_url(f"**/to-khai/{theirs}/*")  # it is here now


@pytest.mark.long
def test_a_forgotten_pin_opens_again_and_loses_nothing(
    server: Server, make_phone: MakePhone
) -> None:
    """What was typed without a network is sent first, then the keys come back. What the server
    cannot give stays sealed, and opens should the old PIN be remembered."""
    person = sample(31, None, NO_CERTIFICATE)
    phone, _, dossier = begun(server, make_phone, person, prf=False)
    page = phone.page
    page.get_by_role("link", name=re.compile("Đổi giấy phép lái xe")).click()
    page.get_by_role("button", name="Bắt đầu hồ sơ mới").click()
    page.wait_for_url("**/giay-to")
    unsent = phone.dossier
    eventually(lambda: all_sent(phone))
    offline(phone)
    page.evaluate(GO, f"/to-khai/{dossier}/dien-thoai")
    change_number(phone, dossier, FIRST)

    phone.visit("/mo-khoa")
    page.locator("#pin-input").fill("111222")
    page.locator("[data-open]").click()
    expect(page.locator("#pin-problem")).to_be_visible()
    screen(page, "unlock")
    page.locator("[data-forgot]").click()
    page.locator("[data-sign-in]").click()
    expect(page.locator("main [role=alert]")).to_contain_text("có mạng")
    before = rows(phone, "vaults")
    offline(phone, False)
    page.route(f"**/api/dossiers/{dossier}/key", lambda route: route.abort())
    sign_in_and_lock(phone)
    expect(page.locator("[data-failed]")).to_be_visible()  # the link died before the last key
    assert strip(rows(phone, "vaults")) == strip(before)
    screen(page, "forgot-cut")
    page.unroute(f"**/api/dossiers/{dossier}/key")
    page.locator("[data-again]").click()
    page.route(f"**/api/dossiers/{unsent}/key", unknown)
    sign_in_and_lock(phone)
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("[data-left]")).to_contain_text("Còn 1 hồ sơ máy chủ chưa có")
    screen(page, "forgot-done")

    offline(phone)
    phone.visit(f"/to-khai/{dossier}/dien-thoai")
    page.locator("#pin-input").fill(PIN)
    page.locator("[data-open]").click()
    expect(page.locator("#pin-problem")).to_be_visible()
    unlocked(phone, OTHER_PIN)
    expect(page.locator("#phone")).to_have_value(FIRST)
    to_list(phone)
    sealed = page.locator(f"[data-dossier='{unsent}']")
    expect(sealed).to_contain_text("Khóa bằng mã cũ")
    screen(page, "former")
    page.locator("#former-input").fill(PIN)
    page.locator("[data-former-pin] button").click()
    expect(page.locator("[data-former-pin]")).to_have_count(0)
    sealed.get_by_role("button", name="Làm tiếp").click()
    page.wait_for_url(f"**/to-khai/{unsent}/giay-to")


def sign_in_and_lock(phone: Phone) -> None:
    phone.page.locator("[data-sign-in]").click()
    phone.page.locator("[data-go], [data-working], [data-done], [data-failed]").first.wait_for()
    if phone.page.locator("[data-go]").count():
        screen(phone.page, "new-pin")
        set_pins(phone.page, OTHER_PIN)


def unknown(route: Route) -> None:
    """The server has nothing of this dossier."""
    route.fulfill(status=404, json={"code": "not_found", "message": {"vi": "", "en": ""}})


def strip(vaults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**vault, "failures": 0, "retryAt": None} for vault in vaults]


def test_a_forgotten_pin_without_an_account_says_what_is_left(
    server: Server, make_phone: MakePhone
) -> None:
    phone = make_phone(server)
    phone.begin()
    phone.fill_until(sample(31, None, NO_CERTIFICATE), "ly-do")
    dossier = phone.dossier
    offline(phone)
    phone.visit("/mo-khoa")
    phone.page.locator("[data-forgot]").click()
    said = phone.page.locator("[data-alone]")
    expect(said).to_contain_text("Chưa gửi: 1 hồ sơ. Không mở được nếu không nhớ ra mã")
    screen(phone.page, "forgot-alone")
    phone.page.locator("[data-new]").click()
    phone.page.locator("input[name=mode][value=own]").check()
    for field in ("#pin-input", "#again-input"):
        phone.page.locator(field).fill(OTHER_PIN)
    phone.press("Tiếp tục")
    phone.page.wait_for_url("**/giay-to")
    assert record(phone, dossier)["localKey"]  # the former store waits for its PIN
    phone.visit(f"/to-khai/{dossier}/ly-do")
    phone.page.locator("input[name=vault]").last.check()
    unlocked(phone)
    phone.page.wait_for_url(f"**/to-khai/{dossier}/ly-do")


def test_promise_13_a_first_sync_costs_what_is_open(
    make_server: Callable[..., Server],
    make_phone: MakePhone,
    make_officer: Callable[[Server], Officer],
    line: Link,
) -> None:
    """Not what is closed: five times as much of that asks for nothing more. When the page and its
    worker ask for news differs by a few requests, so the bound is less than one a dossier."""
    server = make_server(DOIBANG_ORIGIN=line.origin)
    server.origin, line.target = line.origin, server.port
    one, key, dossier = begun(server, make_phone, sample(31, None, NO_CERTIFICATE))
    session = {cookie["name"]: cookie["value"] for cookie in one.context.cookies()}

    filed = in_background(file_dossiers, server, session, 2 + 3)
    close(server, make_officer(server), filed[2:])
    few = first_sync(server, make_phone, line, key, {dossier, *filed[:2]})
    more = in_background(file_dossiers, server, session, 12)
    close(server, make_officer(server), more)
    many = first_sync(server, make_phone, line, key, {dossier, *filed[:2]})
    print(f"first sync: {few} (requests, bytes) beside 3 closed dossiers, {many} beside 15")
    assert many[0] < few[0] + len(more)
    assert many[1] < few[1] + 1_000 * len(more)
    assert many[1] < 3 * 150_000  # three open ones, one with photos to go on with


@pytest.fixture
def line() -> Iterator[Link]:
    made = Link(target=0)
    yield made
    made.close()


def in_background(work: Callable[..., Any], *given: Any) -> Any:
    """Playwright's own loop runs in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, work, *given).result()


async def file_dossiers(server: Server, session: dict[str, str], count: int) -> list[str]:
    """Filed from one more device of the account."""
    origin = {"origin": server.origin}
    async with devices.device(server) as device, AsyncClient(
        base_url=server.origin, headers=origin, cookies=session, trust_env=False
    ) as browser:  # fmt: skip
        await device.adopt(browser)
        papers = [await devices.composed(device) for _ in range(count)]
        for paper in papers:
            assert await device.send(paper) == {}
        for paper in papers:
            await device.wait(paper, lambda status: status.code == "forwarded", within=120)
    return [paper.dossier for paper in papers]


def close(server: Server, officer: Officer, dossiers: list[str]) -> None:
    said = {"reason": "retest_needed", "law": "c108_2026_22", "text": "…"}
    for dossier in dossiers:
        assert officer.decide(dossier, "reject", **said).status_code == 202
    server.stop()
    server.move_clock(timedelta(seconds=31))  # a decision leaves after half a minute
    server.start()
    eventually(lambda: all(officer.open(each)["state"] == "rejected" for each in dossiers))


def first_sync(
    server: Server, make_phone: MakePhone, line: Link, key: Key, awaited: set[str]
) -> tuple[int, int]:
    """What a new phone's requests cost until the account's open dossiers are there: their number,
    and the bytes both ways."""
    phone = make_phone(server)
    share_passkey(key, authenticator(phone))
    phone.visit("/thiet-bi/tai-khoan")
    phone.become_offline_ready()
    line.forget()
    come_in(phone)
    expect(phone.page.locator("[data-done]")).to_contain_text(str(len(awaited)))
    eventually(lambda: not any(row.get("awaited") for row in rows(phone, "dossiers")))
    found = {row["dossier"] for row in rows(phone, "dossiers") if not row.get("unread")}
    kept = {row["dossier"] for row in rows(phone, "docs")}
    own = rows(phone, "vaults")[0]["owner"]
    asked = [one for one in line.exchanges if re.match("/(api|db)/", one.path)]
    phone.switch_off()
    assert found == awaited == kept
    joined = [one.path for one in asked if "_changes" in one.path and own not in one.path]
    assert joined and not any("since=0" in path for path in joined), joined
    return len(asked), sum(one.up + one.down for one in asked)
