"""Counting attempts in the record, so that every web process counts together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from server.record.people_tables import rate_limits
from server.record.store import insert

KEPT = timedelta(days=1)
"""No window is longer; older counts are forgotten."""


def hit(
    conn: Connection, key: str, limit: int, window: timedelta, now: datetime
) -> timedelta | None:
    """Counts one attempt under `key`. None while there are at most `limit` in the window that
    began with the first one; otherwise the time until it ends."""
    conn.execute(delete(rate_limits).where(rate_limits.c.window_start <= now - KEPT))
    query = select(rate_limits).where(rate_limits.c.key == key)
    row = conn.execute(query).mappings().first()
    start, count = now, 1
    if row is not None and now - row["window_start"] < window:
        start, count = row["window_start"], row["count"] + 1
    conn.execute(
        insert(conn, rate_limits)
        .values(key=key, window_start=start, count=count)
        .on_conflict_do_update(
            index_elements=[rate_limits.c.key], set_={"window_start": start, "count": count}
        )
    )
    return None if count <= limit else start + window - now
