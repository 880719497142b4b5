"""Our own officer as the decider: nothing leaves the house."""

from __future__ import annotations

from server.ports import Accepted, Decided, Forwarding


class Desk:
    """ApprovalGateway of `DOIBANG_APPROVAL=desk`."""

    async def submit(self, forwarding: Forwarding) -> Accepted:
        """The dossier is at the desk once the record says `forwarded`, which its caller writes."""
        return Accepted(reference=forwarding.dossier_code, promised_on=forwarding.promised_on)

    async def decision(self, key: str) -> Decided | None:
        """Always None: nobody outside decides. The officer's decision is in the record already."""
        return None
