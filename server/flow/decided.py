"""An outside decider's decision moves its dossier, however it came to be known here."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, Literal

from server.auth.access import Vaulted, stage
from server.ports import Decided
from server.record import decisions, dossiers, jobs
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.store import Connection, Record

SCHEMA: Final = "decision/1"
OUTCOMES: Final = {"approved": "approve", "returned": "return", "rejected": "reject"}


async def take(
    record: Record,
    vaulted: Vaulted,
    now: datetime,
    dossier: Dossier,
    decided: Decided,
    told: Literal["polled", "pushed"],
) -> None:
    """`dossier` is `forwarded` as far as the caller knows. Conflict already_decided or stale when
    the other way was a moment faster."""
    opened = await vaulted.open(dossier.id, stage("decide"), "decision")
    name = secrets.token_hex(16)
    made = Decision(
        id=name,
        dossier=dossier.id,
        n=dossier.n,
        outcome=OUTCOMES[decided.outcome],
        detail=opened.seal(f"decision:{name}", SCHEMA, detail_of(decided)),
        by=f"decider:{dossier.approval}",
        made_at=decided.at,
        leaves_at=now,
        state="pending",
    )

    def move(conn: Connection) -> None:
        decisions.make(conn, made)
        if told == "pushed":
            jobs.cancel(conn, dossier.id, ("decide",))
        leave(conn, now, dossier, made, told)

    await record.run(move)


def leave(
    conn: Connection, now: datetime, dossier: Dossier, made: Decision, told: str | None = None
) -> None:
    """The decision moves the dossier and is final."""
    detail = {"decision": made.id, "decided_by": made.by} | ({"told": told} if told else {})
    dossiers.advance(conn, now, made.by, dossier, made.outcome, detail=detail, deciding=True)
    decisions.leave(conn, made.id)


def detail_of(decided: Decided) -> dict[str, Any]:
    """The sealed part of a decision."""
    return {
        "items": [asdict(item) for item in decided.items],
        "reason": decided.reason,
        "text": decided.text,
        "law": decided.law,
        "licence_number": decided.licence_number,
    }
