"""Intake: the first complete submission of a number is accepted, gets its code and its receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from server.auth.keys import KeyRing
from server.auth.tokens import new_id
from server.dossier.calendar import filing_date
from server.dossier.consents import READ_PHOTOS, digest, newest, texts
from server.dossier.deadlines import promised_date
from server.dossier.persons import fold
from server.flow import bookings, wishes
from server.flow.arrivals import Arrival, BadArrival, examine
from server.flow.bookings import Booking
from server.flow.requests import BadRequest, read_request
from server.flow.transport import differs, told
from server.flow.wishes import Wish
from server.ports import Clock
from server.record import (
    bindings,
    claims,
    consents,
    dossiers,
    draft_readings,
    handovers,
    identities,
    intakes,
    jobs,
    journal,
    people,
    sequences,
    statuses,
    submissions,
)
from server.record.claims import Claim
from server.record.consents import Consent
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record
from sync.engine import Engine

ACTOR = "system:intake"
HELPED = {"purpose": "helper", "version": newest("helper")["version"]}
Asked = Claim | Wish | Booking
Numbering = Callable[[date, int], str]
"""The dossier code of the n-th dossier of a day."""


@dataclass(frozen=True)
class _Found:
    """What one look into the owner's database brought."""

    owner: str
    dossier: str
    at: datetime
    arrivals: Sequence[Arrival] = ()
    bad: Mapping[str, BadArrival] = field(default_factory=dict)
    asked: Sequence[Asked] = ()
    unheard: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, date | None] = field(default_factory=dict)


