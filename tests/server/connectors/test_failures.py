"""Every connector against its twin, in every way in which a wire fails."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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
from server.errors import Duplicate, PortError, Refused, Throttled, Unavailable
from server.ports import NotYet
from tests.server.connectors.conftest import Outside
from tests.server.connectors.messages import (
    BEGUN,
    REQUEST,
    forwarding,
    notice,
    order,
    portal_dossier,
    portal_status,
    refund,
)
from tests.server.connectors.trouble import Mode

pytestmark = pytest.mark.anyio

Call = Callable[[Outside], Awaitable[object]]
CALLS: dict[str, Call] = {
    "submit": lambda o: o.authority().submit(forwarding()),
    "decision": lambda o: o.authority().decision("d:approval:1"),
    "decided": lambda o: o.authority().decided(date(2026, 11, 1)),
    "look_up": lambda o: o.registry().look_up("00001/GKSKLX/27001/26", "Ai Đó", "1990-01-02"),
    "book": lambda o: o.post().book(order()),
    "track": lambda o: o.post().track("EB123456785VN"),
    "put_dossier": lambda o: o.portal().put_dossier(portal_dossier()),
    "put_status": lambda o: o.portal().put_status(portal_status()),
    "address": lambda o: o.identity().address(REQUEST),
    "proven": lambda o: o.identity().proven("never-given", REQUEST),
    "query": lambda o: o.vnpay().query("H05272611220001T1", BEGUN),
    "refund": lambda o: o.vnpay().refund(refund()),
    "push": lambda o: o.push().send(notice(o.subscribed())),
    "sms": lambda o: o.sms().send(notice()),
}
BROKEN: dict[Mode, str] = {
    "slow": "no answer in time",
    "error": "HTTP 502",
    "reset": "ReadError|RemoteProtocolError",  # which of them depends on what arrives first
    "not_json": "malformed",
    "wrong_shape": "malformed",
    "huge": "malformed",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(("mode", "detail"), BROKEN.items(), ids=BROKEN)
async def test_what_is_broken_is_unavailable(
    outside: Outside, call: Call, mode: Mode, detail: str
) -> None:
    outside.trouble.play(mode)
    if mode == "slow":
        outside.client.timeout = 0.5
    with pytest.raises(Unavailable) as unavailable:
        await call(outside)
    assert re.search(detail, unavailable.value.detail)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_throttled_says_when_to_come_back(outside: Outside, call: Call) -> None:
    outside.trouble.play("throttled")
    with pytest.raises(Throttled) as throttled:
        await call(outside)
    assert throttled.value.after == 7


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_after_an_outage_the_same_call_goes_through(outside: Outside, call: Call) -> None:
    outside.trouble.play("error", times=1)
    with pytest.raises(Unavailable):
        await call(outside)
    try:
        await call(outside)
    except PortError as answer:
        assert isinstance(answer, Refused)  # the twin knows neither that key nor that number
        assert answer.reason in ("unknown", "-1", "code")


@pytest.mark.parametrize(
    ("name", "path"), [("submit", "/mapi/g"), ("book", "/v1/orders"), ("sms", "/v1/messages")]
)
async def test_a_reply_lost_after_it_was_done_is_a_duplicate_the_second_time(
    outside: Outside, name: str, path: str
) -> None:
    call = CALLS[name]
    outside.trouble.play("reply_lost", path, times=1)
    with pytest.raises(Unavailable):
        await call(outside)
    with pytest.raises(Duplicate) as duplicate:
        await call(outside)
    assert duplicate.value.reference


@pytest.mark.parametrize(
    "call",
    [
        lambda o: o.authority("wrong").submit(forwarding()),
        lambda o: o.registry("wrong").look_up("00001/GKSKLX/27001/26", "Ai Đó", "1990-01-02"),
        lambda o: o.post("wrong").book(order()),
        lambda o: o.post("wrong").track("EB123456785VN"),
        lambda o: o.portal("wrong").put_dossier(portal_dossier()),
        lambda o: o.identity("wrong").proven("never-given", REQUEST),
        lambda o: o.vnpay("wrong").query("H05272611220001T1", BEGUN),
        lambda o: o.vnpay("wrong").refund(refund()),
        lambda o: o.push(ec.generate_private_key(ec.SECP256R1())).send(notice(o.subscribed())),
        lambda o: o.sms("wrong").send(notice()),
        lambda o: o.zns("wrong").send(notice()),
    ],
    ids=[
        "authority",
        "registry",
        "book",
        "track",
        "portal",
        "identity",
        "query",
        "refund",
        "push",
        "sms",
        "zns",
    ],
)
async def test_wrong_credentials_wait_for_the_administrator(outside: Outside, call: Call) -> None:
    with pytest.raises(Unavailable) as unavailable:
        await call(outside)
    assert unavailable.value.detail == "credentials"


async def test_an_expired_session_is_renewed_within_the_call(outside: Outside) -> None:
    authority = outside.authority()
    await authority.submit(forwarding())
    outside.clock.pass_by(hours=2)
    decided = await authority.decision("d:approval:1")
    assert decided is not None


async def test_a_late_certificate_is_not_yet_there(outside: Outside) -> None:
    outside.sandbox.switches.set({"certificate_late": True})
    found = await outside.registry().look_up("00001/GKSKLX/27001/26", "Ai Đó", "1990-01-02")
    assert found == NotYet()


def everybody(url: str, client: httpx2.AsyncClient, folder: Path) -> Iterator[Awaitable[object]]:
    """One call of each connector to the same address."""
    yield Authority(url, "u", "p", "unit", client).submit(forwarding())
    yield Registry(url, "u", "p", client).look_up("1/GKSKLX/27001/26", "Ai Đó", "1990")
    yield Post(url, "t", client).book(order())
    yield Portal(url, "c", "s", "unit", client).put_dossier(portal_dossier())
    provider = OpenIdProvider(url, "c", "s", "n", url, client, lambda: datetime.now(UTC))
    yield provider.address(REQUEST)
    yield Vnpay(url, url, "t", "s", client).query("R", BEGUN)
    key = ec.generate_private_key(ec.SECP256R1())
    device = {
        "endpoint": f"{url}/send/a",
        "p256dh": b64u(point(key.public_key())),
        "auth": "A" * 22,
    }
    push = WebPush(key, "mailto:it@post.example", [url], client, lambda: datetime.now(UTC))
    yield push.send(notice(device))
    yield Sms(url, "t", "B", client).send(notice())
    token = folder / "token"
    token.write_text("t")
    yield Zns(url, token, {"act": "1"}, client).send(notice())


async def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    async with new_client(timeout=1, connect=1) as client:
        for call in everybody(url, client, tmp_path):
            with pytest.raises(Unavailable) as unavailable:
                await call
            assert unavailable.value.detail == "ConnectError"


async def test_no_error_quotes_what_was_sent_or_received(outside: Outside) -> None:
    name = str(forwarding().answers["full_name"])
    outside.client.timeout = 0.5
    for mode in BROKEN:
        outside.trouble.play(mode)
        with pytest.raises(Unavailable) as unavailable:
            await outside.authority().submit(forwarding())
        assert name not in str(unavailable.value)
        assert "html" not in str(unavailable.value)


@pytest.mark.parametrize(
    ("given", "after"), [("", 60), ("7", 7), ("soon", 60), ("-5", 60), ("99999999", 86400)]
)
async def test_retry_after_is_bounded(given: str, after: float) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, headers={"retry-after": given} if given else {})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        with pytest.raises(Throttled) as throttled:
            await Post("http://post.invalid", "t", client).book(order())
    assert throttled.value.after == after


async def test_an_expired_certificate_is_not_believed(tmp_path: Path) -> None:
    """It is told as an outage: the other side renews it, nothing here may look away."""
    file = expired_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1))
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context) as server:
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        trusting = ssl.create_default_context(cafile=str(file))
        async with httpx2.AsyncClient(verify=trusting, trust_env=False) as client:
            for call in everybody(url, client, tmp_path):
                with pytest.raises(Unavailable) as unavailable:
                    await call
                assert unavailable.value.detail == "ConnectError"
    assert heard == []


def expired_certificate(folder: Path) -> Path:
    """A key and its own certificate for localhost, over since yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "expired.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
