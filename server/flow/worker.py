"""The worker: one table from job kind to stage; sleeps until it is woken or a job is due.

Several servers may share a record. Each looks now and then for what another one left: jobs that it
added or held when it died.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from server.dossier import states
from server.errors import Conflict, Throttled, Unavailable
from server.flow.outcome import Later, Stage, backoff
from server.ports import Clock
from server.record import dossiers, jobs, journal, touched
from server.record.columns import iso
from server.record.jobs import Job
from server.record.store import Connection, Record
from sync.model import Unavailable as StoreUnavailable

log = logging.getLogger(__name__)
TRIES = 5
"""A job that fails this often is left for a person. An outage does not count."""
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=30)
AT_ONCE = 4
BLOCKED = timedelta(seconds=1)
"""When to look again for what is due but held by another worker's job of the same dossier."""
GATHER = 0.2
"""Seconds between a wake-up and the look: what a phone sends in a row is looked at together."""
LOOK = timedelta(seconds=30)
"""The longest sleep, and how often the locks of jobs under way are prolonged."""


class Worker:
    """`stages`: job kind → stage. `arrived` is set by whoever has something to do for it: the
    gate, a handler of the desk. `name` tells this worker from others on the same record; a new run
    of the same name takes up what the former one was doing when it ended."""

    def __init__(
        self,
        record: Record,
        stages: Mapping[str, Stage],
        clock: Clock,
        arrived: asyncio.Event | None = None,
        name: str = "worker",
    ) -> None:
        self._record = record
        self._stages = stages
        self._clock = clock
        self._name = name
        self._event = arrived or asyncio.Event()
        self._running: dict[asyncio.Task[None], Job] = {}
        self._prolonged = clock()

    def wake(self) -> None:
        """There is something to do: a document arrived, a person acted, the clock was moved."""
        self._event.set()

    async def run(self) -> None:
        """Until cancelled; jobs under way then are taken up again by the next run."""
        await self._record.run(self._begin)
        try:
            while True:
                self._event.clear()
                try:
                    while len(self._running) < AT_ONCE and (job := await self._next()):
                        self._running[asyncio.create_task(self._work(job))] = job
                    await self._prolong()
                    await self._pause()
                except Exception:  # the record is away: come back to it
                    log.exception("the worker cannot reach the record")
                    await asyncio.sleep(BLOCKED.total_seconds())
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def run_once(self) -> int:
        """Does what is due now, and what becomes due by that, one after the other. How many."""
        await self._record.run(self._begin)
        done = 0
        while job := await self._next():
            await self._work(job)
            done += 1
        return done

    def _begin(self, conn: Connection) -> None:
        jobs.release(conn, self._name)
        for kind in ("sweep", "apologise"):
            jobs.ensure(conn, kind, self._clock())

    async def _next(self) -> Job | None:
        now = self._clock()

        def claim(conn: Connection) -> Job | None:
            for owner, dossier, at in touched.take(conn):
                jobs.add(conn, "intake", now, dossier, {"owner": owner, "at": iso(at)})
            return jobs.claim(conn, now, self._name)

        return await self._record.run(claim)

    async def _prolong(self) -> None:
        now, ids = self._clock(), [job.id for job in self._running.values()]
        if ids and now - self._prolonged >= LOOK:
            self._prolonged = now
            await self._record.run(lambda conn: jobs.prolong(conn, ids, now))

    async def _pause(self) -> None:
        """Waits for a wake-up, the end of a job under way, or the next due time."""
        due = await self._record.read(jobs.next_due)
        sleep = LOOK
        if due is not None and len(self._running) < AT_ONCE:
            sleep = min(max(due - self._clock(), BLOCKED), LOOK)
        woken = asyncio.create_task(self._event.wait())
        try:
            await asyncio.wait(
                {woken, *self._running},
                timeout=sleep.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            woken.cancel()
        if self._event.is_set():
            await asyncio.sleep(GATHER)
        for task in [task for task in self._running if task.done()]:
            del self._running[task]
            task.result()

    async def _work(self, job: Job) -> None:
        try:
            later = await self._stages[job.kind].run(job)
        except Conflict as moved_on:
            log.info("job %s %s: %s", job.id, job.kind, moved_on.code)
            later = Later(self._clock() + timedelta(seconds=1))
        except (Unavailable, Throttled, StoreUnavailable) as outage:
            await self._retry(job, outage)
            return
        except Exception as error:
            log.exception("job %s %s failed", job.id, job.kind)
            await self._failed(job, error)
            return
        if later is None:
            await self._record.run(lambda conn: jobs.finish(conn, job.id))
        else:
            at = later.at
            await self._record.run(lambda conn: jobs.again(conn, job.id, at))

    async def _retry(self, job: Job, outage: Exception) -> None:
        pause = backoff(job.attempts, FIRST, LONGEST)
        if isinstance(outage, Throttled):
            pause = max(pause, timedelta(seconds=outage.after))
        now = self._clock()
        at = now + pause
        why = outage.detail if isinstance(outage, Unavailable) else str(outage)
        await self._record.run(lambda conn: jobs.failed(conn, job.id, now, at, why))

    async def _failed(self, job: Job, error: Exception) -> None:
        """`str(error)` may quote what it choked on, so only its kind is kept and journalled."""
        now, kind = self._clock(), type(error).__name__
        where = f"{job.kind}: {kind}"

        def settle(conn: Connection) -> None:
            if job.attempts + 1 < TRIES:
                again = now + backoff(job.attempts, FIRST, LONGEST)
                jobs.failed(conn, job.id, now, again, where)
                return
            jobs.park(conn, job.id, now, where)
            detail = {"job": job.kind, "error": kind, "tries": TRIES}
            journal.write(conn, now, "system:worker", "job_parked", job.dossier, detail)
            dossier = dossiers.find(conn, job.dossier) if job.dossier else None
            if dossier and states.stage(dossier.state) == job.kind:
                dossiers.advance(
                    conn, now, "system:worker", dossier, "park", detail=detail, deciding=True
                )

        await self._record.run(settle)
