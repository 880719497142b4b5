"""Payments in the record: two successes at the same moment, and transfers that name a dossier."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.ports import PaymentNotice
from server.record import dossiers, payments
from server.record.dossiers import Dossier
from server.record.payments import Payment
from server.record.store import Record

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DOSSIER = Dossier(
    id="d" * 32,
    owner="a" * 32,
    state="received",
    version=1,
    n=1,
    submission="submission:x:1",
    code="H05.27-261123-0001",
    slip="K7M2P9QX",
    procedure="doi",
    channel="online",
    assurance="none",
    approval="desk",
    filed_at=NOW,
    updated_at=NOW,
    fee_amount=115_000,
    fee_state="due",
    wrapped_key="key",
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def attempt(n: int) -> Payment:
    return Payment(
        id=f"{n:032x}",
        dossier=DOSSIER.id,
        reference=f"H05272611230001T{n}",
        provider="vnpay",
        amount=115_000,
        state="open",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )


async def test_of_successes_at_the_same_moment_one_pays(record: Record) -> None:
    await record.run(lambda conn: dossiers.receive(conn, "system:intake", DOSSIER))
    each = [attempt(n) for n in range(1, 5)]
    for one in each:
        await record.run(lambda conn, one=one: payments.begin(conn, NOW, "device:x", one))  # type: ignore[misc]
    notices = [PaymentNotice(one.reference, 115_000, "paid", "00", "1") for one in each] * 3
    settled = await asyncio.gather(
        *(record.run(lambda conn, n=n: payments.settle(conn, NOW, "g", n)) for n in notices)  # type: ignore[misc]
    )
    assert sorted(settled) == ["already"] * 8 + ["confirmed"] * 4
    rows = await record.read(lambda conn: payments.of_dossier(conn, DOSSIER.id))
    assert sorted(row.state for row in rows) == ["paid", "surplus", "surplus", "surplus"]
    assert (await record.read(lambda conn: dossiers.load(conn, DOSSIER.id))).fee_state == "paid"


async def test_a_note_must_name_one_dossier(record: Record) -> None:
    other = replace(DOSSIER, id="e" * 32, code="H06.27-261123-0001", submission="submission:y:1")
    for each in (DOSSIER, other):
        await record.run(lambda conn, each=each: dossiers.receive(conn, "system:intake", each))  # type: ignore[misc]

    async def named(end: str) -> str | None:
        found = await record.read(lambda conn: dossiers.by_plain_code(conn, end))
        return found.code if found else None

    assert await named("H05272611230001") == DOSSIER.code
    assert await named("2611230001") is None  # two end so
    assert await named("26112300%1") is None