class Intake:
    """`approval`: the decider of new dossiers, `desk` or `authority`, asked for each one."""

    def __init__(
        self,
        record: Record,
        documents: Engine,
        keys: KeyRing,
        clock: Clock,
        *,
        numbering: Numbering,
        approval: Callable[[], str],
    ) -> None:
        self._record = record
        self._documents = documents
        self._keys = keys
        self._clock = clock
        self._numbering = numbering
        self._approval = approval

    async def run(self, job: Job) -> None:
        """Payload: {"owner", "at"}, `at` being when the last document came, which becomes the
        filing date of what is complete by then."""
        dossier = job.dossier or ""
        owner, at = job.payload["owner"], datetime.fromisoformat(job.payload["at"])

        def known(conn: Connection) -> set[str] | None:
            bound = bindings.bound_to(conn, dossier)
            if bindings.is_erased(conn, dossier) or bound not in (None, owner):
                return None
            return submissions.known(conn, dossier)

        seen = await self._record.read(known)
        if seen is None:
            return
        found = await self._look(_Found(owner, dossier, at), seen)
        await self._record.run(lambda conn: self._settle(conn, found))

    async def _look(self, found: _Found, seen: set[str]) -> _Found:
        arrivals: list[Arrival] = []
        bad: dict[str, BadArrival] = {}
        for doc_id in await self._ids(found, "submission"):
            if doc_id in seen:
                continue
            try:
                arrivals.append(
                    await examine(self._documents, self._keys, found.owner, found.dossier, doc_id)
                )
            except BadArrival as error:
                bad[doc_id] = error
        arrivals.sort(key=lambda arrival: (arrival.n, bool(arrival.missing), arrival.doc_id))
        asked, unheard = await self._requests(found)
        # Before the transaction: the first look into the calendar takes a second.
        due = {
            arrival.doc_id: await asyncio.to_thread(promised_date, _procedure(arrival), found.at)
            for arrival in arrivals
        }
        return replace(found, arrivals=arrivals, bad=bad, asked=asked, unheard=unheard, due=due)

    async def _requests(self, found: _Found) -> tuple[list[Asked], dict[str, str]]:
        """What is asked for and was not done yet, and why what is not done is not, by id."""

        def known(conn: Connection) -> tuple[set[str], str | None]:
            done, before = claims.requests(conn, found.dossier), intakes.find(conn, found.dossier)
            done |= set(before.detail["refused"]) if before else set()
            return done, handovers.data_key(conn, found.dossier)

        done, kept = await self._record.read(known)
        asked: list[Asked] = []
        unheard: dict[str, str] = {}
        for doc_id in await self._ids(found, "request"):
            if doc_id in done:
                continue
            try:
                where = found.owner, found.dossier, doc_id
                now = self._clock()
                asked.append(await read_request(self._documents, self._keys, *where, kept, now))
            except BadRequest as error:
                unheard[doc_id] = error.code
        asked.sort(key=lambda each: "" if isinstance(each, Claim) else each.made_at)
        return asked, unheard

    async def _ids(self, found: _Found, kind: str) -> list[str]:
        prefix = f"{kind}:{found.dossier}:"
        rows = await self._documents.all_docs(
            f"drafts-{found.owner}", start=prefix, end=prefix + "\uffff"
        )
        offered = await self._record.read(lambda conn: bindings.offered_of(conn, found.dossier))
        listed = {row.id for row in rows} | {i for i in offered if i.startswith(prefix)}
        return sorted(listed)

    def _settle(self, conn: Connection, found: _Found) -> None:
        """One transaction: refusals, at most one acceptance, the transport status."""
        now = self._clock()
        before = intakes.find(conn, found.dossier)
        refused: dict[str, str] = dict(before.detail["refused"]) if before else {}
        refused |= found.unheard
        for request in found.asked:
            if reason := self._answer(conn, now, request):
                refused[request.request or ""] = reason
        if bindings.is_erased(conn, found.dossier):
            return  # just now, as its owner wished: nothing of it is kept any more
        for doc_id, error in found.bad.items():
            refused[doc_id] = error.code
            self._refuse(conn, found, doc_id, error.code, error.reason)
        dossier = dossiers.find(conn, found.dossier)
        waiting: Arrival | None = None
        accepted: Arrival | None = None
        for arrival in found.arrivals:
            if reason := self._against(dossier, arrival):
                refused[arrival.doc_id] = reason
                self._refuse(conn, found, arrival.doc_id, reason, f"n={arrival.n}")
            elif arrival.missing:
                waiting = waiting or arrival
            else:
                dossier = self._accept(conn, now, found, dossier, arrival)
                accepted, waiting = arrival, None
        if dossier is None and consents.holding(conn, found.dossier, READ_PHOTOS):
            jobs.add(conn, "read_photos", now, found.dossier)
        shown = waiting or accepted
        birth_hash = self._birth_hash(shown.submission) if shown else ""
        after = told(found.dossier, found.owner, before, shown, refused, birth_hash, now)
        if after is not None and (before is None or differs(before, after)):
            intakes.keep(conn, after)
            statuses.announce(conn, now, found.dossier)

    def _answer(self, conn: Connection, now: datetime, request: Asked) -> str | None:
        """Makes a code or does what is wanted. Why not, else None: a booking has its own answer."""
        dossier = request.dossier
        if bindings.bound_to(conn, dossier) != request.owner:
            return "handed_over"
        if isinstance(request, Booking):
            bookings.fulfil(conn, now, request)
            statuses.announce(conn, now, dossier)
            return None
        if isinstance(request, Wish):
            if reason := wishes.fulfil(conn, now, request):
                return reason
        elif handovers.lender(conn, dossier):
            return "lent"
        elif claims.make(conn, request, now):
            journal.write(conn, now, ACTOR, "claim_made", dossier, {"kind": request.kind})
        else:
            return "bad_request"
        claims.answer(conn, request.request or "", dossier)
        statuses.announce(conn, now, dossier)
        return None

    def _against(self, dossier: Dossier | None, arrival: Arrival) -> str | None:
        """Why an arrival is not the next submission; None when it is."""
        if dossier is None:
            return None
        if dossier.state != "returned" or arrival.n <= dossier.n:
            return "superseded"
        if dossier.wrapped_key is None:
            return "erased"
        kept = self._keys.unwrap_at_rest(dossier.id, dossier.wrapped_key)
        return None if kept == arrival.data_key else "unreadable"

    def _refuse(self, conn: Connection, found: _Found, doc_id: str, code: str, reason: str) -> None:
        known = [a for a in found.arrivals if a.doc_id == doc_id]
        n, digest = (known[0].n, known[0].digest) if known else (0, "")
        submissions.refuse(conn, found.dossier, doc_id, n, digest, code)
        detail = {"submission": doc_id, "code": code, "reason": reason}
        journal.write(conn, self._clock(), ACTOR, "refused", found.dossier, detail)

    def _accept(
        self,
        conn: Connection,
        now: datetime,
        found: _Found,
        dossier: Dossier | None,
        arrival: Arrival,
    ) -> Dossier:
        submissions.accept(
            conn,
            now,
            found.dossier,
            arrival.doc_id,
            arrival.n,
            arrival.digest,
            arrival.submission["device_time"],
            arrival.photos,
        )
        facts = self._facts(conn, found, arrival, dossier)
        journal.write(
            conn,
            now,
            ACTOR,
            "accepted",
            found.dossier,
            {"submission": arrival.doc_id, "digest": arrival.digest, "n": arrival.n},
        )
        _agreed(conn, now, found, arrival, facts["helper_account"])
        if handovers.lender(conn, found.dossier):
            jobs.add(conn, "give_back", now, found.dossier)
        draft_readings.forget(conn, found.dossier)
        if dossier is not None:
            return dossiers.advance(conn, now, ACTOR, dossier, "resubmit", **facts)
        bindings.bind(conn, found.dossier, found.owner, now)
        submissions.first_of_owner(conn, found.owner, now)
        new = Dossier(
            id=found.dossier,
            owner=found.owner,
            state="received",
            version=1,
            code=self._next_code(conn, found.at),
            filed_at=found.at,
            updated_at=now,
            approval=self._approval(),
            wrapped_key=self._keys.wrap_at_rest(found.dossier, arrival.data_key),
            **facts,
        )
        new = replace(new, search=f"{new.search} {fold(new.code)}")
        dossiers.receive(conn, ACTOR, new)
        return new

    def _next_code(self, conn: Connection, filed_at: datetime) -> str:
        day = filing_date(filed_at)
        return self._numbering(day, sequences.next_number(conn, "dossier", day))

    def _facts(
        self, conn: Connection, found: _Found, arrival: Arrival, before: Dossier | None
    ) -> dict[str, Any]:
        """The columns that a submission decides. What a clerk has checked stays so when the person
        corrects it on a phone of theirs; what a linked identity says holds for its number only."""
        answers = arrival.submission["answers"]
        due = found.due[arrival.doc_id]
        helper, assurance = _helper(conn, found.owner, arrival.submission)
        if assurance == "none" and self._proven(conn, found.owner, answers):
            assurance = "vneid"
        if before is not None and before.assurance == "clerk_checked":
            helper, assurance = helper or before.helper_account, before.assurance
        return {
            "n": arrival.n,
            "submission": arrival.doc_id,
            "slip": arrival.submission["slip"],
            "birth_hash": self._birth_hash(arrival.submission),
            "name": answers.get("full_name"),
            "search": f"{fold(answers.get('full_name', ''))} {fold(arrival.submission['slip'])}",
            "procedure": _procedure(arrival),
            "licence_class": answers.get("licence_class"),
            "channel": "post" if helper else "online",
            "helper_account": helper,
            "point": arrival.submission.get("helper", {}).get("point") if helper else None,
            "assurance": assurance,
            "due_on": due.isoformat() if due else None,
            "first_due_on": None,  # a corrected dossier begins a new time limit
        }

    def _proven(self, conn: Connection, owner: str, answers: Mapping[str, Any]) -> bool:
        """The owner's account is linked to this very citizen."""
        number = identities.number_of_owner(conn, owner)
        given = str(answers.get("identity_number", ""))
        return number is not None and number == self._keys.keyed_hash(identities.NUMBER, given)

    def _birth_hash(self, submission: Mapping[str, Any]) -> str:
        birth = submission["answers"].get("date_of_birth", "")
        return self._keys.keyed_hash("follow", f"{submission['slip']}\n{birth}")


