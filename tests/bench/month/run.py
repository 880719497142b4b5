"""The month as events on one clock: what people do, and what the worker then finds to do."""

from __future__ import annotations

import heapq
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count

from PIL import Image

from server.record import jobs
from server.sandbox.device import Device
from server.sandbox.paper import Paper, Said
from server.sandbox.people import invent
from server.sandbox.samples import Sample, answers, without_card
from tests.bench.month.plan import Case
from tests.bench.month.town import Town
from tests.server.handed import Code, request

TICK = timedelta(minutes=30)
"""What the worker finds due within so long is done together."""
SETTLES = timedelta(days=45)
"""How long after the month's end the last of its dossiers are followed."""


@dataclass
class Filed:
    """What the plan knows of one dossier, beside the server's own books."""

    case: Case
    at: datetime
    device: Device
    paper: Paper
    submissions: int = 1
    withdrawn: bool = False
    references: list[str] = field(default_factory=list)


class Month:
    def __init__(self, town: Town, cases: list[Case], end: datetime) -> None:
        self.town = town
        self.filed: list[Filed] = []
        self.end = end
        self._events: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._number = count()
        for case in cases:
            self._at(case.files_at, lambda case=case: self._file(case))  # type: ignore[misc]

    def outage(self, begin: datetime, length: timedelta) -> None:
        """The authority is away."""
        self._at(begin, lambda: self._switch(authority_down=True))
        self._at(begin + length, lambda: self._switch(authority_down=False))

    def replies_lost(self, begin: datetime, length: timedelta) -> None:
        """The outside systems do what is asked, and the answer is cut off."""
        self._at(begin, lambda: self._switch(replies_lost=True))
        self._at(begin + length, lambda: self._switch(replies_lost=False))

    async def run(self, progress: Callable[[datetime, int], None]) -> None:
        worker, clock = self.town.parts.worker, self.town.clock
        day = clock.now.date()
        while (now := await self._next()) is not None:
            clock.now = max(clock.now, now)
            while self._events and self._events[0][0] <= clock.now:
                await heapq.heappop(self._events)[2]()
            await worker.run_once()
            if clock.now.date() != day:
                day = clock.now.date()
                progress(clock.now, len(self.filed))

    async def _next(self) -> datetime | None:
        """When something happens next; None when the month is over and followed to its end."""
        clock = self.town.clock
        due = await self.town.parts.record.read(jobs.next_due)
        at = max(due, clock.now + TICK) if due else self.end + SETTLES
        if self._events:
            at = min(at, self._events[0][0])
        return at if at < self.end + SETTLES else None

    def _at(self, at: datetime, what: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._events, (at, next(self._number), what))

    def _after(self, pause: timedelta, what: Callable[[], Awaitable[None]]) -> None:
        self._at(self.town.clock.now + pause, what)

    async def _switch(self, **positions: bool) -> None:
        self.town.sandbox.switches.set(positions)

    # What people do

    async def _file(self, case: Case) -> None:
        made = _person(case, self.town.clock.now)
        helper = self._helper(case)
        device = Device(self.town.client, self.town.clock)
        await device.enrol()
        said = Said(readings=[], consents=made.said().consents, helper=helper)
        paper = await device.compose(made.truth["answers"], made.pictures(), said)
        if case.registry == "known":
            await self.town.facility_sends(made.person)
        elif case.registry == "lags":
            self._after(case.certificate_after, lambda: self.town.facility_sends(made.person))
        filed = Filed(case, self.town.clock.now, device, paper)
        if case.verdict != "approve":
            self.town.verdicts[paper.dossier] = case.verdict
        assert await device.send(paper) == {}
        self.filed.append(filed)
        if case.withdraws:
            self._after(timedelta(hours=30), lambda: self._withdraw(filed))
        if case.paying != "never":
            self._after(max(case.pays_after, TICK), lambda: self._pay(filed))
        if case.verdict == "return":
            self._after(timedelta(days=3), lambda: self._correct(filed))

    def _helper(self, case: Case) -> dict[str, str] | None:
        return self.town.clerk_of(case.helped_at) if case.helped_at else None

    async def _withdraw(self, filed: Filed) -> None:
        asked = request(filed.paper, Code(), "withdraw")
        assert await filed.device.push([asked]) == {}
        filed.withdrawn = True

    async def _correct(self, filed: Filed) -> None:
        """Looks once a day whether the dossier came back; then the photo is taken again."""
        status = await filed.device.status(filed.paper)
        if status is None or status.group == "closed":
            return
        if status.group != "action_needed":
            self._after(timedelta(days=1), lambda: self._correct(filed))
            return
        self.town.verdicts.pop(filed.paper.dossier, None)
        made = _person(filed.case, filed.at)
        front = [one for one in made.pictures() if one.kind != "health_certificate"][:1]
        filed.paper = await filed.device.correct(
            filed.paper,
            filed.paper.answers,
            front,
            replace(made.said(), readings=[], helper=self._helper(filed.case)),
        )
        assert await filed.device.send(filed.paper) == {}
        filed.submissions += 1

    async def _pay(self, filed: Filed) -> None:
        pay_url = await self._attempt(filed)
        if pay_url is None:
            return
        match filed.case.paying:
            case "crossed":  # the page stays open, money moves at the last minute, nothing is heard
                late = timedelta(minutes=14, seconds=50)
                self._after(late, lambda: self._pays(pay_url, [timedelta(hours=1)]))
                self._after(timedelta(minutes=15, seconds=10), lambda: self._again(filed))
            case "twice":
                await self._pays(pay_url, [timedelta(), timedelta(seconds=1), timedelta(hours=3)])
            case "late":
                await self._pays(pay_url, [timedelta(hours=5)])
            case "lost":
                await self._pays(pay_url, [])
            case _:
                await self._pays(pay_url, [timedelta(seconds=2)])

    async def _again(self, filed: Filed) -> None:
        if pay_url := await self._attempt(filed):
            await self._pays(pay_url, [timedelta(seconds=1)])

    async def _attempt(self, filed: Filed) -> str | None:
        """The gateway's page for a new attempt; None where nothing is due any more or yet."""
        path = f"/api/dossiers/{filed.paper.dossier}/payments"
        answer = await self.town.client.post(path, json={}, headers=filed.device.bearer)
        if answer.status_code == 409:
            return None
        answer.raise_for_status()
        begun = answer.json()
        filed.references.append(begun["reference"])
        return str(begun["pay_url"])

    async def _pays(self, pay_url: str, notices: list[timedelta]) -> None:
        told = await self.town.pay(pay_url)
        for pause in notices:
            self._after(pause, lambda: self.town.notify(told))


@cache
def _picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


def _person(case: Case, filed_at: datetime) -> Sample:
    """Small pictures without codes: what is measured is the way, not the reading."""
    today = (filed_at + timedelta(hours=7)).date()
    person = invent(case.seed, today, case.card)
    card = _picture(320, 200)
    made = Sample(
        seed=case.seed,
        person=person,
        licence_front=card,
        licence_back=card,
        portrait=_picture(180, 240),
        certificate=card if person.certificate else None,
        id_qr_png=b"",
        certificate_qr_png=None,
        truth={"answers": answers(person), "readings": [], "qr": {}},
    )
    return without_card(made, today - timedelta(days=3)) if case.lost else made
