"""A dossier's papers over HTTP, and its pack from the command line."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.cli import main
from server.record import people
from server.record.people import Account
from server.record.tables import dossiers
from tests.server.papers.samples import text
from tests.server.surface import Browser, build, serve

APPLICANT = Account("a" * 32, "applicant", None, None)
OFFICER = Account("f" * 32, "officer", "Lan", None)


def cookies(caller: Browser, account: Account) -> dict[str, str]:
    parts = caller.parts

    def enter(conn: Any) -> str:
        if people.account(conn, account.id) is None:
            people.create_account(conn, account, parts.clock())
        return parts.sessions.start(conn, account)[0]

    return {"cookie": f"{parts.sessions.cookie_name(account.role)}={parts.record.now(enter)}"}


def test_the_applicant_takes_papers_along_and_everyone_is_journalled(caller: Browser) -> None:
    device, paper = caller.file()
    mine = cookies(caller, APPLICANT)
    assert caller.parts.record.now(lambda conn: people.adopt(conn, device.owner, APPLICANT.id))
    own = f"/api/dossiers/{paper.dossier}/papers"
    listed = caller.get(own, **mine).json()
    assert [one["kind"] for one in listed] == ["form", "receipt", "slip"]
    for one in listed:
        answer = caller.get(f"{own}/{one['kind']}", **mine)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
        named = f'attachment; filename="{one["file"]}"'
        assert answer.headers["content-disposition"] == named and named.isascii()
        assert "Nguyễn Thị Hoa" in text(answer.content)
    desk = f"/api/desk{own.removeprefix('/api')}"
    assert caller.get(f"{desk}/receipt", **cookies(caller, OFFICER)).status_code == 200
    read = [(line["actor"], line["detail"]["purpose"]) for line in caller.journal("opened")]
    assert read[-4:] == [
        (f"applicant:{APPLICANT.id}", "paper:form"),
        (f"applicant:{APPLICANT.id}", "paper:receipt"),
        (f"applicant:{APPLICANT.id}", "paper:slip"),
        (f"officer:{OFFICER.id}", "paper:receipt"),
    ]


def test_a_paper_that_is_not_there_yet_is_told_in_both_languages(caller: Browser) -> None:
    _, paper = caller.file()
    officer = cookies(caller, OFFICER)
    at = f"/api/desk/dossiers/{paper.dossier}/papers"
    for kind in ("refusal", "supplement", "apology", "payment"):
        answer = caller.get(f"{at}/{kind}", **officer)
        told = answer.json()
        assert (answer.status_code, told["type"]) == (404, "urn:doibang:problem:no_paper")
        assert "chưa có" in json.dumps(told, ensure_ascii=False)
        assert "This dossier has no" in json.dumps(told)
    assert caller.get(f"{at}/licence", **officer).json()["type"].endswith(":not_found")


def test_what_the_officer_asked_for_and_refused_is_on_the_papers(caller: Browser) -> None:
    officer = cookies(caller, OFFICER)
    item = {"target": "photo:portrait", "reason": "", "text": "mờ, xin chụp lại"}
    decided: dict[str, dict[str, Any]] = {
        "supplement": {"outcome": "return", "items": [item], "text": "Chỉ cần chụp lại."},
        "refusal": {"outcome": "reject", "reason": "not_in_system", "law": "c108_2026"},
    }
    for kind, body in decided.items():
        _, paper = caller.file()
        at = f"/api/desk/dossiers/{paper.dossier}"
        version = caller.get(at, **officer).json()["version"]
        made = caller.post(f"{at}/decision", {**body, "version": version}, **officer)
        assert made.status_code == 202, made.text
        assert caller.get(f"{at}/papers/{kind}", **officer).status_code == 404
        caller.clock.forward(seconds=31)
        caller.work()
        answer = caller.get(f"{at}/papers/{kind}", **officer)
        shown = " ".join(text(answer.content).split())
        said = {
            "supplement": ("Ảnh chân dung: mờ, xin chụp lại", "Lý do: Chỉ cần chụp lại."),
            "refusal": ("Không có tên trong hệ thống", "Căn cứ: Thông tư 108/2026"),
        }[kind]
        assert all(words in shown for words in said), shown


def test_the_command_line_writes_the_pack(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with serve(build(tmp_path)) as caller:
        caller.file()
        record, settings = caller.parts.record, caller.parts.settings
        code = record.now(lambda conn: conn.execute(select(dossiers.c.code)).scalar_one())
        monkeypatch.setenv("DOIBANG_DATA", str(settings.data))
        monkeypatch.setenv("DOIBANG_RECORD", settings.record_url)
        command = ["export", code, "--folder", str(folder)]
        assert main(command) == 2
        assert "Stop it first" in capsys.readouterr().err
    assert main(command) == 0, capsys.readouterr().err
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as pack:
        content = json.loads(pack.read("dossier.json"))
        form = pack.read(content["form"]["file"])
    assert hashlib.sha256(form).hexdigest() == content["form"]["sha256"]
    assert "Nguyễn Thị Hoa" in text(form)
    assert main(command) == 2, "an older file is not written over"
    assert main(["export", "0" * 32, "--folder", str(folder)]) == 2
