"""Dossiers that lie on the desk before a test begins, filed as any device files them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import anyio
import httpx2

from server.sandbox.device import Device
from server.sandbox.paper import Paper
from server.sandbox.samples import sample
from tests.journey.processes import Server

Card = tuple[Literal["2008", "2025"], str]
NO_CERTIFICATE: Card = ("2008", "A1")


@dataclass(frozen=True)
class Filed:
    """`answers` as they were sent, changes included."""

    dossier: str
    slip: str
    answers: Mapping[str, Any]


def file(
    server: Server,
    seed: int,
    card: Card = NO_CERTIFICATE,
    changes: Mapping[str, Any] | None = None,
    until: str = "forwarded",
) -> Filed:
    """One dossier of the invented person `seed`, waited for until it is in the state `until`."""

    def work() -> Filed:
        return anyio.run(_file, server.origin, seed, card, dict(changes or {}), until)

    with ThreadPoolExecutor(1) as beside:  # Playwright's loop already runs in this thread
        return beside.submit(work).result()


async def _file(origin: str, seed: int, card: Card, changes: dict[str, Any], until: str) -> Filed:
    made = sample(seed, None, card)
    async with httpx2.AsyncClient(
        base_url=origin, headers={"origin": origin}, trust_env=False, timeout=30
    ) as client:
        device = Device(client)
        await device.enrol()
        answers = made.truth["answers"] | changes
        paper: Paper = await device.compose(answers, made.pictures(), made.said())
        assert await device.send(paper) == {}
        await device.wait(paper, lambda status: status.code == until, within=60)
        return Filed(paper.dossier, paper.slip, paper.answers)
