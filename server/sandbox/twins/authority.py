"""Twin of the licensing authority: takes dossiers in, decides them after a while, is polled, and
tells of its decisions by itself when switched to (authority_push.py).

Idempotent by `khoaYeuCau`. Decides by the switch `verdict` as it stood when the dossier came in.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.authority_push import SIGNER, Pusher
from server.sandbox.twins.wire import VIETNAM, CutReply, down, read_object

_FOUND = "270812345678"
"""The number that the authority's own system has of a lost card."""
SESSION_LIFE = timedelta(minutes=30)
_WORKED_ON = (4, "Đang xử lý")
_VERDICTS: dict[str, dict[str, Any]] = {
    "approve": {"MaTrangThai": 10, "TrangThaiHoSo": "Đã xử lý xong"},
    "return": {
        "MaTrangThai": 5,
        "TrangThaiHoSo": "Yêu cầu bổ sung giấy tờ",
        "lyDo": "photo",
        "noiDung": "Ảnh mặt trước giấy phép lái xe bị mờ, xin chụp lại.",
        "yeuCauBoSung": [
            {
                "truong": "photo:licence_front",
                "lyDo": "blurred",
                "noiDung": "Ảnh mờ, xin chụp lại nơi đủ sáng.",
            }
        ],
    },
    "reject": {
        "MaTrangThai": 8,
        "TrangThaiHoSo": "Từ chối tiếp nhận",
        "lyDo": "violation_open",
        "noiDung": "Người lái xe có vi phạm chưa xử lý xong.",
        "canCu": "Thông tư 12/2025/TT-BCA",
    },
}


class Authority:
    """`thinking`: from receipt to decision. `pusher` None: it never tells of itself."""

    signer = SIGNER

    def __init__(
        self,
        folder: Path,
        switches: Switches,
        clock: Clock,
        user: str,
        password: str,
        pusher: Pusher | None = None,
        thinking: timedelta = timedelta(seconds=20),
    ) -> None:
        self._shelf = Shelf(folder / "authority.json")
        self._switches = switches
        self._clock = clock
        self._credentials = (user, password)
        self.thinking = thinking
        self._sessions: dict[str, datetime] = {}
        self._pusher = pusher
        self._telling: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        return [
            Route("/mapi/login", self._login, methods=["POST"]),
            Route("/mapi/g", self._call, methods=["POST"]),
        ]

    async def _login(self, request: Request) -> Response:
        if self._switches.authority_down:
            return down()
        body = await read_object(request) or {}
        given = f"{body.get('username')}\n{body.get('password')}"
        if not hmac.compare_digest(given.encode(), "\n".join(self._credentials).encode()):
            return _reply("1", "Tên đăng nhập hoặc mật khẩu không đúng")
        session = secrets.token_urlsafe(24)
        self._sessions[session] = self._clock() + SESSION_LIFE
        return JSONResponse({"error_code": "0", "result": "OK", "session": session})

    async def _call(self, request: Request) -> Response:
        if self._switches.authority_down:
            return down()
        body = await read_object(request)
        if body is None:
            return _reply("9", "Yêu cầu không đúng định dạng")
        if self._sessions.get(str(body.get("session")), self._clock()) <= self._clock():
            return _reply("2", "Phiên làm việc không tồn tại hoặc đã hết hạn")
        if body.get("service") == "DanhSachHoSo":
            return self._list(str(body.get("ngayNhan1")), str(body.get("ngayNhan2")))
        key = body.get("khoaYeuCau")
        if not isinstance(key, str) or not key:
            return _reply("9", "Thiếu khoaYeuCau")
        if body.get("service") == "TiepNhanHoSo":
            return self._receive(key, body.get("hoSo"))
        if body.get("service") == "TraCuuHoSo":
            return self._progress(key)
        return _reply("9", "Dịch vụ không tồn tại")

    def _receive(self, key: str, dossier: Any) -> Response:
        if known := self._shelf.content.get(key):
            return _reply("3", "Đã tiếp nhận trước đó", data={"maHoSoGplx": known["maHoSoGplx"]})
        if wrong := _wrong(dossier):
            return _reply("4", wrong[1], lyDo=wrong[0])
        if self._switches.refusal:
            return _reply("4", "Hồ sơ không thuộc thẩm quyền", lyDo="out_of_jurisdiction")
        now = self._clock()
        known = {
            "maHoSo": dossier["maHoSo"],
            "maHoSoGplx": f"GPLX{len(self._shelf.content) + 1:07d}",
            "soGplx": dossier["gplxDaCap"][0]["sogplx"] or _FOUND,
            "received": now.isoformat(),
            "verdict": self._switches.verdict,
        }
        self._shelf.content[key] = known
        self._shelf.save()
        if self._pusher and self._switches.push != "off":
            task = asyncio.get_running_loop().create_task(self._tell(key, self._pusher))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        data = {"maHoSoGplx": known["maHoSoGplx"], "ngayHenTraGplx": dossier["ngayHenTraGplx"]}
        lost = self._switches.replies_lost
        return _reply("0", "OK", data=data, kind=CutReply if lost else JSONResponse)

    def _list(self, first: str, last: str) -> Response:
        """What was received from the first day to the last, and how it stands."""
        rows = [
            {"khoaYeuCau": key, "maHoSo": known["maHoSo"], "MaTrangThai": self._standing(known)}
            for key, known in self._shelf.content.items()
            if first <= _day(known["received"]) <= last
        ]
        return _reply("0", "OK", data=rows)

    def _standing(self, known: dict[str, Any]) -> int:
        if datetime.fromisoformat(known["received"]) + self.thinking > self._clock():
            return _WORKED_ON[0]
        return int(_VERDICTS[known["verdict"]]["MaTrangThai"])

    async def _tell(self, key: str, pusher: Pusher) -> None:
        """When it has decided, for as long as the process runs."""
        await asyncio.sleep(self.thinking.total_seconds())
        known = self._shelf.content[key]
        decided = datetime.fromisoformat(known["received"]) + self.thinking
        message = {"khoaYeuCau": key, **self._data(known, max(decided, self._clock()))}
        await pusher.tell(self._switches.push, message)

    def _progress(self, key: str) -> Response:
        known = self._shelf.content.get(key)
        if known is None:
            return _reply("5", "Không tìm thấy hồ sơ")
        return _reply("0", "OK", data=self._data(known, self._clock()))

    def _data(self, known: dict[str, Any], now: datetime) -> dict[str, Any]:
        """How a dossier stands at that time."""
        received = datetime.fromisoformat(known["received"])
        decided = received + self.thinking
        data: dict[str, Any] = {
            "MaHoSo": known["maHoSo"],
            "maHoSoGplx": known["maHoSoGplx"],
            "MaTrangThai": _WORKED_ON[0],
            "TrangThaiHoSo": _WORKED_ON[1],
            "NgayTiepNhan": _local(received),
            "NgayHenTra": "",
            "NgayQuyetDinh": "",
            "lyDo": "",
            "noiDung": "",
            "canCu": "",
            "soGplx": "",
            "yeuCauBoSung": [],
        }
        if decided <= now:
            data |= _VERDICTS[known["verdict"]] | {"NgayQuyetDinh": _local(decided)}
            if known["verdict"] == "approve":
                data["soGplx"] = known["soGplx"]
        return data


