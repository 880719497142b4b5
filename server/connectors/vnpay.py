"""VNPay 2.1.0: paying by a page of theirs, its notices, the re-query and refunds.

Messages: README.md, "vnpay.py". The secret never leaves this file but as a signature.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from urllib.parse import urlencode

import httpx2

from server.connectors.http import System
from server.errors import Duplicate, Refused
from server.ports import PaymentNotice, PaymentOrder, PaymentOutcome, RefundOrder

VERSION = "2.1.0"
VIETNAM = timezone(timedelta(hours=7))
TIME = "%Y%m%d%H%M%S"
UNSIGNED = ("vnp_SecureHash", "vnp_SecureHashType")
OUR_ADDRESS = "127.0.0.1"
"""What the server's own requests name; VNPay wants some address there and checks none."""

OUTCOMES: Final[Mapping[str, PaymentOutcome]] = {
    "00": "paid",
    "01": "pending",
    "02": "failed",
    "04": "held",
    "05": "refunded",
    "06": "refunded",
    "07": "held",
    "09": "paid",  # a refund that the bank refused: the money is still with us
}
QUERY = "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo"
REFUND = (
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate"
    " CreateBy CreateDate IpAddr OrderInfo"
)
REFUNDED = (
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo"
    " TransactionType TransactionStatus OrderInfo"
)
QUERIED = f"{REFUNDED} PromotionCode PromotionAmount"
"""The fields whose values, joined by `|`, are signed in requests and replies of the API."""


