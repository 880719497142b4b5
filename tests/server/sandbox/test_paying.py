"""The whole server with its payment twin, over real HTTP: what the gateway tells is taken in."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from server.app import create_app
from server.sandbox.device import Device
from server.settings import loopback_settings
from tests.server.fresh import record_file
from tests.server.sandbox.served import served
from tests.server.surface import ANSWERS, PICTURES

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = loopback_settings(folder, listener.getsockname()[1])
        record_file(Path(settings.record_url.removeprefix("sqlite:///")))
        with served(create_app(settings), listener):
            yield settings.origin


@pytest.fixture
async def client(origin: str) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"origin": origin}
    async with httpx2.AsyncClient(base_url=origin, headers=headers, trust_env=False) as made:
        yield made


class Payer:
    """A device that filed a dossier and pays for it."""

    def __init__(self, device: Device, client: httpx2.AsyncClient, dossier: str) -> None:
        self.device = device
        self.client = client
        self.path = f"/api/dossiers/{dossier}/payments"

    async def shown(self) -> Any:
        return (await self.client.get(self.path, headers=self.device.bearer)).json()

    async def until(self, state: str) -> Any:
        """The fee, once the latest attempt is in this state."""
        with anyio.fail_after(30):
            while True:
                fee = (await self.shown()).get("fee")
                if fee and (fee["payment"] or {}).get("state", "none") == state:
                    return fee
                await anyio.sleep(0.05)

    async def pay(self, choice: str) -> httpx2.Response:
        begun = await self.client.post(self.path, json={}, headers=self.device.bearer)
        assert begun.status_code == 201, begun.text
        url = begun.json()["pay_url"]
        assert (await self.client.get(url)).status_code == 200
        return await self.client.post(url, data={"choice": choice}, follow_redirects=False)


@pytest.fixture
async def payer(client: httpx2.AsyncClient) -> Payer:
    device = Device(client)
    await device.enrol()
    paper = await device.compose(ANSWERS, PICTURES)
    assert await device.send(paper) == {}
    made = Payer(device, client, paper.dossier)
    await made.until("none")
    return made


async def test_told_twice_is_paid_once(payer: Payer, folder: Path) -> None:
    back = await payer.pay("twice")
    assert "/api/payments/vnpay/return?" in back.headers["location"]
    shown = await payer.shown()
    assert (shown["fee"]["state"], len(shown["attempts"])) == ("paid", 1)
    kept = json.loads((folder / "sandbox" / "vnpay.json").read_text())
    assert kept[shown["receipt"]["reference"]]["answers"] == ["00", "02"]


async def test_cancelled_and_paid_afterwards(payer: Payer) -> None:
    await payer.pay("cancel")
    assert (await payer.shown())["fee"]["payment"]["state"] == "failed"
    await payer.pay("pay")
    assert (await payer.shown())["fee"]["state"] == "paid"


async def test_a_lost_notice_is_found_when_the_person_comes_back(payer: Payer) -> None:
    back = await payer.pay("lost")
    assert (await payer.shown())["fee"]["state"] == "due"
    led = await payer.client.get(back.headers["location"], follow_redirects=False)
    assert led.headers["location"].startswith("/ho-so/")
    assert (await payer.until("paid"))["state"] == "paid"
