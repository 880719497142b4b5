"""The papers of a dossier: which there are by now, and one of them as PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.auth.access import Actor, Opened, Vaulted, may_open
from server.dossier import papers
from server.dossier.calendar import ZONE, filing_date
from server.dossier.paper_words import amount_words, date_words, instant_words, money
from server.dossier.papers import KINDS, Value
from server.dossier.tables import table
from server.errors import Message, NotFound
from server.flow.fee_view import receipt_body
from server.record import apologies, decisions, dossiers, openings, payments
from server.record.apologies import Apology
from server.record.decisions import Decision
from server.record.dossiers import Dossier
from server.record.payments import Payment
from server.record.store import Connection, Record

_OUTCOMES = {"supplement": "return", "refusal": "reject"}


@dataclass(frozen=True)
class Course:
    """What became of a dossier, as far as papers tell of it."""

    row: Dossier
    decided: Sequence[Decision]
    apology: Apology | None
    paid: Payment | None

    def decision(self, kind: str) -> Decision | None:
        """The latest with the outcome that a paper tells of."""
        outcome = _OUTCOMES.get(kind)
        return next((one for one in reversed(self.decided) if one.outcome == outcome), None)

    def issued_at(self, kind: str) -> datetime | None:
        """When a paper came to be; None while there is none."""
        if papers.edition(kind, self.row.procedure, filing_date(self.row.filed_at)) is None:
            return None
        match kind:
            case "supplement" | "refusal":
                made = self.decision(kind)
                return made.leaves_at if made else None
            case "apology":
                return self.apology.at if self.apology else None
            case "payment":
                return self.paid.paid_at or self.paid.settled_at if self.paid else None
        return self.row.filed_at


class Papers:
    """`origin`: the address in the QR codes."""

    def __init__(self, record: Record, vaulted: Vaulted, origin: str) -> None:
        self._record = record
        self._vaulted = vaulted
        self._origin = origin

    async def listed(self, actor: Actor, dossier: str) -> list[dict[str, Any]]:
        """[{kind, name, file}] of those there are. NotFound for a dossier not this actor's."""

        def read(conn: Connection) -> Course:
            found = openings.sealed(conn, dossier)
            if found is None or found.wrapped_key is None or not may_open(actor, found):
                raise NotFound()
            return course(conn, dossier)

        known = await self._record.read(read)
        return [
            {
                "kind": kind,
                "name": papers.paper_name(kind),
                "file": papers.file_name(kind, known.row.code),
            }
            for kind in KINDS
            if known.issued_at(kind)
        ]

    async def made(self, actor: Actor, dossier: str, kind: str) -> tuple[str, bytes]:
        """(file name, PDF). Journalled as `opened` for `paper:<kind>`. NotFound: as `listed`, and
        `no_paper` while there is none of this kind."""
        opened = await self._vaulted.open(dossier, actor, f"paper:{kind}")
        known = await self._record.read(lambda conn: course(conn, dossier))
        return papers.file_name(kind, known.row.code), await self.drawn(known, opened, kind)

    async def drawn(self, known: Course, opened: Opened, kind: str) -> bytes:
        at = known.issued_at(kind)
        found = papers.edition(kind, known.row.procedure, filing_date(known.row.filed_at))
        if at is None or found is None:
            raise NotFound("no_paper", _none_yet(kind))
        values = {**self._values(known, opened, kind), "edition_basis": found["basis"]}
        title = f"{papers.paper_name(kind)['vi']} {known.row.code}"
        return await asyncio.to_thread(_draw, title, at, found["blocks"], values)

    def _values(self, known: Course, opened: Opened, kind: str) -> dict[str, Value]:
        row, day = known.row, filing_date(known.row.filed_at)
        first = row.first_due_on or row.due_on
        declared = datetime.fromisoformat(opened.submission["declared_at"]).astimezone(ZONE)
        return {
            **papers.nothing_known(),
            **papers.of_office(day),
            **papers.of_answers(opened.answers, row.procedure, day),
            **papers.of_filing(row.filed_at, first, row.procedure),
            "code": row.code,
            "slip": row.slip,
            "link": f"{self._origin}/theo-doi#{row.slip}",
            "declared_at": f"{declared:%H:%M %d/%m/%Y}",
            **_decided(known.decision(kind), opened),
            **_apologised(known.apology),
            **_paid(row, known.paid),
        }


def _draw(title: str, at: datetime, blocks: Any, values: dict[str, Value]) -> bytes:
    from server.papers.paper import draw  # here: what draws PDF took a third of the server's start

    return draw(title, at, blocks, values)


def course(conn: Connection, dossier: str) -> Course:
    row = dossiers.load(conn, dossier)
    made = [decisions.latest(conn, dossier, n) for n in range(1, row.n + 1)]
    paid = [one for one in payments.of_dossier(conn, dossier) if one.state in ("paid", "refunding")]
    return Course(
        row,
        [one for one in made if one and one.state == "done"],
        apologies.latest(conn, dossier),
        paid[0] if paid else None,
    )


def _decided(made: Decision | None, opened: Opened) -> dict[str, Value]:
    if made is None:
        return {}
    detail = opened.unseal(f"decision:{made.id}", "decision/1", made.detail)
    reason = table("reasons")["reject"].get(detail["reason"], {}).get("vi", detail["reason"])
    law = table("laws")["laws"].get(detail["law"], {}).get("cite", detail["law"])
    return {
        "decided_on": date_words(filing_date(made.leaves_at)),
        "decision_reason": reason or detail["text"],
        "decision_text": detail["text"] or None,
        "decision_law": law or None,
        "has_text": "yes" if detail["text"] and reason else "no",
        "items": [_item(item) for item in detail["items"]],
    }


def _item(item: dict[str, str]) -> str:
    named = table("fields")["fields"].get(item["target"], {}).get("vi", item["target"])
    ready = table("reasons")["return"].get(item["target"], {}).get(item["reason"], {})
    said = [ready.get("vi", item["reason"]), item["text"]]
    return f"{named}: {' '.join(text for text in said if text)}"


def _apologised(found: Apology | None) -> dict[str, Value]:
    if found is None:
        return {}
    return {
        "apology_on": date_words(filing_date(found.at)),
        "apology_promised": date_words(date.fromisoformat(found.promised_on)),
        "apology_new": date_words(date.fromisoformat(found.new_promised_on)),
        "apology_reason": table("apology")["reasons"][found.reason]["vi"],
    }


def _paid(row: Dossier, paid: Payment | None) -> dict[str, Value]:
    if paid is None:
        return {}
    receipt = receipt_body(row, paid)
    at = paid.paid_at or paid.settled_at or paid.created_at
    kind = "Phí" if receipt["kind"] == "phi" else "Lệ phí"
    basis = receipt["basis"]
    return {
        "fee_kind": kind,
        "fee_kind_capital": kind.upper(),
        "fee_basis": basis.replace("Circular", "Thông tư") if basis else None,
        "amount": money(paid.amount),
        "amount_words": amount_words(paid.amount),
        "paid_at": instant_words(at),
        "paid_on": date_words(filing_date(at)),
        "payment_reference": paid.reference,
        "payment_number": paid.number,
        "payment_bank": paid.bank,
    }


def _none_yet(kind: str) -> Message:
    name, when = papers.paper_name(kind), table(f"paper_{kind}")["when"]
    return Message(
        f"Hồ sơ này chưa có “{name['vi']}”. {when['vi']}",
        f"This dossier has no “{name['en']}” yet. {when['en']}",
    )
