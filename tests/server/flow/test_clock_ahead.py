"""A device whose clock is ahead is seen by what it sealed in the future."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.record import devices, grants
from server.record.grants import Grant
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("hours", "seen"), [(3, True), (0, False), (-30, False)])
async def test_a_clock_that_is_ahead(world: World, hours: int, seen: bool) -> None:
    now = world.clock()
    grant = Grant("1" * 32, world.owner, world.device, "2" * 64, now, now, now + timedelta(days=9))
    await world.record.run(lambda conn: grants.create_owner(conn, world.owner, now))
    await world.record.run(lambda conn: grants.create(conn, grant))
    await world.send(world.paper())
    await world.work()
    told = (now + timedelta(hours=hours)).isoformat()
    await world.record.run(
        lambda conn: conn.execute(text("UPDATE submissions SET device_time=:at"), {"at": told})
    )
    found = await world.record.read(lambda conn: devices.silent(conn, now))
    assert [one.device for one in found] == [world.device] * seen
    if seen:
        assert found[0].ahead and found[0].ahead > timedelta(hours=2)
