"""Publish: writes `status:<dossier>`, the one document that flows back to the device, and notes
what of it is worth telling to who asked to be told."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.auth import sealing
from server.auth.access import Opened, Vaulted, stage
from server.auth.drafts import Drafts
from server.auth.keys import KeyRing
from server.dossier import states
from server.dossier.notices import worth_telling
from server.flow.booking_view import booked_body
from server.flow.draft_readings import read_of, readings_body
from server.flow.fee_view import fee_body
from server.flow.notices import standing
from server.ports import Clock
from server.record import (
    apologies,
    bindings,
    claims,
    consents,
    consignments,
    decisions,
    dossiers,
    handovers,
    intakes,
    journal,
    notices,
    payments,
    portal_syncs,
    statuses,
    submissions,
)
from server.record.apologies import Apology
from server.record.claims import Claim
from server.record.columns import iso
from server.record.consignments import Consignment
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.draft_readings import DraftReading
from server.record.intakes import Intake
from server.record.jobs import Job
from server.record.payments import Payment
from server.record.store import Connection, Record
from sync.engine import Engine, put
from sync.model import Conflict, NotFound

SCHEMA = "status/1"


@dataclass(frozen=True)
class _View:
    owner: str | None
    counter: int
    erased: bool
    intake: Intake | None
    dossier: Dossier | None
    timeline: list[dict[str, str]]
    decision: Decision | None
    assessment: str | None
    consignment: Consignment | None
    payments: list[Payment]
    apology: Apology | None
    claim: Claim | None
    former: list[tuple[str, datetime | None]]
    booked: dict[str, Any]
    read: list[DraftReading] | None
    kept: str | None
    kept_from_post: bool


def _view(conn: Connection, dossier: str) -> _View:
    row = dossiers.find(conn, dossier)
    return _View(
        bindings.bound_to(conn, dossier),
        statuses.counter(conn, dossier),
        bindings.is_erased(conn, dossier),
        intakes.find(conn, dossier),
        row,
        [{"state": state, "at": iso(at)} for state, at in journal.timeline(conn, dossier)],
        decisions.latest(conn, dossier, row.n) if row else None,
        submissions.assessment(conn, row.submission) if row else None,
        consignments.find(conn, dossier),
        payments.of_dossier(conn, dossier),
        apologies.latest(conn, dossier) if row and row.first_due_on else None,
        claims.current(conn, dossier),
        handovers.former(conn, dossier),
        booked_body(conn, dossier),
        None if row else read_of(conn, dossier),
        handovers.data_key(conn, dossier),
        consents.taken_back(conn, dossier, "delivery"),
    )


class Publish:
    """`tell_portal`: the National Portal is told of what is published here."""

    def __init__(
        self,
        record: Record,
        documents: Engine,
        keys: KeyRing,
        vaulted: Vaulted,
        clock: Clock,
        tell_portal: bool = False,
    ) -> None:
        self._record = record
        self._documents = documents
        self._drafts = Drafts(documents, keys)
        self._vaulted = vaulted
        self._clock = clock
        self._tell_portal = tell_portal

    async def run(self, job: Job) -> None:
        """Writes what is true now, with the newest counter, unless that one is written already."""
        dossier = job.dossier or ""
        view = await self._record.read(lambda conn: _view(conn, dossier))
        if view.owner is None:
            return
        body = clear_part(view)
        news: list[tuple[str, str]] = []
        if view.dossier is not None and view.dossier.wrapped_key and not view.erased:
            opened = await self._vaulted.open(dossier, stage("publish"), "status")
            body["sealed"] = opened.seal(f"status:{dossier}", SCHEMA, sealed_part(view, opened))
            news = _news(view, opened)
        elif view.dossier is None and not view.erased and (view.booked or view.read is not None):
            key = await self._drafts.data_key(view.owner, dossier, view.kept)
            if key is not None:  # else its draft is on its way, and comes with the key
                where = f"status:{dossier}"
                read = readings_body(view.read, key) if view.read is not None else {}
                body["sealed"] = sealing.seal_json(key, where, SCHEMA, view.booked | read)
        await self._write(f"drafts-{view.owner}", f"status:{dossier}", body)
        for owner, until in view.former:
            with contextlib.suppress(NotFound):  # its database was retired
                await self._write(f"drafts-{owner}", f"status:{dossier}", gone(view, until))
        now = self._clock()

        def published(conn: Connection) -> None:
            statuses.published(conn, dossier, view.counter)
            notices.note(conn, now, dossier, news)
            if self._tell_portal and view.dossier is not None and not view.erased:
                portal_syncs.announce(conn, now, dossier)

        await self._record.run(published)

    async def _write(self, db: str, doc_id: str, body: dict[str, Any]) -> None:
        while True:
            rev = None
            try:
                stored = await self._documents.get(db, doc_id)
            except NotFound as missing:
                if missing.reason not in ("missing", "deleted"):
                    raise
            else:
                same = {**stored.body, "counter": body["counter"]} == body
                if same or stored.body["counter"] >= body["counter"]:
                    return
                rev = stored.rev
            try:
                await put(self._documents, db, doc_id, body, rev)
            except Conflict:
                continue  # another worker wrote meanwhile: whose counter is higher?
            return


def clear_part(view: _View) -> dict[str, Any]:
    """Nothing personal: groups, codes, counters, digests and random ids."""
    detail = view.intake.detail if view.intake else {}
    body: dict[str, Any] = {"schema": SCHEMA, "counter": view.counter}
    if view.erased:
        return body | {"group": "erased", "code": "erased"}
    group, code = "draft", "draft"
    if view.intake and (view.dossier is None or view.intake.group == "incomplete"):
        group, code = view.intake.group, view.intake.code
    elif view.dossier:
        group, code = states.group(view.dossier.state), view.dossier.state
    kept = ("n", "submission", "submission_digest", "receipts", "missing", "refused")
    body |= {"group": group, "code": code} | {key: detail.get(key) for key in kept}
    if view.claim is not None:
        body["claim"] = {
            "kind": view.claim.kind,
            "request": view.claim.request,
            "good_from": iso(view.claim.good_from),
            "expires_at": iso(view.claim.expires_at),
        }
    return body


def _news(view: _View, opened: Opened) -> list[tuple[str, str]]:
    """(about, occasion) of what of this is worth telling outside the app."""
    if view.dossier is None:
        return []
    fetched = view.kept_from_post or opened.answers.get("delivery_method") != "post"
    parcel = view.consignment.state if view.consignment else None
    return worth_telling(standing(view.dossier, parcel, fetched))


def gone(view: _View, until: datetime | None) -> dict[str, Any]:
    """What a former owner's devices read: it is somebody else's, for good or until then."""
    body = {"schema": SCHEMA, "counter": view.counter, "group": "handed_over"}
    return body | ({"code": "lent", "until": iso(until)} if until else {"code": "handed_over"})


def sealed_part(view: _View, opened: Opened) -> dict[str, Any]:
    """What the person reads."""
    dossier = view.dossier
    if dossier is None:
        raise ValueError("only a received dossier has a sealed status")
    assessment = (
        opened.unseal(f"assessment:{dossier.submission}", "assessment/1", view.assessment)
        if view.assessment
        else {"findings": []}
    )
    correction, decision = _decided(view, dossier, opened)
    consignment = view.consignment
    return {
        "state": dossier.state,
        "dossier_code": dossier.code,
        "filed_at": iso(dossier.filed_at),
        "promised_on": dossier.due_on,
        "apology": {"promised_on": view.apology.promised_on, "reason": view.apology.reason}
        if view.apology
        else None,
        "channel": dossier.channel,
        "timeline": view.timeline,
        "wait": told_wait(dossier.wait) if dossier.wait else None,
        "findings": assessment["findings"],
        "correction": correction,
        "decision": decision,
        "fee": fee_body(dossier, view.payments),
        "consignment": {
            "number": consignment.number,
            "state": consignment.state,
            "point": consignment.point,
        }
        if consignment
        else None,
        **view.booked,
    }


def told_wait(wait: Mapping[str, Any]) -> dict[str, Any]:
    """What is awaited and since when. The authority is asked too often to tell when next."""
    told = ("what", "since") if wait["what"] == "authority" else ("what", "since", "next_try")
    return {"next_try": None} | {key: wait[key] for key in told}


def _decided(
    view: _View, dossier: Dossier, opened: Opened
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """(correction, decision); a decision that can still be undone is not told."""
    made = view.decision
    if made is None or made.state != "done":
        return None, None
    detail = opened.unseal(f"decision:{made.id}", "decision/1", made.detail)
    if made.outcome == "return":
        if dossier.state != "returned":
            return None, None
        return {"n": dossier.n + 1, "items": detail["items"], "note": detail["text"]}, None
    outcome = {"approve": "approved", "reject": "rejected"}[made.outcome]
    words = {key: detail[key] for key in ("reason", "text", "law")}
    return None, {"outcome": outcome, **words, "at": iso(made.leaves_at)}
