"""Twins of an SMS gateway and of Zalo's notification service, and the phones they reach."""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import CutReply, read_object

NOT_ON_ZALO = "84900000000"
"""A number that gets SMS and is not known to Zalo."""


class Phones:
    """`token`: what both accept. Zalo's side takes the same tracking id twice, as the real one
    does; the SMS gateway knows its idempotency keys again."""

    def __init__(self, folder: Path, switches: Switches, token: str) -> None:
        self._shelf = Shelf(folder / "phones.json")
        self._shelf.content.setdefault("keys", {})
        self._shelf.content.setdefault("messages", [])
        self._switches = switches
        self._token = token

    def sms(self) -> list[Route]:
        return [Route("/v1/messages", self._sms, methods=["POST"])]

    def zns(self) -> list[Route]:
        return [Route("/message/template", self._zns, methods=["POST"])]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """{channel, to, text | template, data, key}, oldest first."""
        messages: list[dict[str, Any]] = self._shelf.content["messages"]
        return messages

    async def _sms(self, request: Request) -> Response:
        if not self._admits(request.headers.get("authorization", ""), f"Bearer {self._token}"):
            return JSONResponse({"code": "token", "message": "unknown token"}, 401)
        key, body = request.headers.get("idempotency-key", ""), await read_object(request) or {}
        if number := self._shelf.content["keys"].get(key):
            return JSONResponse({"code": "duplicate", "messageId": number}, 409)
        to, text = str(body.get("to", "")), str(body.get("text", ""))
        if not key or not body.get("brandname") or not re.fullmatch("84[0-9]{9}", to):
            return JSONResponse({"code": "bad_number", "message": "not a mobile number"}, 422)
        if not text.isascii() or not 0 < len(text) <= 160:
            return JSONResponse({"code": "bad_text", "message": "160 GSM characters"}, 422)
        number = self._keep({"channel": "sms", "to": to, "text": text, "key": key})
        self._shelf.content["keys"][key] = number
        self._shelf.save()
        reply = {"messageId": number}
        return CutReply(reply, 201) if self._switches.replies_lost else JSONResponse(reply, 201)

    async def _zns(self, request: Request) -> Response:
        body = await read_object(request) or {}
        if not self._admits(request.headers.get("access_token", ""), self._token):
            return JSONResponse({"error": -124, "message": "Access token invalid"})
        to, data = str(body.get("phone", "")), body.get("template_data")
        if not body.get("template_id") or not isinstance(data, dict) or "ma_ho_so" not in data:
            return JSONResponse({"error": -1124, "message": "template_data invalid"})
        if to == NOT_ON_ZALO or not re.fullmatch("84[0-9]{9}", to):
            return JSONResponse({"error": -118, "message": "Zalo account not existed"})
        template, key = body["template_id"], body.get("tracking_id", "")
        told = {"channel": "zns", "to": to, "template": template, "data": data, "key": key}
        number = self._keep(told)
        reply = {"error": 0, "message": "Success", "data": {"msg_id": number}}
        return CutReply(reply, 200) if self._switches.replies_lost else JSONResponse(reply)

    def _keep(self, message: dict[str, Any]) -> str:
        self.messages.append(message)
        self._shelf.save()
        return f"m{len(self.messages)}"

    def _admits(self, given: str, right: str) -> bool:
        return hmac.compare_digest(given.encode(), right.encode())
