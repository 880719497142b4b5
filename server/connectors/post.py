"""The post: booking an item and following it. Messages: README.md, "post.py"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import httpx2

from server.connectors.http import System
from server.errors import Duplicate, Refused
from server.ports import Booked, PostalOrder, TrackingEvent, TrackingState

STATES: Final[Mapping[str, TrackingState]] = {
    "BOOKED": "booked",
    "IN_TRANSIT": "in_transit",
    "DELIVERED": "delivered",
    "FAILED": "failed",
    "RETURNED": "returned",
}
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def is_s10(number: str) -> bool:
    """UPU S10: two letters, eight digits, their check digit, the country's two letters."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", number):
        return False
    digits = [int(digit) for digit in number[2:11]]
    rest = 11 - sum(w * d for w, d in zip(WEIGHTS, digits[:8], strict=True)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


class Post:
    """DeliveryService over HTTP."""

    def __init__(self, url: str, token: str, client: httpx2.AsyncClient) -> None:
        self._system = System("bưu điện", url, client)
        self._authorization = {"Authorization": f"Bearer {token}"}

    async def book(self, order: PostalOrder) -> Booked:
        """Duplicate(number) when this key was booked before."""
        reply = await self._system.exchange(
            "POST",
            "/v1/orders",
            {
                "orderCode": order.dossier_code,
                "receiverName": order.recipient,
                "receiverPhone": order.phone,
                "receiverAddress": order.address,
                "receiverCommune": order.commune,
            },
            self._authorization | {"Idempotency-Key": order.key},
        )
        if reply.status == 409 and reply.body.get("code") == "duplicate":
            raise Duplicate(self._system.name, self._number(reply.body))
        if reply.status >= 400:
            raise self._refused(reply.body)
        return Booked(self._number(reply.body))

    async def track(self, number: str) -> Sequence[TrackingEvent]:
        if not is_s10(number):
            raise Refused(self._system.name, "unknown", "not an S10 number")
        reply = await self._system.exchange(
            "GET", f"/v1/items/{number}/events", headers=self._authorization
        )
        if reply.status >= 400:
            raise self._refused(reply.body)
        events = [self._event(row) for row in self._system.rows(reply.body, "events")]
        return sorted(events, key=lambda event: event.at)

    def _number(self, body: Mapping[str, object]) -> str:
        number = self._system.text(body, "itemCode")
        if not is_s10(number):
            raise self._system.malformed("itemCode")
        return number

    def _refused(self, body: Mapping[str, object]) -> Refused:
        reason = self._system.text(body, "code")
        if not reason:
            raise self._system.malformed("code")
        return Refused(self._system.name, reason, self._system.text(body, "message"))

    def _event(self, row: Mapping[str, object]) -> TrackingEvent:
        try:
            at = datetime.fromisoformat(self._system.text(row, "time"))
        except ValueError:
            raise self._system.malformed("time") from None
        state = STATES.get(self._system.text(row, "status"))
        if state is None or at.tzinfo is None:
            raise self._system.malformed("status" if state is None else "time")
        return TrackingEvent(at.astimezone(UTC), state, self._system.text(row, "place"))
