"""How much there is to do, in numbers, for whoever watches the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from server.record.tables import dossiers, jobs, touched


@dataclass(frozen=True)
class Workload:
    """`jobs`: waiting, parked and touched (arrivals intake has not looked at). `dossiers`: how
    many in each state."""

    jobs: Mapping[str, int]
    dossiers: Mapping[str, int]


def measure(conn: Connection) -> Workload:
    def count(*conditions: object) -> int:
        query = select(func.count()).select_from(jobs).where(*conditions)  # type: ignore[arg-type]
        return int(conn.execute(query).scalar_one())

    arrivals = conn.execute(select(func.count()).select_from(touched)).scalar_one()
    states = select(dossiers.c.state, func.count()).group_by(dossiers.c.state)
    return Workload(
        {
            "waiting": count(jobs.c.parked_at.is_(None)),
            "parked": count(jobs.c.parked_at.is_not(None)),
            "touched": int(arrivals),
        },
        {state: int(n) for state, n in conn.execute(states.order_by(dossiers.c.state))},
    )
