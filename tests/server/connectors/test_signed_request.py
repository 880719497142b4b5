"""What is taken as signed, and all that is not (RFC 9421, RFC 9530)."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.connectors.signed_request import NotSigned, SignerKey, base, load, verify
from server.errors import BadSettings
from server.ports import SignedRequest

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OLD = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEYS = [
    SignerKey("2025", OLD.public_key(), date(2025, 1, 1), date(2026, 11, 22)),
    SignerKey("2026", KEY.public_key(), date(2026, 11, 1)),
]
COVERED = '("@method" "@target-uri" "content-digest")'
TARGET = "https://doibang.example/api/authority/decisions"


def test_the_signature_base_is_that_of_the_rfc() -> None:
    """RFC 9421, appendix B.2.6."""
    fields = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    listed = " ".join(f'"{name}"' for name, _ in fields)
    text = base(fields, f'({listed});created=1618884473;keyid="test-key-ed25519"')
    public = base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
    signature = base64.b64decode(
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
    Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())


def signed(
    body: bytes = b"{}",
    covered: str = COVERED,
    key: Ed25519PrivateKey = KEY,
    target: str = TARGET,
    **params: object,
) -> SignedRequest:
    """`params` over the usual ones; None leaves one out."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    usual = {"created": int(NOW.timestamp()), "keyid": '"2026"', "nonce": '"n1"'} | params
    shown = covered + "".join(f";{k}={v}" for k, v in usual.items() if v is not None)
    names = covered.strip("()").replace('"', "").split()
    values = {"@method": "POST", "@target-uri": target, "content-digest": digest}
    text = base([(name, values.get(name, "")) for name in names], shown)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    headers = {
        "content-digest": digest,
        "signature-input": f"sig1={shown}",
        "signature": f"sig1=:{signature}:",
    }
    return SignedRequest("POST", TARGET, headers, body)


def refused(request: SignedRequest, now: datetime = NOW) -> str:
    with pytest.raises(NotSigned) as wrong:
        verify(request, KEYS, now)
    return wrong.value.code


def test_what_is_signed_just_now_is_taken() -> None:
    assert verify(signed(), KEYS, NOW) == "n1"
    assert verify(signed(alg='"ed25519"', expires=int(NOW.timestamp()) + 1), KEYS, NOW) == "n1"
    other_order = '("content-digest" "@method" "@target-uri")'
    assert verify(signed(covered=other_order), KEYS, NOW) == "n1"
    for seconds in (-300, 300):
        assert verify(signed(), KEYS, NOW + timedelta(seconds=seconds)) == "n1"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (signed(covered='("@method" "content-digest")'), "signature_missing"),
        (signed(covered='("@method" "@method" "content-digest")'), "signature_missing"),
        (signed(covered='("@method" "@target-uri" "content-digest" "x")'), "signature_missing"),
        (signed(nonce=None), "signature_missing"),
        (signed(created=None), "signature_missing"),
        (signed(created='"soon"'), "signature_missing"),
        (signed(keyid=None), "signature_key"),
        (signed(keyid='"2027"'), "signature_key"),
        (signed(keyid='"2025"', key=OLD), "signature_key"),
        (signed(alg='"hmac-sha256"'), "signature_key"),
        (signed(created=int(NOW.timestamp()) - 301), "signature_stale"),
        (signed(created=int(NOW.timestamp()) + 301), "signature_stale"),
        (signed(created=999_999_999_999), "signature_stale"),
        (signed(expires=int(NOW.timestamp()) - 1), "signature_stale"),
        (signed(key=OLD), "signature_wrong"),
        (signed(target="https://elsewhere.example/api/authority/decisions"), "signature_wrong"),
        (replace(signed(), method="PUT"), "signature_wrong"),
        (replace(signed(), body=b'{"a":1}'), "signature_digest"),
    ],
)
def test_anything_else_is_not(request_: SignedRequest, code: str) -> None:
    assert refused(request_) == code


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("signature-input", "", "signature_missing"),
        ("signature-input", "sig1=()", "signature_missing"),
        ("signature-input", "sig1=" + "(" * 60_000, "signature_missing"),
        ("signature-input", f"sig2={COVERED}", "signature_missing"),
        ("signature", "", "signature_wrong"),
        ("signature", "sig2=:AAAA:", "signature_wrong"),
        ("signature", "sig1=:A:", "signature_wrong"),
        ("signature", "sig1=:ảnh:", "signature_wrong"),
        ("content-digest", "md5=:AAAA:", "signature_wrong"),
    ],
)
def test_mangled_headers_are_refused(header: str, value: str, code: str) -> None:
    whole = signed()
    assert refused(replace(whole, headers={**whole.headers, header: value})) == code


def entry(**changes: Any) -> dict[str, Any]:
    spki = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "kid": "2026",
        "public_key": base64.b64encode(spki).decode(),
        "valid_from": "2026-11-01",
        "valid_to": None,
    } | changes


def test_the_list_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    assert load(file, "X") == [] == load(None, "X")
    file.write_text(json.dumps({"keys": [entry(), entry(kid="b", valid_to="2026-12-31")]}))
    first, second = load(file, "X")
    assert verify(signed(), [first], NOW) == "n1"
    assert (second.kid, second.valid_to) == ("b", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({}, "list named"),
        (["x"], "entry 1: must be an object"),
        ([entry(kid="a b")], "kid"),
        ([entry(public_key="AAAA")], "public_key"),
        ([entry(valid_from="yesterday")], "valid_from"),
        ([entry(), entry()], "key 2026 is there twice"),
    ],
)
def test_a_wrong_list_is_named(tmp_path: Path, keys: Any, says: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": keys}))
    with pytest.raises(BadSettings) as wrong:
        load(file, "X")
    assert any(says in line and line.startswith("X: ") for line in wrong.value.complaints)
