"""COSE_Sign1 (RFC 9052 §4.2) with ES256 or EdDSA (RFC 9053 §2): to sign, to read, to verify.

Only what a signed certificate needs; CBOR is cbor2's, the signatures are cryptography's. A whole
COSE library would bring HPKE and encryption along and hold cbor2 back by a major version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
ALG, KID = 1, 4
"""Header parameters (RFC 9052 §3.1)."""
ES256, EDDSA = -7, -8
SIGN1 = 18
_HALF = 32  # bytes of r and of s


@dataclass(frozen=True)
class Sign1:
    """A signature as it came: nothing of it is believed before `verify`."""

    protected: bytes
    payload: bytes
    signature: bytes
    algorithm: int
    kid: bytes


def key_id(public: PublicKey) -> bytes:
    """The first 8 bytes of the SHA-256 of the key's SubjectPublicKeyInfo."""
    return hashlib.sha256(spki(public)).digest()[:8]


def spki(public: PublicKey) -> bytes:
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(payload: bytes, key: PrivateKey) -> bytes:
    """The tagged COSE_Sign1, its algorithm and key id in the protected header. The same key and
    payload give the same bytes (ECDSA by RFC 6979)."""
    public = key.public_key()
    protected = cbor2.dumps({ALG: algorithm(public), KID: key_id(public)}, canonical=True)
    signed = _to_be_signed(protected, payload)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(signed)
    else:
        r, s = decode_dss_signature(
            key.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))
        )
        signature = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]), canonical=True)


def read(data: bytes) -> Sign1:
    """Raises ValueError where it is no COSE_Sign1 with the two header parameters protected."""
    message = loads(data)
    if isinstance(message, cbor2.CBORTag) and message.tag == SIGN1:
        message = message.value
    if not isinstance(message, (list, tuple)) or len(message) != 4:
        raise ValueError("not a COSE_Sign1")
    protected, _, payload, signature = message
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise ValueError("not a COSE_Sign1")
    header = loads(protected)
    if not isinstance(header, Mapping):
        raise ValueError("no protected header")
    number, kid = header.get(ALG), header.get(KID)
    if not isinstance(number, int) or not isinstance(kid, bytes):
        raise ValueError("no algorithm or key id")
    return Sign1(protected, payload, signature, number, kid)


def verify(message: Sign1, key: PublicKey) -> bool:
    """The algorithm must be the key's own."""
    if message.algorithm != algorithm(key) or len(message.signature) != 2 * _HALF:
        return False
    signed = _to_be_signed(message.protected, message.payload)
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(message.signature, signed)
        else:
            halves = message.signature[:_HALF], message.signature[_HALF:]
            r, s = (int.from_bytes(half, "big") for half in halves)
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def loads(data: bytes) -> object:
    """CBOR from strangers: whatever the decoder raises for hostile bytes is a ValueError."""
    try:
        return cbor2.loads(data)
    except Exception as why:
        raise ValueError("not CBOR") from why


def algorithm(key: PublicKey) -> int:
    return EDDSA if isinstance(key, ed25519.Ed25519PublicKey) else ES256


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
