"""Phones and an officer in front of several servers, one of which is killed in the middle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import httpx2
from sqlalchemy import select

from server.record import tables
from server.record.store import Connection, Record
from server.sandbox.desk import Desk
from server.sandbox.device import Device, Rejected, Status
from server.sandbox.paper import Paper
from server.sandbox.samples import sample

FILED = ["received", "validated", "forwarded"]
DECIDED = ["approved", "produced", "dispatched"]
NewClient = Callable[[], httpx2.AsyncClient]


async def file(client: httpx2.AsyncClient, seed: int) -> tuple[Device, Paper]:
    """A rider's dossier, sent as a phone does: again and again until all of it was acknowledged."""
    device = Device(client)
    await persists(device.enrol)
    made = await anyio.to_thread.run_sync(sample, seed, None, ("2008", "A1"))
    papers: list[Paper] = []

    async def compose() -> None:
        paper = await device.compose(made.truth["answers"], made.pictures(), made.said())
        papers.append(paper)

    async def send() -> None:
        assert await device.send(papers[0]) == {}

    await persists(compose)
    await persists(send)
    return device, papers[0]


async def persists(step: Callable[[], Awaitable[None]]) -> None:
    """Until nothing breaks: a server that is killed, or one that says 503."""
    while True:
        try:
            return await step()
        except httpx2.TransportError:
            pass
        except Rejected as refused:
            if refused.status < 500:
                raise
        await anyio.sleep(0.1)


async def follow(device: Device, paper: Paper, *codes: str, within: float = 120) -> Status:
    """The phone's status once it says one of `codes`."""
    found: list[Status] = []

    async def wait() -> None:
        found.append(await device.wait(paper, lambda seen: seen.code in codes, within))

    await persists(wait)
    assert device.submission_arrived(paper, found[0])
    return found[0]


async def approve(client: httpx2.AsyncClient, token: str, papers: list[Paper]) -> None:
    """An officer signs in by a demo link's token and approves them all."""
    (await client.post("/api/demo", json={"token": token})).raise_for_status()
    for paper in papers:
        await Desk(client).decide(paper.dossier, "approve")


def done_once(record: Record, papers: list[Paper], ending: list[str]) -> list[str]:
    """Nothing happened twice, and nothing is left to do; the dossiers' codes."""
    dossiers = [paper.dossier for paper in papers]

    def look(conn: Connection) -> list[str]:
        journal = tables.journal
        query = select(journal.c.dossier, journal.c.action, journal.c.detail)
        rows = conn.execute(query.order_by(journal.c.seq)).all()
        for dossier in dossiers:
            mine = [row for row in rows if row.dossier == dossier]
            states = [row.detail["to"] for row in mine if row.action == "state"]
            assert states[: len(FILED + ending)] == FILED + ending, states
            assert len(set(states)) == len(states), states
            assert [row.action for row in mine].count("accepted") == 1
            assert "job_parked" not in [row.action for row in mine]
        numbers = conn.execute(select(tables.consignments.c.number)).scalars().all()
        assert len(set(numbers)) == len(numbers) == (len(dossiers) if ending else 0)
        sweeps = conn.execute(select(tables.jobs.c.id).where(tables.jobs.c.kind == "sweep"))
        assert len(sweeps.all()) == 1
        codes = select(tables.dossiers.c.code).where(tables.dossiers.c.id.in_(dossiers))
        return list(conn.execute(codes).scalars())

    codes = record.now(look)
    assert len(set(codes)) == len(codes) == len(dossiers)
    return codes
