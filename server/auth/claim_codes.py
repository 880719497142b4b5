"""Claim codes as the record keeps them: hashes, keyed where a code is short enough to be tried."""

from __future__ import annotations

import hashlib

from server.auth.keys import KeyRing


def secret_hash(secret: bytes) -> str:
    """SHA-256 in hex of the 16 random bytes in a QR code."""
    return hashlib.sha256(secret).hexdigest()


def typed_hash(keys: KeyRing, code: str) -> str:
    """Of the 8 characters (39 bits) that a person types."""
    return keys.keyed_hash("claim", code)


def birth_hash(keys: KeyRing, code: str, birth: str) -> str:
    """Of the birth date that goes with a typed code; `birth` is YYYY-MM-DD or YYYY."""
    return keys.keyed_hash("claim_birth", f"{code}\n{birth}")
