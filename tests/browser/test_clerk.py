"""The clerk's tablet in the built app over a real server: one person helped from the first page to
the receipt, and nothing of them left afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from server.sandbox.samples import Sample, sample
from tests.browser.filing import NO_CERTIFICATE
from tests.browser.inspector import Inspector
from tests.journey.officer import Officer
from tests.journey.phone import Phone
from tests.journey.processes import CHECKOUT, Server

STORED = """async () => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
    });
    for (const store of db.objectStoreNames)
      rows.push(...(await new Promise((done) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result.map((row) => `${store} ${JSON.stringify(row)}`));
      })));
    db.close();
  }
  return rows;
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "server" / "data")
    made.data.parent.mkdir()
    yield made.start()
    made.stop()


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(playwright, server.origin, tmp_path / "tablet").switch_on(800, 1280)
    yield made
    made.switch_off()


def invite(server: Server, role: str, point: str) -> str:
    """The link that `doibang invite` prints."""
    command = [sys.executable, "-m", "server.cli", "invite", "--role", role, "--point", point]
    environ = {key: text for key, text in os.environ.items() if not key.startswith("DOIBANG_")}
    environ |= {"DOIBANG_DATA": str(server.data), "DOIBANG_PORT": str(server.port)}
    told = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return next(word for word in told.stdout.split() if "/moi#" in word)


def begin_shift(tablet: Phone, server: Server) -> None:
    tablet.visit(server.demo.pop("clerk"))
    tablet.page.locator("[data-begin]").click()
    expect(tablet.page.locator("[data-words]")).to_have_text(re.compile(r"^(\S+ ){4}\S+$"))
    tablet.page.locator("[data-make-words]").click()
    expect(tablet.page.locator("h1")).to_have_text("Sẵn sàng giúp người tiếp theo")


def help_somebody(tablet: Phone, person: Sample) -> None:
    """Every page up to the applicant's own confirmation."""
    page = tablet.page
    page.locator("[data-help-new]").click()
    page.wait_for_url(re.compile("/to-khai/[0-9a-f]{32}/giay-to"))
    expect(page.locator(".helping")).to_contain_text(
        "Đang làm giúp: Nhân viên dùng thử, Điểm BĐ-VHX"
    )
    tablet.fill_until(person, "xem-lai")
    page.locator("[data-next]").click()
    page.wait_for_url(re.compile("/nhan-vien/xac-nhan/"))


def confirm(tablet: Phone) -> None:
    page = tablet.page
    expect(page.locator("#identity")).to_be_visible()
    for box in page.locator("input[type=checkbox]").all():
        expect(box).not_to_be_checked()
        box.check()
    page.locator("[data-confirm]").click()


def test_one_person_is_helped_and_leaves_nothing_behind(tablet: Phone, server: Server) -> None:
    person = sample(31, None, NO_CERTIFICATE)
    name = str(person.truth["answers"]["full_name"])
    page = tablet.page
    begin_shift(tablet, server)
    help_somebody(tablet, person)
    expect(page.locator("main")).to_contain_text(name)
    page.locator("[data-confirm]").click()
    expect(page.locator(".summary li")).to_have_count(2)
    dossier = page.url.rsplit("/", 1)[-1]
    confirm(tablet)
    slip = tablet.agree_and_send()

    row = page.locator(f"[data-dossier='{dossier}']")
    expect(row).to_contain_text(f"{slip[:4]} {slip[4:]}")
    officer = Officer(server)
    officer.awaits(dossier)
    assert officer.open(dossier)["assurance"] == "clerk_checked"
    officer.close()
    expect(row.locator("[data-stage=forwarded]")).to_be_visible(timeout=70_000)
    kept = [one for one in page.evaluate(STORED) if dossier in one]
    assert [one.split(" ")[0] for one in kept] == ["dossiers"], "only the row without a key is left"
    assert '"localKey"' not in kept[0]

    page.locator("[data-next-person]").click()
    expect(page.locator("h1")).to_have_text("Sẵn sàng giúp người tiếp theo")
    expect(row).to_contain_text(name)  # from the server, for the clerk who is signed in
    for instead in ("/nhan-vien/da-gui/", "/nhan-vien$"):  # the slip, then nothing of the form
        page.go_back()
        page.wait_for_url(re.compile(instead))
        expect(page.locator("h1")).to_be_visible()
        assert page.url.endswith("/nhan-vien") or name not in page.content()
    tablet.visit(f"/to-khai/{dossier}/ban-than")
    expect(page.locator("[data-open-vault]")).to_be_visible()
    assert name not in page.content()


