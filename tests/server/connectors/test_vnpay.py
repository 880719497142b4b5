"""VNPay: signatures against published values, and the twin through the connector."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from server.connectors.vnpay import REFUNDED, Vnpay, piped, query_text, signature
from server.errors import Duplicate, Refused, Unavailable
from tests.server.connectors.conftest import Outside
from tests.server.connectors.messages import BEGUN, payment, refund

pytestmark = pytest.mark.anyio
REFERENCE = payment().reference
SIGNED = (
    "vnp_Amount=11500000&vnp_Command=pay&vnp_CreateDate=20261123080000&vnp_CurrCode=VND"
    "&vnp_ExpireDate=20261123081500&vnp_IpAddr=127.0.0.1&vnp_Locale=vn"
    "&vnp_OrderInfo=Le+phi+doi+GPLX+HS0001&vnp_OrderType=other"
    "&vnp_ReturnUrl=https%3A%2F%2Fexample.vn%2Ftra-ve&vnp_TmnCode=DEMOTMN1&vnp_TxnRef=HS0001"
    "&vnp_Version=2.1.0"
)
SIGNATURE = (
    "ed56c627c485fb29a86b716a20139d70e9466e9e4c11b5e1c26569c48e198ccad31164f8ebeb6080f41f9ead42d40"
    "12a0d18f2f8c6e5cf15fd60842deb4bbb02"
)
NOTICE = {
    "vnp_TmnCode": "DEMOTMN1",
    "vnp_TxnRef": "HS0001",
    "vnp_Amount": "11500000",
    "vnp_ResponseCode": "00",
    "vnp_TransactionStatus": "00",
    "vnp_TransactionNo": "14000001",
    "vnp_BankCode": "NCB",
    "vnp_PayDate": "20261123080312",
    "vnp_OrderInfo": "Le phi doi GPLX HS0001",
}


def gateway(*replies: dict[str, Any]) -> Vnpay:
    left = list(replies)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=left.pop(0))

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return Vnpay("https://pay.invalid/p", "https://pay.invalid/a", "DEMOTMN1", "BIMATTHU", client)


def signed(**changes: str) -> dict[str, str]:
    values = NOTICE | changes
    return values | {"vnp_SecureHash": signature("BIMATTHU", query_text(values))}


def test_the_published_vector() -> None:
    values = dict(parse_qsl(SIGNED))
    assert query_text(dict(reversed(values.items())) | {"vnp_SecureHash": "x"}) == SIGNED
    assert signature("BIMATTHU", SIGNED) == SIGNATURE


def test_the_address_to_pay_at_is_the_vectors() -> None:
    order = replace(
        payment("HS0001"),
        text="Le phi doi GPLX HS0001",
        created_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        expires_at=datetime(2026, 11, 23, 1, 15, tzinfo=UTC),
        return_url="https://example.vn/tra-ve",
    )
    assert gateway().pay_url(order) == f"https://pay.invalid/p?{SIGNED}&vnp_SecureHash={SIGNATURE}"


def test_a_notice() -> None:
    told = gateway().notice(signed())
    assert (told.reference, told.amount, told.outcome) == ("HS0001", 115_000, "paid")
    assert told.paid_at == datetime(2026, 11, 23, 1, 3, 12, tzinfo=UTC)
    assert (told.number, told.bank, told.code) == ("14000001", "NCB", "00")


@pytest.mark.parametrize(
    ("response", "status", "outcome"),
    [
        ("00", "00", "paid"),
        ("24", "02", "failed"),
        ("51", "02", "failed"),
        ("00", "01", "pending"),
        ("07", "07", "held"),
        ("24", "04", "held"),
        ("24", "00", "held"),
        ("00", "06", "refunded"),
        ("99", "77", "failed"),
    ],
)
def test_what_the_codes_come_to(response: str, status: str, outcome: str) -> None:
    notice = gateway().notice(signed(vnp_ResponseCode=response, vnp_TransactionStatus=status))
    assert notice.outcome == outcome


@pytest.mark.parametrize(
    "query",
    [
        {},
        NOTICE,
        signed() | {"vnp_Amount": "1150000"},
        signed() | {"vnp_SecureHash": "0" * 128},
        signed() | {"vnp_SecureHash": "chữ"},
        signed() | {"vnp_TxnRef": "HS0002"},
        signed(vnp_TmnCode="ANOTHER1"),
    ],
)
def test_what_the_gateway_did_not_sign_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        gateway().notice(query)
    assert refused.value.reason == "signature"


@pytest.mark.parametrize(
    "changes",
    [{"vnp_Amount": "12.5"}, {"vnp_Amount": "1150001"}, {"vnp_PayDate": "23/11/2026"}],
)
def test_what_is_signed_and_makes_no_sense_is_malformed(changes: dict[str, str]) -> None:
    with pytest.raises(Unavailable) as unavailable:
        gateway().notice(signed(**changes))
    assert unavailable.value.detail.startswith("malformed")


async def test_a_reply_that_is_not_signed_is_not_believed() -> None:
    reply = {f"vnp_{name}": "" for name in REFUNDED.split()} | {"vnp_ResponseCode": "00"}
    for given in ("", signature("ANOTHER", piped(reply, REFUNDED))):
        with pytest.raises(Unavailable) as unavailable:
            await gateway(reply | {"vnp_SecureHash": given}).refund(refund())
        assert unavailable.value.detail == "malformed reply: vnp_SecureHash"


async def test_a_reply_about_another_payment_is_not_believed() -> None:
    reply = {f"vnp_{name}": "" for name in REFUNDED.split()}
    reply |= {"vnp_ResponseCode": "00", "vnp_TxnRef": "ANOTHER"}
    reply["vnp_SecureHash"] = signature("BIMATTHU", piped(reply, REFUNDED))
    with pytest.raises(Unavailable) as unavailable:
        await gateway(reply).refund(refund())
    assert unavailable.value.detail == "malformed reply: vnp_TxnRef"


async def choose(outside: Outside, choice: str) -> httpx2.Response:
    """A person opens the twin's page and presses a button."""
    url = outside.vnpay().pay_url(payment())
    assert (await outside.client.get(url)).status_code == 200
    return await outside.client.post(url, data={"choice": choice})


