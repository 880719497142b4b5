"""Claim codes: what lets another vault take a dossier over. Only hashes are kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from server.record.store import insert
from server.record.tables import answered, claims

LIFE: Final = timedelta(hours=24)
"""From when the server heard of the code: the tablet that made it may have had no network."""
TRIES: Final = 5
"""Wrong birth dates after which a typed code is void."""


@dataclass(frozen=True)
class Claim:
    """`secret`: SHA-256 of what the QR code holds; `typed` and `birth`: keyed hashes, `birth` None
    where the birth date was not known, so that only the QR code works. `kind`: hand_over, lend,
    recover. `owner`: whose it was; `used_by`: who took it."""

    secret: str
    typed: str
    birth: str | None
    dossier: str
    owner: str
    kind: str
    request: str | None
    good_from: datetime
    expires_at: datetime
    tries: int = 0
    void_at: datetime | None = None
    used_by: str | None = None


def make(conn: Connection, claim: Claim, now: datetime) -> bool:
    """The newest code of a dossier is the only one. False when this secret was used for one
    before."""
    older = claims.c.dossier == claim.dossier, claims.c.void_at.is_(None)
    conn.execute(update(claims).where(*older, claims.c.secret != claim.secret).values(void_at=now))
    made = insert(conn, claims).values(**asdict(claim)).on_conflict_do_nothing()
    return conn.execute(made.returning(claims.c.secret)).first() is not None


def by_secret(conn: Connection, secret: str, now: datetime) -> Claim | None:
    """A code that is neither void nor over; used or not, and perhaps not good yet."""
    good = claims.c.void_at.is_(None), claims.c.expires_at > now
    row = conn.execute(select(claims).where(claims.c.secret == secret, *good)).mappings().first()
    return Claim(**row) if row else None


def by_typed(conn: Connection, typed: str, birth: str, now: datetime) -> Claim | None:
    """The same for a typed code with its birth date. Another date is a try, and few are free."""
    good = claims.c.void_at.is_(None), claims.c.expires_at > now, claims.c.birth.is_not(None)
    row = conn.execute(select(claims).where(claims.c.typed == typed, *good)).mappings().first()
    if row is None:
        return None
    claim = Claim(**row)
    if claim.birth == birth:
        return claim
    tried = replace(claim, tries=claim.tries + 1)
    void = {"void_at": now} if tried.tries >= TRIES else {}
    mine = update(claims).where(claims.c.secret == claim.secret)
    conn.execute(mine.values(tries=tried.tries, **void))
    return None


def use(conn: Connection, secret: str, owner: str) -> bool:
    """False when somebody else was quicker."""
    free = claims.c.secret == secret, claims.c.used_by.is_(None), claims.c.void_at.is_(None)
    return conn.execute(update(claims).where(*free).values(used_by=owner)).rowcount == 1


def end(conn: Connection, dossier: str, now: datetime) -> None:
    """Its codes that nobody used are void."""
    free = claims.c.dossier == dossier, claims.c.void_at.is_(None), claims.c.used_by.is_(None)
    conn.execute(update(claims).where(*free).values(void_at=now))


def current(conn: Connection, dossier: str) -> Claim | None:
    """The code that waits to be used, perhaps in vain."""
    free = claims.c.dossier == dossier, claims.c.void_at.is_(None), claims.c.used_by.is_(None)
    row = conn.execute(select(claims).where(*free)).mappings().first()
    return Claim(**row) if row else None


def answer(conn: Connection, document: str, dossier: str) -> None:
    """This request was done, and is not done again."""
    row = insert(conn, answered).values(document=document, dossier=dossier)
    conn.execute(row.on_conflict_do_nothing())


def requests(conn: Connection, dossier: str) -> set[str]:
    """The requests of a dossier that were done."""
    query = select(answered.c.document).where(answered.c.dossier == dossier)
    return set(conn.execute(query).scalars())
