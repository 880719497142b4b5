"""Who wants to be told of a dossier, and what was told: each occasion once a subscription."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy import insert as plain_insert

from server.record import consents, jobs
from server.record.store import insert
from server.record.tables import dossiers, notices, subscriptions

SETTLE = timedelta(minutes=1)
"""What happens to a dossier within this is told as one."""
KNOWN = "known"
"""The outcome of what was so already when somebody subscribed."""


@dataclass(frozen=True)
class Subscription:
    """`device`: whose push address it is, `""` for the phone number in the dossier; `address`:
    sealed with the record key; `consent`: the agreement it rests on."""

    id: str
    dossier: str
    channel: str
    device: str
    address: str | None
    language: str
    consent: str
    created_at: datetime


@dataclass(frozen=True)
class Noted:
    """Something to tell. `begun_at`: sending began before, and how that ended is not known."""

    seq: int
    subscription: Subscription
    occasion: str
    about: str
    noted_at: datetime
    begun_at: datetime | None


def subscribe(conn: Connection, new: Subscription, known: Iterable[tuple[str, str]]) -> None:
    """In place of what the same device had; `known`: (about, occasion) of what is told to nobody
    any more."""
    mine = _mine(new.dossier, new.channel, new.device)
    for before in _subscriptions(conn, *mine):
        _drop(conn, before.id)
    conn.execute(plain_insert(subscriptions).values(**asdict(new)))
    for about, occasion in known:
        _note(conn, new.created_at, new, about, occasion, KNOWN)


def unsubscribe(conn: Connection, at: datetime, actor: str, which: Iterable[Subscription]) -> None:
    """What was not told yet never will be; the agreements end with it."""
    for one in which:
        _drop(conn, one.id)
        given = consents.of_dossier(conn, one.dossier)
        rested = [consent for consent in given if consent.id == one.consent]
        consents.withdraw(conn, at, actor, rested)


def forget(conn: Connection, dossier: str) -> None:
    """Addresses and what was told: the dossier is erased, or its news are of no more use."""
    conn.execute(delete(notices).where(notices.c.dossier == dossier))
    conn.execute(delete(subscriptions).where(subscriptions.c.dossier == dossier))


def forget_ended(conn: Connection, before: datetime) -> None:
    """Of dossiers that ended before that."""
    over = select(dossiers.c.id).where(dossiers.c.closed_at < before)
    for table in (notices, subscriptions):
        conn.execute(delete(table).where(table.c.dossier.in_(over)))


def of_dossier(conn: Connection, dossier: str) -> list[Subscription]:
    return _subscriptions(conn, subscriptions.c.dossier == dossier)


def on_devices(conn: Connection, dossier: str) -> list[Subscription]:
    return [one for one in of_dossier(conn, dossier) if one.device]


def note(conn: Connection, at: datetime, dossier: str, found: Iterable[tuple[str, str]]) -> None:
    """(about, occasion) of what is worth telling now; what was noted before is not noted again."""
    new = [
        _note(conn, at, one, about, occasion)
        for one in of_dossier(conn, dossier)
        for about, occasion in found
    ]
    if any(new):
        jobs.add(conn, "notify", at + SETTLE, dossier)


def due(conn: Connection, dossier: str) -> list[Noted]:
    """What was not told yet, oldest first."""
    by_id = {one.id: one for one in of_dossier(conn, dossier)}
    mine = notices.c.dossier == dossier, notices.c.settled_at.is_(None)
    rows = conn.execute(select(notices).where(*mine).order_by(notices.c.seq))
    return [
        Noted(row.seq, by_id[row.subscription], row.occasion, row.about, row.noted_at, row.begun_at)
        for row in rows
    ]


def begin(conn: Connection, at: datetime, noted: Noted) -> None:
    conn.execute(update(notices).where(notices.c.seq == noted.seq).values(begun_at=at))


def put_off(conn: Connection, noted: Noted) -> None:
    """It was certainly not sent."""
    conn.execute(update(notices).where(notices.c.seq == noted.seq).values(begun_at=None))


def settle(conn: Connection, at: datetime, noted: Noted, outcome: str) -> None:
    values = {"settled_at": at, "outcome": outcome[:40]}
    conn.execute(update(notices).where(notices.c.seq == noted.seq).values(**values))


def told_since(conn: Connection, subscription: str, start: datetime) -> int:
    """How many messages went out."""
    mine = notices.c.subscription == subscription, notices.c.outcome == "told"
    query = select(func.count()).select_from(notices).where(*mine, notices.c.settled_at >= start)
    return conn.execute(query).scalar_one()


def _note(
    conn: Connection,
    at: datetime,
    to: Subscription,
    about: str,
    occasion: str,
    outcome: str | None = None,
) -> bool:
    """False when it was noted before."""
    row = insert(conn, notices).values(
        subscription=to.id,
        occasion=occasion,
        dossier=to.dossier,
        about=about,
        noted_at=at,
        settled_at=at if outcome else None,
        outcome=outcome,
    )
    once = row.on_conflict_do_nothing(index_elements=["subscription", "occasion"])
    return conn.execute(once).rowcount == 1


def _mine(dossier: str, channel: str, device: str) -> tuple[object, ...]:
    return (
        subscriptions.c.dossier == dossier,
        subscriptions.c.channel == channel,
        subscriptions.c.device == device,
    )


def _subscriptions(conn: Connection, *which: object) -> list[Subscription]:
    query = select(subscriptions).where(*which)  # type: ignore[arg-type]
    rows = conn.execute(query.order_by(subscriptions.c.created_at, subscriptions.c.id))
    return [Subscription(**row._mapping) for row in rows]


def _drop(conn: Connection, subscription: str) -> None:
    conn.execute(delete(notices).where(notices.c.subscription == subscription))
    conn.execute(delete(subscriptions).where(subscriptions.c.id == subscription))
