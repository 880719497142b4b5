"""The twins over real HTTP, through the connectors that the product uses."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from server.connectors.authority import Authority
from server.connectors.post import Post
from server.connectors.registry import Registry
from server.errors import Duplicate, Refused, Unavailable
from server.ports import (
    Certificate,
    ForwardedPhoto,
    Forwarding,
    Found,
    Mismatch,
    NotYet,
    PostalOrder,
)
from server.sandbox.people import invent
from server.sandbox.samples import answers
from server.sandbox.sandbox import Sandbox
from server.sandbox.twins.post import s10
from server.sandbox.twins.registry import as_message
from server.settings import loopback_settings
from tests.server.sandbox.served import served

pytestmark = pytest.mark.anyio
PERSON = invent(1, date(2026, 11, 22), ("2008", "B2"))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(tmp_path: Path, clock: Clock) -> Sandbox:
    return Sandbox(loopback_settings(tmp_path, 8000), clock)


@pytest.fixture
def address(sandbox: Sandbox) -> Iterator[str]:
    with served(Starlette(routes=sandbox.routes())) as at:
        yield f"{at}/sandbox/twins"


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient() as made:
        yield made


@pytest.fixture
def authority(address: str, client: httpx2.AsyncClient) -> Authority:
    return Authority(f"{address}/authority", "doibang", "sandbox", "H05.27", client)


@pytest.fixture
def registry(address: str, client: httpx2.AsyncClient) -> Registry:
    return Registry(f"{address}/registry", "doibang", "sandbox", client)


@pytest.fixture
def post(address: str, client: httpx2.AsyncClient) -> Post:
    return Post(f"{address}/post", "sandbox", client)


def forwarding(key: str = "d1:forward:1", jpeg: bytes = b"picture") -> Forwarding:
    sha = hashlib.sha256(b"picture").hexdigest()
    return Forwarding(
        key=key,
        dossier_code="MAU.H05.27-261122-0001",
        filed_at=datetime(2026, 11, 22, 8, tzinfo=UTC),
        promised_on=date(2026, 12, 1),
        answers=answers(PERSON),
        photos=[ForwardedPhoto("f" * 32, "licence_front", sha, jpeg)],
    )


async def test_a_dossier_is_received_and_decided_after_a_while(
    authority: Authority, clock: Clock
) -> None:
    accepted = await authority.submit(forwarding())
    assert accepted.promised_on == date(2026, 12, 1)
    assert await authority.decision("d1:forward:1") is None
    clock.pass_by(seconds=30)
    decided = await authority.decision("d1:forward:1")
    assert decided is not None
    assert (decided.outcome, decided.licence_number) == ("approved", PERSON.licence.number)
    assert decided.at == datetime(2026, 11, 22, 8, 0, 20, tzinfo=UTC)


async def test_all_that_was_decided_is_told_at_once(authority: Authority, clock: Clock) -> None:
    await authority.submit(forwarding())
    await authority.submit(forwarding("d2:forward:1"))
    today = (clock() + timedelta(hours=7)).date()
    assert await authority.decided(today) == set()
    clock.pass_by(seconds=30)
    await authority.submit(forwarding("d3:forward:1"))
    assert await authority.decided(today) == {"d1:forward:1", "d2:forward:1"}
    assert await authority.decided(today + timedelta(days=1)) == set()


async def test_one_key_is_one_dossier(authority: Authority) -> None:
    first = await authority.submit(forwarding())
    with pytest.raises(Duplicate) as again:
        await authority.submit(forwarding())
    assert again.value.reference == first.reference
    assert (await authority.submit(forwarding("d2:forward:1"))).reference != first.reference


async def test_a_lost_reply_was_still_done(authority: Authority, sandbox: Sandbox) -> None:
    sandbox.switches.set({"replies_lost": True})
    with pytest.raises(Unavailable):
        await authority.submit(forwarding())
    with pytest.raises(Duplicate):
        await authority.submit(forwarding())


async def test_an_outage_ends(authority: Authority, sandbox: Sandbox) -> None:
    sandbox.switches.set({"authority_down": True})
    with pytest.raises(Unavailable):
        await authority.submit(forwarding())
    sandbox.switches.set({"authority_down": False})
    await authority.submit(forwarding())


async def test_an_expired_session_is_renewed(authority: Authority, clock: Clock) -> None:
    await authority.submit(forwarding())
    clock.pass_by(hours=2)
    assert await authority.decision("d1:forward:1") is not None


async def test_refusals_name_a_reason(authority: Authority, sandbox: Sandbox) -> None:
    with pytest.raises(Refused) as altered:
        await authority.submit(forwarding(jpeg=b"altered"))
    assert altered.value.reason == "photo_damaged"
    with pytest.raises(Refused) as unknown:
        await authority.decision("d1:forward:1")
    assert unknown.value.reason == "unknown"
    sandbox.switches.set({"refusal": True})
    with pytest.raises(Refused) as refused:
        await authority.submit(forwarding())
    assert refused.value.reason == "out_of_jurisdiction"


@pytest.mark.parametrize(("verdict", "outcome"), [("return", "returned"), ("reject", "rejected")])
async def test_verdicts(
    authority: Authority, sandbox: Sandbox, clock: Clock, verdict: str, outcome: str
) -> None:
    sandbox.switches.set({"verdict": verdict})
    await authority.submit(forwarding())
    sandbox.switches.set({"verdict": "approve"})
    clock.pass_by(seconds=30)
    decided = await authority.decision("d1:forward:1")
    assert decided is not None
    assert decided.outcome == outcome
    assert decided.text
    assert bool(decided.items) == (outcome == "returned")
    assert bool(decided.law) == (outcome == "rejected")


async def test_wrong_credentials(address: str, client: httpx2.AsyncClient) -> None:
    with pytest.raises(Unavailable, match="credentials"):
        await Authority(f"{address}/authority", "doibang", "x", "u", client).submit(forwarding())
    with pytest.raises(Unavailable, match="credentials"):
        await Registry(f"{address}/registry", "doibang", "x", client).look_up("1", "a", "1990")
    with pytest.raises(Unavailable, match="credentials"):
        await Post(f"{address}/post", "x", client).track("EB123456785VN")


def number() -> str:
    assert PERSON.certificate is not None
    return PERSON.certificate.number


async def test_an_invented_person_is_in_the_registry(registry: Registry) -> None:
    assert PERSON.certificate is not None
    born = PERSON.date_of_birth.isoformat()
    assert await registry.look_up(number(), PERSON.full_name, born) == Found(
        Certificate(number(), number().split("/")[2], PERSON.certificate.concluded_on, "B2", "fit")
    )
    other = await registry.look_up(number(), "Trần Khác", born)
    assert isinstance(other, Mismatch)
    assert list(other.fields) == ["name"]


async def test_a_certificate_comes_late(registry: Registry, sandbox: Sandbox) -> None:
    born = PERSON.date_of_birth.isoformat()
    sandbox.switches.set({"certificate_late": True})
    assert await registry.look_up(number(), PERSON.full_name, born) == NotYet()
    sandbox.switches.set({"certificate_late": False})
    assert isinstance(await registry.look_up(number(), PERSON.full_name, born), Found)


async def test_a_facility_sends_a_certificate(
    registry: Registry, address: str, client: httpx2.AsyncClient
) -> None:
    message = as_message(PERSON) | {"SO": "00001/GKSKLX/27999/26", "HOTEN": "LÝ MỚI"}
    assert await registry.look_up("00001/GKSKLX/27999/26", "Lý Mới", "1958") == NotYet()
    secret = hashlib.md5(b"sandbox", usedforsecurity=False).hexdigest()
    sent = await client.post(
        f"{address}/registry/api/hssk/gksk",
        json=message,
        headers={"Username": "doibang", "Password": secret},
    )
    assert sent.json()["MSG_STATE"] == "1"
    born = PERSON.date_of_birth.isoformat()
    assert isinstance(await registry.look_up("00001/GKSKLX/27999/26", "Lý Mới", born), Found)


ORDER = PostalOrder("d1:deliver:1", "MAU-1", "Lý Mới", "+84912345678", "Thôn Lớ", "09466")


async def test_an_item_moves_with_the_clock(post: Post, clock: Clock) -> None:
    booked = await post.book(ORDER)
    assert [event.state for event in await post.track(booked.number)] == ["booked"]
    clock.pass_by(seconds=31)
    assert (await post.track(booked.number))[-1].state == "in_transit"
    clock.pass_by(minutes=2)
    assert (await post.track(booked.number))[-1].state == "delivered"


async def test_nobody_is_at_home(post: Post, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.switches.set({"delivery_fails": True})
    booked = await post.book(ORDER)
    sandbox.switches.set({"delivery_fails": False})
    clock.pass_by(minutes=2)
    states = [event.state for event in await post.track(booked.number)]
    assert states == ["booked", "in_transit", "failed"]


async def test_one_order_is_one_item(post: Post, sandbox: Sandbox) -> None:
    sandbox.switches.set({"replies_lost": True})
    with pytest.raises(Unavailable):
        await post.book(ORDER)
    with pytest.raises(Duplicate) as again:
        await post.book(ORDER)
    assert again.value.reference is not None
    assert await post.track(again.value.reference)
    with pytest.raises(Refused):
        await post.track("EB000001235VN")


def test_item_numbers_check() -> None:
    assert s10("EB", 12345678) == "EB123456785VN"
    assert s10("EB", 123) == "EB000001235VN"
    assert s10("RA", 47312482, "GB") == "RA473124829GB"


async def test_a_restart_keeps_what_was_received(
    tmp_path: Path, authority: Authority, sandbox: Sandbox, clock: Clock
) -> None:
    sandbox.switches.set({"slow_link": True, "decider": "authority"})
    first = await authority.submit(forwarding())
    again = Sandbox(loopback_settings(tmp_path, 8000), clock)
    assert again.switches == sandbox.switches
    with served(Starlette(routes=again.routes())) as at:
        async with httpx2.AsyncClient() as client:
            renewed = Authority(
                f"{at}/sandbox/twins/authority", "doibang", "sandbox", "H05.27", client
            )
            with pytest.raises(Duplicate) as known:
                await renewed.submit(forwarding())
    assert known.value.reference == first.reference
