"""Deliver: the approved card is made, handed to the post and followed to the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from server.auth.access import Vaulted, stage
from server.errors import Duplicate, Refused
from server.flow import pick_up
from server.flow.outcome import Later
from server.ports import Clock, DeliveryService, PostalOrder
from server.record import consents, consignments, dossiers, journal, statuses
from server.record.consignments import Consignment
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:deliver"
SOON, TRACK = timedelta(seconds=15), timedelta(hours=1)
"""A parcel is asked after again when a quarter of its time so far has passed, within these."""


class Deliver:
    """One step a run. Outages are the worker's to retry: every call repeats safely."""

    def __init__(
        self, record: Record, vaulted: Vaulted, post: DeliveryService, clock: Clock
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._post = post
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        dossier = await self._record.read(lambda conn: dossiers.load(conn, job.dossier or ""))
        match dossier.state:
            case "approved":
                await self._record.run(lambda conn: self._move(conn, dossier, "produce"))
                return None
            case "produced":
                await self._book(dossier)
            case "dispatched":
                return await self._track(dossier)
        return None

    async def _book(self, dossier: Dossier) -> None:
        item = await self._record.read(lambda conn: consignments.find(conn, dossier.id))
        if item is not None and item.state == "pick_up":
            return  # fetched at a point: an officer says when
        opened = await self._vaulted.open(dossier.id, stage("deliver"), "delivery")
        answers = opened.answers
        if answers.get("delivery_method") != "post":
            return  # fetched at the counter: an officer says when
        taken_back = consents.taken_back
        if await self._record.read(lambda conn: taken_back(conn, dossier.id, "delivery")):
            return  # the post may not know the address any more: fetched
        key = f"{dossier.id}:delivery:1"
        order = PostalOrder(
            key,
            dossier.code,
            answers["full_name"],
            answers["phone"],
            answers["delivery_line"],
            answers["delivery_commune"],
        )
        try:
            number = (await self._post.book(order)).number
        except Duplicate as done:
            if done.reference is None:
                raise
            number = done.reference
        except Refused as refused:
            reason = refused.reason
            await self._record.run(lambda conn: self._refused(conn, dossier, reason))
            return
        now = self._clock()
        booked = Consignment(dossier.id, key, number, "booked", now, now)

        def dispatch(conn: Connection) -> None:
            consignments.keep(conn, booked)
            pick_up.overtaken(conn, now, dossier.id)
            self._move(conn, dossier, "dispatch")

        await self._record.run(dispatch)

    async def _track(self, dossier: Dossier) -> Later | None:
        item = await self._record.read(lambda conn: consignments.find(conn, dossier.id))
        if item is None or item.number is None:
            raise ValueError("a dispatched dossier has a postal item")
        events = await self._post.track(item.number)
        now = self._clock()
        last = events[-1].state if events else item.state
        followed = replace(item, state=last, updated_at=now)

        def follow(conn: Connection) -> None:
            consignments.keep(conn, followed)
            if last == "delivered":
                self._move(conn, dossier, "deliver")
            elif last in ("failed", "returned"):
                journal.write(conn, now, ACTOR, "not_delivered", dossier.id, {"state": last})
                dossiers.advance(conn, now, ACTOR, dossier, "park", detail={"reason": last})
            elif last != item.state:
                statuses.announce(conn, now, dossier.id)

        await self._record.run(follow)
        if last in ("delivered", "failed", "returned"):
            return None
        age = now - (item.booked_at or now)
        return Later(now + min(max(age / 4, SOON), TRACK))

    def _move(self, conn: Connection, dossier: Dossier, transition: str) -> None:
        dossiers.advance(conn, self._clock(), ACTOR, dossier, transition)

    def _refused(self, conn: Connection, dossier: Dossier, reason: str) -> None:
        now = self._clock()
        journal.write(conn, now, ACTOR, "delivery_refused", dossier.id, {"reason": reason})
        dossiers.advance(conn, now, ACTOR, dossier, "park", detail={"reason": "delivery_refused"})
