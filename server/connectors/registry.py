"""The registry of drivers' health certificates. Messages: README.md, "registry.py"."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

import httpx2

from server.connectors.http import System
from server.dossier.tables import table
from server.errors import Refused
from server.ports import Certificate, Found, Mismatch, NotYet

Conclusion = Literal["fit", "unfit", "re_examine"]

# Meaning of the codes: confidence low (gplx.md §3.5), therefore a parameter of the connector.
CONCLUSIONS: Final[Mapping[str, Conclusion]] = table("certificate")["conclusions"]["codes"]


def fold(name: str) -> str:
    """A name as facilities type it: without case, accents and doubled spaces."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


class Registry:
    """HealthCertificateRegistry over HTTP."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        client: httpx2.AsyncClient,
        conclusions: Mapping[str, Conclusion] = CONCLUSIONS,
    ) -> None:
        self._system = System("giấy khám sức khỏe", url, client)
        # MD5 is what the health-insurance gateway demands; TLS is what protects the password.
        digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        self._headers = {"Username": user, "Password": digest}
        self._conclusions = conclusions

    async def look_up(
        self, number: str, name: str, date_of_birth: str
    ) -> Found | NotYet | Mismatch:
        reply = await self._system.exchange(
            "POST", "/api/hssk/gksk/tra-cuu", {"SO": number}, self._headers
        )
        text, state = self._system.text, self._system.text(reply.body, "MSG_STATE")
        if state == "0" and text(reply.body, "MSG_CODE") == "KHONG_TIM_THAY":
            return NotYet()
        if state == "0" and (reason := text(reply.body, "MSG_CODE")):
            raise Refused(self._system.name, reason, text(reply.body, "MSG_TEXT"))
        if state != "1":
            raise self._system.malformed("MSG_STATE")
        data = self._system.inner(reply.body, "DATA")
        if fold(text(data, "SO")) != fold(number):
            raise self._system.malformed("SO")
        if differs := self._differs(data, name, date_of_birth):
            return Mismatch(differs)
        return Found(self._certificate(data))

    def _differs(self, data: Mapping[str, object], name: str, birth: str) -> list[str]:
        theirs, born = self._system.text(data, "HOTEN"), self._system.text(data, "NGAYSINH")
        if not theirs.strip():
            raise self._system.malformed("HOTEN")
        differs = ["name"] if fold(theirs) != fold(name) else []
        if re.fullmatch(r"\d{4}", born):
            same = born == birth[:4]
        else:
            held = self._day(born, "NGAYSINH").isoformat()
            same = held.startswith(birth) if re.fullmatch(r"\d{4}", birth) else held == birth
        return differs if same else [*differs, "date_of_birth"]

    def _certificate(self, data: Mapping[str, object]) -> Certificate:
        conclusion = self._conclusions.get(self._system.text(data, "KETLUAN"))
        if conclusion is None:
            raise self._system.malformed("KETLUAN")
        return Certificate(
            number=self._system.text(data, "SO"),
            facility=self._system.text(data, "IDBENHVIEN"),
            concluded_on=self._day(self._system.text(data, "NGAYKETLUAN"), "NGAYKETLUAN"),
            licence_class=self._system.text(data, "HANGBANGLAI"),
            conclusion=conclusion,
        )

    def _day(self, text: str, key: str) -> date:
        try:
            return datetime.strptime(text, "%d/%m/%Y").date()
        except ValueError:
            raise self._system.malformed(key) from None
