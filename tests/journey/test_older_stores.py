"""A phone whose data were written by a former version of the app: this one opens them, shows what
they hold, and sends them. `older_stores` wrote the files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from server.sandbox.samples import Sample
from tests.journey.officer import Officer
from tests.journey.older_stores import BEGUN, DUMP, LAST, STORES, person
from tests.journey.phone import Phone, typed
from tests.journey.processes import Server

FILES = sorted(Path(__file__).with_name("stores").glob("*.json"))
# What the former version's first step made; a later change of the schema has to start from it.
PUT = """async ({ version, stores }) => {
  const opening = indexedDB.open("doibang", version);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    db.createObjectStore("vaults", { keyPath: "id" });
    db.createObjectStore("grants", { keyPath: "owner" });
    const docs = db.createObjectStore("docs", { keyPath: ["owner", "id"] });
    docs.createIndex("due", ["owner", "due", "id"]);
    docs.createIndex("dossier", "dossier");
    db.createObjectStore("bytes", { keyPath: ["owner", "id"] });
    db.createObjectStore("dossiers", { keyPath: "dossier" }).createIndex("owner", "owner");
    db.createObjectStore("meta", { keyPath: "name" });
  };
  const db = await new Promise((done, failed) => {
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
  const live = (value) => {
    if (typeof value?.base64 === "string")
      return Uint8Array.from(atob(value.base64), (char) => char.charCodeAt(0));
    if (Array.isArray(value)) return value.map(live);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, live(one)]));
    return value;
  };
  const tx = db.transaction(Object.keys(stores), "readwrite");
  for (const [name, rows] of Object.entries(stores))
    for (const row of rows) tx.objectStore(name).put(live(row));
  await new Promise((done, failed) => {
    tx.oncomplete = done;
    tx.onabort = () => failed(tx.error);
  });
  db.close();
}"""


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def former(request: pytest.FixtureRequest) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    assert set(kept["stores"]) == set(STORES)
    return kept


def test_two_former_versions_are_kept() -> None:
    assert len(FILES) >= 2


def test_drafts_of_a_former_version_are_read_finished_and_sent(
    former: dict[str, Any],
    make_server: Callable[..., Server],
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    server = make_server()
    server.stop()
    for name, text in former["keys"].items():
        (server.data / "keys" / name).write_text(text, encoding="utf-8")
    server.start()
    phone = make_phone(server)
    put(phone, former)
    officer = make_officer(server)
    sent, begun = former["sent"], former["begun"]

    phone.visit("/ho-so")
    card = phone.page.locator(f"[data-dossier='{sent['dossier']}']")
    expect(card).to_contain_text(f"{sent['slip'][:4]} {sent['slip'][4:]}")
    officer.awaits(sent["dossier"])  # while locked

    phone.visit(f"/to-khai/{begun['dossier']}/{LAST}")
    phone.unlock()
    somebody = person(BEGUN)
    reads(phone, begun["dossier"], somebody)
    phone.visit(f"/to-khai/{begun['dossier']}/{LAST}")
    phone.unlock()
    phone.fill_until(somebody, "gui")
    phone.agree_and_send()
    assert officer.awaits(begun["dossier"])["name"] == somebody.person.full_name


def test_what_was_sealed_for_keys_that_are_gone_is_kept_and_said(
    server: Server, make_phone: Callable[[Server], Phone]
) -> None:
    former = json.loads(FILES[0].read_text(encoding="utf-8"))
    phone = make_phone(server)
    put(phone, former)
    dossier = former["sent"]["dossier"]
    before = kept(phone, dossier)
    assert len(before) > 4
    phone.visit("/ho-so")
    card = phone.page.locator(f"[data-dossier='{dossier}']")
    expect(card).to_contain_text("Máy chủ không nhận")
    assert kept(phone, dossier) == before


def put(phone: Phone, former: dict[str, Any]) -> None:
    phone.page.goto("/sandbox")  # of the same origin, without the app
    phone.page.evaluate(PUT, {key: former[key] for key in ("version", "stores")})


def kept(phone: Phone, dossier: str) -> set[str]:
    """Ids of a dossier's documents on the phone."""
    rows = phone.page.evaluate(DUMP, ["docs"])["stores"]["docs"]
    return {row["id"] for row in rows if row["dossier"] == dossier}


def reads(phone: Phone, dossier: str, somebody: Sample) -> None:
    """The fields and both photos are as they were left."""
    page = phone.page
    expect(page.locator("h1")).to_be_visible()
    answers = somebody.truth["answers"]
    for kind in ("anh-mat-sau", "anh-mat-truoc"):
        open_page(phone, dossier, kind)
        page.locator("img.shot").evaluate("picture => picture.decode()")
        assert page.locator("img.shot").evaluate("picture => picture.naturalWidth") > 100
    open_page(phone, dossier, "ban-than")
    expect(page.locator("#full_name")).to_have_value(answers["full_name"])
    expect(page.locator("#date_of_birth")).to_have_value(typed(answers["date_of_birth"]))
    open_page(phone, dossier, "so-giay-phep")
    digits = re.compile(r"\s*".join(answers["licence_number"]))
    expect(page.locator("#licence_number")).to_have_value(digits)


def open_page(phone: Phone, dossier: str, step: str) -> None:
    phone.visit(f"/to-khai/{dossier}/{step}")
    phone.unlock()
    expect(phone.page.locator("#pin-input")).to_have_count(0)
