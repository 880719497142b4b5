"""What a phone in a hand keeps: nothing is lost, said too early or left behind."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, Route, expect

from tests.bench.link import Exchange, Link
from tests.browser.test_clerk import STORED
from tests.journey.filled import Copy, Filled
from tests.journey.officer import Officer, eventually
from tests.journey.phone import Phone

CHUNK = 32 * 1024
IN_FLIGHT = 2
CUTS = 10


@pytest.fixture
def copy(filled: Filled, playwright: Playwright, tmp_path: Path) -> Iterator[Copy]:
    made = filled.copy(playwright, tmp_path)
    yield made
    made.close()


def says(page: Page, state: str) -> None:
    """The dossier's page shows this sending state, or where `accepted` the stage in its place."""
    chip = f"main [data-sending={state}]"
    if state == "accepted":
        chip = f"{chip}, main [data-stage]"
    expect(page.locator(chip).first).to_be_visible(timeout=60_000)


def come_online(page: Page) -> None:
    """What a phone tells its pages when it finds a network again."""
    page.evaluate("() => dispatchEvent(new Event('online'))")


def swallow(route: Route) -> None:
    """Says that a document is durable, and forgets it."""
    route.fulfill(status=201, json={"ok": True, "id": "x", "rev": "1-x"})


def test_promise_1_the_status_names_the_photo_that_is_missing(copy: Copy) -> None:
    phone = copy.phone.switch_on()
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The last part of one photo is taken and never stored."""
        chunk = route.request.url.split("?")[0].rsplit("/", 1)[-1]
        _, _, photo, part = chunk.split(":")
        if not lost and part == "1":
            lost.append(photo)
        if lost == [photo] and part == "1":
            swallow(route)
        else:
            route.continue_()

    phone.context.route("**/db/*/chunk:*", lose)
    copy.return_to("gui")
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    named = phone.page.locator("[data-missing]")
    expect(named).to_contain_text(re.compile(r"Nơi tiếp nhận còn thiếu: Ảnh .+, thiếu 1/\d+ phần"))
    expect(phone.page.locator("main")).not_to_contain_text("Đã tiếp nhận")
    says(phone.page, "sending")
    phone.context.unroute("**/db/*/chunk:*")
    come_online(phone.page)
    says(phone.page, "accepted")
    expect(named).to_have_count(0)


def test_promise_2_ten_cuts_cost_no_more_than_what_was_in_flight(copy: Copy) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"cuts of seed {seed}")
    chance = random.Random(seed)
    phone = copy.pick_up()
    copy.link.cut()
    for step in ("anh-mat-truoc", "anh-mat-sau"):
        copy.replaced(step, lambda: phone.page.locator("[data-file]").set_input_files(LARGE))
    copy.return_to("gui")
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    due = chunks_due(phone.page)
    payload = sum(due.values())
    assert payload > 12 * CHUNK

    sent = 0
    for _ in range(CUTS):
        attempt = until_cut(copy, chance.randrange(2_000, 90_000))
        assert {doc_id(one.path) for one in attempt} <= due.keys()  # nothing durable goes again
        left = chunks_due(phone.page)
        cost = sum(one.up for one in attempt)
        durable = sum(due.values()) - sum(left.values())
        assert cost - durable <= IN_FLIGHT * (CHUNK + HEADERS)
        due, sent = left, sent + cost
    assert due  # all ten cuts fell into the sending
    copy.link.forget()
    copy.link.up = True
    come_online(phone.page)
    says(phone.page, "accepted")
    sent += sum(one.up for one in chunks_of(copy.link))
    print(f"{payload} bytes of photos, {sent - payload} more than those on the line")
    assert sent - payload <= CUTS * IN_FLIGHT * CHUNK


def until_cut(copy: Copy, after: int) -> list[Exchange]:
    """One try to send that is cut `after` so many bytes: its requests for parts of photos."""
    copy.link.forget()
    copy.link.fuse = after
    copy.link.up = True
    come_online(copy.phone.page)
    eventually(lambda: not copy.link.up)
    says(copy.phone.page, "waiting_network")
    return chunks_of(copy.link)


def chunks_of(link: Link) -> list[Exchange]:
    return [one for one in link.exchanges if "/chunk:" in one.path]


def doc_id(path: str) -> str:
    return path.partition("?")[0].rpartition("/")[2]


def chunks_due(page: Page) -> dict[str, int]:
    """Bytes of the parts that the phone does not know to be durable, by id."""
    sizes = {row["id"]: row["bytes"] for row in rows(page, "bytes")}
    return {
        row["id"]: sizes[row["id"]]
        for row in rows(page, "docs")
        if row.get("due") and row["id"] in sizes
    }


def noise() -> bytes:
    """A picture that no encoder makes small."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1009), 90).save(out, "JPEG", quality=90)
    return out.getvalue()


