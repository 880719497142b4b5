"""Our own officer as the decider: nothing leaves the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import date

from server.ports import Accepted, Decided, Forwarding

DecisionOf = Callable[[str], Awaitable[Decided | None]]
"""What our officer decided on the forwarding with this key, from the record; None while nothing,
or while the thirty seconds of undoing still run."""


class Desk:
    """ApprovalGateway of `DOIBANG_APPROVAL=desk`."""

    def __init__(self, decision_of: DecisionOf) -> None:
        self._decision_of = decision_of

    def ready(self) -> None:
        """Always."""

    async def submit(self, forwarding: Forwarding) -> Accepted:
        """The dossier is at the desk once the record says `forwarded`, which its caller writes."""
        return Accepted(reference=forwarding.dossier_code, promised_on=forwarding.promised_on)

    async def decision(self, key: str) -> Decided | None:
        return await self._decision_of(key)

    async def decided(self, since: date) -> Collection[str]:
        """None: a decision of the desk brings its own job."""
        return ()
