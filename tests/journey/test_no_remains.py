"""Nobody can be read from what a browser or the server keeps on a disk: every text typed key by
key, photos taken, sent, the tab restored after a power cut, the renderer crashed, and then every
byte of Chromium's profile and of the server's stores searched.

On a person's own phone the browser's own memory for forms and open tabs is the person's choice; it
is left out there and nowhere else.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.sandbox.samples import Sample, sample
from tests.browser.test_clerk import confirm
from tests.journey.officer import Officer
from tests.journey.phone import PIN, Phone, typed
from tests.journey.processes import Server
from tests.journey.remains import Remain, search, spellings

PERSONAL = (
    "full_name",
    "date_of_birth",
    "identity_number",
    "residence_line",
    "phone",
    "licence_number",
    "licence_serial",
    "certificate_number",
    "residence_legacy",
)
OWN_MEMORY = ("Web Data", "Sessions")  # the browser's, on a person's own phone
READABLE = {"dossiers.name", "dossiers.search", "intakes.name"}  # of a person, in the record
KEEP_PICTURES = """() => {
  const make = URL.createObjectURL.bind(URL);
  window.pictures = [];
  URL.createObjectURL = (made) => {
    if (made instanceof Blob && made.type === "image/jpeg") window.pictures.push(made);
    return make(made);
  };
}"""
PICTURES = """async () => Promise.all(window.pictures.map(async (picture) => {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}))"""


def secrets(person: Sample) -> set[str]:
    """What must be nowhere: each answer as it is stored and as it is typed."""
    answers = person.truth["answers"]
    said = {str(answers[name]) for name in PERSONAL if name in answers}
    said |= {typed(text) for text in said}
    said |= {text.removeprefix("+84") for text in said}
    return said | {PIN}


def pictures(page: Page) -> list[bytes]:
    """The photos as the app keeps them, before sealing."""
    kept = [base64.b64decode(text) for text in page.evaluate(PICTURES)]
    assert len(kept) >= 3
    return kept


def without(remains: Iterable[Remain], parts: Iterable[str]) -> list[Remain]:
    return [remain for remain in remains if not set(remain.file.parts) & set(parts)]


def crash_twice(phone: Phone, path: str) -> None:
    """The page's renderer dies with the form open; then the whole browser, and its next start
    brings the tab back."""
    phone.crash()
    phone.visit(f"{path}#again")  # an address that the dead tab did not have
    phone.unlock()
    phone.power_cut()
    phone.switch_on(restore=True)
    expect(phone.page.locator("h1").first).to_be_visible()
    phone.visit(path)  # the session file that the tab came from may be a page behind


@pytest.mark.parametrize("whose", ["own", pytest.param("borrowed", marks=pytest.mark.long)])
def test_a_phone_keeps_nobody(
    server: Server, make_phone: Callable[[Server], Phone], make_officer: Callable[..., Officer],
    whose: str,
) -> None:  # fmt: skip
    person = sample(7)
    phone = make_phone(server)
    phone.types = True
    phone.context.add_init_script(f"({KEEP_PICTURES})()")
    phone.begin(whose)
    phone.fill_until(person, "dien-thoai")
    half_way = phone.page.url.removeprefix(phone.origin)
    phone.page.locator("#phone").press_sequentially(person.truth["answers"]["phone"])
    expect(phone.page.locator(".saved")).to_contain_text("Đã lưu trên máy")
    taken = pictures(phone.page)
    crash_twice(phone, half_way)

    phone.unlock()
    expect(phone.page.locator("#phone")).not_to_have_value("")
    phone.fill_until(person, "gui")
    phone.agree_and_send()
    dossier = phone.dossier
    make_officer(server).awaits(dossier)
    phone.crash()
    phone.switch_off()
    server.stop()

    everything_was_recorded(phone)
    left = search([phone.profile], secrets(person), taken)
    assert without(left, OWN_MEMORY if whose == "own" else ()) == []
    server_keeps_nobody(server, person, taken)


@pytest.mark.long
def test_a_clerks_tablet_keeps_nobody(
    server: Server, playwright: Playwright, make_officer: Callable[..., Officer], tmp_path: Path
) -> None:
    person = sample(31)
    tablet = Phone(playwright, server.origin, tmp_path / "tablet").switch_on(800, 1280)
    tablet.types = True
    try:
        taken, words = a_shift_with(tablet, server, person, make_officer)
    finally:
        tablet.switch_off()
    server.stop()

    everything_was_recorded(tablet)
    assert search([tablet.profile], secrets(person) | {words}, taken) == []
    server_keeps_nobody(server, person, taken)


def a_shift_with(
    tablet: Phone, server: Server, person: Sample, make_officer: Callable[..., Officer]
) -> tuple[list[bytes], str]:
    """One person helped, with every kind of crash; the photos and the clerk's five words."""
    tablet.context.add_init_script(f"({KEEP_PICTURES})()")
    tablet.visit(server.demo.pop("clerk"))
    tablet.page.locator("[data-begin]").click()
    words = tablet.page.locator("[data-words]").inner_text()
    tablet.page.locator("[data-make-words]").click()
    tablet.page.locator("[data-help-new]").click()
    tablet.page.wait_for_url("**/giay-to")
    tablet.fill_until(person, "nhan-the")
    half_way = tablet.page.url.removeprefix(tablet.origin)
    dossier = tablet.dossier
    taken = pictures(tablet.page)
    tablet.crash()
    tablet.visit(half_way)
    open_shift(tablet, words)
    tablet.power_cut()
    tablet.switch_on(800, 1280, restore=True)
    expect(tablet.page.locator("h1").first).to_be_visible()
    sign_in_again(tablet, server)
    tablet.visit(half_way)
    open_shift(tablet, words)

    tablet.fill_until(person, "xem-lai")
    tablet.page.locator("[data-next]").click()
    confirm(tablet)
    tablet.agree_and_send()
    make_officer(server).awaits(dossier)
    tablet.page.locator("[data-next-person]").click()
    row = tablet.page.locator(f"[data-dossier='{dossier}']")
    expect(row).to_contain_text(person.truth["answers"]["full_name"], timeout=70_000)
    tablet.crash()
    return taken, words


