"""The authority's dossier message and its two formats of a day and of a time (gplx.md §4.3)."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from server.connectors.http import System
from server.ports import Forwarding

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975
DAY, TIME = "%d/%m/%Y", "%d/%m/%Y %H:%M:%S"


def dossier_message(forwarding: Forwarding) -> Mapping[str, object]:
    """`hoSo` of TiepNhanHoSo."""
    answers = forwarding.answers

    def text(name: str) -> str:
        value = answers.get(name)
        return value if isinstance(value, str) else ""

    def day(name: str) -> str:
        return _their_day(text(name))

    promised = forwarding.promised_on
    certificate = {
        "so": text("certificate_number"),
        "ngayKetLuan": day("certificate_date"),
        "hang": text("certificate_class"),
    }
    held = {
        "sogplx": text("licence_number"),
        "soserigplx": text("licence_serial"),
        "noicapgplx": text("licence_issue_place"),
        "ngaycapgplx": day("licence_issue_date"),
        "ngayhethangplx": day("licence_expiry"),
        "hanggplxgplx": text("licence_class"),
    }
    other = dict.fromkeys(held, "") | {
        "sogplx": text("other_licence_number"),
        "hanggplxgplx": text("other_licence_class"),
    }
    return {
        "maHoSo": forwarding.dossier_code,
        "loaiHoSo": text("procedure"),
        "ngayNhanHoSo": forwarding.filed_at.astimezone(VIETNAM).strftime(TIME),
        "ngayHenTraGplx": f"{promised:%d/%m/%Y} 00:00:00" if promised else "",
        "hoTen": text("full_name"),
        "ngaySinh": day("date_of_birth"),
        "gioiTinh": text("sex"),
        "quocTich": text("nationality"),
        "soCmnd": text("identity_number"),
        "noiCuTru": text("residence_line"),
        "dvhcNoiCuTru": text("residence_commune"),
        "dienThoai": text("phone"),
        "lyDoDoiGplx": text("reason"),
        "hangDaoTao": text("requested_class"),
        "gplxDaCap": [held, other] if other["sogplx"] else [held],
        "giayKhamSucKhoe": certificate if certificate["so"] else None,
        "hoSoDinhKem": [
            {
                "magiayto": photo.kind,
                "tengiayto": f"{photo.id}.jpg",
                "sha256": photo.sha256,
                "filedinhkem": base64.b64encode(photo.jpeg).decode(),
            }
            for photo in forwarding.photos
        ],
    }


def read_time(system: System, data: Mapping[str, object], key: str) -> datetime | None:
    """A time of a reply in UTC, None where it is empty."""
    text = system.text(data, key)
    if not text:
        return None
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=VIETNAM).astimezone(UTC)
    except ValueError:
        raise system.malformed(key) from None


def read_day(system: System, data: Mapping[str, object], key: str) -> date | None:
    """The Vietnamese day of a time of a reply."""
    at = read_time(system, data, key)
    return at.astimezone(VIETNAM).date() if at else None


def _their_day(ours: str) -> str:
    """YYYY-MM-DD as dd/MM/yyyy; a year alone stays; `unlimited` is empty."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", ours):
        return date.fromisoformat(ours).strftime(DAY)
    return ours if re.fullmatch(r"\d{4}", ours) else ""
