"""An officer in Python: decides over the desk's own HTTP interface. For the seed and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx2


class Desk:
    """`client` holds an officer's session and sends the origin. What the server refuses raises
    `httpx2.HTTPStatusError`."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def queue(self, **query: str) -> dict[str, Any]:
        return await self._json(await self._client.get("/api/desk/queue", params=query))

    async def open(self, dossier: str) -> dict[str, Any]:
        return await self._json(await self._client.get(f"/api/desk/dossiers/{dossier}"))

    async def decide(
        self,
        dossier: str,
        outcome: str,
        *,
        items: Sequence[dict[str, str]] = (),
        reason: str = "",
        law: str = "",
        text: str = "",
    ) -> dict[str, Any]:
        """`outcome`: approve, return or reject, on the dossier as it is now."""
        version = (await self.open(dossier))["version"]
        said = {
            "outcome": outcome,
            "version": version,
            "items": list(items),
            "reason": reason,
            "law": law,
            "text": text,
        }
        path = f"/api/desk/dossiers/{dossier}/decision"
        return await self._json(await self._client.post(path, json=said))

    async def undo(self, dossier: str) -> None:
        answer = await self._client.delete(f"/api/desk/dossiers/{dossier}/decision")
        answer.raise_for_status()

    async def act(self, dossier: str, action: str) -> None:
        """`action`: try_now, park or resume."""
        path = f"/api/desk/dossiers/{dossier}/actions"
        (await self._client.post(path, json={"action": action})).raise_for_status()

    async def _json(self, answer: httpx2.Response) -> dict[str, Any]:
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said
