"""Phones without a screen: Python devices over HTTP, and what the server wrote down about them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any

import httpx2

from server.sandbox.device import Device
from server.sandbox.paper import Paper, Picture
from server.sandbox.samples import Sample, sample
from tests.journey.processes import Server

Card = tuple[Any, str]
NO_CERTIFICATE: Card = ("2008", "A1")


@asynccontextmanager
async def device(server: Server) -> AsyncIterator[Device]:
    """A vault of its own, known to the server."""
    async with httpx2.AsyncClient(
        base_url=server.origin, headers={"origin": server.origin}, trust_env=False, timeout=60
    ) as client:
        made = Device(client)
        await made.enrol()
        yield made


def somebody(seed: int = 5) -> Sample:
    """A motorcycle rider, who needs no health certificate."""
    return sample(seed, None, NO_CERTIFICATE)


async def composed(
    device: Device,
    answers: Mapping[str, Any] | None = None,
    pictures: Sequence[Picture] | None = None,
    seed: int = 5,
) -> Paper:
    """`somebody`'s dossier with some answers or all pictures replaced, not yet sent."""
    made = somebody(seed)
    given = made.pictures() if pictures is None else pictures
    return await device.compose(made.truth["answers"] | dict(answers or {}), given, made.said())


async def goes_through(server: Server, seed: int = 6) -> str:
    """Another owner's dossier on its whole way to the desk; its id."""
    async with device(server) as other:
        paper = await composed(other, seed=seed)
        assert await other.send(paper) == {}
        await other.wait(paper, lambda status: status.code == "forwarded", within=90)
        return paper.dossier


def journal(server: Server, dossier: str) -> list[tuple[str, dict[str, Any]]]:
    """(action, detail) of every line about one dossier, oldest first."""
    file = server.data / "record.sqlite"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as record:
        rows = record.execute(
            "SELECT action, detail FROM journal WHERE dossier = ? ORDER BY seq", (dossier,)
        )
        return [(action, json.loads(detail)) for action, detail in rows]
