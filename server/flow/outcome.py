"""How a stage ends when it is not done: later, at a time of its choosing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Protocol

from server.record.jobs import Job

_chance = SystemRandom()


@dataclass(frozen=True)
class Later:
    """Run the same job again at this time; nothing went wrong."""

    at: datetime


class Stage(Protocol):
    async def run(self, job: Job) -> Later | None:
        """None: done. A repetition of what was done already changes nothing. What it raises is
        retried with back-off, and parked for a person after a few times."""


def backoff(tries: int, first: timedelta, longest: timedelta) -> timedelta:
    """Doubles with every try, up to `longest`; the last fifth is left to chance, so that what
    failed together does not come back together."""
    full = min(first * (1 << min(tries, 24)), longest)
    return timedelta(seconds=full.total_seconds() * _chance.uniform(0.8, 1.0))
