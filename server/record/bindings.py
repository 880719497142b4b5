"""Which owner a dossier belongs to, what of it may be written, and what intake must look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from server.record.store import insert
from server.record.tables import bindings, erased, offered, touched

_OWNER = select(bindings.c.owner).where(bindings.c.dossier == bindparam("dossier"))
_ERASED = select(erased.c.dossier).where(erased.c.dossier == bindparam("dossier"))


def bound_to(conn: Connection, dossier: str) -> str | None:
    """The first owner whose document of this dossier was accepted; None while there is none."""
    return conn.execute(_OWNER, {"dossier": dossier}).scalar()


def bind(conn: Connection, dossier: str, owner: str, now: datetime) -> str:
    """Binds a dossier that is free. Returns the owner it belongs to, this one or another."""
    conn.execute(
        insert(conn, bindings)
        .values(dossier=dossier, owner=owner, bound_at=now)
        .on_conflict_do_nothing()
    )
    return bound_to(conn, dossier) or owner


def is_erased(conn: Connection, dossier: str) -> bool:
    return conn.execute(_ERASED, {"dossier": dossier}).first() is not None


def note_touched(conn: Connection, owner: str, dossiers: Iterable[str], now: datetime) -> None:
    """Intake will look at these dossiers. Noting one again while it waits moves its time, for what
    is complete by then counts as filed when its last document came."""
    for dossier in dossiers:
        conn.execute(
            insert(conn, touched)
            .values(owner=owner, dossier=dossier, at=now)
            .on_conflict_do_update(index_elements=["owner", "dossier"], set_={"at": now})
        )


def note_offered(conn: Connection, documents: Iterable[tuple[str, str]]) -> None:
    """(dossier, document) of what intake has to find. In a cluster a copy that lags lists less
    than was acknowledged, while a document asked for by its id is found."""
    for dossier, document in documents:
        values = {"dossier": dossier, "document": document}
        conn.execute(insert(conn, offered).values(**values).on_conflict_do_nothing())


_OFFERED = select(offered.c.document).where(offered.c.dossier == bindparam("dossier")).limit(1)


def is_offered(conn: Connection, dossier: str) -> bool:
    """A submission or a request of it was acknowledged."""
    return conn.execute(_OFFERED, {"dossier": dossier}).first() is not None


def offered_of(conn: Connection, dossier: str) -> list[str]:
    return list(
        conn.execute(select(offered.c.document).where(offered.c.dossier == dossier)).scalars()
    )
