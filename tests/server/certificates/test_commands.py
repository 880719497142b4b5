"""`doibang certificate`: what a facility and an administrator type."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr.picture import read_picture
from server.cli import main

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ISSUE = ["certificate", "issue", "--number", "00001/GKSKLX/27001/26", "--birth", "1980-05-04"]
ISSUE += ["--class", "b", "--concluded", "2026-11-02"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path))
    return tmp_path


def run(*words: str) -> int:
    return main(words, clock=lambda: NOW)


def make_key(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Path:
    key = folder / "27001.pem"
    named = ("--facility", "27001", "--name", "Cơ sở khám A")
    assert run("certificate", "keys", str(key), *named, *more) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    entry = json.loads(capsys.readouterr().out)
    (folder / "certificate-keys.json").write_text(json.dumps({"keys": [entry]}), encoding="utf-8")
    return key


@pytest.mark.parametrize("curve", [[], ["--ed25519"]])
def test_what_a_facility_signs_is_believed(
    folder: Path, capsys: pytest.CaptureFixture[str], curve: list[str]
) -> None:
    key = make_key(folder, capsys, *curve)
    picture = folder / "code.png"
    asked = (*ISSUE, "--key", str(key), "--name", "Nguyễn Thị Hoa", "--out", str(picture))
    assert run(*asked) == 0
    text = capsys.readouterr().out.rstrip("\n")
    assert [code.text for code in read_picture(picture.read_bytes()).qr] == [text]
    assert run("certificate", "check", text) == 0
    assert "valid (Cơ sở khám A)" in capsys.readouterr().out
    assert run("certificate", "check", text[:-3]) == 1
    (folder / "certificate-keys.json").unlink()
    assert run("certificate", "check", text) == 1
    assert "unknown_key" in capsys.readouterr().out


def test_nothing_is_issued_that_nobody_would_accept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (*ISSUE, "--key", str(make_key(folder, capsys)), "--name", "Nguyễn Thị Hoa")
    assert run(*asked, "--number", "00001/GKSKLX/27002/26") == 2
    assert "the key is of 27001" in capsys.readouterr().err
    assert run(*asked, "--number", "1/2/3") == 2
    assert run(*asked, "--birth", "4/5/1980") == 2
    assert run(*asked, "--concluded", "2026-11-24") == 2  # tomorrow
    assert capsys.readouterr().out == ""


def test_a_key_is_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = make_key(folder, capsys)
    before = key.read_bytes()
    assert run("certificate", "keys", str(key), "--facility", "27001", "--name", "A") == 2
    assert key.read_bytes() == before


def test_check_complains_of_a_wrong_trust_list(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_key(folder, capsys)
    run("check")
    assert "certificate-keys.json," not in capsys.readouterr().out
    file = folder / "certificate-keys.json"
    file.write_text(file.read_text("utf-8").replace("27001", "27"), encoding="utf-8")
    assert run("check") == 1
    assert "entry 1: facility must be" in capsys.readouterr().out
