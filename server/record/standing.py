"""What the record says of a document that a device writes, in one query: every part of a photo
asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, case, select

from server.record.tables import bindings, erased, owners, photos, submissions


@dataclass(frozen=True)
class Standing:
    """`owner`: whom the dossier belongs to, None while it is free. `listed`: the digests of the
    photo's sealed chunks when an accepted submission lists it. `quota_used`: bytes received of the
    writing owner while it is under quota; None once a submission was accepted."""

    erased: bool
    owner: str | None
    listed: Sequence[str] | None
    quota_used: int | None


_DOSSIER: BindParameter[str] = bindparam("dossier")
_PHOTO: BindParameter[str] = bindparam("photo")
_OWNER: BindParameter[str] = bindparam("owner")
_QUERY = select(
    select(erased.c.dossier).where(erased.c.dossier == _DOSSIER).scalar_subquery(),
    select(bindings.c.owner).where(bindings.c.dossier == _DOSSIER).scalar_subquery(),
    select(photos.c.chunks)
    .join_from(photos, submissions, submissions.c.id == photos.c.submission)
    .where(
        photos.c.dossier == _DOSSIER,
        photos.c.photo == _PHOTO,
        submissions.c.accepted_at.is_not(None),
    )
    .limit(1)
    .scalar_subquery(),
    case((owners.c.first_accepted_at.is_(None), owners.c.bytes_received)),
).where(owners.c.owner == _OWNER)


def standing(conn: Connection, dossier: str, photo: str, owner: str) -> Standing:
    """`photo`: "" for a document that is no part of one."""
    values = {"dossier": dossier, "photo": photo, "owner": owner}
    gone, bound, listed, used = conn.execute(_QUERY, values).one()
    return Standing(gone is not None, bound, listed, used)
