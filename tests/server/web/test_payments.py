"""Paying over HTTP: the gateway's notices in VNPay's own words, and the ways back from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from server.connectors.vnpay import query_text, signature
from tests.server.surface import Browser, bearer


def begin(caller: Browser) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A dossier, an attempt to pay its fee, and the device's bearer header."""
    device, paper = caller.file()
    answer = caller.post(f"/api/dossiers/{paper.dossier}/payments", {}, **device.bearer)
    assert answer.status_code == 201, answer.text
    return paper.dossier, answer.json(), device.bearer


def notice(caller: Browser, begun: dict[str, Any], **changes: str) -> str:
    """The query of what the gateway tells, signed."""
    settings = caller.parts.settings
    values = {
        "vnp_TmnCode": settings.vnpay_terminal,
        "vnp_TxnRef": begun["reference"],
        "vnp_Amount": str(begun["amount"] * 100),
        "vnp_ResponseCode": "00",
        "vnp_TransactionStatus": "00",
        "vnp_TransactionNo": "14000001",
        "vnp_BankCode": "NCB",
        "vnp_PayDate": "20261122150312",
    } | changes
    text = query_text(values)
    return f"{text}&vnp_SecureHash={signature(settings.vnpay_secret, text)}"


def ipn(caller: Browser, query: str) -> str:
    answer = caller.get(f"/api/payments/vnpay/ipn?{query}")
    assert answer.status_code == 200
    return str(answer.json()["RspCode"])


def test_the_gateway_is_answered_in_its_codes(caller: Browser) -> None:
    dossier, begun, device = begin(caller)
    right = notice(caller, begun)
    tampered = urlencode(dict(parse_qsl(right)) | {"vnp_Amount": "100"})
    assert ipn(caller, "") == "97"
    assert ipn(caller, tampered) == "97"
    assert ipn(caller, notice(caller, begun, vnp_TxnRef="H0T1")) == "01"
    assert ipn(caller, notice(caller, begun, vnp_Amount="100")) == "04"
    assert ipn(caller, notice(caller, begun, vnp_Amount="half")) == "99"
    assert ipn(caller, right) == "00"
    assert ipn(caller, right) == "02"
    shown = caller.get(f"/api/dossiers/{dossier}/payments", **device).json()
    assert shown["fee"]["state"] == "paid"
    assert shown["receipt"] | {"dossier_code": "", "reference": ""} == {
        "dossier_code": "",
        "kind": "le_phi",
        "basis": "Circular 154/2025/TT-BTC",
        "amount": 115_000,
        "currency": "VND",
        "reference": "",
        "number": "14000001",
        "bank": "NCB",
        "paid_at": "2026-11-22T08:03:12.000Z",
    }


def test_what_a_person_pays_at_names_the_way_back(caller: Browser) -> None:
    dossier, begun, _ = begin(caller)
    asked = dict(parse_qsl(urlsplit(begun["pay_url"]).query))
    back = "/api/payments/vnpay/return"
    assert asked["vnp_ReturnUrl"] == f"{caller.parts.settings.origin}{back}"
    told = notice(caller, begun)
    for path, place in (
        (back, f"/ho-so/{dossier}"),
        (f"{back}/clerk", f"/nhan-vien/da-gui/{dossier}"),
    ):
        answer = caller.client.get(f"{path}?{told}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, place)
        forged = caller.client.get(f"{path}?{told}0", follow_redirects=False)
        assert dossier not in forged.headers["location"]
    assert caller.journal("payment_paid") == []  # the way back pays nothing


@pytest.mark.parametrize("body", [{"language": "fr"}, {"amount": 1}, [], "x"])
def test_odd_requests_are_refused_by_field(caller: Browser, body: Any) -> None:
    device, paper = caller.file()
    answer = caller.post(f"/api/dossiers/{paper.dossier}/payments", body, **device.bearer)
    assert answer.status_code == 400


def test_a_clerk_comes_back_to_the_tablet(caller: Browser) -> None:
    invitation = caller.invite("clerk", "bn-08")
    clerk = caller.register(invitation).json()["account"]
    _, paper = caller.file(helper=clerk)
    begun = caller.post(f"/api/dossiers/{paper.dossier}/payments", {"language": "en"}).json()
    asked = dict(parse_qsl(urlsplit(begun["pay_url"]).query))
    assert asked["vnp_ReturnUrl"].endswith("/return/clerk")
    assert asked["vnp_Locale"] == "en"
    assert caller.journal("payment_begun")[0]["actor"] == f"clerk:{clerk}"


def test_a_grant_of_nobody_pays_nothing(caller: Browser) -> None:
    _, paper = caller.file()
    path = f"/api/dossiers/{paper.dossier}/payments"
    assert caller.post(path, {}, **bearer("A" * 43)).json()["code"] == "grant_needed"
    secret, _ = caller.enrol()
    assert caller.post(path, {}, **bearer(secret)).status_code == 404
