"""The journal's hash chain: every line carries the SHA-256 of the line before it and of itself, so
that a line changed, taken out or put in between shows.

A transaction chains its own lines right before it commits, and on PostgreSQL under one lock that
is taken last: several servers write one chain, and none waits for another's work. The digest has
no key, so that anybody who is given the journal can check it; whoever may write to the whole
database could therefore chain anew, or cut the end off. That shows against a head that was noted
elsewhere: in each backup's manifest and, by `doibang check --journal`, in the data folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Row,
    String,
    Text,
    bindparam,
    func,
    select,
    type_coerce,
    update,
)

from server.record.columns import canonical
from server.record.tables import journal

START = "0" * 64
CHAINING = 0xD01BAA
"""Key of the advisory lock; SQLite's writing transactions follow each other anyway."""
_NEW = "journalled"

# Built once: this runs in every transaction that writes a line.
_J = journal.c
_LINES = select(  # as the text that is stored, whatever it says
    _J.seq,
    _J.link,
    _J.hash,
    type_coerce(_J.at, String).label("at"),
    _J.actor,
    _J.action,
    _J.dossier,
    type_coerce(_J.detail, Text).label("detail"),
)
_UNCHAINED = _LINES.where(_J.link.is_(None)).order_by(_J.seq)
_CHAINED = _LINES.where(_J.link.is_not(None)).order_by(_J.link)
_LAST = select(_J.link, _J.hash).where(_J.link.is_not(None)).order_by(_J.link.desc()).limit(1)
_LOCK = select(func.pg_advisory_xact_lock(CHAINING))
_CHAIN = update(journal).where(_J.seq == bindparam("of"))
_CHAIN = _CHAIN.values(link=bindparam("to_link"), hash=bindparam("to_hash"))


@dataclass(frozen=True)
class Head:
    """How many lines there are, and the hash of the last one."""

    lines: int
    hash: str

    def __str__(self) -> str:
        return f"{self.lines}:{self.hash}"

    @staticmethod
    def of(text: str) -> Head:
        """Of `str(head)`. ValueError for anything else."""
        found = re.fullmatch(r"([0-9]{1,12}):([0-9a-f]{64})", text.strip())
        if found is None:
            raise ValueError(f"{text.strip()[:90]!r} is no head of a journal like 1234:9f86d0…")
        return Head(int(found[1]), found[2])


class Broken(Exception):
    """The first line that does not fit, in a sentence for the administrator."""


def due(conn: Connection) -> None:
    """This transaction has written lines."""
    conn.info[_NEW] = True


def extend(conn: Connection) -> None:
    """Chains the lines of this transaction: the last thing before it commits."""
    if not conn.info.pop(_NEW, False):
        return
    if conn.dialect.name == "postgresql":
        conn.execute(_LOCK)
    before = head(conn)
    chained = []
    for row in conn.execute(_UNCHAINED):
        before = Head(before.lines + 1, _hash(before.hash, before.lines + 1, row))
        chained.append({"of": row.seq, "to_link": before.lines, "to_hash": before.hash})
    if chained:
        conn.execute(_CHAIN, chained)


def head(conn: Connection) -> Head:
    row = conn.execute(_LAST).one_or_none()
    return Head(row.link, row.hash) if row else Head(0, START)


def verify(conn: Connection, noted: Iterable[Head] = ()) -> Head:
    """Walks the whole chain. `noted`: heads it is known to have had. Raises Broken."""
    heads = {(one.lines, one.hash) for one in noted}
    most = max((lines for lines, _ in heads), default=0)
    before = Head(0, START)
    with conn.execute(_CHAINED.execution_options(yield_per=1000)) as rows:
        for row in rows:
            if row.link != before.lines + 1:
                missing = before.lines + 1
                raise Broken(f"line {missing} is missing: line {row.link} of {row.at} comes next")
            before = Head(row.link, _hash(before.hash, row.link, row))
            if row.hash != before.hash:
                raise Broken(f"line {row.link} of {row.at} ({row.action}) is not what was written")
            if any(lines == row.link and digest != row.hash for lines, digest in heads):
                raise Broken(f"line {row.link} of {row.at} is not the one that was noted")
    if before.lines < most:
        raise Broken(f"{before.lines} lines are left of the {most} that were noted")
    if (seq := conn.execute(_UNCHAINED.limit(1)).scalar()) is not None:
        raise Broken(f"the line with seq {seq} was written beside the chain")
    return before


def _hash(before: str, link: int, row: Row[*tuple[object, ...]]) -> str:
    content = [before, link, row.seq, row.at, row.actor, row.action, row.dossier, row.detail]
    return hashlib.sha256(canonical(content).encode()).hexdigest()
