from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.connectors import circuit
from server.connectors.circuit import FAILURES, FIRST, LONGEST, Circuit
from server.errors import Unavailable
from tests.server.connectors.conftest import Outside
from tests.server.connectors.messages import order

pytestmark = pytest.mark.anyio


class Seconds:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seconds]:
    seconds = Seconds()
    monkeypatch.setattr(circuit, "monotonic", seconds)
    yield seconds


def broken(times: int = FAILURES) -> Circuit:
    one = Circuit("post")
    for _ in range(times):
        one.check()
        one.failed()
    return one


def test_a_few_failures_change_nothing(seconds: Seconds) -> None:
    one = broken(FAILURES - 1)
    one.check()
    one.succeeded()
    for _ in range(FAILURES - 1):
        one.failed()
    one.check()


def test_after_a_rest_one_request_tries(seconds: Seconds) -> None:
    one = broken()
    with pytest.raises(Unavailable):
        one.check()
    seconds.now += FIRST
    one.closed()
    one.check()
    with pytest.raises(Unavailable):
        one.check()
    one.succeeded()
    one.check()


def test_the_rest_doubles_up_to_a_minute(seconds: Seconds) -> None:
    one, rests = broken(), []
    for _ in range(7):
        began = seconds.now
        while True:
            try:
                one.check()
                break
            except Unavailable:
                seconds.now += 1
        rests.append(seconds.now - began)
        one.failed()
    assert rests == [5, 10, 20, 40, LONGEST, LONGEST, LONGEST]


async def test_a_system_that_is_down_is_left_alone(outside: Outside, seconds: Seconds) -> None:
    post = outside.post()
    outside.trouble.play("error")
    for _ in range(FAILURES):
        with pytest.raises(Unavailable):
            await post.book(order())
    outside.trouble.play("")
    with pytest.raises(Unavailable) as resting:
        await post.book(order())
    assert resting.value.detail == "resting after failures"
    seconds.now += FIRST
    assert (await post.book(order())).number
    assert (await post.book(order("another"))).number
