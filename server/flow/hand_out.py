"""Cards that are kept at a point: its clerks see which, and note whom they gave one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.auth.access import Actor
from server.errors import Forbidden, Message, NotFound
from server.flow import pick_up
from server.ports import Clock
from server.record import consignments, dossiers, journal, openings, statuses
from server.record.columns import iso
from server.record.store import Connection, Record

READY = "produced"
OWN = Message(
    "Thẻ này là của chính người đang đăng nhập: nhờ người khác ở điểm trao.",
    "This card belongs to the person signed in: ask a colleague to hand it over.",
)


class HandOut:
    """For clerks, each at their own point. `wake` sets the worker going."""

    def __init__(self, record: Record, clock: Clock, wake: Callable[[], None]) -> None:
        self._record = record
        self._clock = clock
        self._wake = wake

    async def waiting(self, actor: Actor) -> list[dict[str, Any]]:
        """[{dossier, dossier_code, slip, name, since}], the longest kept first."""
        point = _point(actor)

        def read(conn: Connection) -> list[dict[str, Any]]:
            return [
                {
                    "dossier": row.id,
                    "dossier_code": row.code,
                    "slip": row.slip,
                    "name": row.name,
                    "since": iso(max(item.updated_at, row.updated_at)),
                }
                for item in consignments.kept_at(conn, point)
                if (row := dossiers.find(conn, item.dossier)) and row.state == READY
            ]

        return await self._record.read(read)

    async def given(self, actor: Actor, dossier: str) -> None:
        """Its owner has the card now; once noted, noting it again changes nothing. `NotFound`
        where none is kept for it here, `Forbidden` own_dossier."""
        point, now = _point(actor), self._clock()

        def do(conn: Connection) -> None:
            row, item = dossiers.find(conn, dossier), consignments.find(conn, dossier)
            if row is None or item is None or item.point != point:
                raise NotFound()
            if item.state == "handed_over":
                return
            if item.state != "pick_up" or row.state != READY:
                raise NotFound()
            sealed = openings.sealed(conn, dossier)
            if sealed and sealed.account in actor.also | {actor.id}:
                raise Forbidden("own_dossier", OWN)
            journal.write(conn, now, str(actor), "collect", dossier, {"point": point})
            dossiers.advance(conn, now, str(actor), row, "collect")
            pick_up.handed_over(conn, now, dossier)
            statuses.announce(conn, now, dossier)

        await self._record.run(do)
        self._wake()


def _point(actor: Actor) -> str:
    if actor.role != "clerk" or not actor.point:
        raise Forbidden("no_point")
    return actor.point
