"""Whose a dossier was and whose it becomes; what must have arrived before it may change hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, select, update

from server.record import jobs, journal, notices, statuses, submissions
from server.record.store import insert
from server.record.tables import accounts, erased, former_owners, intakes, offered, owners, touched
from server.record.tables import bindings as bound
from server.record.tables import dossiers as dossier_rows
from server.record.tables import jobs as job_rows

FOR_GOOD = ("hand_over", "recover")
"""The devices of who had it are told no more."""


@dataclass(frozen=True)
class Change:
    """`actor` as the journal writes one; `reason`: hand_over, lend, returned, taken_over.
    `until`: it is lent, and comes back then."""

    dossier: str
    source: str
    target: str
    actor: str
    reason: str
    until: datetime | None = None


def settled(conn: Connection, dossier: str) -> bool:
    """All that was acknowledged of a dossier has been looked at, and no submission of it waits for
    its photos."""
    waiting = exists().where(touched.c.dossier == dossier)
    looking = exists().where(job_rows.c.dossier == dossier, job_rows.c.kind == "intake")
    if conn.execute(select(waiting | looking)).scalar():
        return False
    given = select(offered.c.document).where(offered.c.dossier == dossier)
    sent = {each for each in conn.execute(given).scalars() if each.startswith("submission:")}
    return sent <= submissions.known(conn, dossier)


def is_filed(conn: Connection, dossier: str) -> bool:
    """A submission of it was accepted."""
    of = select(dossier_rows.c.id).where(dossier_rows.c.id == dossier)
    return conn.execute(of).first() is not None


def change_owner(conn: Connection, change: Change, wrapped_key: str, now: datetime) -> bool:
    """False when it is not `source`'s any more. `wrapped_key`: its data key at rest."""
    mine = bound.c.dossier == change.dossier, bound.c.owner == change.source
    values = {"owner": change.target, "wrapped_key": wrapped_key}
    if conn.execute(update(bound).where(*mine).values(**values)).rowcount != 1:
        return False
    of = dossier_rows.c.id == change.dossier
    if conn.execute(update(dossier_rows).where(of).values(owner=change.target)).rowcount:
        submissions.first_of_owner(conn, change.target, now)
    arriving = intakes.c.dossier == change.dossier
    conn.execute(update(intakes).where(arriving).values(owner=change.target))
    _remember(conn, change, now)
    if change.reason in FOR_GOOD:
        notices.unsubscribe(conn, now, change.actor, notices.on_devices(conn, change.dossier))
    detail = {"from": change.source, "to": change.target, "reason": change.reason}
    journal.write(conn, now, change.actor, "owner_changed", change.dossier, detail)
    statuses.announce(conn, now, change.dossier)
    jobs.add(conn, "clear_out", now, change.dossier)
    if change.until is not None:
        jobs.add(conn, "give_back", change.until, change.dossier)
    return True


def _remember(conn: Connection, change: Change, now: datetime) -> None:
    back = former_owners.c.dossier == change.dossier, former_owners.c.owner == change.target
    conn.execute(delete(former_owners).where(*back))
    if change.reason != "taken_over":  # what a clerk borrowed may change clerks and still returns
        of = former_owners.c.dossier == change.dossier
        conn.execute(update(former_owners).where(of).values(until=None))
    values = {"since": now, "until": change.until}
    row = insert(conn, former_owners).values(dossier=change.dossier, owner=change.source, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["dossier", "owner"], set_=values))


_FORMER = select(former_owners.c.owner, former_owners.c.until).where(
    former_owners.c.dossier == bindparam("dossier")
)


def former(conn: Connection, dossier: str) -> list[tuple[str, datetime | None]]:
    """(owner, until when it is lent) of everybody it belonged to before."""
    return [(row.owner, row.until) for row in conn.execute(_FORMER, {"dossier": dossier})]


def was_owner(conn: Connection, dossier: str, owner: str) -> bool:
    mine = former_owners.c.dossier == dossier, former_owners.c.owner == owner
    return conn.execute(select(former_owners.c.owner).where(*mine)).first() is not None


def lender(conn: Connection, dossier: str) -> tuple[str, datetime] | None:
    """Whom a lent dossier goes back to, and when."""
    lent = former_owners.c.dossier == dossier, former_owners.c.until.is_not(None)
    row = conn.execute(select(former_owners).where(*lent)).first()
    return (row.owner, row.until) if row else None


def data_key(conn: Connection, dossier: str) -> str | None:
    """The wrapped key of a dossier that was filed or changed hands; None of another draft."""
    filed = select(dossier_rows.c.wrapped_key).where(dossier_rows.c.id == dossier)
    drafted = select(bound.c.wrapped_key).where(bound.c.dossier == dossier)
    return conn.execute(filed).scalar() or conn.execute(drafted).scalar()


@dataclass(frozen=True)
class Unsent:
    """A dossier of which no submission was accepted. `account`, whose name is `clerk`, adopted its
    owner's database."""

    dossier: str
    owner: str
    account: str
    clerk: str | None
    bound_at: datetime


def unsent_at(conn: Connection, point: str, limit: int) -> list[Unsent]:
    """What clerks of one intake point have begun and not sent, the newest first."""
    sent = exists().where(intakes.c.dossier == bound.c.dossier, intakes.c.slip.is_not(None))
    return _begun(conn, limit, accounts.c.role == "clerk", accounts.c.point == point, ~sent)


def unfiled_of(conn: Connection, account: str, limit: int) -> list[Unsent]:
    """What an account's devices have begun and of which no submission is complete."""
    return _begun(conn, limit, accounts.c.id == account)


def _begun(conn: Connection, limit: int, *which: ColumnElement[bool]) -> list[Unsent]:
    filed = exists().where(dossier_rows.c.id == bound.c.dossier)
    gone = exists().where(erased.c.dossier == bound.c.dossier)
    query = (
        select(bound.c.dossier, bound.c.owner, bound.c.bound_at, owners.c.account, accounts.c.name)
        .join_from(bound, owners, owners.c.owner == bound.c.owner)
        .join(accounts, accounts.c.id == owners.c.account)
        .where(*which, ~filed, ~gone)
        .order_by(bound.c.bound_at.desc())
        .limit(limit)
    )
    return [
        Unsent(row.dossier, row.owner, row.account, row.name, row.bound_at)
        for row in conn.execute(query)
    ]
