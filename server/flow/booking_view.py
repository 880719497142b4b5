"""What the status says of a dossier's bookings."""

from __future__ import annotations

from typing import Any

from server.record import answers, queue_numbers
from server.record.store import Connection


def booked_body(conn: Connection, dossier: str) -> dict[str, Any]:
    """{"queue", "retest", "pick_up"}, each where something was asked."""
    asked = {topic: answers.latest(conn, dossier, topic) for topic in ("retest", "pick_up")}
    told = {
        topic: {"answer": {"request": one.document, **one.said}}
        for topic, one in asked.items()
        if one
    }
    return told | _queue(conn, dossier)


def _queue(conn: Connection, dossier: str) -> dict[str, Any]:
    answered = answers.latest(conn, dossier, "queue")
    if answered is None:
        return {}
    row = queue_numbers.latest(conn, dossier)
    number = None
    if row is not None:
        number = {
            "number": row.number,
            "point": row.point,
            "day": row.day,
            "from": row.slot,
            "to": row.slot_end,
            "state": row.state,
            "missed": row.missed,
            "counter": row.counter,
        }
    told = {"request": answered.document, **answered.said}
    return {"queue": {"answer": told, "number": number}}