LARGE: Any = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": noise()}
HEADERS = 1500  # bytes of one request beside the part itself
ROWS = """async (store) => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("doibang");
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await new Promise((done) => {
    const asked = db.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return JSON.parse(JSON.stringify(rows, (_, value) => value?.byteLength ?? value));
}"""


def rows(page: Page, store: str) -> list[dict[str, Any]]:
    """What the phone's database holds; bytes as their number."""
    found: list[dict[str, Any]] = page.evaluate(ROWS, store)
    return found


def photo_bytes(page: Page) -> int:
    return sum(row["bytes"] for row in rows(page, "bytes"))


def register(phone: Phone, guard: str = "pin") -> None:
    """An account for this phone, on the page with the person's dossiers."""
    phone.visit("/ho-so")
    phone.press("Làm tiếp")
    phone.unlock(guard)
    phone.page.locator("db-step h1").wait_for()
    phone.page.go_back()
    phone.page.locator("[data-register]").click()
    expect(phone.page.locator("[data-account]")).to_be_visible()


def test_promise_3_no_photo_goes_before_the_form_is_at_the_server(copy: Copy) -> None:
    copy.link.cut()
    phone = copy.pick_up()
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    says(phone.page, "waiting_network")
    copy.link.forget()
    copy.link.slow(kbps=400)
    copy.link.up = True
    come_online(phone.page)
    says(phone.page, "accepted")
    copy.link.fast()
    done = [one for one in copy.link.exchanges if one.status in (200, 201)]
    [form] = [one for one in done if one.path.endswith("/_bulk_docs")]
    parts = chunks_of(copy.link)
    assert len(parts) > IN_FLIGHT
    assert form.ended <= min(one.began for one in parts), "a photo was under way before the form"


def test_promise_4_neither_lock_stops_capture_or_sending(
    copy: Copy, make_officer: Callable[[Any], Officer]
) -> None:
    phone = copy.pick_up().with_screen_lock()
    register(phone)
    phone.context.clear_cookies()  # the session is over
    answer = phone.page.request.get("/api/session?role=applicant")
    assert answer.status == 401

    copy.link.cut()
    phone.context.set_offline(True)
    copy.replaced("chan-dung", lambda: phone.photograph(copy.filled.sample.portrait))
    copy.return_to("gui")
    phone.agree_and_send()
    phone.lock()
    phone.leave_app()

    copy.link.up = True
    phone.context.set_offline(False)
    make_officer(copy.server).awaits(copy.dossier)
    assert phone.page.url == "about:blank"


def test_promise_5_a_revoked_grant_asks_to_sign_in_and_loses_nothing(copy: Copy) -> None:
    phone = copy.pick_up().with_screen_lock()
    register(phone)
    assert phone.page.evaluate(REVOKE) == [204]
    phone.context.clear_cookies()
    copy.return_to("gui")
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    says(phone.page, "sign_in")
    expect(phone.page.locator("main")).to_contain_text("Cần đăng nhập để gửi")
    kept = photo_bytes(phone.page)
    assert kept > 5 * CHUNK

    phone.page.locator("[data-sign-in]").click()
    says(phone.page, "accepted")
    assert photo_bytes(phone.page) == kept


def test_promise_5_a_passkey_made_offline_opens_the_account(
    copy: Copy, make_phone: Callable[[Any], Phone]
) -> None:
    phone = make_phone(copy.server).with_screen_lock()
    phone.visit("/")
    phone.become_offline_ready()
    copy.link.cut()
    phone.begin("own", "passkey")
    copy.link.up = True
    register(phone, "passkey")
    assert phone.page.evaluate(REVOKE) == [204]


REVOKE = """async () => {
  const grants = await (await fetch("/api/grants")).json();
  return Promise.all(grants.map(async ({ id }) =>
    (await fetch(`/api/grants/${id}`, { method: "DELETE" })).status));
}"""


def test_promise_7_sent_is_said_by_receipts_alone(
    copy: Copy, make_officer: Callable[[Any], Officer]
) -> None:
    phone = copy.pick_up()
    altered: list[str] = []

    def another_digest(route: Route) -> None:
        """The status as another submission's: one part's digest is not the phone's."""
        answer = route.fetch()
        body = answer.json()
        for result in body["results"]:
            for doc in result["docs"]:
                receipts = doc.get("ok", {}).get("receipts", {})
                for digests in list(receipts.values())[:1]:
                    digests[0] = "0" * 64
                    altered.append(doc["ok"]["code"])
        route.fulfill(response=answer, json=body)

    phone.context.route("**/_bulk_get", another_digest)
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    officer = make_officer(copy.server)
    officer.awaits(copy.dossier)
    come_online(phone.page)
    eventually_page(phone.page, lambda: "forwarded" in altered)
    total = phone.page.locator("progress")
    expect(total).to_have_js_property("value", total.evaluate("bar => bar.max"))
    says(phone.page, "sending")
    for words in ("Đã gửi", "Đã tiếp nhận"):
        assert words not in phone.page.locator("main [data-sending]").all_inner_texts()

    phone.context.unroute("**/_bulk_get")
    officer.act(copy.dossier, "park")  # the next status is an honest one
    come_online(phone.page)
    says(phone.page, "accepted")


