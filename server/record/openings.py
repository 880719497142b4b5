"""What access needs to know of a dossier before anything of it is unsealed; who unsealed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, select

from server.record.notice_tables import consents
from server.record.people_tables import owners
from server.record.tables import dossiers, journal, photos, submissions


@dataclass(frozen=True)
class SealedPhoto:
    """`sha256` is of the plain JPEG, `chunks` of each sealed attachment in order."""

    id: str
    kind: str
    sha256: str
    width: int
    height: int
    chunks: tuple[str, ...]


@dataclass(frozen=True)
class SealedDossier:
    """`account` adopted the owner; `helper` is the account of the clerk who helped, and
    `helper_out` tells that the applicant took back what they agreed to for that;
    `submission` is the `_id` of the accepted one, `digest` the SHA-256 of its sealed bytes, and
    `wrapped_key` its data key at rest, gone after erasure."""

    id: str
    owner: str
    account: str | None
    helper: str | None
    point: str | None
    submission: str
    digest: str
    wrapped_key: str | None
    helper_out: bool = False


_HELPING = consents.c.dossier == dossiers.c.id, consents.c.purpose == "helper"
_HOLDS = exists().where(*_HELPING, consents.c.withdrawn_at.is_(None))
_TAKEN_BACK = exists().where(*_HELPING, consents.c.withdrawn_at.is_not(None))
# Built once: every stage opens its dossier in every run.
_SEALED = (
    select(
        dossiers.c.id,
        dossiers.c.owner,
        owners.c.account,
        dossiers.c.helper_account.label("helper"),
        dossiers.c.point,
        dossiers.c.submission,
        submissions.c.digest,
        dossiers.c.wrapped_key,
        and_(_TAKEN_BACK, ~_HOLDS).label("helper_out"),
    )
    .join_from(dossiers, submissions, submissions.c.id == dossiers.c.submission)
    .outerjoin(owners, owners.c.owner == dossiers.c.owner)
    .where(dossiers.c.id == bindparam("dossier"))
)
_PHOTOS = select(photos).where(photos.c.submission == bindparam("submission"))


def sealed(conn: Connection, dossier: str) -> SealedDossier | None:
    row = conn.execute(_SEALED, {"dossier": dossier}).mappings().first()
    return SealedDossier(**row) if row else None


def sealed_photos(conn: Connection, submission: str) -> list[SealedPhoto]:
    found = conn.execute(_PHOTOS, {"submission": submission})
    return [
        SealedPhoto(
            row["photo"],
            row["kind"],
            row["sha256"],
            row["width"],
            row["height"],
            tuple(row["chunks"]),
        )
        for row in found.mappings()
    ]


def openings(conn: Connection, dossier: str, limit: int) -> list[tuple[datetime, str, str]]:
    """(when, actor, purpose) of each time a dossier was opened, the newest first."""
    wanted = journal.c.dossier == dossier, journal.c.action == "opened"
    query = select(journal.c.at, journal.c.actor, journal.c.detail).where(*wanted)
    rows = conn.execute(query.order_by(journal.c.seq.desc()).limit(limit))
    return [(at, actor, str(detail.get("purpose", ""))) for at, actor, detail in rows]
