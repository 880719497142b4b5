"""How often anyone may try what could be guessed or would fill the disk. Counted in the record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from server.errors import TooMany
from server.ports import Clock
from server.record import rate_limits
from server.record.store import Record

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    attempts: int
    window: timedelta


# Whole villages come from one address (carrier NAT), so what is counted per address is generous;
# what can be guessed is counted per thing guessed.
LIMITS = {
    "grant": Limit(300, HOUR),
    "registration": Limit(120, HOUR),
    "assertion": Limit(600, HOUR),
    "invitation": Limit(60, HOUR),
    "demo": Limit(60, HOUR),
    "follow": Limit(120, HOUR),
    "follow_slip": Limit(10, HOUR),
    "claim": Limit(1200, HOUR),  # 128 bits are not guessed; a phone asks again until it is ready
    "claim_typed": Limit(60, HOUR),
    "recovery": Limit(20, HOUR),
    "payment": Limit(600, HOUR),
    "push": Limit(3000, HOUR),
    "notices": Limit(600, HOUR),
    "identity": Limit(600, HOUR),
}


class Limiter:
    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def count(self, what: str, who: str) -> None:
        """Counts one attempt; `TooMany` with the seconds left once there were too many. `who` (an
        address, a slip code) is kept only as a hash, for a day at most."""
        limit = LIMITS[what]
        key = f"{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
        now = self._clock()
        wait = await self._record.run(
            lambda conn: rate_limits.hit(conn, key, limit.attempts, limit.window, now)
        )
        if wait is not None:
            raise TooMany(wait.total_seconds())
