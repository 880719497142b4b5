from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from server.auth.access import Actor
from server.flow.outcome import Later, Stage
from server.flow.worker import TRIES, Worker
from server.ports import Decided, NotYet, TrackingEvent
from server.record import jobs
from server.record.jobs import Job
from server.record.store import Record
from sync.model import Unavailable as StoreUnavailable
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)


class Killed(BaseException):
    """The process ends here."""


class Doomed:
    """A record whose process is killed at its n-th transaction, before or after the commit."""

    def __init__(self, record: Record, at: int, committed: bool) -> None:
        self._record, self._left, self._committed = record, at, committed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    async def run(self, work: Callable[[Connection], Any]) -> Any:
        self._left -= 1
        if self._left == 0 and not self._committed:
            raise Killed
        result = await self._record.run(work)
        if self._left == 0:
            raise Killed
        return result


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("step", range(1, 60, 4))
async def test_killed_at_any_step(world: World, step: int, committed: bool) -> None:
    """Nothing is lost and nothing done twice, wherever the process ends."""
    world.approval = "authority"
    paper = world.paper()
    await world.send(paper)
    sound = world.record
    world.record = Doomed(sound, step, committed)  # type: ignore[assignment]
    doomed = world.fresh_worker()
    world.record = sound

    async def story(worker: Worker) -> None:
        await worker.run_once()
        key = f"{paper.dossier}:approval:1"
        if key in world.authority.taken and key not in world.authority.decisions:
            world.authority.decisions[key] = approved(world)
        world.clock.move(minutes=31)
        await worker.run_once()
        world.post.events = [TrackingEvent(world.clock(), "delivered")]
        world.clock.move(hours=2)
        await worker.run_once()

    try:
        await story(doomed)
    except Killed:
        await story(world.fresh_worker())
        await story(world.fresh_worker())
    assert await world.state(paper) == "delivered"
    states = [line.detail["to"] for line in await world.journal(paper, "state")]
    assert states == [
        "received",
        "validated",
        "forwarded",
        "approved",
        "produced",
        "dispatched",
        "delivered",
    ]
    assert len(await world.journal(paper, "accepted")) == 1
    assert len(world.authority.taken) == len(world.post.booked) == 1
    assert (await world.status(paper))["code"] == "delivered"
    assert await world.job_counts() == {"waiting": 2, "parked": 0, "touched": 0}  # daily ones


def approved(world: World) -> Decided:
    return Decided("approved", world.clock())


class Poisoned:
    def __init__(self) -> None:
        self.runs = 0

    async def run(self, job: Job) -> None:
        self.runs += 1
        raise KeyError("Nguyễn Thị Hoa")


