"""Where each forwarding stands: accepted, refused with a reason, retrying at a time, parked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.record.store import insert
from server.record.tables import forwardings


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