def test_looking_again_asks_for_the_confirmation_again(tablet: Phone, server: Server) -> None:
    begin_shift(tablet, server)
    help_somebody(tablet, sample(32, None, NO_CERTIFICATE))
    confirm(tablet)
    page = tablet.page
    expect(page.locator("[data-send]")).to_be_visible()
    page.locator("[data-back]").click()
    page.wait_for_url(re.compile("/xem-lai"))
    page.locator("[data-next]").click()
    page.wait_for_url(re.compile("/nhan-vien/xac-nhan/"))


def test_one_tap_locks_and_one_tap_of_the_trial_opens_the_same_page(
    tablet: Phone, server: Server
) -> None:
    person = sample(33, None, NO_CERTIFICATE)
    name = str(person.truth["answers"]["full_name"])
    page = tablet.page
    begin_shift(tablet, server)
    page.locator("[data-help-new]").click()
    page.wait_for_url(re.compile("/giay-to$"))
    tablet.fill_until(person, "noi-o")
    dossier = tablet.dossier
    page.go_back()
    expect(page.locator("#full_name")).to_have_value(name)
    tablet.press("Khóa")
    expect(page.locator("[data-open-vault]")).to_be_visible()
    expect(page.locator("db-clerk-aside")).to_have_count(0)
    assert name not in page.content()
    page.go_back()  # the address before is of that person, and stays shut
    expect(page.locator("[data-open-vault]")).to_be_visible()
    assert name not in page.content()
    page.locator("[data-open-vault]").click()
    line = page.locator(f"[data-dossier='{dossier}']")
    expect(line).to_contain_text("Làm tiếp")


def test_the_five_words_open_the_tablet_after_a_reload_without_a_network(
    tablet: Phone, server: Server
) -> None:
    page = tablet.page
    tablet.visit(server.demo.pop("clerk"))
    page.locator("[data-begin]").click()
    words = page.locator("[data-words]").inner_text()
    page.locator("[data-make-words]").click()
    expect(page.locator("[data-help-new]")).to_be_visible()
    tablet.become_offline_ready()
    server.stop()
    tablet.visit("/nhan-vien")
    page.locator("#words").fill("mot hai ba bon nam")
    page.locator("[data-open-vault]").click()
    expect(page.locator("[role=alert]")).to_contain_text("chưa đúng")
    page.locator("#words").fill(words.upper())
    page.locator("[data-open-vault]").click()
    page.locator("[data-help-new]").click()
    expect(page.locator(".helping")).to_contain_text("Nhân viên dùng thử")


def test_the_tablet_can_be_used_by_everybody(tablet: Phone, server: Server) -> None:
    eye = Inspector(tablet.page)
    page = tablet.page
    tablet.visit("/nhan-vien")
    eye.look("sign in")
    tablet.visit(server.demo["clerk"])
    eye.look("trial link")
    page.locator("[data-begin]").click()
    expect(page.locator("[data-words]")).not_to_be_empty()
    eye.look("five words")
    page.locator("[data-make-words]").click()
    expect(page.locator("[data-help-new]")).to_be_visible()
    eye.look("between two people")
    help_somebody(tablet, sample(34, None, NO_CERTIFICATE))
    eye.look("confirmation")
    page.emulate_media(color_scheme="dark")
    eye.look("confirmation in the dark")
    tablet.press("Khóa")
    eye.look("locked")
    assert eye.wrong == []


def test_an_invitation_makes_the_passkey_that_also_locks_the_tablet(
    tablet: Phone, server: Server
) -> None:
    page = tablet.with_screen_lock().page
    tablet.visit(invite(server, "clerk", "bn-08"))
    expect(page.locator("main")).to_contain_text("Nhân viên điểm tiếp nhận")
    expect(page.locator("main")).to_contain_text("Điểm BĐ-VHX Vạn Ninh")
    page.locator("[data-accept]").click()
    expect(page.locator(".summary")).to_be_focused()
    page.locator("#name").fill("Trần Thị Mẫu")
    page.locator("[data-accept]").click()
    expect(page.locator("h1")).to_have_text("Sẵn sàng giúp người tiếp theo")
    page.locator("[data-lock]").click()
    page.locator("[data-open-vault]").click()
    page.locator("[data-help-new]").click()
    expect(page.locator(".helping")).to_contain_text("Trần Thị Mẫu, Điểm BĐ-VHX Vạn Ninh")
