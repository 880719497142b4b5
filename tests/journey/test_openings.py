"""An applicant asks who opened the dossier, and takes the data along."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, expect

from tests.journey.filled import Filled
from tests.journey.officer import Officer
from tests.journey.test_promises_phone import register, says


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

        phone.context.clear_cookies()
        phone.visit(f"/ho-so/{copy.dossier}")
        phone.unlock()
        opened.locator("summary").click()
        opened.locator("[data-enter]").click()
        expect(people).to_have_count(2)
    finally:
        copy.close()
