import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.auth import sealing
from server.auth.keys import ROTATION, KeyRing, key_id
from server.auth.sealing import unb64u
from server.errors import Unreadable

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_keys_survive_a_restart_and_are_private(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys", Clock())
    key = sealing.new_data_key()
    wrapped, rest = ring.wrap_to_intake("o", "d", key), ring.wrap_at_rest("d", key)
    again = KeyRing(tmp_path / "keys", Clock())
    assert again.unwrap_from_intake("o", "d", wrapped) == key
    assert again.unwrap_at_rest("d", rest) == key
    assert again.public_keys() == ring.public_keys()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == 3  # intake, at rest, push
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}


def test_public_key_names_itself(tmp_path: Path) -> None:
    [key] = KeyRing(tmp_path, Clock()).public_keys()
    assert len(unb64u(key["public"])) == 65
    assert key["kid"] == key_id(unb64u(key["public"]))
    assert key["not_after"] == "2027-08-21T08:00:00.000Z"


def test_rotation_keeps_old_keys_until_drafts_are_dead(tmp_path: Path) -> None:
    clock = Clock()
    ring = KeyRing(tmp_path, clock)
    key = sealing.new_data_key()
    wrapped = ring.wrap_to_intake("o", "d", key)
    clock.now = NOW + ROTATION
    newer, older = ring.public_keys()
    assert older["kid"] == wrapped["kid"]
    assert ring.wrap_to_intake("o", "d", key)["kid"] == newer["kid"]
    assert ring.unwrap_from_intake("o", "d", wrapped) == key
    clock.now = NOW + timedelta(days=400)
    assert older["kid"] not in {k["kid"] for k in ring.public_keys()}


def test_another_process_sees_a_rotation(tmp_path: Path) -> None:
    first, second = KeyRing(tmp_path, Clock()), KeyRing(tmp_path, Clock())
    second.rotate()
    wrapped = second.wrap_to_intake("o", "d", sealing.new_data_key())
    assert first.unwrap_from_intake("o", "d", wrapped)


@pytest.mark.parametrize("key", [None, 3, [], {}, {"kid": 4}, {"kid": "0" * 16, "wrapped": "AA"}])
def test_nonsense_keys_are_unreadable(tmp_path: Path, key: object) -> None:
    with pytest.raises(Unreadable):
        KeyRing(tmp_path, Clock()).unwrap_from_intake("o", "d", key)


@pytest.mark.parametrize("text", ["", "r1.", "r2.AAAA", "r1.AAAA", "r1." + "A" * 80])
def test_nonsense_at_rest_is_unreadable(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        KeyRing(tmp_path, Clock()).unwrap_at_rest("d", text)


def test_key_at_rest_belongs_to_one_dossier(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path, Clock())
    with pytest.raises(Unreadable):
        ring.unwrap_at_rest("other", ring.wrap_at_rest("d", sealing.new_data_key()))


def test_keyed_hash_finds_equals_and_needs_the_key(tmp_path: Path) -> None:
    ring, other = KeyRing(tmp_path / "a", Clock()), KeyRing(tmp_path / "b", Clock())
    born = ring.keyed_hash("birth", "1980-02-29")
    assert born == ring.keyed_hash("birth", "1980-02-29")
    assert len({born, ring.keyed_hash("birth", "1980"), ring.keyed_hash("slip", "1980-02-29")}) == 3
    assert born != other.keyed_hash("birth", "1980-02-29")


def test_two_servers_that_begin_at_once_share_one_record_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Process 1 each, in two containers: the second begins while the first is writing."""
    real, begun = os.fsync, False

    def fsync(handle: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            others.append(KeyRing(tmp_path, Clock()))
        real(handle)

    others: list[KeyRing] = []
    monkeypatch.setattr(os, "fsync", fsync)
    ring, key = KeyRing(tmp_path, Clock()), sealing.new_data_key()
    [other] = others
    assert other.unwrap_at_rest("d", ring.wrap_at_rest("d", key)) == key
    assert other.unwrap_from_intake("o", "d", ring.wrap_to_intake("o", "d", key)) == key
    assert ring.unwrap_from_intake("o", "d", other.wrap_to_intake("o", "d", key)) == key
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
