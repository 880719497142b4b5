"""What a person wants done with their dossier: keep it here, withdraw it, erase it, take back what
they agreed to, have the photos of a draft read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from server.auth.tokens import new_id
from server.dossier import states
from server.dossier.consents import FOUNDATIONS, NOTICES, READ_PHOTOS, digest, texts
from server.errors import Conflict
from server.record import (
    claims,
    consents,
    dossiers,
    draft_readings,
    erasure,
    handovers,
    jobs,
    journal,
    notices,
)
from server.record.consents import Consent
from server.record.dossiers import Dossier
from server.record.store import Connection

ACTOR = "system:intake"
AGREEING: Final = (READ_PHOTOS, "withdraw_consent")
"""Done in the order in which a device asked: the last of a tick that was set and taken counts."""
KINDS: Final = ("keep", "withdraw", "erase", *AGREEING)


@dataclass(frozen=True)
class Wish:
    """`keep`: nobody else shall have the dossier, its codes are void. `withdraw`: it shall not be
    decided. `erase`: it shall be forgotten, which withdraws what is under way (Law 91/2025 on
    personal data, rights of the data subject). `withdraw_consent`: what was agreed to for `purpose`
    holds no more, at once (Art. 9 of the same: as easily as it was given). `read_photos`: photos of
    the draft are read as they arrive; agreed to in the text of that `version`. `made_at`: by the
    device's clock, where order matters."""

    kind: str
    request: str
    dossier: str
    owner: str
    purpose: str = ""
    version: str = ""
    made_at: str = ""


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
    if wish.kind == READ_PHOTOS:
        if row is None:
            _read_photos(conn, now, wish)
        return "too_late" if row else None
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


def _read_photos(conn: Connection, now: datetime, wish: Wish) -> None:
    """What has arrived is looked at by intake."""
    holding = consents.holding(conn, wish.dossier, READ_PHOTOS)
    if any(one.version == wish.version for one in holding):
        return
    text = digest(texts()[READ_PHOTOS, wish.version])
    actor = f"owner:{wish.owner}"
    new = Consent(new_id(), wish.dossier, READ_PHOTOS, wish.version, text, now, actor)
    consents.give(conn, new)


def _withdraw_consent(
    conn: Connection, now: datetime, wish: Wish, row: Dossier | None
) -> str | None:
    """`too_late`, `at_authority` where the law has the procedure brought to its end."""
    if row is None and wish.purpose != READ_PHOTOS:
        return "nothing_to_withdraw"
    if wish.purpose == READ_PHOTOS:
        draft_readings.forget(conn, wish.dossier)
        jobs.cancel(conn, wish.dossier, ("read_photos",))
    actor = f"owner:{wish.owner}"
    every = wish.purpose == NOTICES
    given = [
        one
        for one in consents.of_dossier(conn, wish.dossier)
        if one.purpose == wish.purpose or (every and one.purpose.startswith("notice_"))
    ]
    if row and wish.purpose in FOUNDATIONS and not states.ended(row.state):
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
