"""Submissions that were accepted or refused, and the photos of the accepted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from server.record.tables import owners, photos, submissions


@dataclass(frozen=True)
class Photo:
    """`sha256` of the JPEG bytes; `chunks`: SHA-256 of each sealed chunk."""

    photo: str
    kind: str
    sha256: str
    width: int
    height: int
    chunks: Sequence[str]


def known(conn: Connection, dossier: str) -> set[str]:
    """Document ids of the dossier's submissions that were accepted or refused already."""
    query = select(submissions.c.id).where(submissions.c.dossier == dossier)
    return set(conn.execute(query).scalars())


def accept(
    conn: Connection,
    at: datetime,
    dossier: str,
    doc_id: str,
    n: int,
    digest: str,
    device_time: str,
    pictures: Sequence[Photo],
) -> None:
    values = {"id": doc_id, "dossier": dossier, "n": n, "digest": digest, "accepted_at": at}
    conn.execute(insert(submissions).values(**values, device_time=device_time))
    for picture in pictures:
        row = asdict(picture) | {"chunks": list(picture.chunks)}
        conn.execute(insert(photos).values(submission=doc_id, dossier=dossier, **row))


def refuse(conn: Connection, dossier: str, doc_id: str, n: int, digest: str, code: str) -> None:
    values = {"id": doc_id, "dossier": dossier, "n": n, "digest": digest, "refused": code}
    conn.execute(insert(submissions).values(**values))


def pictures(conn: Connection, doc_id: str) -> list[Photo]:
    """The photos of an accepted submission, by kind."""
    query = select(
        photos.c.photo,
        photos.c.kind,
        photos.c.sha256,
        photos.c.width,
        photos.c.height,
        photos.c.chunks,
    ).where(photos.c.submission == doc_id)
    rows = conn.execute(query.order_by(photos.c.kind, photos.c.photo)).mappings()
    return [Photo(**row) for row in rows]


def listed_chunks(conn: Connection, dossier: str) -> set[str]:
    """Ids of the chunk documents that an accepted submission lists; nobody may delete them."""
    query = select(photos.c.photo, photos.c.chunks).where(photos.c.dossier == dossier)
    return {
        f"chunk:{dossier}:{photo}:{i}"
        for photo, chunks in conn.execute(query)
        for i in range(len(chunks))
    }


def photos_of(conn: Connection, dossier: str) -> set[str]:
    """Ids of the photos of every submission of the dossier that was accepted."""
    return set(conn.execute(select(photos.c.photo).where(photos.c.dossier == dossier)).scalars())


def assess(conn: Connection, doc_id: str, sealed: str) -> None:
    """Keeps the sealed assessment (findings, readings, registry) of a submission."""
    conn.execute(update(submissions).where(submissions.c.id == doc_id).values(assessment=sealed))


_ASSESSMENT = select(submissions.c.assessment).where(submissions.c.id == bindparam("of"))


def assessment(conn: Connection, doc_id: str) -> str | None:
    return conn.execute(_ASSESSMENT, {"of": doc_id}).scalar_one_or_none()


def first_of_owner(conn: Connection, owner: str, at: datetime) -> None:
    """The owner has an accepted submission now: the quota of newcomers ends."""
    mine = owners.c.owner == owner, owners.c.first_accepted_at.is_(None)
    conn.execute(update(owners).where(*mine).values(first_accepted_at=at))
