"""The daily reconciliation: our day against the provider's, by statement and by asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.cli import main
from server.errors import InvalidInput
from server.flow.pay import transfer_note
from server.ports import PaymentNotice
from server.reconcile import as_text, book, by_asking, by_statement, read_statement
from server.record import payments
from server.record.payments import Payment
from server.sandbox.paper import Paper
from server.settings import loopback_settings
from tests.server.flow.test_pay import begin, filed, notice, told
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 23)
HEAD = "TxnRef,TransactionNo,Amount,PayDate\n"
BANK = "Ngày giao dịch;Số GD;Số tiền;Nội dung\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def world(tmp_path: Path, anyio_backend: str) -> AsyncIterator[World]:
    world = World(tmp_path)
    yield world
    await world.close()


async def paid(world: World) -> str:
    """The reference of a fee that was paid on the day."""
    reference = await begin(world, await filed(world))
    world.gateway.stands[reference] = notice(reference)
    await world.pay.told(told(reference))
    return reference


def day(world: World, text: str) -> list[tuple[str, str]]:
    found = by_statement(world.record, read_statement(text.encode(), DAY), DAY)
    return [(line.kind, line.reference) for line in found.lines]


async def test_by_statement(world: World) -> None:
    first, second, third = [await paid(world) for _ in range(3)]
    text = (
        HEAD
        + f"{first},14000001,115000,20261123090312\n"
        + f"{second},14000002,135.000,23/11/2026 09:05:00\n"
        + "H0T9,14000009,115000,20261123235959\n"
        + "H0T8,14000008,115000,20261124000000\n"  # the next day's
    )
    assert day(world, text) == [
        ("matched", first),
        ("amount", second),
        ("only_ours", third),
        ("only_theirs", "H0T9"),
    ]
    found = by_statement(world.record, read_statement(text.encode(), DAY), DAY)
    assert as_text(found).startswith(
        "2026-11-23: 1 matched, 1 only ours, 1 only theirs, 1 with another amount\n"
        "ours 345000 VND, theirs 365000 VND\n"
    )


async def test_by_asking(world: World) -> None:
    good = await paid(world)
    lost = await begin(world, await filed(world))
    world.gateway.stands[lost] = notice(lost)
    await begin(world, await filed(world))  # nobody paid
    gone = await paid(world)
    world.gateway.stands[gone] = PaymentNotice(gone, 115_000, "failed", "02")
    found = await by_asking(world.record, world.gateway, DAY)
    assert [(line.kind, line.reference) for line in found.lines] == [
        ("matched", good),
        ("only_theirs", lost),
        ("only_ours", gone),
    ]


async def of(world: World, paper: Paper) -> list[Payment]:
    return await world.record.read(lambda conn: payments.of_dossier(conn, paper.dossier))


async def test_a_banks_transfers_are_booked_once(world: World) -> None:
    paper, other = await filed(world), await filed(world)
    note = transfer_note((await world.dossier(paper)).code)
    also = transfer_note((await world.dossier(other)).code)
    text = (
        BANK
        + f"23/11/2026 10:00:00;FT1;115.000;MBVCB.1.{note}.CT tu 0011\n"
        + f"23/11/2026 11:00:00;FT2;115.000;{note}\n"  # once more
        + f"23/11/2026 11:00:00;FT3;100.000;{also}\n"  # too little
        + "23/11/2026 12:00:00;FT4;50.000;tien an trua\n"
    )
    statement = read_statement(text.encode(), DAY)
    assert book(world.record, statement, world.clock) == 3
    assert book(world.record, statement, world.clock) == 0
    assert [one.state for one in await of(world, paper)] == ["paid", "surplus"]
    assert [one.state for one in await of(world, other)] == ["surplus"]
    assert (await world.dossier(paper)).fee_state == "paid"
    assert (await world.dossier(other)).fee_state == "due"
    await world.work()
    assert world.gateway.given_back == []  # no gateway can pay a transfer back
    assert (await world.status(paper))["sealed"]["fee"]["payment"]["state"] == "paid"
    assert day(world, text) == [
        ("matched", "CKFT1"),
        ("matched", "CKFT2"),
        ("matched", "CKFT3"),
        ("only_theirs", "tien an trua"),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"", "line 1"),
        (b"\xff\xfe", "line 1"),
        (b"TxnRef,PayDate\n", "line 1"),
        (HEAD.encode() + b"R,1,many,20261123090312\n", "line 2"),
        (HEAD.encode() + b"R,1,115000,yesterday\n", "line 2"),
    ],
)
def test_a_statement_that_cannot_be_read_names_the_line(text: bytes, what: str) -> None:
    with pytest.raises(InvalidInput) as invalid:
        read_statement(text, DAY)
    assert invalid.value.field == what


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path))
    assert loopback_settings(tmp_path, 8000).vnpay_terminal
    file = tmp_path / "statement.csv"
    command = ["reconcile", "--day", "2026-11-23", "--statement", str(file)]

    def clock() -> datetime:
        return datetime(2026, 11, 24, 1, tzinfo=UTC)

    file.write_text(HEAD)
    assert main(command, clock) == 0
    file.write_text(HEAD + "H0T9,14000009,115000,20261123235959\n")
    assert main(command, clock) == 1
    assert "only_theirs: H0T9" in capsys.readouterr().out
    file.write_text(HEAD + "H0T9,14000009,115000\n")
    assert main(command, clock) == 2
    assert "line 2" in capsys.readouterr().err
    assert main(["reconcile", "--day", "2026-11-23"], clock) == 0  # nothing began that day
    assert main(["refund", "H05.27-261123-0001", "--reason", "test"], clock) == 2
