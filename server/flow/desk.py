"""The officer's desk: the queue, one dossier, deciding, undoing, and what waits."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from server.auth.access import Actor, Vaulted
from server.dossier import queue, states
from server.dossier.calendar import filing_date
from server.dossier.tables import table
from server.errors import Conflict, Forbidden, InvalidInput, Message, NotFound
from server.flow import desk_view, pick_up
from server.flow.fee_view import fee_body
from server.ports import Clock, CorrectionItem
from server.record import (
    consignments,
    decisions,
    dossiers,
    forwardings,
    jobs,
    journal,
    payments,
    portal_syncs,
    queues,
    statuses,
    submissions,
    waits,
)
from server.record.columns import iso
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.store import Connection, Record

UNDO = timedelta(seconds=30)
_OUTCOMES = ("approve", "return", "reject")
_BEFORE = ("received", "waiting", "validated", "parked")


class Desk:
    """Every method is for officers: anybody else gets Forbidden. `wake` sets the worker going."""

    def __init__(
        self, record: Record, vaulted: Vaulted, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._clock = clock
        self._wake = wake

    async def queue(
        self, actor: Actor, search: str = "", state: str = "", cursor: str = ""
    ) -> dict[str, Any]:
        """{"items", "counts", "awaiting", "cursor"}, due date first. `state`: also `awaiting`."""
        _officer(actor)
        if state and state not in (*states.states(), queues.AWAITING):
            raise _invalid("state", "choice", "Không có trạng thái này.", "There is no such state.")

        def read(conn: Connection) -> _Listed:
            return _Listed(conn, search, state, cursor)

        listed = await self._record.read(read)
        today, page = filing_date(self._clock()).isoformat(), listed.page
        items = [
            desk_view.queue_item(row, today, listed.waits.get(row.id, ())) for row in page.rows
        ]
        return {
            "items": items,
            "counts": listed.counts,
            "awaiting": listed.awaiting,
            "cursor": page.cursor,
        }

    async def show(self, actor: Actor, dossier: str) -> dict[str, Any]:
        """Everything about one dossier, opened and journalled."""
        _officer(actor)
        opened = await self._vaulted.open(dossier, actor, "desk")
        seen = await self._record.read(lambda conn: _read(conn, dossier))
        row, assessment = seen.row, desk_view.assessment_of(seen.row, opened, seen.assessment)
        readings = [*assessment["readings"], *opened.submission["readings"]]
        why_not = await self._vaulted.why_not(dossier, actor) or _closed_to_desk(row, seen.made)
        return {
            "dossier": row.id,
            "dossier_code": row.code,
            "state": row.state,
            "version": row.version,
            "procedure": row.procedure,
            "channel": row.channel,
            "assurance": row.assurance,
            "filed_at": iso(row.filed_at),
            "answers": opened.answers,
            "readings": readings,
            "findings": assessment["findings"],
            "comparison": desk_view.comparison(opened.answers, readings, assessment["registry"]),
            "photos": [
                {"id": p.id, "kind": p.kind, "width": p.width, "height": p.height}
                for p in opened.photos.values()
            ],
            "timeline": seen.timeline,
            "fee": fee_body(row, seen.payments),
            "promised_on": row.due_on,
            "wait": desk_view.wait_shown(row.wait),
            "waits": desk_view.waits(row, seen.waits, seen.sent),
            "forwarding": seen.forwarding,
            "consignment": seen.consignment,
            "problems": seen.problems,
            "pending": _pending(seen.made),
            "decider": row.approval,
            "may_decide": why_not is None,
            "why_not": why_not,
            "outcomes": list(_open_outcomes(row)) if why_not is None else [],
        }

    async def photo(self, actor: Actor, dossier: str, photo: str) -> bytes:
        """The JPEG bytes, opened and journalled."""
        _officer(actor)
        opened = await self._vaulted.open(dossier, actor, f"photo:{photo}")
        return await opened.photo(photo)

    async def decide(
        self,
        actor: Actor,
        dossier: str,
        *,
        outcome: str,
        version: int,
        items: Sequence[CorrectionItem] = (),
        reason: str = "",
        law: str = "",
        text: str = "",
    ) -> datetime:
        """Pending until the time that is returned, then it moves the dossier. Forbidden
        own_dossier, helped_dossier; Conflict already_decided, stale, at_authority, not_open;
        InvalidInput for an incomplete decision."""
        _officer(actor)
        await self._vaulted.may_decide(dossier, actor)
        _check(outcome, items, reason, law, text)
        opened = await self._vaulted.open(dossier, actor, "decision")
        now, name = self._clock(), secrets.token_hex(16)
        detail = {
            "items": [
                {"target": item.target, "reason": item.reason, "text": item.text} for item in items
            ],
            "reason": reason,
            "law": law,
            "text": text,
            "licence_number": None,
        }
        sealed = opened.seal(f"decision:{name}", "decision/1", detail)

        def make(conn: Connection) -> None:
            row = dossiers.load(conn, dossier)
            made = decisions.latest(conn, dossier, row.n)
            if made is not None:
                raise Conflict("already_decided")
            if row.version != version:
                raise Conflict("stale")
            if outcome not in _open_outcomes(row):
                raise Conflict(_closed_to_desk(row, None) or "not_open")
            pending = Decision(
                name, dossier, row.n, outcome, sealed, str(actor), now, now + UNDO, "pending"
            )
            decisions.make(conn, pending)
            journal.write(conn, now, str(actor), "decision_made", dossier, {"outcome": outcome})
            jobs.add(conn, "decide", now + UNDO, dossier)

        await self._record.run(make)
        self._wake()
        return now + UNDO

    async def undo(self, actor: Actor, dossier: str) -> None:
        """NotFound where nothing is pending, Forbidden for another officer's decision, Conflict
        too_late once it moves."""
        _officer(actor)
        now = self._clock()

        def take_back(conn: Connection) -> None:
            row = dossiers.load(conn, dossier)
            made = decisions.latest(conn, dossier, row.n)
            if made is None:
                raise NotFound("nothing_pending")
            if made.by != str(actor):
                raise Forbidden("decision_of_other")
            if made.state != "pending" or made.leaves_at <= now:
                raise Conflict("too_late")
            decisions.undo(conn, made.id)
            journal.write(conn, now, str(actor), "decision_undone", dossier, {})
            if stage := states.stage(row.state):
                jobs.add(conn, stage, now, dossier)

        await self._record.run(take_back)
        self._wake()

    async def keep_at(self, actor: Actor, dossier: str, point: str) -> None:
        """The card is fetched at that point instead of brought. Conflict not_possible; Forbidden
        own_dossier, helped_dossier."""
        _officer(actor)
        if queue.point_on(point, filing_date(self._clock())) is None:
            raise _invalid("point", "choice", "Không có điểm này.", "There is no such point.")
        await self._vaulted.may_decide(dossier, actor)
        now = self._clock()

        def do(conn: Connection) -> None:
            row = dossiers.load(conn, dossier)
            if pick_up.keep_at(conn, now, str(actor), row, point) != "kept":
                raise Conflict("not_possible")
            statuses.announce(conn, now, dossier)

        await self._record.run(do)
        self._wake()

    async def act(self, actor: Actor, dossier: str, action: str) -> None:
        """`try_now`: what waits is tried at once · `park`: left for a person · `resume`: goes on
        where it was parked · `collect`: the card was fetched at the counter. Conflict not_possible
        where the state has no such way; Forbidden own_dossier, helped_dossier."""
        _officer(actor)
        if action not in ("try_now", "park", "resume", "collect"):
            raise _invalid("action", "choice", "Không có thao tác này.", "There is no such action.")
        await self._vaulted.may_decide(dossier, actor)
        now = self._clock()

        def do(conn: Connection) -> None:
            row = dossiers.load(conn, dossier)
            journal.write(conn, now, str(actor), action, dossier, {"state": row.state})
            if action == "try_now":
                kept_under = [one.id for one in payments.of_dossier(conn, dossier)]
                if sync := portal_syncs.of_dossier(conn, dossier):
                    kept_under.append(sync.id)
                if not sum(jobs.hurry(conn, each, now) for each in (dossier, *kept_under)):
                    raise Conflict("not_possible")
                return
            try:
                dossiers.advance(conn, now, str(actor), row, action)
            except states.IllegalTransition as error:
                raise Conflict("not_possible") from error
            if action == "collect":
                pick_up.handed_over(conn, now, dossier)
            if action == "park":
                jobs.cancel(conn, dossier, ("validate", "forward", "decide", "deliver"))
            if action == "resume":
                jobs.hurry(conn, dossier, now)

        await self._record.run(do)
        self._wake()


class _Listed:
    """A page of the queue, read at one moment."""

    def __init__(self, conn: Connection, search: str, state: str, cursor: str) -> None:
        self.page = queues.queue(conn, search, state, cursor)
        self.counts = queues.counts(conn)
        self.awaiting = waits.count(conn)
        self.waits = waits.of_dossiers(conn, [row.id for row in self.page.rows])


class _Seen:
    """What the record says of a dossier, read at one moment."""

    def __init__(self, conn: Connection, dossier: str) -> None:
        self.row = dossiers.load(conn, dossier)
        self.made = decisions.latest(conn, dossier, self.row.n)
        self.assessment = submissions.assessment(conn, self.row.submission)
        self.timeline = [
            {"at": iso(line.at), "actor": line.actor, "action": line.action, "detail": line.detail}
            for line in journal.entries(conn, dossier)
        ]
        sent = forwardings.find(conn, f"{dossier}:approval:{self.row.n}")
        self.sent = sent
        self.forwarding = sent and {
            "state": sent.state,
            "since": iso(sent.since),
            "tries": sent.tries,
            "retry_at": iso(sent.retry_at) if sent.retry_at else None,
            "reason": sent.reason,
        }
        item = consignments.find(conn, dossier)
        self.consignment = item and {
            "number": item.number,
            "state": item.state,
            "point": item.point,
        }
        self.payments = payments.of_dossier(conn, dossier)
        self.waits = waits.of_dossiers(conn, [dossier]).get(dossier, ())
        self.problems = [
            {"job": kind, "error": error}
            for each in (dossier, *(one.id for one in self.payments))
            for kind, error in jobs.parked(conn, each)
        ]


def _read(conn: Connection, dossier: str) -> _Seen:
    return _Seen(conn, dossier)


def _open_outcomes(row: Dossier) -> tuple[str, ...]:
    """What our desk may decide. With an outside decider: only to return, before it has it."""
    with_decider = row.state == "forwarded" or row.parked_from == "forwarded"
    if row.approval != "desk" and with_decider:
        return ()
    if row.state == "forwarded":
        return _OUTCOMES
    return ("return",) if row.state in _BEFORE else ()


def _closed_to_desk(row: Dossier, made: Decision | None) -> str | None:
    if made is not None:
        return "decision_pending" if made.state == "pending" else "already_decided"
    if _open_outcomes(row):
        return None
    return "at_authority" if row.state in ("forwarded", "parked") else "not_open"


def _pending(made: Decision | None) -> dict[str, str] | None:
    if made is None or made.state != "pending":
        return None
    return {"outcome": made.outcome, "until": iso(made.leaves_at), "by": made.by}


def _officer(actor: Actor) -> None:
    if actor.role != "officer":
        raise Forbidden("not_an_officer")


def _invalid(field: str, code: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(field, code, Message(vi, en))


def _check(outcome: str, items: Sequence[CorrectionItem], reason: str, law: str, text: str) -> None:
    if outcome not in _OUTCOMES:
        raise _invalid("outcome", "choice", "Chọn duyệt, trả hoặc từ chối.", "Choose an outcome.")
    if len(text) > 2000:
        raise _invalid("text", "too_long", "Lời nhắn quá dài.", "The note is too long.")
    if outcome == "return":
        if not items:
            vi, en = "Nêu ít nhất một chỗ cần sửa.", "Name at least one thing to correct."
            raise _invalid("items", "required", vi, en)
        for i, item in enumerate(items):
            if item.target not in table("fields")["fields"]:
                vi, en = "Không có mục này trong tờ khai.", "The form has no such part."
                raise _invalid(f"items.{i}.target", "choice", vi, en)
            if not (item.reason or item.text):
                raise _invalid(f"items.{i}.reason", "required", "Nêu lý do.", "Say why.")
    if outcome == "reject" and not (law and (reason or text)):
        field = "law" if not law else "reason"
        vi = "Từ chối phải có lý do và căn cứ pháp luật."
        raise _invalid(field, "required", vi, "A rejection needs a reason and the law.")
