"""Notify: tells who asked for it that there is news of a dossier; never at night, never twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from server.auth.access import Vaulted, stage
from server.auth.keys import KeyRing
from server.dossier.calendar import ZONE
from server.dossier.notices import QuietHours, kind_of
from server.errors import Duplicate, NotFound, Refused, Throttled, Unavailable
from server.flow.outcome import Later
from server.ports import Clock, Notice, Notifier
from server.record import dossiers, journal, notices
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.notices import Noted, Subscription
from server.record.store import Connection, Record

ACTOR = "system:notify"
STALE = timedelta(days=3)
"""What could not be told for so long is told no more: the app says it when it is opened."""


@dataclass(frozen=True)
class Rules:
    """`a_day`: messages at most from one midnight in Vietnam to the next, for each address."""

    quiet: QuietHours
    a_day: int


class Notify:
    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        keys: KeyRing,
        notifiers: Mapping[str, Notifier],
        rules: Rules,
        clock: Clock,
    ) -> None:
        """`notifiers` by channel."""
        self._record = record
        self._vaulted = vaulted
        self._keys = keys
        self._notifiers = notifiers
        self._rules = rules
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """Of several things that happened each address is told the last. A channel that is out of
        order does not keep the others waiting."""
        dossier, now = job.dossier or "", self._clock()
        if morning := self._rules.quiet.until(now):
            return Later(morning)
        latest = await self._record.run(lambda conn: self._latest(conn, dossier, now))
        trouble: Unavailable | Throttled | None = None
        held = False
        for noted in latest:
            try:
                held |= not await self._tell(noted, now)
            except (Unavailable, Throttled) as outage:
                trouble = outage
        if trouble is not None:
            raise trouble
        return Later(self._rules.quiet.next_morning(now)) if held else None

    def _latest(self, conn: Connection, dossier: str, now: datetime) -> list[Noted]:
        """One a subscription; those before it, and what is stale, are settled untold."""
        last: dict[str, Noted] = {}
        for noted in notices.due(conn, dossier):
            if now - noted.noted_at > STALE:
                notices.settle(conn, now, noted, "stale")
                continue
            if before := last.get(noted.subscription.id):
                notices.settle(conn, now, before, "overtaken")
            last[noted.subscription.id] = noted
        return list(last.values())

    async def _tell(self, noted: Noted, now: datetime) -> bool:
        """False when today's messages to this address are used up."""
        to = noted.subscription
        midnight = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE).astimezone(UTC)
        told = await self._record.read(lambda conn: notices.told_since(conn, to.id, midnight))
        if told >= self._rules.a_day:
            return False
        row = await self._record.read(lambda conn: dossiers.find(conn, to.dossier))
        notifier = self._notifiers.get(to.channel)
        address = await self._address(to)
        if row is None or notifier is None or address is None:
            await self._settled(noted, "nobody")
            return True
        await self._record.run(lambda conn: notices.begin(conn, self._clock(), noted))
        await self._settled(noted, await self._sent(notifier, noted, row, address))
        return True

    async def _sent(
        self, notifier: Notifier, noted: Noted, row: Dossier, address: Mapping[str, str]
    ) -> str:
        """The outcome. What was begun by a server that died is repeated under the same key."""
        to = noted.subscription
        kind = kind_of(noted.about)
        key = f"{row.id}:notice:{noted.seq}"
        try:
            await notifier.send(Notice(key, kind, to.language, row.id, row.code, address))
        except Duplicate:
            return "told"
        except Refused as refused:
            return f"refused:{refused.reason}"
        return "told"

    async def _settled(self, noted: Noted, outcome: str) -> None:
        now, to = self._clock(), noted.subscription

        def settle(conn: Connection) -> None:
            notices.settle(conn, now, noted, outcome)
            detail = {"channel": to.channel, "about": noted.about, "outcome": outcome}
            journal.write(conn, now, ACTOR, "notified", to.dossier, detail)
            if outcome == "refused:gone":
                notices.unsubscribe(conn, now, ACTOR, [to])

        await self._record.run(settle)

    async def _address(self, to: Subscription) -> Mapping[str, str] | None:
        if to.address is not None:
            found: Mapping[str, str] = json.loads(self._keys.unwrap_at_rest(to.dossier, to.address))
            return found
        try:
            opened = await self._vaulted.open(to.dossier, stage("notify"), "notice")
        except NotFound:
            return None  # erased meanwhile
        phone = opened.answers.get("phone")
        return {"phone": phone} if phone else None
