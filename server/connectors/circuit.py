"""Circuit breaker: a system that is down is left alone for a while, and so are we."""

from __future__ import annotations

from time import monotonic

from server.errors import Unavailable

FAILURES = 5
FIRST, LONGEST = 5.0, 60.0
"""Seconds of rest after so many failures in a row, doubling with every try that fails again."""


class Circuit:
    """Closed while things go well; after FAILURES in a row open, so that nothing is sent; when the
    rest is over one request tries, and how it ends closes or opens it again (M. Nygard, Release
    It!, "Circuit Breaker")."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._failures = 0
        self._rests_until = 0.0

    def check(self) -> None:
        """Raises Unavailable while open. Whoever passes after a rest is the one that tries: the
        others wait as long again."""
        self.closed()
        if self._failures >= FAILURES:
            self._rests_until = monotonic() + LONGEST

    def closed(self) -> None:
        """Raises Unavailable while open; without being the one that tries."""
        if self._failures >= FAILURES and monotonic() < self._rests_until:
            raise Unavailable(self._system, "resting after failures")

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            rest = min(FIRST * 2 ** min(self._failures - FAILURES, 10), LONGEST)
            self._rests_until = monotonic() + rest
