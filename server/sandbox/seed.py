"""The first start's dossiers, filed and decided as anybody's: over HTTP, by devices and an officer.

Runs beside the server and never holds it up. What was filed is noted, so that a second start, or
one after a cut, files only what is missing.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import anyio
import anyio.to_thread
import httpx2
from PIL import Image, ImageFilter

from server.dossier.tables import table
from server.ports import Clock
from server.sandbox import facility
from server.sandbox.desk import Desk
from server.sandbox.device import HONEST, Device, Faults, Status
from server.sandbox.page import DemoLink
from server.sandbox.paper import Paper, Picture
from server.sandbox.people import Person, invent
from server.sandbox.samples import Sample, jpeg, sample, without_card
from server.sandbox.switches import Shelf
from server.sandbox.twins.wire import VIETNAM
from server.settings import Settings

log = logging.getLogger("server.sandbox.seed")
PATIENCE = 120.0
"""Seconds for one dossier to reach the state its story waits for, on a slow machine."""

OTHER = 699
"""Whose certificate the story `foreign_certificate` names."""


@dataclass(frozen=True)
class Story:
    """See stories.json."""

    seed: int
    card: tuple[Literal["2008", "2025"], str]
    ending: str | None
    twist: str = ""
    until: str = "forwarded"


def stories() -> list[Story]:
    rows = json.loads((Path(__file__).parent / "stories.json").read_text("utf-8"))["stories"]
    return [Story(**{**row, "card": tuple(row["card"])}) for row in rows]


class Seed:
    """`demo_link` None: no officer can be played, dossiers stay in the queue."""

    def __init__(self, settings: Settings, clock: Clock, demo_link: DemoLink | None) -> None:
        self._settings = settings
        self._clock = clock
        self._demo_link = demo_link
        self._done = Shelf(settings.data / "sandbox" / "seeded.json")

    async def run(self) -> None:
        """Files what was not filed before. A story that fails is told in the log and, if nothing
        was filed, tried again at the next start; the others go on."""
        missing = [story for story in stories() if str(story.seed) not in self._done.content]
        if not missing:
            return
        async with self._client() as client:
            await _listening(client)
            for story in missing:
                try:
                    await self._play(client, story)
                except (httpx2.HTTPError, OSError, RuntimeError) as error:
                    log.warning("sample dossier %d stopped half-way: %s", story.seed, error)

    async def _play(self, client: httpx2.AsyncClient, story: Story) -> None:
        today = (self._clock() + VIETNAM).date()
        made = await anyio.to_thread.run_sync(sample, story.seed, today, story.card)
        other = invent(OTHER, today, ("2008", "C"))
        if story.twist != "certificate_late":
            await facility.send(client, self._settings, made.person)
        if story.twist == "foreign_certificate":
            await facility.send(client, self._settings, other)
        if story.twist == "lost":
            made = without_card(made, today - timedelta(days=5))
        device = Device(client, self._clock)
        await device.enrol()
        helper = await self._helped_by(client, device) if story.twist == "helped" else None
        answers, pictures = await anyio.to_thread.run_sync(_twisted, story, made, other)
        paper = await device.compose(answers, pictures, made.said(helper))
        faults = Faults(skip_chunk=True) if story.twist == "cut_off" else HONEST
        if refused := await device.send(paper, faults):
            raise RuntimeError(f"refused: {refused}")
        self._done.content[str(story.seed)] = paper.dossier
        self._done.save()
        await self._end(story, device, paper)

    async def _end(self, story: Story, device: Device, paper: Paper) -> None:
        await device.wait(paper, _is(story.until), within=PATIENCE)
        if story.ending is None or self._demo_link is None:
            return
        async with self._signed_in("officer") as officer:
            desk = Desk(officer)
            if (await desk.open(paper.dossier))["decider"] != "desk":
                return
            if story.ending == "park":
                await desk.act(paper.dossier, "park")
            elif story.ending == "deliver":
                await desk.decide(paper.dossier, "approve")  # the twin's parcel goes by the clock
            else:
                await desk.decide(paper.dossier, story.ending, **_reasons(story.ending))

    async def _helped_by(self, client: httpx2.AsyncClient, device: Device) -> dict[str, str] | None:
        """The demo clerk takes the device's owner as her own, as the tablet does."""
        if self._demo_link is None:
            return None
        async with self._signed_in("clerk") as clerk:
            session = (await clerk.get("/api/session", params={"role": "clerk"})).json()
            await device.adopt(clerk)
        return {
            "account": session["account"],
            "point": session["point"]["id"],
            "confirmation": "present",
        }

    @asynccontextmanager
    async def _signed_in(
        self, role: Literal["clerk", "officer"]
    ) -> AsyncIterator[httpx2.AsyncClient]:
        if self._demo_link is None:
            raise RuntimeError("no demo sessions here")
        token = (await self._demo_link(role)).partition("#")[2]
        async with self._client() as client:
            answer = await client.post("/api/demo", json={"token": token})
            answer.raise_for_status()
            yield client

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            base_url=self._settings.own_address,
            headers={"origin": self._settings.origin},
            timeout=30,
            trust_env=False,
        )


async def _listening(client: httpx2.AsyncClient) -> None:
    """The task starts before the server's socket answers."""
    with anyio.fail_after(PATIENCE):
        while True:
            try:
                await client.get("/healthz")
            except httpx2.TransportError:
                await anyio.sleep(0.2)
            else:
                return


def _is(code: str) -> Callable[[Status], bool]:
    return lambda status: status.code == code


def _twisted(story: Story, made: Sample, other: Person) -> tuple[dict[str, Any], list[Picture]]:
    answers, pictures = dict(made.truth["answers"]), made.pictures()
    if story.twist == "blurred_front":
        pictures = [_blurred(p) if p.kind == "licence_front" else p for p in pictures]
    if story.twist == "mistyped_name":
        family, *rest = answers["full_name"].split()
        answers["full_name"] = " ".join((family, *rest[:-1], rest[-1] + "h"))
    if story.twist == "foreign_certificate" and other.certificate:
        answers["certificate_number"] = other.certificate.number
    return answers, pictures


def _blurred(picture: Picture) -> Picture:
    with Image.open(io.BytesIO(picture.jpeg)) as image:
        return replace(picture, jpeg=jpeg(image.filter(ImageFilter.GaussianBlur(9))))


def _reasons(outcome: str) -> dict[str, Any]:
    """What the officer picks from the ready reasons."""
    ready = table("reasons")
    if outcome == "return":
        text = ready["return"]["photo:licence_front"]["blurred"]["vi"]
        item = {"target": "photo:licence_front", "reason": "blurred", "text": text}
        return {"items": [item]}
    if outcome == "reject":
        row = ready["reject"]["violation_open"]
        return {"reason": "violation_open", "law": row["law"], "text": row["vi"]}
    return {}
