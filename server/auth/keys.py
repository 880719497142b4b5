"""The server's own keys: rotating intake keys that phones seal to, the record key at rest, and the
key that push services know this server by.

One file a key under DATA/keys, readable by the server's user only. Backups leave this directory
out; whoever has it and the two stores can read every dossier.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.auth import sealing
from server.auth.sealing import b64u, unb64u
from server.errors import Unreadable

ROTATION = timedelta(days=92)
DRAFT_LIFE = timedelta(days=180)
"""A draft's longest life: an intake key opens what was sealed to it for this long after it was
replaced, and a grant lives this long without use."""


@dataclass(frozen=True)
class IntakeKey:
    """One P-256 key that phones wrap data keys to; `kid` begins the SHA-256 of its public point."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    created_at: datetime

    @property
    def not_after(self) -> datetime:
        return self.created_at + ROTATION + DRAFT_LIFE

    @property
    def public(self) -> bytes:
        """The uncompressed point, 65 bytes."""
        return public_point(self.private.public_key())


def public_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """SEC 1 uncompressed encoding of a P-256 public key."""
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def key_id(point: bytes) -> str:
    """First 16 hex digits of the SHA-256 of an intake key's public point."""
    return sealing.digest(point)[:16]


class KeyRing:
    """The keys in one directory, made on first use. Safe to open from several processes."""

    def __init__(
        self, directory: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._directory = directory
        self._clock = clock
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._intake = self._load_intake()
        self.rotate_if_due()
        self._record = self._load_record() or self._create_record()
        self._push = self._load_push() or self._create_push()

    @property
    def push(self) -> ec.EllipticCurvePrivateKey:
        """The key with which this server names itself to push services (RFC 8292). A browser's
        subscription holds for this key only, so it never changes."""
        return self._push

    def rotate_if_due(self) -> IntakeKey:
        """The intake key phones should use now; makes one when the newest is over 92 days old."""
        now = self._clock()
        newest = self._newest_first()[:1]
        if newest and now - newest[0].created_at < ROTATION:
            return newest[0]
        return self.rotate()

    def rotate(self) -> IntakeKey:
        """Makes and returns a new intake key; older ones keep opening what was sealed to them."""
        private = ec.generate_private_key(ec.SECP256R1())
        kid = key_id(public_point(private.public_key()))
        key = IntakeKey(kid, private, self._clock())
        content = {"created_at": key.created_at.isoformat(), "private": _pem(private)}
        self._write(f"intake-{kid}.json", content)
        self._intake[kid] = key
        return key

    def public_keys(self) -> list[dict[str, str]]:
        """What `GET /api/keys` lists: kid, public point and last day, newest first."""
        self.rotate_if_due()
        now = self._clock()
        return [
            {"kid": k.kid, "public": b64u(k.public), "not_after": _iso(k.not_after)}
            for k in self._newest_first()
            if k.not_after > now
        ]

    def wrap_to_intake(self, owner: str, dossier: str, data_key: bytes) -> dict[str, str]:
        """A document's `key` field under the current intake key."""
        key = self.rotate_if_due()
        return sealing.wrap_key(key.private.public_key(), key.kid, owner, dossier, data_key)

    def unwrap_from_intake(self, owner: str, dossier: str, key: object) -> bytes:
        """The data key in a document's `key` field; `Unreadable` for an unknown or foreign one."""
        kid = key.get("kid") if isinstance(key, dict) else None
        if not isinstance(kid, str) or not isinstance(key, dict):
            raise Unreadable("foreign_key")
        if kid not in self._intake:
            self._intake = self._load_intake()
        if kid not in self._intake:
            raise Unreadable("unknown_key")
        return sealing.unwrap_key(
            self._intake[kid].private, kid, owner, dossier, key.get("wrapped")
        )

    def wrap_at_rest(self, dossier: str, data_key: bytes) -> str:
        """The data key as the record keeps it: "r1." and AES-256-GCM under the record key."""
        nonce = os.urandom(sealing.NONCE_BYTES)
        additional = _rest_aad(dossier)
        return "r1." + b64u(nonce + AESGCM(self._record).encrypt(nonce, data_key, additional))

    def unwrap_at_rest(self, dossier: str, wrapped: str) -> bytes:
        """The data key of a `wrap_at_rest` text; `Unreadable` if it belongs to another dossier."""
        version, _, text = wrapped.partition(".")
        data = unb64u(text)
        if version != "r1" or len(data) < sealing.NONCE_BYTES:
            raise Unreadable("foreign_key")
        nonce, sealed = data[: sealing.NONCE_BYTES], data[sealing.NONCE_BYTES :]
        try:
            return AESGCM(self._record).decrypt(nonce, sealed, _rest_aad(dossier))
        except InvalidTag as error:
            raise Unreadable("foreign_key") from error

    def keyed_hash(self, purpose: str, text: str) -> str:
        """HMAC-SHA-256 in hex for values few enough to try one by one (birth dates): equal texts
        are found, but nobody without the record key can test a guess."""
        message = f"doibang/1\n{purpose}\n{text}".encode()
        return hmac.new(self._record, message, "sha256").hexdigest()

    def _newest_first(self) -> list[IntakeKey]:
        return sorted(self._intake.values(), key=lambda k: k.created_at, reverse=True)

    def _load_intake(self) -> dict[str, IntakeKey]:
        keys: dict[str, IntakeKey] = {}
        for path in self._directory.glob("intake-*.json"):
            content = json.loads(path.read_text("ascii"))
            private = _private(path, content["private"])
            kid = key_id(public_point(private.public_key()))
            keys[kid] = IntakeKey(kid, private, datetime.fromisoformat(content["created_at"]))
        return keys

    def _load_record(self) -> bytes | None:
        path = self._directory / "record.json"
        return unb64u(json.loads(path.read_text("ascii"))["key"]) if path.exists() else None

    def _create_record(self) -> bytes:
        content = {"created_at": self._clock().isoformat(), "key": b64u(sealing.new_data_key())}
        self._write("record.json", content)
        key = self._load_record()
        if key is None:
            raise OSError("the record key was not kept")
        return key

    def _load_push(self) -> ec.EllipticCurvePrivateKey | None:
        path = self._directory / "push.json"
        return (
            _private(path, json.loads(path.read_text("ascii"))["private"])
            if path.exists()
            else None
        )

    def _create_push(self) -> ec.EllipticCurvePrivateKey:
        private = _pem(ec.generate_private_key(ec.SECP256R1()))
        self._write("push.json", {"created_at": self._clock().isoformat(), "private": private})
        key = self._load_push()
        if key is None:
            raise OSError("the push key was not kept")
        return key

    def _write(self, name: str, content: dict[str, Any]) -> None:
        """Appears whole or not at all; the first of two processes that make the same file wins."""
        path = self._directory / name
        # In containers that share this folder every server may be process 1.
        draft = self._directory / f".{name}.{token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def _private(path: Path, pem: str) -> ec.EllipticCurvePrivateKey:
    private = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no P-256 key")
    return private


def _rest_aad(dossier: str) -> bytes:
    return f"doibang/1\nrecord\n{dossier}".encode()


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
