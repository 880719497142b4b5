"""Being told outside the app: once, by day, and only who asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from server.auth.tokens import new_id
from server.dossier.consents import digest, newest
from server.errors import Conflict, InvalidInput, NotFound, Refused
from server.flow.notices import OptIn
from server.flow.wishes import Wish, fulfil
from server.ports import CorrectionItem, NotYet
from server.record import consents, notices
from server.record.consents import Consent
from server.record.grants import Grant
from server.sandbox.paper import Paper
from tests.server.flow.test_way import OFFICER
from tests.server.flow.world import World, down

pytestmark = pytest.mark.anyio
VERSION = newest("notice_sms")["version"]
PUSH = {"endpoint": "https://push.invalid/a", "p256dh": "P" * 87, "auth": "A" * 22}


def phone(world: World) -> Grant:
    now = world.clock()
    later = now + timedelta(days=180)
    return Grant(new_id(), world.owner, world.device, "h" * 64, now, now, later)


async def filed(world: World, **answers: Any) -> Paper:
    paper = world.paper(**answers)
    await world.send(paper)
    await world.work()
    return paper


async def opt_in(world: World, paper: Paper, channel: str = "sms", language: str = "vi") -> None:
    asked = OptIn(channel, VERSION, language, PUSH if channel == "push" else None)
    await world.notices.opt_in(paper.dossier, [phone(world)], asked)


async def settle(world: World, **by: float) -> None:
    world.clock.move(**(by or {"minutes": 2}))
    await world.work()


async def decide(world: World, paper: Paper, outcome: str, **more: Any) -> None:
    version = (await world.dossier(paper)).version
    await world.desk.decide(OFFICER, paper.dossier, outcome=outcome, version=version, **more)
    await settle(world, seconds=31)


def told(world: World, channel: str = "sms") -> list[str]:
    return [notice.kind for notice in world.messengers[channel].told.values()]


async def asked_for(world: World, paper: Paper) -> list[Consent]:
    """What was agreed to beside what is asked at sending."""
    given = await world.record.read(lambda conn: consents.of_dossier(conn, paper.dossier))
    return [one for one in given if one.purpose.startswith("notice_")]


async def outcomes(world: World, paper: Paper) -> list[tuple[str, str]]:
    lines = await world.journal(paper, "notified")
    return [(line.detail["about"], line.detail["outcome"]) for line in lines]


async def test_nobody_is_told_unasked(world: World) -> None:
    paper = await filed(world)
    await decide(world, paper, "approve")
    await settle(world)
    assert [told(world, channel) for channel in world.messengers] == [[], [], []]


async def test_an_agreement_is_kept_with_the_text_that_was_read(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    (given,) = await asked_for(world, paper)
    assert (given.purpose, given.version, given.given_by) == (
        "notice_sms",
        VERSION,
        f"device:{world.device}",
    )
    shown = await world.notices.shown(paper.dossier, [phone(world)])
    texts = {row["channel"]: row["consent"] for row in shown["channels"]}
    assert given.digest == digest(texts["sms"])
    (line,) = await world.journal(paper, "consent_given")
    assert line.detail["digest"] == given.digest
    assert [row["on"] for row in shown["channels"]] == [False, True, False]


async def test_what_was_so_before_is_not_told(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    await settle(world, minutes=31)
    assert told(world) == []


async def test_news_go_to_the_phone_number_of_the_dossier_once(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    await decide(world, paper, "approve")
    await settle(world)
    (notice,) = world.messengers["sms"].told.values()
    assert (notice.to, notice.code) == (
        {"phone": "+84912345678"},
        (await world.dossier(paper)).code,
    )
    assert await outcomes(world, paper) == [("shipped", "told")]  # approved was a moment before
    for _ in range(3):
        world.fresh_worker()
        await settle(world, hours=3)
    assert len(world.messengers["sms"].told) == 1


async def test_each_channel_and_language_for_itself(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper, "push", "en")
    await opt_in(world, paper, "zns")
    await decide(world, paper, "approve")
    await settle(world)
    (push,), (zalo,) = (world.messengers[name].told.values() for name in ("push", "zns"))
    assert (push.to, push.language) == (PUSH, "en")
    assert (zalo.to["phone"], zalo.language) == ("+84912345678", "vi")
    assert told(world) == []


async def test_at_night_it_waits_and_only_the_last_is_told(world: World) -> None:
    world.registry.answer = NotYet()
    world.clock.now = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 20:30 in Vietnam
    paper = world.paper()
    await world.send(paper)
    await world.work()
    await opt_in(world, paper)
    world.clock.now = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    world.registry.answer = type(world.registry)().answer  # the certificate has come
    await settle(world, hours=1)
    await decide(world, paper, "return", items=[item("portrait")])
    await settle(world)
    assert told(world) == []
    world.clock.now = datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
    await world.work()
    assert told(world) == ["act"]
    assert await outcomes(world, paper) == [("returned", "told")]


def item(kind: str) -> CorrectionItem:
    return CorrectionItem(f"photo:{kind}", "blurred")


async def test_switched_off_is_off_at_once(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    await decide(world, paper, "approve")  # noted, not told yet
    shown = await world.notices.opt_out(paper.dossier, [phone(world)], "sms")
    assert [row["on"] for row in shown["channels"]] == [False, False, False]
    await settle(world, hours=2)
    assert told(world) == []
    (given,) = await asked_for(world, paper)
    assert given.withdrawn_at is not None
    assert await world.journal(paper, "consent_withdrawn")


async def test_a_push_address_that_is_gone_is_forgotten(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper, "push")
    await opt_in(world, paper)
    world.messengers["push"].refuse = Refused("push", "gone")
    await decide(world, paper, "approve")
    await settle(world)
    left = await world.record.read(lambda conn: notices.of_dossier(conn, paper.dossier))
    assert [one.channel for one in left] == ["sms"]
    assert sorted(await outcomes(world, paper)) == [
        ("shipped", "refused:gone"),
        ("shipped", "told"),
    ]


async def test_a_channel_that_is_down_keeps_nobody_waiting(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    await opt_in(world, paper, "zns")
    world.messengers["sms"].script.down = True
    await decide(world, paper, "approve")
    await settle(world)
    assert told(world, "zns") == ["news"]
    assert await world.state(paper) == "dispatched"
    world.messengers["sms"].script.down = False
    await settle(world, hours=1)
    assert (told(world), told(world, "zns")) == (["news"], ["news"])


async def test_a_reply_that_was_lost_is_no_second_message(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    world.messengers["sms"].lose_replies = 1
    await decide(world, paper, "approve")
    await settle(world)
    world.fresh_worker()
    await settle(world, hours=1)
    assert told(world) == ["news"]
    assert await outcomes(world, paper) == [("shipped", "told")]


async def test_what_could_not_be_told_for_days_is_told_no_more(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    world.messengers["sms"].script.failures.extend([down("sms")] * 50)
    await decide(world, paper, "approve")
    await settle(world)
    world.messengers["sms"].script.failures.clear()
    await settle(world, days=4)
    assert told(world) == []
    assert (await world.job_counts())["parked"] == 0


async def test_three_a_day_and_the_rest_tomorrow(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    code = (await world.dossier(paper)).code
    for n in range(5):
        about = [("returned", f"returned:{n + 10}")]
        now = world.clock()
        await world.record.run(partial(notices.note, at=now, dossier=paper.dossier, found=about))
        await settle(world, minutes=10)
    assert len(told(world)) == 3
    world.clock.now = datetime(2026, 11, 24, 0, 1, tzinfo=UTC)  # 7:01 the next day
    await world.work()
    assert len(told(world)) == 4  # the two that waited are one
    assert {notice.code for notice in world.messengers["sms"].told.values()} == {code}


async def test_the_promise_that_will_not_be_kept_is_told(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    world.clock.now = datetime(2026, 11, 30, 7, 59, tzinfo=UTC)  # the day before, 14:59
    await world.work()
    assert await outcomes(world, paper) == []
    await settle(world, hours=1)
    await settle(world)
    assert await outcomes(world, paper) == [("apologised", "told")]
    await settle(world, days=1)
    assert told(world) == ["news"]


async def test_erased_means_forgotten(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper, "push")
    await decide(world, paper, "reject", reason="other", text="Không", law="Điều 1")
    await settle(world, days=91)
    assert await world.record.read(lambda conn: notices.of_dossier(conn, paper.dossier)) == []
    with pytest.raises(NotFound):
        await world.notices.shown(paper.dossier, [phone(world)])


async def test_who_may_ask_and_for_what(world: World) -> None:
    paper = await filed(world)
    other = replace(phone(world), owner="f" * 32)
    with pytest.raises(NotFound):
        await world.notices.opt_in(paper.dossier, [other], OptIn("sms", VERSION, "vi"))
    with pytest.raises(Conflict, match="consent_changed"):
        await world.notices.opt_in(paper.dossier, [phone(world)], OptIn("sms", "2020-01-01", "vi"))
    elsewhere = PUSH | {"endpoint": "http://127.0.0.1/admin"}
    with pytest.raises(InvalidInput, match="no_push_service"):
        asked = OptIn("push", VERSION, "vi", elsewhere)
        await world.notices.opt_in(paper.dossier, [phone(world)], asked)


@pytest.mark.parametrize("purpose", ["notice_sms", "notices"])
async def test_a_wish_made_offline_stops_the_messages(world: World, purpose: str) -> None:
    paper = await filed(world)
    await opt_in(world, paper)
    wish = Wish("withdraw_consent", "request:1", paper.dossier, world.owner, purpose)
    await decide(world, paper, "approve")  # noted, not told yet
    assert await world.record.run(lambda conn: fulfil(conn, world.clock(), wish)) is None
    await settle(world, hours=2)
    assert told(world) == []
    given = await world.record.read(lambda conn: consents.of_dossier(conn, paper.dossier))
    held = {one.purpose for one in given if one.withdrawn_at is None}
    assert held == {"process", "health", "delivery"}


async def test_without_the_posts_consent_the_card_is_fetched(world: World) -> None:
    paper = await filed(world)
    wish = Wish("withdraw_consent", "request:1", paper.dossier, world.owner, "delivery")
    await world.record.run(lambda conn: fulfil(conn, world.clock(), wish))
    await decide(world, paper, "approve")
    await settle(world)
    assert (await world.state(paper), world.post.booked) == ("produced", {})
