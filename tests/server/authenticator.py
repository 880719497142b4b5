"""A software passkey: what a phone's authenticator answers to the options the server sends."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.sealing import b64u

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One discoverable ES256 credential of one relying party."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    verified: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, challenge: str | None = None) -> dict[str, Any]:
        """navigator.credentials.create(); without a challenge it makes its own, as offline."""
        client = self._client("webauthn.create", challenge or b64u(secrets.token_bytes(32)))
        length = len(self.id).to_bytes(2)
        attested = bytes(15) + b"\x01" + length + self.id + self._cose()
        data = self._data(ATTESTED) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {"attestationObject": b64u(cbor2.dumps(statement)), "transports": ["internal"]}
        return self._credential(response | {"clientDataJSON": b64u(client)})

    def get(self, challenge: str) -> dict[str, Any]:
        """navigator.credentials.get()."""
        self.count += 1
        client = self._client("webauthn.get", challenge)
        data = self._data(0)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": b64u(client),
                "authenticatorData": b64u(data),
                "signature": b64u(signature),
                "userHandle": None,
            }
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        content = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(content | {"crossOrigin": False}).encode()

    def _data(self, extra: int) -> bytes:
        flags = USER_PRESENT | (USER_VERIFIED if self.verified else 0) | extra
        return (
            hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)
        )

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        return cbor2.dumps({1: 2, 3: -7, -1: 1} | point)

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": b64u(self.id),
            "rawId": b64u(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
