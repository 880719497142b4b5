"""Twin of the National Portal: token, files, dossier sync, status sync (gplx.md §4.2).

Keeps one dossier a MaHoSo, one file a digest of it and one line a status and time. A line earlier
than the last is refused, and so is a dossier that names a file which is not here: whoever tells
out of order is found out. Of a file only its digest and size are kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import CutReply, down, read_object

CLIENT, SECRET = "doibang", "sandbox"
TOKEN_LIFE = timedelta(minutes=30)
NEEDED = ("MaTTHC", "TenTTHC", "ChuHoSo", "MaDoiTuong", "KenhThucHien", "DonViXuLy")
LARGEST = 3 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9-]{1,60}\.jpg")
_TIME = re.compile(r"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d")


class Portal:
    def __init__(self, folder: Path, switches: Switches, clock: Clock) -> None:
        self._shelf = Shelf(folder / "portal.json")
        self._switches = switches
        self._clock = clock
        self._tokens: dict[str, datetime] = {}

    @property
    def told(self) -> dict[str, Any]:
        """{MaHoSo: {"dossier", "files": {IdTepTin: {"sha256", "size"}},
        "statuses": [[ThoiDiemXuLy, TrangThai], …]}}."""
        return self._shelf.content

    def routes(self) -> list[Route]:
        return [
            Route("/token", self._token, methods=["POST"]),
            Route("/TaiTepTin", self._file, methods=["POST"]),
            Route("/DongBoHoSo", self._dossier, methods=["POST"]),
            Route("/DongBoTrangThaiHoSo", self._status, methods=["POST"]),
        ]

    async def _token(self, request: Request) -> Response:
        if self._switches.portal_down:
            return down()
        body = await read_object(request) or {}
        given = f"{body.get('client_id')}\n{body.get('client_secret')}"
        if not hmac.compare_digest(given.encode(), f"{CLIENT}\n{SECRET}".encode()):
            return JSONResponse({"error": "invalid_client"}, 400)
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self._clock() + TOKEN_LIFE
        life = int(TOKEN_LIFE.total_seconds())
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": life})

    async def _file(self, request: Request) -> Response:
        body = await self._let_in(request)
        if isinstance(body, Response):
            return body
        try:
            content = base64.b64decode(str(body.get("NoiDungTepTin")), validate=True)
        except ValueError:
            return JSONResponse({"message": "Sai NoiDungTepTin"}, 400)
        if len(content) > LARGEST or not _NAME.fullmatch(str(body.get("TenTepDinhKem"))):
            return JSONResponse({"message": "Tệp quá lớn hoặc sai TenTepDinhKem"}, 400)
        digest = hashlib.sha256(content).hexdigest()
        if digest != body.get("HashTepTin"):
            return _reply("-1", "Sai HashTepTin")
        where = f"tep-{digest[:32]}"
        self._known(body["MaHoSo"])["files"][where] = {"sha256": digest, "size": len(content)}
        return self._taken({"IdTepTin": where, "HashTepTin": digest})

    def _known(self, code: str) -> dict[str, Any]:
        known: dict[str, Any] = self.told.setdefault(code, {})
        for name, empty in (("files", {}), ("statuses", [])):
            known.setdefault(name, empty)
        return known

    async def _dossier(self, request: Request) -> Response:
        body = await self._let_in(request)
        if isinstance(body, Response):
            return body
        times = (body.get("NgayTiepNhan"), body.get("NgayHenTra") or "20000101000000")
        wrong = [name for name in NEEDED if not body.get(name)]
        if wrong or not all(_is_time(each) for each in times):
            return JSONResponse({"message": f"Thiếu hoặc sai: {wrong or times}"}, 400)
        known = self._known(body["MaHoSo"])
        rows = body.get("TaiLieuNop") or []
        held = [row["DuongDanTaiTepTin"] for row in rows if row.get("IsDeleted") == "0"]
        if missing := set(held) - known["files"].keys():
            return _reply("-1", f"Chưa có tệp {sorted(missing)}")
        known["dossier"] = body
        return self._taken()

    async def _status(self, request: Request) -> Response:
        body = await self._let_in(request)
        if isinstance(body, Response):
            return body
        known = self.told.get(body["MaHoSo"])
        if known is None or "dossier" not in known:
            return _reply("-1", "Hồ sơ chưa được đồng bộ")
        at, code = body.get("ThoiDiemXuLy"), str(body.get("TrangThai"))
        if not _is_time(at) or code not in map(str, range(1, 11)):
            return JSONResponse({"message": "Sai ThoiDiemXuLy hoặc TrangThai"}, 400)
        line = [at, code]
        if line not in known["statuses"]:
            if known["statuses"] and known["statuses"][-1][0] > at:
                return _reply("-1", "Trạng thái đến sai thứ tự")
            known["statuses"].append(line)
        return self._taken()

    async def _let_in(self, request: Request) -> dict[str, Any] | Response:
        if self._switches.portal_down:
            return down()
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, self._clock()) <= self._clock():
            return JSONResponse({"message": "Token hết hạn"}, 401)
        body = await read_object(request)
        if body is None or not isinstance(body.get("MaHoSo"), str) or not body["MaHoSo"]:
            return JSONResponse({"message": "Thiếu MaHoSo"}, 400)
        return body

    def _taken(self, said: Mapping[str, str] | None = None) -> Response:
        self._shelf.save()
        kind = CutReply if self._switches.replies_lost else JSONResponse
        return kind({"error_code": "0", "message": "Thành công", **(said or {})})


def _reply(code: str, message: str) -> Response:
    return JSONResponse({"error_code": code, "message": message})


def _is_time(text: object) -> bool:
    return isinstance(text, str) and _TIME.fullmatch(text) is not None
