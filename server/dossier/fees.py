"""State fees by date and channel."""

from dataclasses import dataclass
from datetime import date

from server.dossier.tables import covers, table


@dataclass(frozen=True)
class Fee:
    """One fee. amount: VND, whole. kind: le_phi (for issuing) or phi (for a test): two receipts."""

    id: str
    amount: int
    kind: str
    basis: str
    confidence: str


def fee(procedure: str, day: date, channel: str) -> Fee | None:
    """Return the fee for issuing under a procedure, None where the tables have none.

    channel: "online" or "counter". Raises KeyError for a procedure that has no fee listed.
    The payment request of the authority wins over this table (issue of 2026: medium).
    """
    (name,) = table("fees")["uses"][procedure]
    return fee_item(name, day, channel)


def fee_item(name: str, day: date, channel: str) -> Fee | None:
    """Return one named fee ("issue", "test_car_theory", …) of data/fees.json."""
    for row in table("fees")["fees"]:
        if row["id"] == name and row["channel"] in (channel, "any") and covers(row, day):
            return Fee(row["id"], row["amount"], row["kind"], row["basis"], row["confidence"])
    return None
