"""Where each forwarding stands: accepted, refused with a reason, retrying at a time, parked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from server.record.store import insert
from server.record.tables import dossiers, forwardings


@dataclass(frozen=True)
class ForwardingRow:
    """`state`: accepted, refused, retrying, parked. `since`: the first try."""

    idempotency_key: str
    dossier: str
    stage: str
    n: int
    state: str
    since: datetime
    tries: int
    retry_at: datetime | None = None
    reason: str | None = None


def find(conn: Connection, key: str) -> ForwardingRow | None:
    query = select(forwardings).where(forwardings.c.idempotency_key == key)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else ForwardingRow(**row)


def keep(conn: Connection, row: ForwardingRow) -> None:
    values = asdict(row)
    new = insert(conn, forwardings).values(**values)
    conn.execute(new.on_conflict_do_update(index_elements=["idempotency_key"], set_=values))


def waiting(conn: Connection) -> dict[str, datetime]:
    """Outside deciders for whom a dossier waits, and when the oldest of these was filed."""
    d = dossiers.c
    query = select(d.approval, func.min(d.filed_at).label("oldest")).where(d.state == "forwarded")
    found = conn.execute(query.where(d.approval != "desk").group_by(d.approval))
    return {row.approval: row.oldest for row in found}


def awaited(conn: Connection, keys: Collection[str]) -> list[str]:
    """Dossiers that still wait for the decision on the forwarding with one of these keys."""
    d = dossiers.c
    query = select(d.id, d.n).where(d.state == "forwarded", d.approval != "desk")
    return [row.id for row in conn.execute(query) if f"{row.id}:approval:{row.n}" in keys]
