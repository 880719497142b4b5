"""Asking to be told, over HTTP: on the device, by its phone number, and not any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.dossier.consents import newest
from server.record import notices
from tests.server.surface import Browser

VERSION = newest("notice_push")["version"]
KEYS = {"p256dh": "P" * 87, "auth": "A" * 22}
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
ON: dict[str, Any] = {"version": VERSION, "language": "vi"}


def test_off_until_asked_for_and_off_again_in_one_step(caller: Browser) -> None:
    device, paper = caller.file()
    at = f"/api/dossiers/{paper.dossier}/notices"
    shown = caller.get(at, **device.bearer).json()
    assert [(row["channel"], row["on"]) for row in shown["channels"]] == [
        ("push", False),
        ("sms", False),
        ("zns", False),
    ]
    assert len(shown["key"]) == 87
    assert shown["quiet"] == {"from": "21:00", "to": "07:00"}
    push = ON | {"subscription": {"endpoint": ENDPOINT, **KEYS}}
    assert caller.post(f"{at}/push", push, **device.bearer).status_code == 200
    shown = caller.post(f"{at}/sms", ON, **device.bearer).json()
    assert [row["on"] for row in shown["channels"]] == [True, True, False]
    assert caller.parts.keys.push.key_size == 256
    shown = caller.delete(f"{at}/push", **device.bearer).json()
    assert [row["on"] for row in shown["channels"]] == [False, True, False]


@pytest.mark.parametrize(
    ("channel", "body", "code"),
    [
        ("push", ON, "no_push_service"),
        ("sms", ON | {"subscription": {"endpoint": ENDPOINT, **KEYS}}, "no_push_service"),
        ("push", ON | {"subscription": {"endpoint": "http://127.0.0.1:1/", **KEYS}}, None),
        ("push", ON | {"subscription": {"endpoint": ENDPOINT, "p256dh": "P", "auth": ""}}, None),
        ("sms", ON | {"version": "x" * 17}, "bad_value"),
        ("sms", ON | {"language": "fr"}, "bad_value"),
        ("fax", ON, "not_found"),
    ],
)
def test_what_is_wrong_is_said(caller: Browser, channel: str, body: Any, code: str | None) -> None:
    device, paper = caller.file()
    answer = caller.post(f"/api/dossiers/{paper.dossier}/notices/{channel}", body, **device.bearer)
    assert answer.status_code in (400, 404)
    assert code is None or answer.json()["type"].endswith(f":{code}")


def test_the_address_is_not_readable_in_the_record(caller: Browser) -> None:
    device, paper = caller.file()
    push = ON | {"subscription": {"endpoint": ENDPOINT, **KEYS}}
    at = f"/api/dossiers/{paper.dossier}/notices/push"
    assert caller.post(at, push, **device.bearer).status_code == 200
    rows = caller.parts.record.now(lambda conn: notices.of_dossier(conn, paper.dossier))
    assert rows[0].address is not None
    assert "fcm" not in rows[0].address
    file = Path(caller.parts.settings.record_url.removeprefix("sqlite:///"))
    for stored in (file, file.with_name(f"{file.name}-wal")):
        assert not stored.exists() or b"fcm/send/abc" not in stored.read_bytes()
