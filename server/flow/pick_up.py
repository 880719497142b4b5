"""A card that is fetched at a point instead of brought: wished by its owner, or set by an officer.

Before the post has the card it is simply not booked. While the post carries it nothing can be
changed (it has no message for that); what could not be delivered is left at the point.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from server.dossier import states
from server.record import answers, consignments, dossiers, journal
from server.record.answers import Answer
from server.record.consignments import Consignment
from server.record.dossiers import Dossier
from server.record.store import Connection

ACTOR = "system:pick_up"
TOPIC: Final = "pick_up"
UNDELIVERED: Final = ("failed", "returned")


def ask(conn: Connection, now: datetime, dossier: str, point: str) -> dict[str, Any]:
    """{"code", "point"}; code: `kept`; why not: `not_sent`, `lent`, `too_late`, `on_its_way`."""
    row = dossiers.find(conn, dossier)
    code = "not_sent" if row is None else keep_at(conn, now, ACTOR, row, point)
    return {"code": code, "point": point}


def keep_at(conn: Connection, now: datetime, actor: str, row: Dossier, point: str) -> str:
    """`kept`, or why not: `too_late`, `on_its_way`."""
    item = consignments.find(conn, row.id)
    undelivered = item is not None and item.state in UNDELIVERED
    if states.ended(row.state):
        return "too_late"
    carried = item is not None and item.number is not None and item.state != "pick_up"
    if carried and not undelivered:
        return "on_its_way"
    number, booked = (item.number, item.booked_at) if item else (None, None)
    key = item.idempotency_key if item else f"{row.id}:delivery:1"
    kept = Consignment(row.id, key, number, "pick_up", booked, now, point)
    consignments.keep(conn, kept)
    journal.write(conn, now, actor, "pick_up", row.id, {"point": point})
    if undelivered and row.state == "parked":
        row = dossiers.advance(conn, now, actor, row, "resume")
    if row.state == "dispatched":
        dossiers.advance(conn, now, actor, row, "pick_up", detail={"point": point})
    return "kept"


def overtaken(conn: Connection, now: datetime, dossier: str) -> None:
    """The post took the card while its owner chose to fetch it."""
    wish = answers.latest(conn, dossier, TOPIC)
    if wish is not None and wish.said["code"] == "kept":
        told = {**wish.said, "code": "on_its_way"}
        answers.keep(conn, Answer(wish.document, dossier, TOPIC, now, told))


def handed_over(conn: Connection, now: datetime, dossier: str) -> None:
    """Somebody of the staff gave the card to its owner."""
    consignments.end(conn, dossier, "handed_over", now)
