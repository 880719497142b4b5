"""Twin of a push service and of the devices behind it: it makes subscriptions as a browser does,
checks who sends, and opens what a device would open (RFC 8030, 8188, 8291, 8292)."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import read_object

LARGEST = 4096


class Push:
    def __init__(self, folder: Path, switches: Switches, clock: Clock) -> None:
        self._shelf = Shelf(folder / "push.json")
        self._switches = switches
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/subscriptions", self._subscribe, methods=["POST"]),
            Route("/send/{id}", self._take, methods=["POST"]),
            Route("/send/{id}", self._shown, methods=["GET"]),
            Route("/send/{id}", self._leave, methods=["DELETE"]),
        ]

    async def _subscribe(self, request: Request) -> Response:
        """{applicationServerKey, at} → the subscription that `PushManager.subscribe` gives a
        page. `at`: where this twin is reached."""
        body = await read_object(request) or {}
        made = self.subscription(str(body["applicationServerKey"]), str(body["at"]))
        return JSONResponse(made, 201)

    def subscription(self, server_key: str, at: str) -> dict[str, Any]:
        name, key = secrets.token_urlsafe(24), ec.generate_private_key(ec.SECP256R1())
        auth = os.urandom(16)
        number = key.private_numbers().private_value
        kept = {"key": number.to_bytes(32, "big").hex(), "auth": auth.hex(), "server": server_key}
        self._shelf.content[name] = kept | {"messages": []}
        self._shelf.save()
        return {
            "endpoint": f"{at}/send/{name}",
            "keys": {"p256dh": _text(_point(key.public_key())), "auth": _text(auth)},
        }

    def messages(self, endpoint: str) -> list[dict[str, Any]]:
        """What the device behind an endpoint got: {topic, ttl, said}, oldest first."""
        messages: list[dict[str, Any]] = self._shelf.content[endpoint.rpartition("/")[2]][
            "messages"
        ]
        return messages

    def forget(self, endpoint: str) -> None:
        """As when the person withdraws the permission."""
        del self._shelf.content[endpoint.rpartition("/")[2]]
        self._shelf.save()

    async def _take(self, request: Request) -> Response:
        device = self._shelf.content.get(request.path_params["id"])
        if device is None:
            return PlainTextResponse("push subscription has unsubscribed or expired", 410)
        if (why := self._unknown(request, device["server"])) is not None:
            return PlainTextResponse(why, 403)
        if "ttl" not in request.headers:
            return PlainTextResponse("TTL is missing", 400)
        body = await request.body()
        if len(body) > LARGEST:
            return PlainTextResponse("too large", 413)
        try:
            said = json.loads(_opened(device, body))
        except (ValueError, InvalidTag):
            return PlainTextResponse("the device cannot open this", 400)
        topic = request.headers.get("topic")
        message = {"topic": topic, "ttl": int(request.headers["ttl"]), "said": said}
        device["messages"].append(message)
        self._shelf.save()
        return Response(None, 201, {"location": str(request.url)})

    async def _shown(self, request: Request) -> Response:
        device = self._shelf.content.get(request.path_params["id"])
        return JSONResponse(device["messages"] if device else [])

    async def _leave(self, request: Request) -> Response:
        self._shelf.content.pop(request.path_params["id"], None)
        self._shelf.save()
        return Response(None, 204)

    def _unknown(self, request: Request, server_key: str) -> str | None:
        """Why the sender is not who subscribed the device; None when it is."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        values = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme != "vapid" or values.get("k", "").rstrip("=") != server_key.rstrip("="):
            return "VAPID credentials do not match the subscription's"
        signed, _, signature = values.get("t", "").rpartition(".")
        raw, point = _bytes(signature), _bytes(server_key)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        try:
            der = utils.encode_dss_signature(r, s)
            key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return "the token's signature is wrong"
        claims = json.loads(_bytes(signed.partition(".")[2]))
        left = claims["exp"] - self._clock().timestamp()
        place = urlsplit(str(request.url))
        if claims["aud"] != f"{place.scheme}://{place.netloc}":
            return "the token is for another push service"
        if not 0 < left <= 24 * 3600:
            return "the token's end is not within a day"
        return None if claims.get("sub", "").startswith(("mailto:", "http")) else "no sub"


def _opened(device: dict[str, Any], body: bytes) -> bytes:
    """RFC 8291, section 4, with the header of RFC 8188."""
    salt, length = body[:16], body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    key = ec.derive_private_key(int(device["key"], 16), ec.SECP256R1())
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    secret = key.exchange(ec.ECDH(), sender)
    info = b"WebPush: info\0" + _point(key.public_key()) + theirs
    ikm = HKDF(hashes.SHA256(), 32, bytes.fromhex(device["auth"]), info).derive(secret)
    content = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(ikm)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(ikm)
    plain = AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\0")
    if plain[-1:] != b"\2":
        raise ValueError("not the last record")
    return plain[:-1]


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