def _agreed(
    conn: Connection, now: datetime, found: _Found, arrival: Arrival, helper: str | None
) -> None:
    """Keeps what was agreed to in texts that are known here; the rules ask after the others."""
    asked = list(arrival.submission["consents"])
    if helper:  # without the applicant's confirmation nothing is sent from a tablet
        said_at = arrival.submission["device_time"]
        asked.append({**HELPED, "given_at": said_at})
    for given in asked:
        text = texts().get((given["purpose"], given["version"]))
        if text is None:
            continue
        said = datetime.fromisoformat(given["given_at"])
        new = Consent(
            id=new_id(),
            dossier=found.dossier,
            purpose=given["purpose"],
            version=given["version"],
            digest=digest(text),
            given_at=min(said, now),  # by the device's clock, which may be ahead
            given_by=f"owner:{found.owner}",
            helper=helper,
        )
        consents.keep(conn, new)


def _procedure(arrival: Arrival) -> str:
    """One that is not named is found by the rules; until then it counts as an exchange."""
    return str(arrival.submission["answers"].get("procedure", "doi"))


def _helper(conn: Connection, owner: str, submission: Mapping[str, Any]) -> tuple[str | None, str]:
    """(helping clerk's account, identity assurance). The clerk counts as having checked the papers
    only where the submission came from the database of that clerk's own account."""
    claimed = submission.get("helper", {}).get("account")
    account = people.account(conn, claimed) if claimed else None
    if account is None or account.role != "clerk":
        return None, "none"
    return claimed, "clerk_checked" if people.account_of(conn, owner) == claimed else "none"
