"""Random secrets that go out once and stay here as SHA-256 only: grants, sessions, links."""

from __future__ import annotations

import hashlib
import secrets

from server.auth.sealing import b64u, unb64u
from server.errors import Unreadable

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits as unpadded base64url, 43 characters."""
    return b64u(secrets.token_bytes(TOKEN_BYTES))


def token_hash(token: str) -> str | None:
    """SHA-256 of the token's bytes as hex; None for text that is no such token."""
    try:
        raw = unb64u(token)
    except Unreadable:
        return None
    return hashlib.sha256(raw).hexdigest() if len(raw) == TOKEN_BYTES else None


def new_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)
