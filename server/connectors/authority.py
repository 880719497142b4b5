"""The licensing authority as the decider. Messages: README.md, "authority.py"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import httpx2

from server.connectors.authority_messages import dossier_message, read_day, read_time
from server.connectors.http import System
from server.connectors.signed_request import NotSigned, SignerKey, verify
from server.dossier.authority_reasons import refusal, to_correct
from server.errors import Duplicate, Refused, Unavailable
from server.ports import (
    Accepted,
    CorrectionItem,
    Decided,
    DecisionNotice,
    Forwarding,
    SignedRequest,
)

UNDECIDED = {1, 2, 4, 6}
OUTCOMES: Mapping[int, Literal["approved", "returned", "rejected"]] = {
    3: "rejected",
    5: "returned",
    7: "rejected",
    8: "rejected",
    9: "approved",
    10: "approved",
}
WITHDRAWN = 7
LONGEST_KEY = 128


class Authority:
    """ApprovalGateway over HTTP, and DecisionNotices. The session of one login is kept until it
    expires. `keys`: whose pushed decisions are believed."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        unit: str,
        client: httpx2.AsyncClient,
        keys: Sequence[SignerKey] = (),
    ) -> None:
        self._system = System("cơ quan cấp giấy phép lái xe", url, client)
        self._login = {"username": user, "password": password}
        self._unit = unit
        self._session = ""
        self._keys = keys

    def ready(self) -> None:
        self._system.ready()

    async def submit(self, forwarding: Forwarding) -> Accepted:
        """Duplicate(reference) when this key was received before."""
        data = await self._call(
            "TiepNhanHoSo", forwarding.key, {"hoSo": dossier_message(forwarding)}
        )
        return Accepted(
            reference=self._reference(data),
            promised_on=read_day(self._system, data, "ngayHenTraGplx"),
        )

    async def decision(self, key: str) -> Decided | None:
        return self._read(await self._call("TraCuuHoSo", key, {}))

    def notice(self, request: SignedRequest, now: datetime) -> DecisionNotice:
        try:
            nonce = verify(request, self._keys, now)
        except NotSigned as wrong:
            raise Refused(self._system.name, wrong.code) from None
        data = self._system.object(request.body)
        key = self._system.text(data, "khoaYeuCau")
        if not key or len(key) > LONGEST_KEY:
            raise self._system.malformed("khoaYeuCau")
        return DecisionNotice(key, self._read(data), nonce)

    def _read(self, data: Mapping[str, object]) -> Decided | None:
        code = data.get("MaTrangThai")
        if type(code) is not int:
            raise self._system.malformed("MaTrangThai")
        if code in UNDECIDED:
            return None
        at = read_time(self._system, data, "NgayQuyetDinh")
        if code not in OUTCOMES or at is None:
            raise self._system.malformed("MaTrangThai")
        reason, sentence, law = (self._system.text(data, k) for k in ("lyDo", "noiDung", "canCu"))
        items: list[CorrectionItem] = []
        if OUTCOMES[code] == "returned":
            items = self._items(data)
            if not items:  # what is said of the whole is the one thing to put right
                items = [CorrectionItem(*to_correct("", reason, sentence))]
                sentence = ""
        elif code == WITHDRAWN:
            reason = "withdrawn"
        elif OUTCOMES[code] == "rejected":
            reason, law = refusal(reason, law)
        return Decided(
            outcome=OUTCOMES[code],
            at=at,
            reason=reason,
            text=sentence,
            law=law,
            items=items,
            licence_number=self._system.text(data, "soGplx") or None,
        )

    def _items(self, data: Mapping[str, object]) -> list[CorrectionItem]:
        text = self._system.text
        return [
            CorrectionItem(
                *to_correct(text(row, "truong"), text(row, "lyDo"), text(row, "noiDung"))
            )
            for row in self._system.rows(data, "yeuCauBoSung")
        ]

    async def decided(self, since: date) -> Collection[str]:
        days = {"ngayNhan1": since.isoformat(), "ngayNhan2": "9999-12-31"}
        reply = await self._asked({"service": "DanhSachHoSo", **days})
        rows = self._system.rows(reply, "data")
        keys = {self._system.text(row, "khoaYeuCau"): row.get("MaTrangThai") for row in rows}
        return {key for key, code in keys.items() if key and code in OUTCOMES}

    async def _call(
        self, service: str, key: str, message: Mapping[str, object]
    ) -> Mapping[str, object]:
        reply = await self._asked({"service": service, "khoaYeuCau": key, **message})
        return self._system.inner(reply, "data")

    async def _asked(self, message: Mapping[str, object]) -> Mapping[str, object]:
        """A reply with code 0. An expired session is renewed once."""
        fresh = not self._session
        if fresh:
            self._session = await self._log_in()
        body = {"donViXuLy": self._unit, "session": self._session, **message}
        reply = await self._post("/mapi/g", body)
        if reply.get("error_code") == "2":
            self._session = ""
            if fresh:
                raise Unavailable(self._system.name, "a fresh session is not accepted")
            return await self._asked(message)
        self._check(reply)
        return reply

    def _check(self, reply: Mapping[str, object]) -> None:
        code, result = self._system.text(reply, "error_code"), self._system.text(reply, "result")
        if code == "0":
            return
        if code == "3":
            reference = self._reference(self._system.inner(reply, "data"))
            raise Duplicate(self._system.name, reference)
        if code == "4":
            reason = self._system.text(reply, "lyDo") or "refused"
            raise Refused(self._system.name, reason, result)
        if code == "5":
            raise Refused(self._system.name, "unknown", result)
        raise Unavailable(self._system.name, f"error_code {code[:8]}")

    async def _log_in(self) -> str:
        reply = await self._post("/mapi/login", self._login)
        code = self._system.text(reply, "error_code")
        if code == "1":
            raise self._system.credentials()
        session = self._system.text(reply, "session")
        if code != "0" or not session:
            raise self._system.malformed("session")
        return session

    async def _post(self, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
        reply = await self._system.exchange("POST", path, body)
        if reply.status != 200:
            raise Unavailable(self._system.name, f"HTTP {reply.status}")
        return reply.body

    def _reference(self, data: Mapping[str, object]) -> str:
        reference = self._system.text(data, "maHoSoGplx")
        if not reference:
            raise self._system.malformed("maHoSoGplx")
        return reference
