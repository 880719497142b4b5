"""What a person wants done with their dossier: keep it here, withdraw it, erase it, take back what
they agreed to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from server.dossier import states
from server.dossier.consents import FOUNDATIONS, NOTICES
from server.errors import Conflict
from server.record import claims, consents, dossiers, erasure, handovers, journal, notices
from server.record.dossiers import Dossier
from server.record.store import Connection

ACTOR = "system:intake"
KINDS: Final = ("keep", "withdraw", "erase", "withdraw_consent")


@dataclass(frozen=True)
class Wish:
    """`keep`: nobody else shall have the dossier, its codes are void. `withdraw`: it shall not be
    decided. `erase`: it shall be forgotten, which withdraws what is under way (Law 91/2025 on
    personal data, rights of the data subject). `withdraw_consent`: what was agreed to for `purpose`
    holds no more, at once (Art. 9 of the same: as easily as it was given)."""

    kind: str
    request: str
    dossier: str
    owner: str
    purpose: str = ""


def fulfil(conn: Connection, now: datetime, wish: Wish) -> str | None:
    """Does it. Why not, else None: `lent`, `at_authority`, `too_late`, `nothing_to_withdraw`."""
    if wish.kind == "keep":
        claims.end(conn, wish.dossier, now)
        journal.write(conn, now, ACTOR, "claim_made", wish.dossier, {"kind": "kept"})
        return None
    if handovers.lender(conn, wish.dossier):
        return "lent"
    row = dossiers.find(conn, wish.dossier)
    if wish.kind == "withdraw_consent":
        return _withdraw_consent(conn, now, wish, row)
    if refusal := _refusal(wish, row):
        return refusal
    detail = {"request": wish.request}
    try:
        if wish.kind == "erase":
            journal.write(conn, now, ACTOR, "erasure_asked", wish.dossier, detail)
            erasure.begin(conn, wish.dossier, ACTOR, now)
        elif row is not None:
            dossiers.advance(conn, now, ACTOR, row, "withdraw", detail=detail)
    except Conflict:  # a decision that can still be undone
        return "too_late"
    return None


def _withdraw_consent(
    conn: Connection, now: datetime, wish: Wish, row: Dossier | None
) -> str | None:
    """`too_late`, `at_authority` where the law has the procedure brought to its end."""
    if row is None:
        return "nothing_to_withdraw"
    actor = f"owner:{wish.owner}"
    every = wish.purpose == NOTICES
    given = [
        one
        for one in consents.of_dossier(conn, wish.dossier)
        if one.purpose == wish.purpose or (every and one.purpose.startswith("notice_"))
    ]
    if wish.purpose in FOUNDATIONS and not states.ended(row.state):
        ending = replace(wish, kind="withdraw")
        if refusal := fulfil(conn, now, ending):
            return refusal
    on = notices.of_dossier(conn, wish.dossier)
    ended = [one for one in on if every or wish.purpose == f"notice_{one.channel}"]
    notices.unsubscribe(conn, now, actor, ended)
    consents.withdraw(conn, now, actor, given)
    return None


def _refusal(wish: Wish, row: Dossier | None) -> str | None:
    if row is None:
        return None if wish.kind == "erase" else "nothing_to_withdraw"
    if states.ended(row.state):
        return None if wish.kind == "erase" else "too_late"
    if row.state == "forwarded" and row.approval == "authority":
        return "at_authority"  # it has no message for taking a dossier back
    return None if "withdraw" in states.transitions(row.state) else "too_late"
