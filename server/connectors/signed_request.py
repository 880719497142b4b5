"""HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530): the one form that we take.

Ed25519 over `@method`, `@target-uri` and `content-digest`, with `created`, `keyid` and `nonce`.
Anything else that the RFC allows is refused, so that no choice of the sender's weakens it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server import key_file
from server.ports import SignedRequest

WINDOW = timedelta(minutes=5)
"""How far `created` may lie from now, either way."""
COVERED = {"@method", "@target-uri", "content-digest"}
_INPUT = re.compile(
    r'(?P<label>[a-z*][a-z0-9_.*-]{0,31})=(?P<params>\((?P<covered>"[a-z@-]+"(?: "[a-z@-]+")*)\)'
    r'(?P<rest>(?:;[a-z]+=(?:[0-9]{1,12}|"[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}"))*))'
)
_REST = re.compile(r';([a-z]+)=(?:([0-9]+)|"([^"]*)")')
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class NotSigned(Exception):
    """`code`: signature_missing, _key, _stale, _digest or _wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SignerKey:
    """A public key of who signs. Days are inclusive."""

    kid: str
    public: Ed25519PublicKey
    valid_from: date
    valid_to: date | None = None

    def covers(self, at: datetime) -> bool:
        day = at.astimezone(UTC).date()
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def verify(request: SignedRequest, keys: Iterable[SignerKey], now: datetime) -> str:
    """The nonce of a request that the holder of one of the keys signed just now."""
    shown = _INPUT.fullmatch(request.headers.get("signature-input", ""))
    if shown is None:
        raise NotSigned("signature_missing")
    covered = shown["covered"].replace('"', "").split(" ")
    params = {name: text or number for name, number, text in _REST.findall(shown["rest"])}
    nonce, created = params.get("nonce", ""), params.get("created", "")
    if {*covered} != COVERED or len(covered) != len(COVERED) or not (nonce and created.isdigit()):
        raise NotSigned("signature_missing")
    key = next((k for k in keys if k.kid == params.get("keyid") and k.covers(now)), None)
    if key is None or params.get("alg", "ed25519") != "ed25519":
        raise NotSigned("signature_key")
    if abs(now.timestamp() - int(created)) > WINDOW.total_seconds() or _expired(
        params.get("expires", ""), now
    ):
        raise NotSigned("signature_stale")
    digest = request.headers.get("content-digest", "")
    values = {
        "@method": request.method,
        "@target-uri": request.target,
        "content-digest": digest,
    }
    text = base([(name, values[name]) for name in covered], shown["params"])
    try:
        key.public.verify(_signature(request.headers, shown["label"]), text.encode())
    except (InvalidSignature, ValueError):
        raise NotSigned("signature_wrong") from None
    given = _DIGEST.fullmatch(digest)
    right = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
    if given is None or not hmac.compare_digest(given[1], right):
        raise NotSigned("signature_digest")
    return str(nonce)


def base(covered: Iterable[tuple[str, str]], params: str) -> str:
    """The signature base of RFC 9421 §2.5. `params`: the inner list as it was sent."""
    lines = [f'"{name}": {value}' for name, value in covered]
    return "\n".join([*lines, f'"@signature-params": {params}'])


def _signature(headers: Mapping[str, str], label: str) -> bytes:
    text = headers.get("signature", "")
    if not text.startswith(f"{label}=:") or not text.endswith(":"):
        raise ValueError("no signature under that label")
    return base64.b64decode(text[len(label) + 2 : -1], validate=True)


def _expired(expires: str, now: datetime) -> bool:
    return bool(expires) and (not expires.isdigit() or int(expires) < now.timestamp())


def load(file: Path | None, setting: str) -> list[SignerKey]:
    """The keys of a JSON file `{"keys": [{"kid", "public_key", "valid_from", "valid_to"}]}`:
    `public_key` the SubjectPublicKeyInfo in base64 (the body of a PEM file), days as 2026-07-01,
    `valid_to` null while it is used. None where there is no file. BadSettings names the entry."""
    return key_file.read(file, setting, _key)


def _key(row: Mapping[str, Any]) -> SignerKey:
    kid = row.get("kid")
    if not isinstance(kid, str) or not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", kid):
        raise ValueError("kid must be 1 to 64 letters, digits, dots, hyphens")
    key = key_file.public_key(row.get("public_key"))
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("public_key must be of Ed25519")
    until = None if row.get("valid_to") is None else key_file.day(row, "valid_to")
    return SignerKey(kid, key, key_file.day(row, "valid_from"), until)
