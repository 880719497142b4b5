"""Web push: RFC 8030 (delivery), RFC 8291 (encryption), RFC 8292 (VAPID). README.md, "webpush.py".

The push service carries what only the device can open.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import httpx2
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.connectors.http import System
from server.dossier.notices import words
from server.errors import Refused, Unavailable
from server.ports import Notice

NAME = "tin báo trên máy"
TTL = timedelta(days=1)
"""How long the push service keeps what a phone without network cannot take."""
TOKEN_LIFE = timedelta(hours=12)  # RFC 8292, section 2: at most 24 hours
RECORD = 4096  # bytes: all push services take that much


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def encrypted(
    plain: bytes, p256dh: bytes, auth: bytes, sender: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """The body of `Content-Encoding: aes128gcm` in one record (RFC 8291, section 3; RFC 8188).
    ValueError for a `p256dh` that is no point of P-256."""
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    ours = point(sender.public_key())
    info = b"WebPush: info\0" + p256dh + ours
    ikm = _hkdf(auth, info, 32, sender.exchange(ec.ECDH(), receiver))
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16, ikm)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\0", 12, ikm)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, plain + b"\2", None)


def _hkdf(salt: bytes, info: bytes, length: int, material: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def vapid(key: ec.EllipticCurvePrivateKey, audience: str, contact: str, until: datetime) -> str:
    """The Authorization header with an ES256 token (RFC 8292, sections 2 and 3)."""
    head = {"typ": "JWT", "alg": "ES256"}
    body = {"aud": audience, "exp": int(until.timestamp()), "sub": contact}
    parts = [b64u(json.dumps(part, separators=(",", ":")).encode()) for part in (head, body)]
    signed = ".".join(parts)
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{b64u(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={b64u(point(key.public_key()))}"


class WebPush:
    """Notifier. `services`: where endpoints may lie, as host names (`*.push.apple.com`), or whole
    beginnings of addresses (the sandbox's twin): a subscription comes from a browser, and nothing
    else of its choosing shall be asked of this server. `contact`: whom a push service writes to."""

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        contact: str,
        services: Sequence[str],
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._key = key
        self._contact = contact
        self._clock = clock
        self._services = {name: System(NAME, "", client) for name in services}

    async def send(self, notice: Notice) -> None:
        endpoint = notice.to["endpoint"]
        name = service_of(endpoint, self._services)
        if name is None:
            raise Refused(NAME, "gone", "not a push service that is known here")
        status = await self._services[name].post(endpoint, self._body(notice), self._head(notice))
        if status in (404, 410):
            raise Refused(NAME, "gone")
        if status >= 400:
            raise Refused(NAME, f"http_{status}")
        if status not in (201, 202):  # RFC 8030, section 5: a captive page says 200
            raise Unavailable(NAME, f"malformed reply: HTTP {status}")

    def _body(self, notice: Notice) -> bytes:
        said = words("push", notice.kind, notice.language, notice.code)
        plain = json.dumps({**said, "dossier": notice.dossier, "lang": notice.language})
        try:
            p256dh, auth = unb64u(notice.to["p256dh"]), unb64u(notice.to["auth"])
            sender = ec.generate_private_key(ec.SECP256R1())
            return encrypted(plain.encode(), p256dh, auth, sender, os.urandom(16))
        except (ValueError, UnsupportedAlgorithm):
            raise Refused(NAME, "gone", "not a subscription's keys") from None

    def _head(self, notice: Notice) -> dict[str, str]:
        place = urlsplit(notice.to["endpoint"])
        until = self._clock() + TOKEN_LIFE
        return {
            "Authorization": vapid(
                self._key, f"{place.scheme}://{place.netloc}", self._contact, until
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(TTL.total_seconds())),
            "Urgency": "normal",
            # A newer message takes the place of one that still waits (RFC 8030, section 5.4).
            "Topic": notice.dossier[:32],
        }


def service_of(endpoint: str, services: Iterable[str]) -> str | None:
    """Which of the push services an endpoint belongs to."""
    try:
        place = urlsplit(endpoint)
        plain = place.scheme == "https" and place.port in (None, 443) and not place.username
    except ValueError:
        return None
    for name in services:
        if "://" in name:
            if endpoint.startswith(f"{name}/"):
                return name
        elif plain and fnmatchcase(place.hostname or "", name):
            return name
    return None
