from __future__ import annotations

import io
import json
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.auth import escrow
from server.auth.keys import KeyRing
from server.cli import main
from server.dossier.tables import table
from server.errors import InvalidInput
from server.record import people
from server.record.people import Account
from server.record.store import Connection, Record

PASSPHRASE = "mười hai chữ cái"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "var"))


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_wrong_settings_end_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOIBANG_PORT", "x")
    monkeypatch.setenv("DOIBANG_COLOUR", "blue")
    assert main(["serve"]) == 2
    said = capsys.readouterr().err
    assert "DOIBANG_PORT=x" in said
    assert "DOIBANG_COLOUR" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_said_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("DOIBANG_PORT", str(port))
        assert main(["serve"]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_a_data_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "file" / "var"))
    assert main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert "Not a directory" in said
    assert "Traceback" not in said


def test_check_complains_until_the_keys_are_in_escrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    KeyRing(tmp_path / "var" / "keys")
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "doibang keys export" in said
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert f"keys: {len(listed)} of the private keys" in said
    assert all("in no escrow file" in line for line in listed)
    typed(monkeypatch, PASSPHRASE)
    file = tmp_path / "escrow.json"
    assert main(["keys", "export", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert main(["check"]) == 0
    assert main(["keys", "list"]) == 0
    assert "in no escrow file" not in capsys.readouterr().out
    assert main(["keys", "rotate"]) == 0
    assert main(["check"]) == 1


def test_the_escrow_brings_the_keys_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = KeyRing(tmp_path / "var" / "keys")
    sealed = before.wrap_at_rest("d", b"k" * 32)
    file = tmp_path / "escrow.json"
    typed(monkeypatch, PASSPHRASE)
    assert main(["keys", "export", str(file)]) == 0
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "new"))
    typed(monkeypatch, PASSPHRASE)
    assert main(["keys", "restore", str(file)]) == 0
    after = KeyRing(tmp_path / "new" / "keys")
    assert after.unwrap_at_rest("d", sealed) == b"k" * 32
    assert after.public_keys() == before.public_keys()


def test_an_escrow_file_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "escrow.json"
    file.write_text("older")
    typed(monkeypatch, PASSPHRASE)
    assert main(["keys", "export", str(file)]) == 2
    assert file.read_text() == "older"


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    KeyRing(tmp_path / "keys")
    content = escrow.export(tmp_path / "keys", PASSPHRASE)
    for bad, passphrase in ((content, "another passphrase"), (b"{}", PASSPHRASE), (b"", "x")):
        with pytest.raises(InvalidInput):
            escrow.restore(tmp_path / "new", bad, passphrase)
    with pytest.raises(InvalidInput):
        escrow.export(tmp_path / "keys", "short")
    KeyRing(tmp_path / "other")
    with pytest.raises(InvalidInput) as other:
        escrow.restore(tmp_path / "other", content, PASSPHRASE)
    assert other.value.code == "other_keys"


def test_an_invitation_is_a_link_of_this_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "--role", "clerk", "--point", "bn-08"]) == 0
    assert capsys.readouterr().out.startswith("http://localhost:8000/moi#")
    assert main(["invite", "--role", "clerk"]) == 2  # a clerk belongs to a point


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    assert main(["migrate"]) == 0
    record = tmp_path / "var" / "record.sqlite"
    before = record.read_bytes()
    assert main(["migrate"]) == 0
    assert record.read_bytes() == before


def test_an_invitation_to_an_unknown_point_names_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["invite", "--role", "clerk", "--point", "bn-99"]) == 2
    said = capsys.readouterr().err
    assert "bn-99" in said
    assert "bn-08" in said


def test_a_staff_account_is_listed_and_disabled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    record = Record(f"sqlite:///{tmp_path}/var/record.sqlite")
    clerk = Account("c" * 32, "clerk", "Hoa", "bn-08")
    session = "5" * 64
    now = datetime(2026, 11, 23, tzinfo=UTC)

    def enter(conn: Connection) -> None:
        people.create_account(conn, clerk, now)
        people.create_account(conn, Account("a" * 32, "applicant", None, None), now)
        people.start_session(conn, session, clerk, now, now + timedelta(hours=1))

    record.now(enter)
    assert main(["staff"]) == 0
    assert capsys.readouterr().out == f"{'c' * 32}  clerk     bn-08   0 passkeys  Hoa\n"
    assert main(["staff", "--disable", "c" * 32]) == 0
    assert "(disabled " in capsys.readouterr().out
    assert record.now(lambda conn: people.session(conn, session)) is None
    assert record.now(lambda conn: people.account(conn, clerk.id)) is None
    assert main(["staff", "--enable", "c" * 32]) == 0
    assert record.now(lambda conn: people.account(conn, clerk.id)) == clerk
    for unknown in ("d" * 32, "a" * 32):
        assert main(["staff", "--disable", unknown]) == 2
    record.close()


def test_the_rules_are_checked_and_a_change_is_tried_before_it_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--rules"]) == 0
    assert main(["check", "--rules", str(tmp_path)]) == 2  # nothing of ours is in there
    regimes = json.loads(json.dumps(table("regimes")))
    regimes["regimes"][0]["to"] = "2024-12-30"
    (tmp_path / "regimes.json").write_text(json.dumps(regimes))
    assert main(["check", "--rules", str(tmp_path)]) == 1
    assert "! regimes: gap from 2024-12-30 to 2025-01-01" in capsys.readouterr().out
