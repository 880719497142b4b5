from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from server.connectors.authority import Authority
from server.connectors.http import new_client
from server.connectors.post import Post
from server.connectors.registry import Registry
from server.connectors.vnpay import Vnpay
from server.sandbox.sandbox import Sandbox
from server.settings import Settings, loopback_settings
from tests.server.connectors.trouble import Trouble
from tests.server.sandbox.served import served


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Outside:
    """The twins behind a wire that can fail, and what reaches them."""

    settings: Settings
    sandbox: Sandbox
    trouble: Trouble
    clock: Clock
    client: httpx2.AsyncClient
    address: str

    def authority(self, password: str = "") -> Authority:
        s = self.settings
        url = f"{self.address}/sandbox/twins/authority"
        secret = password or s.authority_password
        return Authority(url, s.authority_user, secret, s.authority_unit, self.client)

    def registry(self, password: str = "") -> Registry:
        s = self.settings
        url = f"{self.address}/sandbox/twins/registry"
        return Registry(url, s.registry_user, password or s.registry_password, self.client)

    def post(self, token: str = "") -> Post:
        url = f"{self.address}/sandbox/twins/post"
        return Post(url, token or self.settings.post_token, self.client)

    def vnpay(self, secret: str = "") -> Vnpay:
        s, twin = self.settings, f"{self.address}/sandbox/twins/vnpay"
        page, api = f"{twin}/paymentv2/vpcpay.html", f"{twin}/merchant_webapi/api/transaction"
        return Vnpay(page, api, s.vnpay_terminal, secret or s.vnpay_secret, self.client)


@pytest.fixture
def sandbox_and_clock(tmp_path: Path) -> tuple[Settings, Sandbox, Clock]:
    settings, clock = loopback_settings(tmp_path, 8000), Clock()
    return settings, Sandbox(settings, clock), clock


@pytest.fixture
def trouble_at(
    sandbox_and_clock: tuple[Settings, Sandbox, Clock],
) -> Iterator[tuple[Trouble, str]]:
    trouble = Trouble(Starlette(routes=sandbox_and_clock[1].routes()))
    with served(trouble) as address:
        yield trouble, address


@pytest.fixture
async def outside(
    sandbox_and_clock: tuple[Settings, Sandbox, Clock], trouble_at: tuple[Trouble, str]
) -> AsyncIterator[Outside]:
    settings, sandbox, clock = sandbox_and_clock
    async with new_client(timeout=60) as client:
        yield Outside(settings, sandbox, trouble_at[0], clock, client, trouble_at[1])
