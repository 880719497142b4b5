"""Twin of the health-certificate registry: facilities send in, the licence system looks up.

Everyone whom `people.invent` makes for a small seed is in it. Others come in as in life: a facility
sends them (`POST /api/hssk/gksk`).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.people import Person, invent
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import VIETNAM, read_object

KNOWN_SEEDS = range(500)
_NEEDED = ("SO", "HOTEN", "NGAYSINH", "IDBENHVIEN", "NGAYKETLUAN", "HANGBANGLAI", "KETLUAN")


class Registry:
    """A caller sends `password` as MD5 hex in the header `Password`, as the gateway demands."""

    def __init__(
        self, folder: Path, switches: Switches, clock: Clock, user: str, password: str
    ) -> None:
        self._shelf = Shelf(folder / "registry.json")
        self._switches = switches
        self._clock = clock
        secret = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        self._credentials = (user, secret)

    def routes(self) -> list[Route]:
        return [
            Route("/api/hssk/gksk/tra-cuu", self._look_up, methods=["POST"]),
            Route("/api/hssk/gksk", self._take_in, methods=["POST"]),
        ]

    def known(self, number: str) -> dict[str, Any] | None:
        """The certificate under a number, whether or not it is late."""
        sent: dict[str, Any] | None = self._shelf.content.get(number)
        return sent or self._invented().get(number)

    async def _look_up(self, request: Request) -> Response:
        body = await self._admitted(request)
        if isinstance(body, Response):
            return body
        number = str(body.get("SO", "")).strip().upper()
        if not number:
            return _refused("THIEU_SO", "Thiếu số giấy khám sức khỏe")
        found = self.known(number)
        if found is None or self._switches.certificate_late:
            return _refused("KHONG_TIM_THAY", "Chưa có dữ liệu")
        return JSONResponse({"MSG_STATE": "1", "MSG_TEXT": "", "DATA": found})

    async def _take_in(self, request: Request) -> Response:
        body = await self._admitted(request)
        if isinstance(body, Response):
            return body
        missing = [name for name in _NEEDED if not isinstance(body.get(name), str)]
        if missing:
            return _refused("SAI_DU_LIEU", f"Thiếu {', '.join(missing)}")
        certificate = {name: body[name] for name in _NEEDED}
        certificate["BENHVIEN"] = str(body.get("BENHVIEN", ""))
        self._shelf.content[body["SO"].upper()] = certificate
        self._shelf.save()
        return JSONResponse({"MSG_STATE": "1", "MSG_TEXT": "", "SO": body["SO"]})

    async def _admitted(self, request: Request) -> dict[str, Any] | Response:
        given = (request.headers.get("username"), request.headers.get("password"))
        if given != self._credentials:
            return JSONResponse({"MSG_STATE": "0", "MSG_CODE": "SAI_MAT_KHAU"}, 401)
        body = await read_object(request)
        return _refused("SAI_DU_LIEU", "Không phải JSON") if body is None else body

    def _invented(self) -> dict[str, dict[str, Any]]:
        return _of_day((self._clock() + VIETNAM).date())


@cache
def _of_day(today: Any) -> dict[str, dict[str, Any]]:
    people = (invent(seed, today) for seed in KNOWN_SEEDS)
    return {p.certificate.number: as_message(p) for p in people if p.certificate}


def as_message(person: Person) -> dict[str, Any]:
    """A certificate as a facility sends it in, with result fit (`A0-1`)."""
    paper = person.certificate
    if paper is None:
        raise ValueError("this person has no certificate")
    return {
        "SO": paper.number,
        "HOTEN": person.full_name.upper(),
        "NGAYSINH": f"{person.date_of_birth:%d/%m/%Y}",
        "IDBENHVIEN": paper.number.split("/")[2],
        "BENHVIEN": paper.facility,
        "NGAYKETLUAN": f"{paper.concluded_on:%d/%m/%Y}",
        "HANGBANGLAI": paper.licence_class,
        "KETLUAN": "A0-1",
    }


def _refused(code: str, text: str) -> Response:
    return JSONResponse({"MSG_STATE": "0", "MSG_CODE": code, "MSG_TEXT": text})
