"""What the status of a draft says of its photos, for the phone to offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.auth import sealing
from server.dossier.consents import READ_PHOTOS
from server.dossier.readings import source_of
from server.errors import Unreadable
from server.record import consents, draft_readings
from server.record.draft_readings import DraftReading
from server.record.store import Connection

SCHEMA = "reading/1"


def sealed_as(dossier: str, photo: str) -> str:
    return f"reading:{dossier}:{photo}"


def read_of(conn: Connection, dossier: str) -> list[DraftReading] | None:
    """None where nobody asked for it."""
    if not consents.holding(conn, dossier, READ_PHOTOS):
        return None
    return [one for one in draft_readings.of_dossier(conn, dossier) if one.sealed]


def readings_body(read: Sequence[DraftReading], key: bytes) -> dict[str, Any]:
    """{"photos_read": [id], "readings": [{photo, id, field, value, confidence, source}],
    "retakes": [{photo, id, problem}]}; `photo` is the kind of the photo `id`, `source` and
    `problem` have words in data/messages.json."""
    readings: list[dict[str, Any]] = []
    retakes: list[dict[str, Any]] = []
    for one in read:
        try:
            said = sealing.open_json(key, sealed_as(one.dossier, one.photo), SCHEMA, one.sealed)
        except Unreadable:  # sealed before the dossier's key was another one
            continue
        where = {"photo": said["kind"], "id": one.photo}
        for entry in said["fields"]:
            source = source_of(said["kind"], entry["source"])
            readings.append(where | entry | {"source": source})
        if problem := said.get("retake"):
            retakes.append(where | {"problem": problem})
    photos = [one.photo for one in read]
    return {"photos_read": photos, "readings": readings, "retakes": retakes}