def signature(secret: str, text: str) -> str:
    """HMAC-SHA512, 128 lower-case hex digits."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def query_text(values: Mapping[str, str]) -> str:
    """Sorted, form-encoded and joined: what is signed of an address."""
    return urlencode(sorted((k, v) for k, v in values.items() if k not in UNSIGNED and v))


def piped(values: Mapping[str, object], names: str) -> str:
    """What is signed of a message of the API."""
    return "|".join(str(values.get(f"vnp_{name}", "")) for name in names.split())


def local(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(TIME)


class Vnpay:
    """PaymentGateway. `page`: where people pay; `api`: the address of re-query and refund;
    `terminal`: our vnp_TmnCode."""

    def __init__(
        self, page: str, api: str, terminal: str, secret: str, client: httpx2.AsyncClient
    ) -> None:
        self._page = page
        self._terminal = terminal
        self._secret = secret
        self._system = System("cổng thanh toán", api, client)

    def pay_url(self, order: PaymentOrder) -> str:
        values = {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self._terminal,
            "vnp_Amount": str(order.amount * 100),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": order.reference,
            "vnp_OrderInfo": order.text,
            "vnp_OrderType": "other",
            "vnp_Locale": "en" if order.language == "en" else "vn",
            "vnp_ReturnUrl": order.return_url,
            "vnp_IpAddr": order.address or OUR_ADDRESS,
            "vnp_CreateDate": local(order.created_at),
            "vnp_ExpireDate": local(order.expires_at),
        }
        text = query_text(values)
        return f"{self._page}?{text}&vnp_SecureHash={signature(self._secret, text)}"

    def notice(self, query: Mapping[str, str]) -> PaymentNotice:
        """Of the IPN's address and of the return page's alike."""
        signed = {key: value for key, value in query.items() if key.startswith("vnp_")}
        right = signature(self._secret, query_text(signed))
        given = signed.get("vnp_SecureHash", "").lower()
        if not hmac.compare_digest(given.encode(), right.encode()):
            raise Refused(self._system.name, "signature")
        if signed.get("vnp_TmnCode") != self._terminal:
            raise Refused(self._system.name, "signature", "another terminal")
        status = signed.get("vnp_TransactionStatus") or signed.get("vnp_ResponseCode", "")
        paid = status == "00" and signed.get("vnp_ResponseCode") == "00"
        outcome = "paid" if paid else OUTCOMES.get(status, "failed")
        if status == "00" and not paid:
            outcome = "held"  # the two contradict each other: the re-query decides
        return self._notice(signed, outcome, signed.get("vnp_ResponseCode", status))

    async def query(self, reference: str, created_at: datetime) -> PaymentNotice:
        reply = await self._ask(
            QUERY,
            QUERIED,
            {
                "vnp_RequestId": secrets.token_hex(16),
                "vnp_Command": "querydr",
                "vnp_TxnRef": reference,
                "vnp_TransactionDate": local(created_at),
                "vnp_OrderInfo": f"Truy van {reference}",
            },
        )
        self._same(reply, reference)
        status = self._system.text(reply, "vnp_TransactionStatus")
        outcome = OUTCOMES.get(status)
        if outcome is None:
            raise self._system.malformed("vnp_TransactionStatus")
        return self._notice(reply, outcome, status)

    async def refund(self, order: RefundOrder) -> None:
        """Type 02: the whole amount."""
        reply = await self._ask(
            REFUND,
            REFUNDED,
            {
                "vnp_RequestId": order.key,
                "vnp_Command": "refund",
                "vnp_TransactionType": "02",
                "vnp_TxnRef": order.reference,
                "vnp_Amount": str(order.amount * 100),
                "vnp_TransactionNo": order.number,
                "vnp_TransactionDate": local(order.created_at),
                "vnp_CreateBy": order.by,
                "vnp_OrderInfo": f"Hoan tien {order.reference}",
            },
        )
        self._same(reply, order.reference)

    async def _ask(
        self, request: str, signed: str, values: Mapping[str, str]
    ) -> Mapping[str, object]:
        """A verified reply with ResponseCode 00."""
        body = {
            "vnp_Version": VERSION,
            "vnp_TmnCode": self._terminal,
            "vnp_CreateDate": local(datetime.now(UTC)),
            "vnp_IpAddr": OUR_ADDRESS,
            **values,
        }
        body["vnp_SecureHash"] = signature(self._secret, piped(body, request))
        reply = (await self._system.exchange("POST", "", body)).body
        code, text = (self._system.text(reply, f"vnp_{k}") for k in ("ResponseCode", "Message"))
        if code in ("02", "97"):  # terminal or signature not accepted
            raise self._system.credentials()
        given = self._system.text(reply, "vnp_SecureHash").lower()
        right = signature(self._secret, piped(reply, signed))
        if not hmac.compare_digest(given.encode(), right.encode()):
            raise self._system.malformed("vnp_SecureHash")
        match code:
            case "00":
                return reply
            case "91":
                raise Refused(self._system.name, "unknown", text)
            case "94":
                raise Duplicate(self._system.name)
            case "93" | "95":
                raise Refused(self._system.name, code, text)
        raise self._system.malformed(f"vnp_ResponseCode {code[:4]}")

    def _same(self, reply: Mapping[str, object], reference: str) -> None:
        if reply.get("vnp_TxnRef") != reference:
            raise self._system.malformed("vnp_TxnRef")

    def _notice(
        self, values: Mapping[str, object], outcome: PaymentOutcome, code: str
    ) -> PaymentNotice:
        amount, paid = str(values.get("vnp_Amount", "")), str(values.get("vnp_PayDate", ""))
        if not (amount.isascii() and amount.isdigit()) or int(amount) % 100:
            raise self._system.malformed("vnp_Amount")
        try:
            paid_at = datetime.strptime(paid, TIME).replace(tzinfo=VIETNAM) if paid else None
        except ValueError:
            raise self._system.malformed("vnp_PayDate") from None
        return PaymentNotice(
            reference=self._system.text(values, "vnp_TxnRef"),
            amount=int(amount) // 100,
            outcome=outcome,
            code=code[:8],
            number=str(values.get("vnp_TransactionNo", ""))[:32],
            bank=str(values.get("vnp_BankCode", ""))[:32],
            paid_at=paid_at.astimezone(UTC) if paid_at else None,
        )
