"""An officer at the desk, and the trial page's switches, over the same HTTP the pages use."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2

from tests.journey.processes import Server

T = TypeVar("T")


class Officer:
    """One officer's session, opened by a fresh one-time link of the trial page."""

    def __init__(self, server: Server) -> None:
        self._client = client(server)
        link = self._client.post("/sandbox/demo/officer").headers["location"]
        token = link.partition("#")[2]
        self._client.post("/api/demo", json={"token": token}).raise_for_status()

    def cookies(self) -> list[dict[str, str]]:
        """The session, for a browser at the same origin."""
        origin = str(self._client.base_url)
        return [
            {"name": cookie.name, "value": cookie.value or "", "url": f"{origin.rstrip('/')}/api"}
            for cookie in self._client.cookies.jar
        ]

    def close(self) -> None:
        self._client.close()

    def queue(self, **query: str) -> dict[str, Any]:
        return self._json(self._client.get("/api/desk/queue", params=query))

    def awaits(self, dossier: str, state: str = "forwarded") -> dict[str, Any]:
        """The dossier as it lies on the desk, once it is in `state`."""

        def found() -> dict[str, Any] | None:
            rows = [row for row in self.queue()["items"] if row["dossier"] == dossier]
            return rows[0] if rows and rows[0]["state"] == state else None

        return eventually(found)

    def open(self, dossier: str) -> dict[str, Any]:
        return self._json(self._client.get(f"/api/desk/dossiers/{dossier}"))

    def decide(self, dossier: str, outcome: str, **said: Any) -> httpx2.Response:
        body = {"items": [], "reason": "", "law": "", "text": ""} | said
        body |= {"outcome": outcome, "version": self.open(dossier)["version"]}
        return self._client.post(f"/api/desk/dossiers/{dossier}/decision", json=body)

    def act(self, dossier: str, action: str) -> None:
        path = f"/api/desk/dossiers/{dossier}/actions"
        self._client.post(path, json={"action": action}).raise_for_status()

    def _json(self, answer: httpx2.Response) -> dict[str, Any]:
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said


def client(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=server.origin, headers={"origin": server.origin}, trust_env=False)


def switch(server: Server, **positions: str) -> None:
    """Turns the trial page's switches: `on`, `off` or a position's name."""
    with client(server) as trial:
        assert trial.post("/sandbox/switches", data=positions).status_code == 303


def eventually(look: Callable[[], T | None], patience: float = 120.0) -> T:
    """What `look` finds, asked again until then: the far side of a network sends no event here."""
    until = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < until, f"not within {patience:.0f} s: {look.__qualname__}"
        time.sleep(0.2)
    return found