async def test_paid_at_the_twin(outside: Outside) -> None:
    vnpay = outside.vnpay()
    with pytest.raises(Refused) as refused:
        await vnpay.query(REFERENCE, BEGUN)
    assert refused.value.reason == "unknown"
    outside.sandbox.vnpay.ipn = f"{outside.address}/nobody"
    back = await choose(outside, "pay")
    place = urlsplit(back.headers["location"])
    assert place.path == "/api/payments/vnpay/return"
    told, found = vnpay.notice(dict(parse_qsl(place.query))), await vnpay.query(REFERENCE, BEGUN)
    assert told == found
    assert (found.outcome, found.amount) == ("paid", 115_000)
    again = await choose(outside, "cancel")
    assert again.headers["location"] == back.headers["location"]  # a payment is settled once


async def test_cancelled_at_the_twin(outside: Outside) -> None:
    outside.sandbox.switches.set({"ipn_lost": True})
    back = await choose(outside, "cancel")
    told = outside.vnpay().notice(dict(parse_qsl(urlsplit(back.headers["location"]).query)))
    assert (told.outcome, told.code) == ("failed", "24")
    assert (await outside.vnpay().query(REFERENCE, BEGUN)).outcome == "failed"


async def test_a_payment_that_hangs_is_known_a_minute_later(outside: Outside) -> None:
    outside.sandbox.switches.set({"payment_hangs": True})
    assert (await choose(outside, "pay")).status_code == 200
    assert (await outside.vnpay().query(REFERENCE, BEGUN)).outcome == "pending"
    outside.clock.pass_by(minutes=2)
    assert (await outside.vnpay().query(REFERENCE, BEGUN)).outcome == "paid"


async def test_a_refund_is_made_once(outside: Outside) -> None:
    outside.sandbox.switches.set({"ipn_lost": True})
    await choose(outside, "pay")
    vnpay = outside.vnpay()
    with pytest.raises(Refused) as refused:
        await vnpay.refund(refund(amount=1_000))
    assert refused.value.reason == "93"
    outside.trouble.play("reply_lost", "/transaction", times=1)
    with pytest.raises(Unavailable):
        await vnpay.refund(refund())
    assert (await vnpay.query(REFERENCE, BEGUN)).outcome == "refunded"
    with pytest.raises(Duplicate):
        await vnpay.refund(refund())


async def test_the_twin_takes_no_order_that_was_changed_or_is_late(outside: Outside) -> None:
    url = outside.vnpay().pay_url(payment())
    assert (await outside.client.get(url.replace("11500000", "100"))).status_code == 400
    wrong = outside.vnpay("wrong").pay_url(payment())
    assert (await outside.client.get(wrong)).status_code == 400
    outside.clock.pass_by(minutes=16)
    assert (await outside.client.get(url)).status_code == 400


async def test_the_twins_statement_names_the_day(outside: Outside) -> None:
    outside.sandbox.switches.set({"ipn_lost": True})
    await choose(outside, "pay")
    url = f"{outside.address}/sandbox/twins/vnpay/statement.csv"
    assert REFERENCE in (await outside.client.get(url, params={"day": "2026-11-22"})).text
    assert REFERENCE not in (await outside.client.get(url, params={"day": "2026-11-23"})).text
