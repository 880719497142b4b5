"""The twin of the licensing authority tells of its decisions by itself, when switched to.

Signed as RFC 9421 says (Ed25519; its key is no secret and only a sandbox believes it), and sent
again when it is answered so. It can fail as a real sender does: `push` says how.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.ports import Clock

KID: Final = "doibang-sandbox-authority"
_KEY: Final = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(KID.encode()).digest())
_FORGER: Final = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"somebody else").digest())
SIGNER: Final[tuple[str, Ed25519PublicKey]] = (KID, _KEY.public_key())
TRIES = 5
_WORKED_ON = {"MaTrangThai": 4, "TrangThaiHoSo": "Đang xử lý", "NgayQuyetDinh": ""}


class Pusher:
    """`address`: where this process reaches the server; `target`: its address as the outside knows
    it, which is what is signed. `pause`: seconds until it tries again; `late`: until a late push
    leaves, as it was asked meanwhile. `answers`: every (status, `code`) that came back."""

    def __init__(
        self, address: str, target: str, clock: Clock, pause: float = 2, late: float = 60
    ) -> None:
        self._address = f"{address}{urlsplit(target).path}"
        self._target = target
        self._clock = clock
        self.pause = pause
        self.late = late
        self.answers: list[tuple[int, str]] = []

    async def tell(self, mode: str, decision: Mapping[str, Any]) -> None:
        """`decision`: the message of a decided dossier. `mode`: a position of the switch `push`."""
        match mode:
            case "twice":
                await self._deliver(decision)
                await self._deliver(decision)
            case "late":
                await asyncio.sleep(self.late)
                await self._deliver(decision)
            case "crossed":
                await self._deliver(decision)
                await self._deliver({**decision, **_WORKED_ON})
            case "forged":
                await self.post(decision, _FORGER)
            case "cut":
                with contextlib.suppress(httpx2.HTTPError, ConnectionError):
                    await self.post(decision, cut=True)
                await self._deliver(decision)
            case "push":
                await self._deliver(decision)

    async def _deliver(self, message: Mapping[str, Any]) -> None:
        """Until it is taken or refused for good."""
        for _ in range(TRIES):
            try:
                answer = await self.post(message)
            except httpx2.HTTPError:
                pause = self.pause
            else:
                if not (after := answer.headers.get("retry-after")):
                    return
                pause = min(float(after), self.pause)
            await asyncio.sleep(pause)

    async def post(
        self, message: Mapping[str, Any] | bytes, key: Ed25519PrivateKey = _KEY, cut: bool = False
    ) -> httpx2.Response:
        """One request, whatever it says."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        headers = {**self.signed(body, key), "content-type": "application/json"}
        if cut:
            headers["content-length"] = str(len(body))
        content = _half(body) if cut else body
        async with httpx2.AsyncClient(trust_env=False, timeout=15) as client:
            answer = await client.post(self._address, content=content, headers=headers)
        self.answers.append((answer.status_code, str(answer.json().get("code", ""))))
        return answer

    def signed(self, body: bytes, key: Ed25519PrivateKey = _KEY) -> dict[str, str]:
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        params = (
            '("@method" "@target-uri" "content-digest")'
            f';created={int(self._clock().timestamp())};keyid="{KID}"'
            f';nonce="{secrets.token_urlsafe(18)}"'
        )
        text = (
            f'"@method": POST\n"@target-uri": {self._target}\n'
            f'"content-digest": {digest}\n"@signature-params": {params}'
        )
        signature = base64.b64encode(key.sign(text.encode())).decode()
        return {
            "content-digest": digest,
            "signature-input": f"sig1={params}",
            "signature": f"sig1=:{signature}:",
        }


async def _half(body: bytes) -> AsyncIterator[bytes]:
    """The sender goes away in the middle of its message."""
    yield body[: len(body) // 2]
    raise ConnectionError("cut in the middle")
