"""What was agreed to: by purpose, with the version and hash of the text, provable and withdrawable
(Law 91/2025/QH15, Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from server.record import journal
from server.record.tables import consents


@dataclass(frozen=True)
class Consent:
    """`given_by`: who acted, as the journal names it (`device:…`, `applicant:…`); `helper`: the
    clerk's account where one helped; `digest`: SHA-256 of the Vietnamese and English text."""

    id: str
    dossier: str
    purpose: str
    version: str
    digest: str | None
    given_at: datetime
    given_by: str
    helper: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


def keep(conn: Connection, new: Consent) -> None:
    """One that came in with a submission, whose journal line stands for it; the same text that
    still holds is not kept twice."""
    given = holding(conn, new.dossier, new.purpose)
    if not any(one.version == new.version for one in given):
        conn.execute(insert(consents).values(**asdict(new)))


def give(conn: Connection, new: Consent) -> None:
    conn.execute(insert(consents).values(**asdict(new)))
    detail = {"purpose": new.purpose, "version": new.version, "digest": new.digest}
    if new.helper:
        detail["helper"] = new.helper
    journal.write(conn, new.given_at, new.given_by, "consent_given", new.dossier, detail)


def withdraw(conn: Connection, at: datetime, actor: str, given: Sequence[Consent]) -> None:
    """Those of them that still hold."""
    for one in given:
        holds = consents.c.id == one.id, consents.c.withdrawn_at.is_(None)
        change = update(consents).where(*holds).values(withdrawn_at=at, withdrawn_by=actor)
        if conn.execute(change).rowcount:
            detail = {"purpose": one.purpose, "version": one.version}
            journal.write(conn, at, actor, "consent_withdrawn", one.dossier, detail)


def of_dossier(conn: Connection, dossier: str) -> list[Consent]:
    """Oldest first."""
    query = select(consents).where(consents.c.dossier == dossier)
    rows = conn.execute(query.order_by(consents.c.given_at, consents.c.id)).mappings()
    return [Consent(**row) for row in rows]


def taken_back(conn: Connection, dossier: str, purpose: str) -> bool:
    """It was agreed to, and holds no more."""
    given = [one for one in of_dossier(conn, dossier) if one.purpose == purpose]
    return bool(given) and all(one.withdrawn_at for one in given)


def holding(conn: Connection, dossier: str, purpose: str) -> list[Consent]:
    """Those for a purpose that were not withdrawn."""
    given = of_dossier(conn, dossier)
    return [one for one in given if one.purpose == purpose and one.withdrawn_at is None]
