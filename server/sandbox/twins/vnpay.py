"""Twin of VNPay 2.1.0: a small page to pay at, its notice (IPN), re-query, refund and statement.

A transaction is settled once: the page takes no second choice, as the real one does not.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.page import HEADERS
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import VIETNAM, CutReply, read_object

CHOICES = ("pay", "cancel", "hang", "lost", "twice")
HANGS = timedelta(minutes=1)
"""How long after a hanging payment the gateway knows of it."""
REPLY = (
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo"
    " TransactionType TransactionStatus OrderInfo"
)
SIGNED = {
    "querydr": "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr"
    " OrderInfo",
    "refund": "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo"
    " TransactionDate CreateBy CreateDate IpAddr OrderInfo",
}
_HERE = Path(__file__).parent.parent


@cache
def _words(lang: str) -> dict[str, str]:
    said: dict[str, str] = json.loads((_HERE / "words.json").read_text("utf-8"))[lang]
    return said


class Vnpay:
    """`ipn`: the merchant's address that is told. `send` fetches it, over HTTP by default."""

    def __init__(
        self,
        folder: Path,
        switches: Switches,
        clock: Clock,
        terminal: str,
        secret: str,
        ipn: str,
    ) -> None:
        self._shelf = Shelf(folder / "vnpay.json")
        self._switches = switches
        self._clock = clock
        self._terminal = terminal
        self._secret = secret
        self.ipn = ipn
        self._template = Template((_HERE / "pay.html").read_text("utf-8"))

    def routes(self) -> list[Route]:
        return [
            Route("/paymentv2/vpcpay.html", self._page, methods=["GET"]),
            Route("/paymentv2/vpcpay.html", self._choose, methods=["POST"]),
            Route("/merchant_webapi/api/transaction", self._api, methods=["POST"]),
            Route("/statement.csv", self._statement, methods=["GET"]),
        ]

    # The page

    async def _page(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return self._html(dict(request.query_params), "pay_bad", 400)
        known = self._shelf.content.setdefault(order["vnp_TxnRef"], {"order": order})
        self._shelf.save()
        return self._html(known["order"], "pay_wait" if "state" in known else "pay_intro")

    async def _choose(self, request: Request) -> Response:
        order = self._order(request)
        fields = dict(parse_qsl((await request.body())[:4096].decode("utf-8", "replace")))
        choice = fields.get("choice", "")
        if order is None or choice not in CHOICES:
            return self._html(dict(request.query_params), "pay_bad", 400)
        known = self._shelf.content.setdefault(order["vnp_TxnRef"], {"order": order})
        if "state" not in known:
            if choice == "pay" and self._switches.payment_hangs:
                choice = "hang"
            self._settle(known, choice)
            if choice == "hang":
                return self._html(order, "pay_wait")
            await self._tell(known, choice)
        told = self._told(known)
        return RedirectResponse(f"{order['vnp_ReturnUrl']}?{told}", 303, headers=HEADERS)

    def _settle(self, known: dict[str, Any], choice: str) -> None:
        now = self._clock()
        known |= {
            "state": "02" if choice == "cancel" else "00",
            "code": "24" if choice == "cancel" else "00",
            "known_at": (now + (HANGS if choice == "hang" else timedelta())).isoformat(),
            "paid_at": now.isoformat(),
            "number": str(14_000_001 + len(self._shelf.content)),
            "answers": [],
        }
        self._shelf.save()

    async def _tell(self, known: dict[str, Any], choice: str) -> None:
        """The IPN, once or twice; nothing when it is lost on the way."""
        if choice == "lost" or self._switches.ipn_lost:
            return
        async with httpx2.AsyncClient(trust_env=False, timeout=10) as client:
            for _ in range(2 if choice == "twice" else 1):
                try:
                    answer = await client.get(f"{self.ipn}?{self._told(known)}")
                    known["answers"].append(answer.json()["RspCode"])
                except (httpx2.HTTPError, ValueError, KeyError) as error:
                    known["answers"].append(type(error).__name__)
        self._shelf.save()

    def _told(self, known: Mapping[str, Any]) -> str:
        """What the notice and the way back say, signed."""
        order = known["order"]
        paid = known["state"] == "00"
        values = {
            "vnp_TmnCode": self._terminal,
            "vnp_Amount": order["vnp_Amount"],
            "vnp_BankCode": "NCB",
            "vnp_PayDate": _local(known["paid_at"]),
            "vnp_OrderInfo": order["vnp_OrderInfo"],
            "vnp_TransactionNo": known["number"] if paid else "0",
            "vnp_ResponseCode": known["code"],
            "vnp_TransactionStatus": known["state"],
            "vnp_TxnRef": order["vnp_TxnRef"],
        }
        text = urlencode(sorted(values.items()))
        return f"{text}&vnp_SecureHash={self._sign(text)}"

    def _order(self, request: Request) -> dict[str, str] | None:
        """What is asked to be paid; None where the signature or the terminal is wrong, or it is
        too late."""
        values = dict(request.query_params)
        given = values.pop("vnp_SecureHash", "")
        right = self._sign(urlencode(sorted(values.items())))
        if not hmac.compare_digest(given.encode(), right.encode()):
            return None
        ends = values.get("vnp_ExpireDate", "")
        if values.get("vnp_TmnCode") != self._terminal or ends < _local(self._clock().isoformat()):
            return None
        return values

    def _html(self, order: Mapping[str, str], said: str, status: int = 200) -> Response:
        words = _words("en" if order.get("vnp_Locale") == "en" else "vi")
        amount = order.get("vnp_Amount", "")
        buttons = "".join(
            f'<p><button class="button" name="choice" value="{each}">'
            f"{escape(words[f'pay_{each}'])}</button></p>"
            for each in CHOICES
        )
        values = {
            **{k: words[k] for k in ("band", "pay_title", "pay_amount", "pay_for")},
            "lang": "en" if order.get("vnp_Locale") == "en" else "vi",
            "said": words[said],
            "amount": f"{int(amount) // 100:,}".replace(",", ".") if amount.isdecimal() else "",
            "text": order.get("vnp_OrderInfo", ""),
        }
        form = f'<form method="post">{buttons}</form>' if said == "pay_intro" else ""
        html = self._template.substitute(
            {k: escape(v) for k, v in values.items()} | {"choices": form}
        )
        return Response(html, status, HEADERS, "text/html")

    # Server to server

    async def _api(self, request: Request) -> Response:
        body = await read_object(request) or {}
        command = str(body.get("vnp_Command", ""))
        if command not in SIGNED:
            return self._answer(body, "03", "Wrong format")
        if body.get("vnp_TmnCode") != self._terminal:
            return self._answer(body, "02", "Unknown terminal")
        right = self._sign(_piped(body, SIGNED[command]))
        given = str(body.get("vnp_SecureHash", ""))
        if not hmac.compare_digest(given.encode(), right.encode()):
            return self._answer(body, "97", "Invalid signature")
        known = self._shelf.content.get(str(body.get("vnp_TxnRef")))
        if known is None:
            return self._answer(body, "91", "Transaction not found")
        if command == "refund":
            return self._refund(body, known)
        return self._answer(body, "00", "OK", known)

    def _refund(self, body: Mapping[str, Any], known: dict[str, Any]) -> Response:
        if known.get("refund"):
            return self._answer(body, "94", "Asked before")
        if known.get("state") != "00":
            return self._answer(body, "95", "Not a successful transaction")
        if body.get("vnp_Amount") != known["order"]["vnp_Amount"]:
            return self._answer(body, "93", "Invalid amount")
        known["refund"] = body["vnp_RequestId"]
        known["state"] = "05"
        self._shelf.save()
        lost = self._switches.replies_lost
        return self._answer(body, "00", "OK", known, CutReply if lost else JSONResponse)

    def _answer(
        self,
        body: Mapping[str, Any],
        code: str,
        message: str,
        known: Mapping[str, Any] | None = None,
        kind: Callable[[Any], Response] = JSONResponse,
    ) -> Response:
        command = str(body.get("vnp_Command", ""))
        said = {
            "vnp_ResponseId": hashlib.sha256(repr(sorted(body.items())).encode()).hexdigest()[:32],
            "vnp_Command": command,
            "vnp_ResponseCode": code,
            "vnp_Message": message,
            "vnp_TmnCode": self._terminal,
            "vnp_TxnRef": str(body.get("vnp_TxnRef", "")),
        }
        if known is not None:
            state = known.get("state", "01")
            if "known_at" in known and self._clock() < datetime.fromisoformat(known["known_at"]):
                state = "01"
            said |= {
                "vnp_Amount": known["order"]["vnp_Amount"],
                "vnp_BankCode": "NCB",
                "vnp_PayDate": _local(known["paid_at"]) if state in ("00", "05") else "",
                "vnp_TransactionNo": known["number"] if state in ("00", "05") else "",
                "vnp_TransactionType": "02" if "refund" in known else "01",
                "vnp_TransactionStatus": state,
                "vnp_OrderInfo": known["order"]["vnp_OrderInfo"],
            }
        names = REPLY + (" PromotionCode PromotionAmount" if command == "querydr" else "")
        said["vnp_SecureHash"] = self._sign(_piped(said, names))
        return kind(said)

    async def _statement(self, request: Request) -> Response:
        """A day's paid transactions, as the merchant's portal gives them out."""
        day, out = request.query_params.get("day", ""), io.StringIO()
        rows = csv.writer(out)
        rows.writerow(["TxnRef", "TransactionNo", "Amount", "PayDate", "TransactionStatus"])
        for reference, known in self._shelf.content.items():
            if known.get("state") not in ("00", "05"):
                continue
            paid = _local(known["paid_at"])
            if paid.startswith(day.replace("-", "")):
                amount = int(known["order"]["vnp_Amount"]) // 100
                rows.writerow([reference, known["number"], amount, paid, known["state"]])
        return PlainTextResponse(out.getvalue(), media_type="text/csv", headers=HEADERS)

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def _piped(values: Mapping[str, Any], names: str) -> str:
    return "|".join(str(values.get(f"vnp_{name}", "")) for name in names.split())


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at) + VIETNAM:%Y%m%d%H%M%S}"
