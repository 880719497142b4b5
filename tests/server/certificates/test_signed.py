"""Every shared vector of signed certificates, and what no vector can list."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from server.certificates import base45, signed, trust
from server.certificates.signed import SignedCertificate
from server.certificates.trust import FacilityKey, TrustList
from server.errors import BadSettings

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "signed_certificates.json").read_text("utf-8")
)
NOW = datetime.fromisoformat(VECTORS["now"])
CERTIFICATE = SignedCertificate(
    "00001/GKSKLX/27001/26", "NGUYỄN THỊ HOA", "1980-05-04", "B", date(2026, 11, 2), "fit"
)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> TrustList:
    """The vectors' trust list, read as an administrator's file is."""
    file = tmp_path_factory.mktemp("trust") / "keys.json"
    file.write_text(json.dumps({"keys": VECTORS["keys"]}), encoding="utf-8")
    return TrustList(trust.load(file))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(listed: TrustList, case: dict[str, Any]) -> None:
    verdict = signed.check(case["text"], listed, NOW)
    assert verdict.state == case["state"]
    assert (verdict.key.name if verdict.key else None) == case.get("facility")
    said = asdict(verdict.certificate) if verdict.certificate else None
    if said:
        said["concluded_on"] = said["concluded_on"].isoformat()
    assert said == case.get("certificate")


@pytest.mark.parametrize("case", VECTORS["persons"], ids=lambda case: case["name"])
def test_whose_it_is(listed: TrustList, case: dict[str, Any]) -> None:
    certificate = signed.check(VECTORS["cases"][0]["text"], listed, NOW).certificate
    assert certificate is not None
    assert certificate.differs(VECTORS["base"] | case["set"]) == case["differs"]


def test_base45_as_the_rfc_gives_it() -> None:
    """RFC 9285 §4.3, §4.4."""
    for plain, coded in ((b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")):
        assert base45.encode(plain) == coded
        assert base45.decode(coded) == plain
    for wrong in ("GGW", ":::", "A", "AAAA", "aa", "::", "ÄBB"):
        with pytest.raises(ValueError, match="Base45"):
            base45.decode(wrong)


@given(st.binary(max_size=300))
def test_base45_loses_nothing(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize("curve", ["p256", "ed25519"])
def test_no_change_of_one_letter_says_anything_else(curve: str) -> None:
    key: Any = (
        ec.generate_private_key(ec.SECP256R1())
        if curve == "p256"
        else ed25519.Ed25519PrivateKey.generate()
    )
    trusted = TrustList([FacilityKey.of(key.public_key(), "27001", "A", date(2026, 1, 1))])
    text = signed.issue(CERTIFICATE, key, NOW)
    assert signed.check(text, trusted, NOW).state == "valid"
    for at in range(len(text)):
        for letter in "0Z":
            altered = text[:at] + letter + text[at + 1 :]
            verdict = signed.check(altered, trusted, NOW)
            # Bits that zlib pads with say nothing.
            assert verdict.state != "valid" or verdict.certificate == CERTIFICATE


@given(st.text(max_size=200) | st.binary(max_size=200).map(base45.encode))
def test_any_text_gets_a_verdict(listed: TrustList, text: str) -> None:
    assert signed.check(signed.PREFIX + text, listed, NOW).state != "valid"
    assert signed.check(text, listed, NOW).state == "malformed"


def test_nothing_may_follow(listed: TrustList) -> None:
    text = VECTORS["cases"][0]["text"]
    packed = base45.decode(text.removeprefix(signed.PREFIX))
    assert signed.check(text, listed, NOW).state == "valid"
    more = signed.PREFIX + base45.encode(packed + b"more")
    assert signed.check(more, listed, NOW).state == "malformed"


def test_it_fits_a_code_that_phones_read() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = signed.issue(CERTIFICATE, key, datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert len(text) < 400  # version 11 at level M, alphanumeric
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kid": "0000000000000000"}, "kid must be"),
        ({"facility": "27"}, "facility must be"),
        ({"name": " "}, "name must be"),
        ({"public_key": "AAAA"}, "public_key must be"),
        ({"valid_from": "soon"}, "valid_from must be"),
        ({"valid_to": "30/6/2026"}, "valid_to must be"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: dict[str, str], said: str) -> None:
    file = tmp_path / "keys.json"
    good = VECTORS["keys"][0]
    file.write_text(json.dumps({"keys": [VECTORS["keys"][1], good | change]}), encoding="utf-8")
    with pytest.raises(BadSettings, match=rf"entry 2: {said}"):
        trust.load(file)


def test_a_key_twice_or_no_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [VECTORS["keys"][0]] * 2}), encoding="utf-8")
    with pytest.raises(BadSettings, match="twice"):
        trust.load(file)
    file.write_text("keys", encoding="utf-8")
    with pytest.raises(BadSettings, match="readable JSON"):
        trust.load(file)
    assert trust.load(tmp_path / "none.json") == []
