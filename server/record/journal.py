"""The journal: who did what to which dossier, and when. Lines are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.record.tables import journal


def write(
    conn: Connection,
    at: datetime,
    actor: str,
    action: str,
    dossier: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Adds a line in the caller's transaction. `actor`: `officer:<account>`, `system:<stage>`,
    `device:<device>`. `detail` holds codes and ids, never personal data."""
    conn.execute(
        journal.insert().values(
            at=at, actor=actor, action=action, dossier=dossier, detail=dict(detail or {})
        )
    )