def test_promise_7_an_acknowledgement_of_everything_is_no_receipt(copy: Copy) -> None:
    copy.link.cut()  # no part may leave before the network is a liar's
    phone = copy.pick_up()
    taken: list[str] = []

    def take(route: Route) -> None:
        if route.request.method != "PUT" or ":" not in route.request.url.rsplit("/", 1)[-1]:
            route.continue_()
            return
        taken.append(route.request.url)
        swallow(route)

    phone.context.route("**/db/drafts-*/*", take)
    copy.link.up = True
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    bar = phone.page.locator("progress")

    def everything_acknowledged() -> bool:
        parts = {url for url in taken if "chunk:" in url}
        value, total = bar.evaluate("bar => [bar.value, bar.max]")
        return bool(value == total == len(parts) + 1 > 4)  # the form is one

    eventually_page(phone.page, everything_acknowledged)
    come_online(phone.page)
    eventually_page(phone.page, everything_acknowledged)  # what is doubted is sent again
    says(phone.page, "sending")


def eventually_page(page: Page, look: Callable[[], bool], patience: int = 300) -> None:
    """`eventually`, while the page's requests are being answered by this test."""
    for _ in range(patience):
        if look():
            return
        page.wait_for_timeout(200)
    raise AssertionError("not in time")


def test_promise_8_nothing_shown_as_saved_is_lost(copy: Copy) -> None:
    """A reload, a crash of the page, and a power cut after which the browser restores its tab."""
    phone = copy.pick_up()
    for number, disaster in enumerate((reload, Phone.crash), 1):
        copy.return_to("dien-thoai")
        field = phone.page.locator("[id=phone]")
        saved = f"09876543{number}"
        field.fill("")
        field.press_sequentially(saved)
        expect(phone.page.locator("main")).to_contain_text("Đã lưu trên máy")
        field.press_sequentially("0")
        disaster(phone)
        copy.return_to("dien-thoai")
        expect(phone.page.locator("[id=phone]")).to_have_value(re.compile(f"^{saved}0?$"))
    for disaster in (Phone.crash, restore):
        copy.replaced("anh-mat-sau", lambda: phone.photograph(copy.filled.sample.licence_back))
        kept = photo_ids(phone.page)
        disaster(phone)
        copy.return_to("anh-mat-sau")
        phone.page.locator("img.shot").evaluate("picture => picture.decode()")
        assert photo_ids(phone.page) == kept


def photo_ids(page: Page) -> set[str]:
    (record,) = rows(page, "dossiers")
    assert len(record["parts"]) == 4
    return set(record["parts"])


def reload(phone: Phone) -> None:
    phone.page.reload()


def restore(phone: Phone) -> None:
    dossier = phone.dossier
    phone.power_cut()
    phone.switch_on(restore=True)
    assert phone.dossier == dossier  # the tab is back, where Chromium last noted it
    phone.unlock()


def test_promise_14_what_was_erased_is_gone_and_refused(copy: Copy) -> None:
    phone = copy.pick_up()
    phone.agree_and_send()
    phone.visit(f"/ho-so/{copy.dossier}")
    phone.unlock()
    says(phone.page, "accepted")
    rows = [row for row in phone.page.evaluate(STORED) if copy.dossier in row]
    assert {row.split(" ")[0] for row in rows} == {"docs", "bytes", "dossiers"}
    grant = next(row for row in phone.page.evaluate(STORED) if row.startswith("grants "))
    known = json.loads(grant.removeprefix("grants "))

    copy.link.cut()  # asked for without a network
    phone.page.locator("[data-part-with] summary").click()
    phone.page.locator("[data-wish=erase]").click()
    phone.page.locator("[data-sure]").click()
    expect(phone.page.locator("[data-asked]")).to_be_visible()
    copy.link.up = True
    come_online(phone.page)
    expect(phone.page.locator("main")).to_contain_text("đã được xóa", timeout=90_000)
    phone.visit("/ho-so")
    expect(phone.page.locator(f"[data-dossier='{copy.dossier}']")).to_have_count(0, timeout=90_000)
    assert not [row for row in phone.page.evaluate(STORED) if copy.dossier in row]

    draft = f"draft:{copy.dossier}:{known['device']}"
    body = {"schema": "draft/1", "key": {"kid": "0" * 16, "wrapped": "A" * 151}, "sealed": "A" * 80}
    again = phone.page.request.put(
        f"/db/drafts-{known['owner']}/{draft}",
        data=body,
        headers={"authorization": f"Bearer {known['secret']}"},
    )
    assert (again.status, again.json()["reason"]) == (403, "erased")