async def test_a_poisoned_job_is_left_for_a_person(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    paper, beside = world.paper(), world.paper()
    poisoned = Poisoned()
    real = world.worker._stages["validate"]
    world.worker._stages = {**world.worker._stages, "validate": poisoned}
    await world.send(paper)
    for _ in range(TRIES):
        await world.work()
        world.clock.move(hours=1)
    assert poisoned.runs == TRIES
    assert await world.state(paper) == "parked"
    assert (await world.status(paper))["code"] == "parked"
    view = await world.desk.show(OFFICER, paper.dossier)
    assert view["problems"] == [{"job": "validate", "error": "validate: KeyError"}]
    (line,) = await world.journal(paper, "job_parked")
    assert line.detail == {"job": "validate", "error": "KeyError", "tries": TRIES}

    world.worker._stages = {**world.worker._stages, "validate": real}
    await world.send(beside)
    await world.desk.act(OFFICER, paper.dossier, "resume")
    await world.work()
    assert await world.state(paper) == await world.state(beside) == "forwarded"


async def test_an_outage_of_the_stores_parks_nothing(world: World) -> None:
    class Away:
        async def run(self, job: Job) -> None:
            raise StoreUnavailable

    real = world.worker._stages["intake"]
    world.worker._stages = {**world.worker._stages, "intake": Away()}
    paper = world.paper()
    await world.send(paper)
    for _ in range(3 * TRIES):
        await world.work()
        world.clock.move(hours=1)
    assert (await world.job_counts())["parked"] == 0
    world.worker._stages = {**world.worker._stages, "intake": real}
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_it_sleeps_until_woken_and_works_on_other_dossiers_meanwhile(world: World) -> None:
    class Slow:
        def __init__(self, stage: Stage) -> None:
            self.stage, self.entered, self.go = stage, asyncio.Event(), asyncio.Event()

        async def run(self, job: Job) -> Later | None:
            if job.dossier == paper.dossier:
                self.entered.set()
                await self.go.wait()
            return await self.stage.run(job)

    class Seen:
        def __init__(self, stage: Stage) -> None:
            self.stage, self.done = stage, asyncio.Event()

        async def run(self, job: Job) -> Later | None:
            later = await self.stage.run(job)
            if job.dossier == beside.dossier:
                self.done.set()
            return later

    paper, beside = world.paper(), world.paper()
    table = world.worker._stages
    slow, seen = Slow(table["validate"]), Seen(table["forward"])
    world.worker._stages = {**table, "validate": slow, "forward": seen}
    running = asyncio.create_task(world.worker.run())
    await world.send(paper)
    world.worker.wake()
    await asyncio.wait_for(slow.entered.wait(), 30)
    await world.send(beside)
    world.worker.wake()
    await asyncio.wait_for(seen.done.wait(), 30)
    assert await world.state(paper) == "received"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    world.worker = world.fresh_worker()  # the job under way is taken up again
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_idle_it_asks_the_record_nothing(world: World) -> None:
    reads, asked = 0, asyncio.Event()
    real = world.record.read

    async def counted(work: Callable[[Connection], Any]) -> Any:
        nonlocal reads
        reads += 1
        asked.set()
        return await real(work)

    world.registry.answer = NotYet()
    paper = world.paper()
    await world.send(paper)
    await world.work()
    world.record.read = counted  # type: ignore[method-assign]
    running = asyncio.create_task(world.worker.run())
    await asked.wait()
    for _ in range(1000):  # whoever wants to run, runs
        await asyncio.sleep(0)
    assert reads == 1
    due = await real(jobs.next_due)
    assert due is not None
    assert due > world.clock()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_takes_up_what_another_server_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one noted the arrival and died, so nobody wakes this one."""
    monkeypatch.setattr("server.flow.worker.LOOK", timedelta(milliseconds=20))
    reached = asyncio.Event()

    class Reached:
        async def run(self, job: Job) -> Later | None:
            reached.set()
            return None

    world.worker._stages = {**world.worker._stages, "forward": Reached()}
    await world.work()
    async with asyncio.timeout(30), working(world.worker):
        await looks(world.record)
        await world.send(world.paper())
        await reached.wait()


async def test_a_second_server_takes_nothing_that_the_first_is_doing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when it starts, and not when the work outlives its lease."""
    monkeypatch.setattr("server.flow.worker.LOOK", timedelta(milliseconds=20))
    entered, go = asyncio.Event(), asyncio.Event()

    class Slow:
        async def run(self, job: Job) -> Later | None:
            entered.set()
            await go.wait()
            return None

    await world.send(world.paper())
    table = {**world.worker._stages, "validate": Slow()}
    first = Worker(world.record, table, world.clock, name="first")
    second = Worker(world.record, table, world.clock, name="second")
    async with asyncio.timeout(30), working(first):
        await entered.wait()
        for _ in range(3):
            world.clock.move(minutes=4)
            await looks(world.record)
            assert await second.run_once() == 0
        go.set()


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def looks(record: Record, times: int = 2) -> None:
    """Returns when a worker has gone round that often."""
    real, looked = record.read, asyncio.Event()

    async def read(work: Callable[[Connection], Any]) -> Any:
        if work is jobs.next_due:
            looked.set()
        return await real(work)

    record.read = read  # type: ignore[method-assign]
    for _ in range(times):
        looked.clear()
        await looked.wait()
    record.read = real  # type: ignore[method-assign]
