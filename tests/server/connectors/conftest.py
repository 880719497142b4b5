from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette

from server.connectors.authority import Authority
from server.connectors.http import new_client
from server.connectors.national_portal import Portal
from server.connectors.oidc import OpenIdProvider
from server.connectors.post import Post
from server.connectors.registry import Registry
from server.connectors.sms import Sms
from server.connectors.vnpay import Vnpay
from server.connectors.webpush import WebPush, b64u, point
from server.connectors.zns import Zns
from server.sandbox.sandbox import Sandbox
from server.sandbox.twins.portal import CLIENT, SECRET
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
    push_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    device: dict[str, str] = field(default_factory=dict)

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

    def portal(self, secret: str = "") -> Portal:
        url = f"{self.address}/sandbox/twins/portal"
        return Portal(url, CLIENT, secret or SECRET, "H05.27", self.client)

    def identity(self, secret: str = "") -> OpenIdProvider:
        s = self.settings
        login = s.oidc_client, secret or s.oidc_secret
        issuer = f"{self.address}/sandbox/twins/identity"
        back = f"{s.origin}/api/identity/callback"
        return OpenIdProvider(issuer, *login, s.oidc_claim, back, self.client, self.clock)

    def vnpay(self, secret: str = "") -> Vnpay:
        s, twin = self.settings, f"{self.address}/sandbox/twins/vnpay"
        page, api = f"{twin}/paymentv2/vpcpay.html", f"{twin}/merchant_webapi/api/transaction"
        return Vnpay(page, api, s.vnpay_terminal, secret or s.vnpay_secret, self.client)

    def push(self, key: ec.EllipticCurvePrivateKey | None = None) -> WebPush:
        services = [f"{self.address}/sandbox/twins/push"]
        key = key or self.push_key
        return WebPush(key, "mailto:it@post.example", services, self.client, self.clock)

    def subscribed(self) -> dict[str, str]:
        """A device's subscription to the twin, the same one every time."""
        if not self.device:
            key = b64u(point(self.push_key.public_key()))
            made = self.sandbox.push.subscription(key, f"{self.address}/sandbox/twins/push")
            self.device.update({"endpoint": made["endpoint"], **made["keys"]})
        return self.device

    def sms(self, token: str = "") -> Sms:
        url = f"{self.address}/sandbox/twins/sms"
        return Sms(url, token or self.settings.sms_token, "DOIBANG", self.client)

    def zns(self, token: str = "") -> Zns:
        file = self.settings.zns_token_file
        if token:
            file.write_text(token)
        ids = {"news": "100001", "act": "100002"}
        return Zns(f"{self.address}/sandbox/twins/zns", file, ids, self.client)


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