@cache
def _day(time: str) -> str:
    """The day in Vietnam of a time in UTC, yyyy-MM-dd."""
    return f"{datetime.fromisoformat(time) + VIETNAM:%Y-%m-%d}"


def _wrong(dossier: Any) -> tuple[str, str] | None:
    """(reason, sentence) when a dossier cannot be taken in."""
    if not isinstance(dossier, dict):
        return ("malformed", "Thiếu hoSo")
    held = dossier.get("gplxDaCap")
    if not dossier.get("maHoSo") or not dossier.get("hoTen") or "ngayHenTraGplx" not in dossier:
        return ("malformed", "Thiếu mã hồ sơ, họ tên hoặc ngày hẹn trả")
    if dossier.get("loaiHoSo") != "cap_lai" and (
        not isinstance(held, list) or not held or not held[0].get("sogplx")
    ):
        return ("licence_missing", "Thiếu giấy phép lái xe đã cấp")
    for paper in dossier.get("hoSoDinhKem") or []:
        try:
            data = base64.b64decode(paper["filedinhkem"], validate=True)
        except (binascii.Error, KeyError, TypeError, ValueError):
            return ("photo_damaged", "Tệp đính kèm không đọc được")
        if hashlib.sha256(data).hexdigest() != paper.get("sha256"):
            return ("photo_damaged", "Tệp đính kèm không khớp mã SHA-256")
    return None


def _local(at: datetime) -> str:
    return f"{at + VIETNAM:%d/%m/%Y %H:%M:%S}"


def _reply(
    code: str, result: str, *, kind: type[JSONResponse] = JSONResponse, **more: Any
) -> Response:
    return kind({"error_code": code, "result": result, **more})
