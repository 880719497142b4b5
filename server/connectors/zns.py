"""Zalo Notification Service: messages by approved templates. Messages: README.md, "zns.py"."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx2

from server.connectors.http import RETRY_AFTER, System
from server.errors import Refused, Throttled, Unavailable
from server.ports import Notice

# Zalo's codes: confidence medium. Others are final.
TOKEN: Final = frozenset({-124, -216})
BUSY: Final = frozenset({-32, -144, -147})
NOT_SENT = ("resting after failures", "credentials", "ConnectError", "HTTP ")
"""Beginnings of the details of an outage during which certainly nothing was sent."""


class Zns:
    """Notifier. `token`: file with the Official Account's access token, read anew each time: it
    lives for a day, and whoever renews it replaces the file. `templates`: kind → template id."""

    def __init__(
        self, url: str, token: Path, templates: Mapping[str, str], client: httpx2.AsyncClient
    ) -> None:
        self._system = System("Zalo", url, client)
        self._token = token
        self._templates = templates

    async def send(self, notice: Notice) -> None:
        """Zalo does not recognise a repetition, so a lost reply is Refused("unsure"): a message
        less is better than the same one twice."""
        try:
            token = self._token.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise self._system.credentials() from None
        try:
            reply = await self._system.exchange(
                "POST",
                "/message/template",
                {
                    "phone": notice.to["phone"].lstrip("+"),
                    "template_id": self._templates[notice.kind],
                    "template_data": {"ma_ho_so": notice.code},
                    "tracking_id": notice.key,
                },
                {"access_token": token},
            )
        except Unavailable as outage:
            if outage.detail.startswith(NOT_SENT):
                raise
            raise Refused(self._system.name, "unsure", outage.detail) from outage
        code = reply.body.get("error")
        if type(code) is not int:
            raise Refused(self._system.name, "unsure", "malformed")
        if code in TOKEN:
            raise self._system.credentials()
        if code in BUSY:
            raise Throttled(self._system.name, RETRY_AFTER)
        if code != 0:
            raise Refused(self._system.name, str(code), self._system.text(reply.body, "message"))
