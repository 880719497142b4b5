"""SMS through a brandname gateway. Messages: README.md, "sms.py"."""

from __future__ import annotations

import httpx2

from server.connectors.http import System
from server.dossier.notices import words
from server.errors import Duplicate, Refused
from server.ports import Notice


class Sms:
    """Notifier. `brand`: the registered name that people see as the sender."""

    def __init__(self, url: str, token: str, brand: str, client: httpx2.AsyncClient) -> None:
        self._system = System("tin nhắn", url, client)
        self._authorization = {"Authorization": f"Bearer {token}"}
        self._brand = brand

    async def send(self, notice: Notice) -> None:
        text = words("sms", notice.kind, notice.language, notice.code)["body"]
        reply = await self._system.exchange(
            "POST",
            "/v1/messages",
            {"brandname": self._brand, "to": notice.to["phone"].lstrip("+"), "text": text},
            self._authorization | {"Idempotency-Key": notice.key},
        )
        code = self._system.text(reply.body, "code")
        if reply.status == 409 and code == "duplicate":
            raise Duplicate(self._system.name, self._number(reply.body))
        if reply.status >= 400:
            if not code:
                raise self._system.malformed("code")
            raise Refused(self._system.name, code, self._system.text(reply.body, "message"))
        self._number(reply.body)

    def _number(self, body: object) -> str:
        number = self._system.text(body if isinstance(body, dict) else {}, "messageId")
        if not number:
            raise self._system.malformed("messageId")
        return number
