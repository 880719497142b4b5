"""What became of everybody, counted beside the server's own books and compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server import report
from server.dossier import states
from server.dossier.report import KINDS
from server.record.tables import dossiers, jobs
from tests.bench.month.run import Filed
from tests.bench.month.town import Town

ONLINE, HELPED = "online", "post"


@dataclass(frozen=True)
class Tally:
    """`ended` by state, `waiting` by what is waited for; every list should be empty."""

    ended: Counter[str]
    waiting: Counter[str]
    faults: dict[str, list[str]]
    money: Counter[str]
    report: str


async def tally(town: Town, filed: Sequence[Filed], month: str) -> Tally:
    rows, parked = await town.parts.record.read(
        lambda conn: (
            {row.id: row for row in conn.execute(select(dossiers))},
            [row.kind for row in conn.execute(select(jobs).where(jobs.c.parked_at.is_not(None)))],
        )
    )
    lost = [one.paper.dossier for one in filed if one.paper.dossier not in rows]
    stray = sorted(rows.keys() - {one.paper.dossier for one in filed})
    ended, waiting, stuck = Counter[str](), Counter[str](), []
    for row in rows.values():
        if states.ended(row.state):
            ended[row.state] += 1
        elif reason := _waits_for(row):
            waiting[reason] += 1
        else:
            stuck.append(f"{row.code} {row.state}")
    charged, money = _money(town, filed, rows)
    return Tally(
        ended,
        waiting,
        {
            "lost": lost,
            "of nobody": stray,
            "stuck for no named reason": stuck,
            "jobs parked": parked,
            "forwarded twice": _twice(town, filed),
            "double charged": charged,
            "paid and not known to be": _unknown(town, filed, rows),
            "report differs": await _differences(town, filed, month),
        },
        money,
        await town.parts.record.read(
            lambda conn: report.as_text(report.count(conn, month, town.clock()), "vi")
        ),
    )


def _waits_for(row: Any) -> str | None:
    if row.wait:
        return f"{row.state}: {row.wait['what']}"
    return {"returned": "returned: the applicant", "parked": "parked: an officer"}.get(row.state)


def _twice(town: Town, filed: Sequence[Filed]) -> list[str]:
    """Work that the authority did twice, or for more submissions than there were."""
    again = [key for key, times in town.tap.taken.items() if times > 1]
    mine = Counter(key.split(":")[0] for key in town.tap.taken)
    submitted = {one.paper.dossier: one.submissions for one in filed}
    return again + [one for one, times in mine.items() if times > submitted.get(one, 0)]


def _money(
    town: Town, filed: Sequence[Filed], rows: dict[str, Any]
) -> tuple[list[str], Counter[str]]:
    """Whose money the gateway kept more than once, and how its transactions ended."""
    books = town.sandbox.vnpay._shelf.content
    double, money = [], Counter[str]()
    for one in filed:
        kept = [ref for ref in one.references if books.get(ref, {}).get("state") == "00"]
        money["fees paid"] += bool(kept)
        money["given back"] += sum(books.get(r, {}).get("state") == "05" for r in one.references)
        money["attempts"] += len(one.references)
        if len(kept) > 1:
            double.append(rows[one.paper.dossier].code)
    return double, money


def _unknown(town: Town, filed: Sequence[Filed], rows: dict[str, Any]) -> list[str]:
    books = town.sandbox.vnpay._shelf.content
    return [
        rows[one.paper.dossier].code
        for one in filed
        if any(books.get(ref, {}).get("state") == "00" for ref in one.references)
        and rows[one.paper.dossier].fee_state != "paid"
    ]


async def _differences(town: Town, filed: Sequence[Filed], month: str) -> list[str]:
    """Where the report says something else than the plan's own count."""
    said = report.as_json(
        await town.parts.record.read(lambda conn: report.count(conn, month, town.clock()))
    )
    of: dict[str, Counter[str | None]] = {kind: Counter() for kind in KINDS}
    for one in filed:
        of["procedure"]["cap_lai" if one.case.lost else "doi"] += 1
        of["point"][one.case.helped_at] += 1
        of["channel"][HELPED if one.case.helped_at else ONLINE] += 1
        of["licence_class"][one.case.card[1]] += 1
    wrong = [
        f"{kind}: {told} for {dict(mine)}"
        for kind, mine in of.items()
        if (told := {row["key"]: row["received"] for row in said["tables"][kind]}) != dict(mine)
    ]
    for name, mine in (("received", len(filed)), ("online", of["channel"][ONLINE])):
        if said[name] != mine:
            wrong.append(f"{name}: {said[name]} for {mine}")
    decided = {key.split(":")[0] for key, known in _books(town).items() if _is_final(known)}
    if said["decided"] != len(decided):
        wrong.append(f"decided: {said['decided']} for {len(decided)}")
    return wrong


def _books(town: Town) -> dict[str, Any]:
    return town.sandbox.authority._shelf.content


def _is_final(known: dict[str, Any]) -> bool:
    return known["verdict"] in ("approve", "reject")
