"""Paying beside the dossier: attempts, notices, the re-query, refunds; nothing is charged twice."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import Conflict, NotFound, Refused, Unavailable
from server.flow.collect import GRACE, HELD
from server.flow.pay import transfer_note
from server.ports import PaymentNotice, PaymentOutcome
from server.record import dossiers, erasure, payments
from server.record.payments import Payment
from server.sandbox.paper import Paper
from tests.server.flow.world import World, down

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)  # opens every dossier; the routes let no officer pay


async def filed(world: World) -> Paper:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    return paper


async def begin(world: World, paper: Paper) -> str:
    """The reference of an attempt."""
    return str((await world.pay.begin(paper.dossier, [OFFICER], "127.0.0.1"))["reference"])


async def attempts(world: World, paper: Paper) -> list[Payment]:
    return await world.record.read(lambda conn: payments.of_dossier(conn, paper.dossier))


async def states(world: World, paper: Paper) -> list[str]:
    return [one.state for one in await attempts(world, paper)]


def notice(reference: str, outcome: PaymentOutcome = "paid", amount: int = 115_000) -> Any:
    return PaymentNotice(
        reference, amount, outcome, "00" if outcome == "paid" else "24", "14000001"
    )


def told(reference: str, outcome: str = "paid", amount: int = 115_000) -> dict[str, str]:
    return {"by": "gateway", "reference": reference, "amount": str(amount), "outcome": outcome}


async def test_paid_while_the_dossier_goes_its_way(world: World) -> None:
    paper = await filed(world)
    begun = await world.pay.begin(paper.dossier, [OFFICER], "127.0.0.1")
    code = (await world.dossier(paper)).code
    assert begun["amount"] == 115_000
    assert begun["reference"] in begun["pay_url"]
    assert transfer_note(code) in begun["transfer"]
    await world.work()
    said = (await world.status(paper))["sealed"]["fee"]
    assert (said["state"], said["payment"]["state"]) == ("due", "pending")
    assert said["basis"] == "Circular 154/2025/TT-BTC"
    assert await world.pay.told(told(begun["reference"])) == "confirmed"
    await world.work()
    said = (await world.status(paper))["sealed"]["fee"]
    assert (said["state"], said["payment"]["state"]) == ("paid", "paid")
    assert await world.state(paper) == "forwarded"
    shown = await world.pay.shown(paper.dossier, [OFFICER])
    assert shown["receipt"]["number"] == "14000001"
    assert shown["receipt"]["dossier_code"] == code
    assert [line.action for line in await world.journal(paper) if "payment" in line.action] == [
        "payment_begun",
        "payment_paid",
    ]
    with pytest.raises(Conflict) as conflict:
        await begin(world, paper)
    assert conflict.value.code == "fee_not_due"


async def test_two_presses_are_one_payment(world: World) -> None:
    paper = await filed(world)
    first = await begin(world, paper)
    assert await begin(world, paper) == first
    await world.pay.told(told(first, "failed"))
    second = await begin(world, paper)
    assert second != first
    world.clock.move(minutes=16)
    assert await begin(world, paper) not in (first, second)


async def test_what_the_gateway_is_answered(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    pay = world.pay
    assert await pay.told(told(reference) | {"by": "somebody"}) == "signature"
    assert await pay.told(told("H0T1")) == "unknown"
    assert await pay.told(told(reference, amount=1)) == "amount"
    assert await states(world, paper) == ["open"]
    assert await pay.told(told(reference, "pending")) == "confirmed"
    assert await states(world, paper) == ["open"]
    assert await pay.told(told(reference)) == "confirmed"
    assert await pay.told(told(reference)) == "already"
    assert await pay.told(told(reference, "failed")) == "already"
    assert await states(world, paper) == ["paid"]


async def test_a_lost_notice_is_found_by_asking(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.stands[reference] = notice(reference)
    await world.work()
    assert world.gateway.queries == 0  # the gateway speaks first
    world.clock.move(minutes=3)
    await world.work()
    assert await states(world, paper) == ["paid"]
    assert (await world.status(paper))["sealed"]["fee"]["state"] == "paid"
    world.clock.move(days=1)
    await world.work()
    assert world.gateway.queries == 1


async def test_who_comes_back_from_the_gateway_has_it_asked_at_once(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.stands[reference] = notice(reference)
    assert await world.pay.returned(told(reference) | {"by": "somebody"}) is None
    assert await world.pay.returned(told(reference)) == paper.dossier
    assert await states(world, paper) == ["open"]  # what a browser brings is not believed
    await world.work()
    assert await states(world, paper) == ["paid"]


async def test_it_is_asked_again_until_nobody_can_pay_any_more(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    end = world.clock() + timedelta(minutes=15) + GRACE
    while world.clock() < end:
        world.clock.move(minutes=3)
        await world.work()
    world.clock.move(minutes=20)
    await world.work()
    assert await states(world, paper) == ["expired"]
    asked = world.gateway.queries
    assert 3 <= asked <= 12
    world.clock.move(days=1)
    await world.work()
    assert world.gateway.queries == asked
    assert (await world.dossier(paper)).fee_state == "due"
    assert await world.pay.told(told(reference)) == "confirmed"  # and yet it comes
    assert await states(world, paper) == ["paid"]


async def test_money_under_way_is_asked_after_for_days(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.stands[reference] = notice(reference, "held")
    for _ in range(40):
        world.clock.move(hours=1)
        await world.work()
    assert await states(world, paper) == ["open"]
    world.gateway.stands[reference] = notice(reference)
    world.clock.move(hours=1)
    await world.work()
    assert await states(world, paper) == ["paid"]
    assert timedelta(hours=41) < HELD


async def test_a_gateway_that_is_down_holds_up_nothing(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.script.down = True
    world.clock.move(minutes=3)
    await world.work()
    other = world.paper()
    await world.send(other)
    await world.work()
    assert await world.state(other) == "forwarded"
    assert await states(world, paper) == ["open"]
    world.gateway.script.down = False
    world.gateway.stands[reference] = notice(reference)
    world.clock.move(hours=1)
    await world.work()
    assert await states(world, paper) == ["paid"]


async def test_a_late_success_counts(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    await world.pay.told(told(reference, "failed"))
    assert (await world.status(paper))["sealed"]["fee"]["state"] == "due"
    assert await world.pay.told(told(reference)) == "confirmed"
    assert await states(world, paper) == ["paid"]


async def twice_paid(world: World) -> tuple[Paper, str]:
    paper = await filed(world)
    first = await begin(world, paper)
    world.clock.move(minutes=16)
    second = await begin(world, paper)
    for reference in (first, second):
        world.gateway.stands[reference] = notice(reference)
    await world.pay.told(told(first))
    await world.pay.told(told(second))
    return paper, second


async def test_what_was_paid_twice_is_given_back_once(world: World) -> None:
    paper, second = await twice_paid(world)
    assert await states(world, paper) == ["paid", "surplus"]
    world.gateway.lose_replies = 1
    await world.work()
    assert await states(world, paper) == ["paid", "surplus"]
    world.clock.move(minutes=5)
    await world.work()
    assert await states(world, paper) == ["paid", "refunded"]
    assert [order.reference for order in world.gateway.given_back] == [second]
    assert (await world.dossier(paper)).fee_state == "paid"
    assert (await world.status(paper))["sealed"]["fee"]["payment"]["state"] == "paid"


async def test_a_refusal_to_give_back_is_left_for_a_person(world: World) -> None:
    paper, _ = await twice_paid(world)
    world.gateway.refuse = Refused("gateway", "95")
    await world.work()
    assert await states(world, paper) == ["paid", "refund_refused"]
    assert (await world.journal(paper, "payment_refund_refused"))[0].detail["code"] == "95"


async def test_a_fee_is_given_back_when_a_person_decides_so(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.stands[reference] = notice(reference)
    await world.pay.told(told(reference))
    [paid] = await attempts(world, paper)
    give = partial(
        payments.give_back, at=world.clock(), actor="system:cli", payment=paid, reason="x"
    )
    assert await world.record.run(give)
    assert not await world.record.run(give)
    await world.work()
    assert await states(world, paper) == ["refunded"]
    assert (await world.status(paper))["sealed"]["fee"]["state"] == "refunded"
    assert len(world.gateway.given_back) == 1


async def test_money_for_a_dossier_that_is_gone_is_given_back(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.stands[reference] = notice(reference)
    now = world.clock()
    await world.record.run(lambda conn: erasure.begin(conn, paper.dossier, "cli:test", now))
    await world.work()
    assert await world.pay.told(told(reference)) == "confirmed"
    await world.work()
    assert await states(world, paper) == ["refunded"]
    with pytest.raises(NotFound):
        await world.pay.shown(paper.dossier, [OFFICER])


async def test_validating_again_forgets_no_payment(world: World) -> None:
    """The registry answers while the fee is paid."""
    paper = world.paper()
    await world.send(paper)
    waits = down("registry")
    world.registry.script.failures.append(waits)
    await world.work()
    assert (await world.dossier(paper)).fee_state == "due"
    reference = await begin(world, paper)
    look_up = world.registry.look_up

    async def paid_meanwhile(number: str, name: str, date_of_birth: str) -> Any:
        await world.pay.told(told(reference))
        return await look_up(number, name, date_of_birth)

    world.registry.look_up = paid_meanwhile  # type: ignore[method-assign]
    world.clock.move(minutes=5)
    await world.work()
    assert await world.state(paper) == "forwarded"
    assert (await world.dossier(paper)).fee_state == "paid"


@pytest.mark.parametrize("seed", range(8))
async def test_no_order_of_notices_charges_twice(world: World, seed: int) -> None:
    """Some attempts succeeded at the gateway, some failed; what it tells comes late, twice,
    crossed, with wrong amounts, or not at all, between looks, outages and lost replies of ours."""
    chance = random.Random(seed)
    paper = await filed(world)
    truth: dict[str, PaymentOutcome] = {}
    for _ in range(chance.randint(1, 4)):
        reference = await begin(world, paper)
        truth[reference] = chance.choice(["paid", "paid", "failed"])
        world.gateway.stands[reference] = notice(reference, truth[reference])
        world.clock.move(minutes=16)
    steps: list[dict[str, str] | None] = [None] * 4
    for reference, outcome in truth.items():
        steps += [told(reference, outcome)] * chance.randint(0, 3)
        steps += [told(reference, outcome, 1), told(reference, "pending")]
    chance.shuffle(steps)
    for step in steps:
        world.gateway.lose_replies = chance.randint(0, 1)
        world.gateway.script.failures.extend([Unavailable("g", "x")] * chance.randint(0, 1))
        if step is None:
            world.clock.move(minutes=chance.randint(1, 40))
            await world.work()
        else:
            await world.pay.told(step)
    world.gateway.script.failures.clear()
    for _ in range(3):
        world.clock.move(hours=2)
        await world.work()
    ends = {one.reference: one.state for one in await attempts(world, paper)}
    paid = [reference for reference, outcome in truth.items() if outcome == "paid"]
    kept = [reference for reference in paid if ends[reference] == "paid"]
    back = [order.reference for order in world.gateway.given_back]
    assert len(kept) == min(len(paid), 1)
    assert sorted(back) == sorted(set(paid) - set(kept))  # each once, and nothing else
    assert all(ends[reference] == "refunded" for reference in back)
    assert all(ends[one] == "failed" for one, outcome in truth.items() if outcome == "failed")
    assert (await world.dossier(paper)).fee_state == ("paid" if paid else "due")


async def test_a_fee_that_changed_is_asked_anew(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    row, now = await world.dossier(paper), world.clock()
    assert row.fee_amount is not None
    more = row.fee_amount + 20_000
    await world.record.run(lambda conn: dossiers.change(conn, now, row, fee_amount=more))
    begun = await world.pay.begin(paper.dossier, [OFFICER], "127.0.0.1")
    assert (begun["amount"], begun["reference"] != reference) == (more, True)
    await world.pay.told(told(begun["reference"], amount=more))
    assert [(one.state, one.amount) for one in await attempts(world, paper)] == [
        ("open", 115_000),
        ("paid", more),
    ]


async def test_the_officer_sees_what_is_stuck_and_tries_it_now(world: World) -> None:
    reference = await begin(world, paper := await filed(world))
    world.gateway.script.failures.extend([ValueError("poison")] * 5)
    for _ in range(5):
        world.clock.move(hours=1)
        await world.work()
    shown = await world.desk.show(OFFICER, paper.dossier)
    assert shown["problems"] == [{"job": "payment", "error": "payment: ValueError"}]
    assert shown["fee"]["payment"]["state"] == "pending"
    assert await world.state(paper) == "forwarded"  # nothing of the dossier stands still
    world.gateway.stands[reference] = notice(reference)
    await world.desk.act(OFFICER, paper.dossier, "try_now")
    await world.work()
    assert await states(world, paper) == ["paid"]
    assert (await world.desk.show(OFFICER, paper.dossier))["problems"] == []
