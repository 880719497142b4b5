"""Lists for those who filed: following by slip, a person's open dossiers, a clerk's own list, and
what was begun and not sent."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from server.auth.keys import KeyRing
from server.dossier import states
from server.dossier.calendar import ZONE
from server.dossier.formats import slip as slip_code
from server.errors import NotFound
from server.ports import Clock
from server.record import handovers, intakes, queues
from server.record.columns import iso
from server.record.store import Connection, Record

UNSENT = 50
"""As many drafts as a list shows."""


class Follow:
    def __init__(self, record: Record, keys: KeyRing, clock: Clock) -> None:
        self._record = record
        self._keys = keys
        self._clock = clock

    async def by_slip(self, slip: str, date_of_birth: str) -> dict[str, str]:
        """{"group", "code", "updated_at"}: state only. `date_of_birth` as it was declared,
        YYYY-MM-DD or YYYY. NotFound says nothing about which of the two was wrong."""
        code = slip_code(slip)
        if code is None:
            raise NotFound()
        wanted = self._keys.keyed_hash("follow", f"{code}\n{date_of_birth}")

        def find(conn: Connection) -> tuple[str, str, datetime] | None:
            if dossier := queues.by_slip(conn, code, wanted):
                return states.group(dossier.state), dossier.state, dossier.updated_at
            if intake := intakes.by_slip(conn, code, wanted):
                return intake.group, intake.code, intake.updated_at
            return None

        found = await self._record.read(find)
        if found is None:
            raise NotFound()
        group, machine_code, at = found
        return {"group": group, "code": machine_code, "updated_at": iso(at)}

    async def of_applicant(self, account: str) -> list[dict[str, Any]]:
        """Open dossiers of an account, then those of which nothing whole has arrived: [{dossier,
        owner, slip, code, state, updated_at}], with "draft" and neither slip nor code for them."""
        rows = await self._record.read(lambda conn: queues.of_account(conn, account))
        begun = await self._record.read(lambda conn: handovers.unfiled_of(conn, account, UNSENT))
        filed = [
            {
                "dossier": row.id,
                "owner": row.owner,
                "slip": row.slip,
                "code": row.code,
                "state": row.state,
                "updated_at": iso(row.updated_at),
            }
            for row in rows
        ]
        return filed + [
            {
                "dossier": row.dossier,
                "owner": row.owner,
                "slip": None,
                "code": None,
                "state": "draft",
                "updated_at": iso(row.bound_at),
            }
            for row in begun
        ]

    async def of_clerk(self, account: str) -> list[dict[str, Any]]:
        """Today's and open dossiers that a clerk helped with: [{dossier, slip, name, state,
        dossier_code, missing, received_at}]; `state` is the transport code before acceptance."""
        today = datetime.combine(self._clock().astimezone(ZONE).date(), time(), ZONE)
        rows = await self._record.read(lambda conn: queues.helped_by(conn, account, today))
        return [
            {
                "dossier": row["dossier"],
                "slip": row["slip"],
                "name": row["name"],
                "state": row["state"] or row["code"],
                "dossier_code": row["dossier_code"],
                "missing": row["detail"]["missing"],
                "received_at": iso(row["filed_at"]) if row["filed_at"] else None,
            }
            for row in rows
        ]
