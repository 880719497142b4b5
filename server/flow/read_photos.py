"""Read photos: what the photos of a draft say, before it is sent, where the person asked for it.

Without a consent for it nothing of a draft is opened here. Which photos have arrived whole is seen
from outside; only then is the draft opened, which is journalled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.auth import sealing
from server.auth.access import stage
from server.auth.drafts import Drafts
from server.auth.keys import KeyRing
from server.dossier.consents import READ_PHOTOS
from server.dossier.readings import retake_code
from server.errors import Unreadable
from server.flow.certificate import CertificateLook
from server.flow.draft_readings import SCHEMA, sealed_as
from server.flow.outcome import Later
from server.ports import Clock, LicenceReader
from server.record import (
    bindings,
    consents,
    dossiers,
    draft_readings,
    handovers,
    intakes,
    journal,
    statuses,
)
from server.record.draft_readings import DraftReading
from server.record.jobs import Job
from server.record.store import Connection, Record
from sync.engine import Engine
from sync.model import NotFound

ACTOR = stage("read_photos")
PURPOSE = "draft_photos"
SOON = timedelta(minutes=1)
"""When to look once more for the draft that names a photo: texts travel before photos, but one
taken while they travel may overtake its own."""


@dataclass(frozen=True)
class _Asked:
    """Whose draft may be read, and what was read or looked for of it before."""

    owner: str
    kept_key: str | None = field(repr=False)
    before: Sequence[DraftReading] = ()


class ReadPhotos:
    def __init__(
        self,
        record: Record,
        documents: Engine,
        keys: KeyRing,
        certificates: CertificateLook,
        reader: LicenceReader,
        clock: Clock,
    ) -> None:
        self._record = record
        self._documents = documents
        self._drafts = Drafts(documents, keys)
        self._certificates = certificates
        self._reader = reader
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """Reads what has arrived and was not read; forgets what was read of photos that went."""
        dossier = job.dossier or ""
        asked = await self._record.read(lambda conn: _asked(conn, dossier))
        if asked is None:
            return None
        whole = await self._whole(asked.owner, dossier)
        gone = [one.photo for one in asked.before if one.photo not in whole]
        given_up = self._clock() - 2 * SOON
        settled = {one.photo for one in asked.before if one.sealed or one.read_at <= given_up}
        looked_for = {one.photo for one in asked.before if one.photo not in settled}
        fresh = whole - settled
        found: list[DraftReading] = []
        if fresh:
            found, replaced = await self._read(dossier, asked, fresh)
            gone += replaced
        await self._record.run(lambda conn: self._keep(conn, dossier, asked, found, gone))
        unnamed = {one.photo for one in found if one.sealed is None}
        return Later(self._clock() + SOON) if unnamed - looked_for else None

    async def _whole(self, owner: str, dossier: str) -> set[str]:
        """Ids of the photos of which every part is here, by the parts' clear counts."""
        db, prefix = f"drafts-{owner}", f"chunk:{dossier}:"
        try:
            rows = await self._documents.all_docs(db, start=prefix, end=prefix + "\uffff")
            parts: dict[str, list[str]] = {}
            for row in rows:
                parts.setdefault(row.id.split(":")[2], []).append(row.id)
            counts = {
                photo: (await self._documents.get(db, ids[0])).body.get("count")
                for photo, ids in parts.items()
            }
        except NotFound:
            return set()
        return {photo for photo, ids in parts.items() if len(ids) == counts[photo]}

    async def _read(
        self, dossier: str, asked: _Asked, fresh: set[str]
    ) -> tuple[list[DraftReading], list[str]]:
        """One for each of them, and which photos that were read are no longer the draft's. Of one
        that no draft names there is nothing to seal."""
        try:
            key = await self._drafts.data_key(asked.owner, dossier, asked.kept_key)
        except Unreadable:
            key = None
        seen = {one.photo: one.read_at for one in asked.before}
        if key is None:
            return [_unnamed(dossier, photo, seen, self._clock()) for photo in fresh], []
        now, detail = self._clock(), {"purpose": PURPOSE}
        await self._record.run(
            lambda conn: journal.write(conn, now, str(ACTOR), "opened", dossier, detail)
        )
        draft = await self._drafts.open(asked.owner, dossier, key)
        named = {photo["id"]: photo for photo in draft.photos}
        found = []
        for photo in sorted(fresh):
            if photo not in named:
                found.append(_unnamed(dossier, photo, seen, now))
                continue
            said = await self._say(asked.owner, dossier, named[photo], key)
            sealed = sealing.seal_json(key, sealed_as(dossier, photo), SCHEMA, said)
            found.append(DraftReading(dossier, photo, sealed, self._clock()))
        replaced = [one.photo for one in asked.before if one.sealed and one.photo not in named]
        return found, replaced

    async def _say(
        self, owner: str, dossier: str, manifest: Mapping[str, Any], key: bytes
    ) -> dict[str, Any]:
        """{"kind", "fields", "retake"}: `retake` a code of data/messages.json, or None."""
        kind = manifest["kind"]
        try:
            jpeg = await self._drafts.photo(owner, dossier, manifest, key)
            said = await asyncio.to_thread(self._reader.read, jpeg, kind)
        except Unreadable:
            return {"kind": kind, "fields": [], "retake": retake_code("damaged")}
        fields = []
        for one in said.readings:
            values = {one.field: one.value}
            if one.field == "signed_certificate":
                values = self._certificates.says(one.value)
            fields += [
                {"field": name, "value": value, "confidence": one.confidence, "source": one.source}
                for name, value in values.items()
            ]
        retake = retake_code(said.retake) if said.retake else None
        return {"kind": kind, "fields": fields, "retake": retake}

    def _keep(
        self,
        conn: Connection,
        dossier: str,
        asked: _Asked,
        found: Sequence[DraftReading],
        gone: Sequence[str],
    ) -> None:
        """Unless it was taken back, sent or given away meanwhile."""
        still = _asked(conn, dossier)
        if still is None or still.owner != asked.owner:
            return
        for one in found:
            draft_readings.keep(conn, one)
        if draft_readings.drop(conn, dossier, gone) or any(one.sealed for one in found):
            statuses.announce(conn, self._clock(), dossier)


def _unnamed(dossier: str, photo: str, seen: Mapping[str, datetime], now: datetime) -> DraftReading:
    """Since when it has been looked for."""
    return DraftReading(dossier, photo, None, seen.get(photo, now))


def _asked(conn: Connection, dossier: str) -> _Asked | None:
    """None where its person has not asked for it, or sent it."""
    owner = bindings.bound_to(conn, dossier)
    if owner is None or bindings.is_erased(conn, dossier) or dossiers.find(conn, dossier):
        return None
    arriving = intakes.find(conn, dossier)
    if arriving is not None and arriving.group == "incomplete":
        return None
    if not consents.holding(conn, dossier, READ_PHOTOS):
        return None
    before = draft_readings.of_dossier(conn, dossier)
    return _Asked(owner, handovers.data_key(conn, dossier), before)
