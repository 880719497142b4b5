"""An applicant asks who opened the dossier, wants news and then none, takes data and papers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, expect

from tests.journey.filled import Filled
from tests.journey.officer import Officer
from tests.journey.phone import Phone
from tests.journey.test_promises_phone import register, says
from tests.server.papers.samples import text


def test_a_person_sees_who_opened_the_dossier_and_takes_the_data_along(
    filled: Filled,
    playwright: Playwright,
    tmp_path: Path,
    make_officer: Callable[[Any], Officer],
) -> None:
    copy = filled.copy(playwright, tmp_path)
    try:
        phone = copy.pick_up().with_screen_lock()
        register(phone)
        copy.return_to("gui")
        phone.agree_and_send()
        officer = make_officer(copy.server)
        officer.awaits(copy.dossier)
        officer.open(copy.dossier)
        phone.visit(f"/ho-so/{copy.dossier}")
        phone.unlock()
        says(phone.page, "accepted")

        opened = phone.page.locator("[data-openings]")
        opened.locator("summary").click()
        people = opened.locator("[data-people] li")
        expect(people).to_have_count(1)
        expect(people).to_contain_text("Cán bộ: xem hồ sơ để xét duyệt")
        with phone.page.expect_download() as download:
            opened.locator("[data-export]").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            data = json.loads(archive.read("data.json"))
        name = filled.sample.truth["answers"]["full_name"]
        assert data["submission"]["answers"]["full_name"] == name
        expect(people).to_have_count(2)
        expect(people.first).to_contain_text("Người nộp: tải dữ liệu của mình")

        told_of_news(phone, copy.dossier)
        papers = phone.page.locator("[data-papers]")
        papers.locator("summary").click()
        with phone.page.expect_download() as download:
            papers.locator("[data-paper=receipt]").click()
        assert "HẸN TRẢ KẾT QUẢ" in text(download.value.path().read_bytes())
        assert download.value.suggested_filename.startswith("giay-tiep-nhan-")

        phone.context.clear_cookies()
        phone.visit(f"/ho-so/{copy.dossier}")
        phone.unlock()
        opened.locator("summary").click()
        opened.locator("[data-enter]").click()
        expect(people).to_have_count(3)
        expect(people.first).to_contain_text("Người nộp: tải giấy tờ của hồ sơ")

        notices = phone.page.locator("[data-notices]")
        notices.locator("summary").click()
        expect(notices.locator("[data-purpose=notice_sms] [data-withdrawn]")).to_be_visible()
        expect(notices.locator("[data-channel=sms]")).to_have_attribute("data-on", "false")
    finally:
        copy.close()


def told_of_news(phone: Phone, dossier: str) -> None:
    """Off until asked for, by phone number; a device without a push service is told so."""
    notices = phone.page.locator("[data-notices]")
    notices.locator("summary").click()
    sms, push = (notices.locator(f"[data-channel={name}]") for name in ("sms", "push"))
    expect(sms).to_have_attribute("data-on", "false")
    sms.locator("button").click()
    expect(sms).to_have_attribute("data-on", "true")
    phone.context.grant_permissions(["notifications"], origin=phone.origin)
    push.locator("button").click()
    expect(push.locator("[data-no-push]")).to_be_visible(timeout=15_000)
    deliver(phone, {"title": "Hồ sơ H05", "body": "Có tin mới.", "dossier": dossier, "lang": "vi"})
    taken = notices.locator("[data-purpose=notice_sms]")
    taken.locator("[data-withdraw]").click()
    taken.locator("[data-sure]").click()
    expect(taken.locator("[data-asked]")).to_be_visible()


def deliver(phone: Phone, news: dict[str, str]) -> None:
    """As the push service would, twice: the worker shows one notification."""
    session = phone.context.new_cdp_session(phone.page)
    known: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: known.extend(one["registrationId"] for one in said["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not known:  # said right after; every round trip lets what was said in
        phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    shown = "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"
    titles = f"() => {shown}.then((all) => all.map(({{ title, tag }}) => [title, tag]))"
    for _ in range(2):
        message = {"origin": phone.origin, "registrationId": known[-1], "data": json.dumps(news)}
        session.send("ServiceWorker.deliverPushMessage", message)
        phone.page.wait_for_function(f"() => {shown}.then((all) => all.length === 1)")
    assert phone.page.evaluate(titles) == [[news["title"], news["dossier"]]]
