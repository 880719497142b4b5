"""The transport side of a dossier: what arrived, what is missing, what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from server.record.store import insert
from server.record.tables import intakes


@dataclass(frozen=True)
class Intake:
    """`group` and `code` as in the clear part of `status:`. `detail` has n, submission,
    submission_digest, receipts {photo: [sha256 or ""]}, missing [chunk id], refused {id: code}.
    Name, slip and helper are there once a submission could be read."""

    dossier: str
    owner: str
    group: str
    code: str
    updated_at: datetime
    slip: str | None = None
    birth_hash: str | None = None
    name: str | None = None
    helper_account: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


_ONE = select(intakes).where(intakes.c.dossier == bindparam("dossier"))


def find(conn: Connection, dossier: str) -> Intake | None:
    row = conn.execute(_ONE, {"dossier": dossier}).mappings().one_or_none()
    return None if row is None else Intake(**row)


def keep(conn: Connection, intake: Intake) -> None:
    values = asdict(intake)
    row = insert(conn, intakes).values(**values)
    conn.execute(row.on_conflict_do_update(index_elements=["dossier"], set_=values))


def by_slip(conn: Connection, slip: str, birth_hash: str) -> Intake | None:
    """The newest one with this slip code and keyed birth date."""
    mine = intakes.c.slip == slip, intakes.c.birth_hash == birth_hash
    query = select(intakes).where(*mine).order_by(intakes.c.updated_at.desc()).limit(1)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else Intake(**row)
