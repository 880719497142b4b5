"""An applicant sees who opened the dossier, and takes their data along."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from server.record import people
from server.record.people import Account
from tests.server.surface import ANSWERS, Browser, build, serve

APPLICANT = Account("a" * 32, "applicant", None, None)


def cookies(caller: Browser, account: Account) -> dict[str, str]:
    parts = caller.parts

    def enter(conn: Any) -> str:
        if people.account(conn, account.id) is None:
            people.create_account(conn, account, parts.clock())
        return parts.sessions.start(conn, account)[0]

    token = parts.record.now(enter)
    return {"cookie": f"{parts.sessions.cookie_name(account.role)}={token}"}


def filed(caller: Browser) -> str:
    device, paper = caller.file()
    cookies(caller, APPLICANT)
    assert caller.parts.record.now(lambda conn: people.adopt(conn, device.owner, APPLICANT.id))
    return paper.dossier


def test_the_openings_say_who_in_their_role_and_what_for(caller: Browser) -> None:
    dossier = filed(caller)
    officer = cookies(caller, Account("f" * 32, "officer", "Lan", None))
    caller.clock.forward(minutes=1)
    shown = caller.get(f"/api/desk/dossiers/{dossier}", **officer).json()
    for photo in shown["photos"]:
        caller.get(f"/api/desk/dossiers/{dossier}/photos/{photo['id']}", **officer)
    lines = caller.get(f"/api/dossiers/{dossier}/openings", **cookies(caller, APPLICANT)).json()
    assert [(line["role"], line["purpose"], line["times"]) for line in lines[:2]] == [
        ("officer", "photo", 2),
        ("officer", "desk", 1),
    ]
    assert {line["role"] for line in lines[2:]} == {"system"}
    assert lines == sorted(lines, key=lambda line: str(line["at"]), reverse=True)
    assert "f" * 32 not in json.dumps(lines)
    assert "Lan" not in json.dumps(lines)


def test_the_export_has_the_answers_and_the_photos_whole(caller: Browser) -> None:
    dossier = filed(caller)
    answer = caller.get(f"/api/dossiers/{dossier}/export", **cookies(caller, APPLICANT))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    data = json.loads(files["data.json"])
    assert data["submission"]["answers"] == ANSWERS
    assert data["states"][0]["state"] == "received"
    assert data["opened"][0] | {"at": ""} == {
        "at": "",
        "role": "applicant",
        "purpose": "export",
        "times": 1,
    }
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert sum(name.startswith("photos/") for name in files) == 2
    assert caller.journal("opened")[-1]["detail"]["purpose"] == "export"


def test_the_export_wants_a_fresh_passkey(tmp_path: Path) -> None:
    with serve(build(tmp_path, sandbox=False)) as caller:
        dossier = filed(caller)
        session = cookies(caller, APPLICANT)
        caller.clock.forward(minutes=6)
        path = f"/api/dossiers/{dossier}"
        assert caller.get(f"{path}/openings", **session).status_code == 200
        refused = caller.get(f"{path}/export", **session)
        assert (refused.status_code, refused.json()["code"]) == (403, "passkey_needed")
        assert not [line for line in caller.journal("opened") if "applicant" in line["actor"]]
