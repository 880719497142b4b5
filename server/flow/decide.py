"""Decide: takes the decision of the dossier's one decider and moves the dossier by it, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from server.auth.access import Vaulted, stage
from server.errors import Throttled, Unavailable
from server.flow import decided as taken
from server.flow.decided import OUTCOMES, SCHEMA
from server.flow.outcome import Later, backoff
from server.ports import ApprovalGateway, Clock, CorrectionItem, Decided
from server.record import decisions, dossiers
from server.record.columns import iso
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:decide"
FIRST, OFTEN, LONGEST = timedelta(seconds=15), 6, timedelta(days=1)
"""An outside decider is asked soon and, after so many tries, four times less often with every
other: `Poll` asks about all."""
_PAST = {name: outcome for outcome, name in OUTCOMES.items()}


class Decide:
    """`gateways` as in Forward."""

    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        gateways: Mapping[str, ApprovalGateway],
        clock: Clock,
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._gateways = gateways
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        dossier, made = await self._record.read(lambda conn: _read(conn, job.dossier or ""))
        if made is not None and made.state == "pending":
            if made.leaves_at > self._clock():
                return Later(made.leaves_at)
            pending = made
            await self._record.run(lambda conn: taken.leave(conn, self._clock(), dossier, pending))
            return None
        if dossier.state != "forwarded" or dossier.approval == "desk":
            return None  # the desk's decision brings its own job
        return await self._ask(dossier)

    async def _ask(self, dossier: Dossier) -> Later | None:
        key = f"{dossier.id}:approval:{dossier.n}"
        tries = (dossier.wait or {}).get("tries", 0)
        pause = backoff(max(tries, 2 * tries - OFTEN), FIRST, LONGEST)
        try:
            decided = await self._gateways[dossier.approval].decision(key)
        except (Unavailable, Throttled) as outage:
            if isinstance(outage, Throttled):
                pause = max(pause, timedelta(seconds=outage.after))
            return await self._wait(dossier, pause, tries + 1)
        if decided is None:
            return await self._wait(dossier, pause, tries + 1)
        await taken.take(
            self._record, self._vaulted, self._clock(), dossier, decided, told="polled"
        )
        return None

    async def _wait(self, dossier: Dossier, pause: timedelta, tries: int) -> Later:
        now = self._clock()
        since = (dossier.wait or {}).get("since") or iso(now)
        wait = {
            "what": "authority",
            "since": since,
            "next_try": iso(now + pause),
            "tries": tries,
        }
        first = dossier.wait is None
        await self._record.run(
            lambda conn: dossiers.change(conn, now, dossier, told=first, wait=wait)
        )
        return Later(now + pause)


def _read(conn: Connection, dossier: str) -> tuple[Dossier, Decision | None]:
    row = dossiers.load(conn, dossier)
    return row, decisions.latest(conn, dossier, row.n)


class DeskDecisions:
    """What our own officer decided, for the `desk` adapter of ApprovalGateway."""

    def __init__(self, record: Record, vaulted: Vaulted) -> None:
        self._record = record
        self._vaulted = vaulted

    async def __call__(self, key: str) -> Decided | None:
        """The decision on the forwarding with this key, once it cannot be undone any more."""
        dossier, _, n = key.split(":")
        made = await self._record.read(lambda conn: decisions.latest(conn, dossier, int(n)))
        if made is None or made.state != "done":
            return None
        opened = await self._vaulted.open(dossier, stage("decide"), "decision")
        detail = opened.unseal(f"decision:{made.id}", SCHEMA, made.detail)
        return Decided(
            outcome=_PAST[made.outcome],  # type: ignore[arg-type]
            at=made.leaves_at,
            reason=detail["reason"],
            text=detail["text"],
            law=detail["law"],
            items=[CorrectionItem(**item) for item in detail["items"]],
        )