def sign_in_again(tablet: Phone, server: Server) -> None:
    """The session went with the browser; the trial gives a new one at each start."""
    server.stop()
    server.start()
    tablet.visit(server.demo.pop("clerk"))
    tablet.page.locator("[data-begin]").click()
    expect(tablet.page.locator("[data-open-vault]")).to_be_visible()


def open_shift(tablet: Phone, words: str) -> None:
    tablet.enter(tablet.page.locator("#words"), words)
    tablet.page.locator("[data-open-vault]").click()
    expect(tablet.page.locator(".helping")).to_be_visible()


def test_a_leak_would_be_found(server: Server, make_phone: Callable[[Server], Phone]) -> None:
    """The control: the same profile with a person in each place where a browser keeps things."""
    person = sample(7)
    phone = make_phone(server)
    phone.visit("/theo-doi")
    phone.become_offline_ready()
    phone.page.evaluate(PLANT, [person.truth["answers"]["full_name"], ROWS])
    phone.page.locator("#planted").press_sequentially(person.truth["answers"]["full_name"])
    phone.page.locator("#planted").press("Enter")
    phone.page.wait_for_url("**ten=**")
    phone.page.locator("h1").wait_for()
    phone.switch_off()

    found = search([phone.profile], secrets(person))
    places = {part for remain in found for part in remain.file.parts}
    assert places >= PLACES, PLACES - places
    tables = [
        one for one in found if one.file.suffix == ".ldb" and "IndexedDB" in one.file.parts[-3]
    ]
    assert tables, "the planted rows are enough for LevelDB to write a table"


PLACES = {"IndexedDB", "Local Storage", "Session Storage", "CacheStorage", "History", "Sessions"}
ROWS = 40_000
PLANT = """async ([name, rows]) => {
  localStorage.setItem("name", name);
  sessionStorage.setItem("name", name);
  const cache = await caches.open("planted");
  await cache.put("/planted", new Response(name));
  const opening = indexedDB.open("planted");
  opening.onupgradeneeded = () => opening.result.createObjectStore("people");
  await new Promise((done) => { opening.onsuccess = done; });
  const writing = opening.result.transaction("people", "readwrite", { durability: "strict" });
  for (let i = 0; i < rows; i++)
    writing.objectStore("people").put({ name, filler: `${name} `.repeat(10) }, i);
  await new Promise((done, failed) => { writing.oncomplete = done; writing.onabort = failed; });
  const form = document.body.appendChild(document.createElement("form"));
  form.action = "/theo-doi";
  const field = form.appendChild(document.createElement("input"));
  Object.assign(field, { id: "planted", name: "ten", autocomplete: "name" });
}"""


def everything_was_recorded(phone: Phone) -> None:
    """What is searched exists: the crash wrote a dump, the tab lies in a session file."""
    assert list((phone.profile / "Crash Reports").rglob("*.dmp"))
    sessions = (phone.profile / "Default/Sessions").glob("*")
    assert any(b"/to-khai/" in file.read_bytes() for file in sessions)


def server_keeps_nobody(server: Server, person: Sample, taken: list[bytes]) -> None:
    """Nothing in the document store, its blobs, the logs; in the record only the listed columns."""
    left = search([server.data.parent], secrets(person), taken)
    name = person.truth["answers"]["full_name"]
    outside = [one for one in left if one.what != name or "record" not in one.file.name]
    assert outside == []
    assert columns_with(server.data / "record.sqlite", name) <= READABLE


def columns_with(record: Path, value: str) -> set[str]:
    found = set()
    needles = spellings(value)
    db = sqlite3.connect(record)
    db.text_factory = bytes
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        rows = db.execute(f'SELECT * FROM "{table.decode()}"')
        for row in rows:
            for (column, *_), cell in zip(rows.description, row, strict=True):
                content = cell if isinstance(cell, bytes) else str(cell).encode()
                if any(needle in content for needle in needles):
                    found.add(f"{table.decode()}.{column}")
    db.close()
    return found
