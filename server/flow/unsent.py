"""What clerks of one point have begun and not sent: another one may go on with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.auth.drafts import Draft
from server.errors import Conflict, Unreadable
from server.flow.follow import UNSENT
from server.flow.move import Move
from server.ports import Clock
from server.record import handovers, journal
from server.record.columns import iso
from server.record.handovers import Unsent
from server.record.people import Account
from server.record.store import Record


class UnsentList:
    def __init__(self, record: Record, move: Move, clock: Clock) -> None:
        self._record = record
        self._move = move
        self._clock = clock

    async def at_point(self, clerk: Account) -> list[dict[str, Any]]:
        """[{dossier, name, slip, clerk, mine, updated_at}], the newest first. Each one that is
        opened for it is journalled."""
        point = clerk.point or ""
        rows = await self._record.read(lambda conn: handovers.unsent_at(conn, point, UNSENT))
        return [self._line(row, await self._open(row, clerk), clerk) for row in rows]

    def _line(self, row: Unsent, draft: Draft | None, clerk: Account) -> dict[str, Any]:
        fields = draft.fields if draft else {}
        now = self._clock()
        at = row.bound_at
        if draft:  # a device's clock may be ahead
            at = datetime.fromtimestamp(min(draft.stamp[0] / 1000, now.timestamp()), UTC)
        return {
            "dossier": row.dossier,
            "name": fields.get("full_name"),
            "slip": fields.get("ui.slip"),
            "clerk": row.clerk,
            "mine": row.account == clerk.id,
            "updated_at": iso(at),
        }

    async def _open(self, row: Unsent, clerk: Account) -> Draft | None:
        try:
            key = await self._move.data_key(row.dossier, row.owner)
        except (Conflict, Unreadable):  # nothing of it has arrived, or nothing that opens
            return None
        now, detail = self._clock(), {"purpose": "unsent_list"}
        await self._record.run(
            lambda conn: journal.write(
                conn, now, f"clerk:{clerk.id}", "opened", row.dossier, detail
            )
        )
        return await self._move.drafts.open(row.owner, row.dossier, key)
