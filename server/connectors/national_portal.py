"""The National Public Service Portal: dossiers and statuses (gplx.md §4.2). Messages: README.md."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

import httpx2

from server.connectors.http import Reply, System
from server.dossier.codes import portal_channel, portal_row
from server.errors import Refused, Unavailable
from server.ports import PortalDossier, PortalPaper, PortalStatus

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975
TIME = "%Y%m%d%H%M%S"
CITIZEN = "0"
FIELD = ("GPLX", "Đăng ký, quản lý phương tiện và người lái")
"""MaLinhVuc, TenLinhVuc: confidence low, to be set as the province's portal lists them."""
AT_RECEIPT = "1"


class Portal:
    """NationalPortal over HTTP. The token of one request is kept until it is not taken any more."""

    def __init__(
        self, url: str, client_id: str, secret: str, unit: str, client: httpx2.AsyncClient
    ) -> None:
        self._system = System("Cổng Dịch vụ công quốc gia", url, client)
        self._login = {"client_id": client_id, "client_secret": secret}
        self._unit = unit
        self._token = ""

    def ready(self) -> None:
        self._system.ready()

    async def put_dossier(self, dossier: PortalDossier) -> None:
        """The papers first: the dossier names where each lies."""
        kept = [await self._paper(dossier.code, paper) for paper in dossier.papers]
        gone = [{"TepDinhKemId": one, "IsDeleted": "1"} for one in sorted(dossier.dropped)]
        fees = []
        if dossier.fee is not None:
            paid = "1" if dossier.fee_paid else "0"
            fee = {"SoTien": dossier.fee, "HinhThucThu": AT_RECEIPT, "TrangThaiThanhToan": paid}
            fees = [fee]
        body = {
            "MaHoSo": dossier.code,
            "SoBienNhan": dossier.slip,
            "MaTTHC": dossier.procedure,
            "TenTTHC": dossier.procedure_name,
            "MaLinhVuc": FIELD[0],
            "TenLinhVuc": FIELD[1],
            "KenhThucHien": portal_channel(dossier.channel),
            "DiemHoTro": dossier.point,
            "ChuHoSo": dossier.name,
            "LoaiDoiTuong": CITIZEN,
            "MaDoiTuong": dossier.identity_number,
            "SoDienThoai": dossier.phone,
            "Email": "",
            "NgayTiepNhan": local(dossier.received_at),
            "NgayHenTra": end_of(dossier.promised_on),
            "TrangThaiHoSo": str(dossier.status),
            "DonViXuLy": self._unit,
            "TaiLieuNop": [*kept, *gone],
            "DanhSachLePhi": fees,
            "DanhSachGiayToKetQua": [],
        }
        await self._call("/DongBoHoSo", body)

    async def put_status(self, status: PortalStatus) -> None:
        body = {
            "MaHoSo": status.code,
            "NguoiXuLy": status.by,
            "ChucDanh": status.by,
            "ThoiDiemXuLy": local(status.at),
            "PhongBanXuLy": self._unit,
            "NoiDungXuLy": f"{portal_row(status.status)['vi']}: {status.text}",
            "TrangThai": str(status.status),
            "NgayBatDau": local(status.received_at),
            "NgayKetThucTheoQuyDinh": end_of(status.promised_on),
        }
        await self._call("/DongBoTrangThaiHoSo", body)

    async def _paper(self, code: str, paper: PortalPaper) -> Mapping[str, object]:
        """Uploads one paper; its row in TaiLieuNop. Malformed where the portal has other bytes."""
        content = base64.b64encode(paper.jpeg).decode()
        file = {"TenTepDinhKem": paper.name, "HashTepTin": paper.sha256, "NoiDungTepTin": content}
        reply = await self._call("/TaiTepTin", {"MaHoSo": code, **file})
        where = self._system.text(reply.body, "IdTepTin")
        if not where:
            raise self._system.malformed("IdTepTin")
        if self._system.text(reply.body, "HashTepTin").lower() != paper.sha256:
            raise self._system.malformed("HashTepTin")
        return {
            "TepDinhKemId": paper.id,
            "TenTepDinhKem": paper.name,
            "IsDeleted": "0",
            "MaThanhPhanHoSo": paper.component,
            "DuongDanTaiTepTin": where,
        }

    async def _call(self, path: str, body: Mapping[str, object]) -> Reply:
        """Once more with a fresh token where the kept one is not taken any more."""
        kept = bool(self._token)
        try:
            reply = await self._authorised(path, body)
        except Unavailable as refused:
            self._token = ""
            if not kept or refused.detail != "credentials":
                raise
            reply = await self._authorised(path, body)
        self._check(reply)
        return reply

    async def _authorised(self, path: str, body: Mapping[str, object]) -> Reply:
        if not self._token:
            self._token = await self._fresh_token()
        headers = {"authorization": f"Bearer {self._token}"}
        return await self._system.exchange("POST", path, body, headers)

    async def _fresh_token(self) -> str:
        asked = {"grant_type": "client_credentials", **self._login}
        reply = await self._system.exchange("POST", "/token", asked)
        if reply.status == 400:  # RFC 6749 §5.2: invalid_client and the like
            raise self._system.credentials()
        token = self._system.text(reply.body, "access_token")
        if reply.status != 200 or not token:
            raise self._system.malformed("access_token")
        return token

    def _check(self, reply: Reply) -> None:
        text = self._system.text
        code = text(reply.body, "error_code") or text(reply.body, "response_code")
        said = text(reply.body, "message")
        if reply.status == 400:
            raise Refused(self._system.name, "400", said)
        if reply.status != 200:
            raise Unavailable(self._system.name, f"HTTP {reply.status}")
        if code == "-1":
            raise Refused(self._system.name, code, said)
        if code not in ("0", "00"):
            raise self._system.malformed("error_code")


def local(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(TIME)


def end_of(day: date | None) -> str:
    """A promised day as a time: the end of the office's afternoon."""
    return f"{day:%Y%m%d}170000" if day else ""
