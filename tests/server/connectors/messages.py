"""A dossier and a postal order of an invented person."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from server.ports import (
    ForwardedPhoto,
    Forwarding,
    IdentityRequest,
    Notice,
    PaymentOrder,
    PortalDossier,
    PortalPaper,
    PortalStatus,
    PostalOrder,
    RefundOrder,
)
from server.sandbox.people import invent
from server.sandbox.samples import answers

PERSON = invent(1, date(2026, 11, 22), ("2008", "B2"))


def forwarding(key: str = "d:approval:1") -> Forwarding:
    jpeg = b"a picture"
    photo = ForwardedPhoto("a" * 32, "licence_front", hashlib.sha256(jpeg).hexdigest(), jpeg)
    filed = datetime(2026, 11, 22, 8, tzinfo=UTC)
    code, promised = "MAU.H05.27-261122-0001", date(2026, 11, 29)
    return Forwarding(key, code, filed, promised, answers(PERSON), [photo])


def order(key: str = "d:deliver:1") -> PostalOrder:
    return PostalOrder(
        key, "MAU.H05.27-261122-0001", PERSON.full_name, "+84900000000", "Thôn 1", "09466"
    )


REQUEST = IdentityRequest("1" * 64, "2" * 64, "3" * 64)
BEGUN = datetime(2026, 11, 22, 8, tzinfo=UTC)


def payment(reference: str = "H05272611220001T1", amount: int = 115_000) -> PaymentOrder:
    return PaymentOrder(
        reference=reference,
        amount=amount,
        text="Le phi GPLX H05272611220001",
        created_at=BEGUN,
        expires_at=BEGUN + timedelta(minutes=15),
        return_url="http://localhost:8000/api/payments/vnpay/return",
        address="127.0.0.1",
    )


def refund(reference: str = "H05272611220001T1", amount: int = 115_000) -> RefundOrder:
    return RefundOrder("a" * 32, reference, amount, "14000001", BEGUN, "doibang")


def notice(
    to: Mapping[str, str] | None = None, language: str = "vi", key: str = "d:notice:1"
) -> Notice:
    address = to or {"phone": "+84912345678"}
    return Notice(key, "act", language, "d" * 32, "MAU.H05.27-261122-0001", address)


def portal_paper(jpeg: bytes = b"a picture", number: str = "a") -> PortalPaper:
    digest = hashlib.sha256(jpeg).hexdigest()
    name = f"gplx-mat-truoc-{number * 8}.jpg"
    return PortalPaper(number * 32, "GPLX_MAT_TRUOC", name, digest, jpeg)


def portal_dossier(
    status: int = 2, papers: Sequence[PortalPaper] = (), dropped: Collection[str] = ()
) -> PortalDossier:
    return PortalDossier(
        code="MAU.H05.27-261122-0001",
        slip="A2B3C4D5",
        procedure="3.000347",
        procedure_name="Đổi giấy phép lái xe",
        channel="post",
        point="bn-08",
        status=status,
        received_at=BEGUN,
        promised_on=date(2026, 11, 29),
        fee=115_000,
        fee_paid=True,
        name=PERSON.full_name,
        identity_number=PERSON.identity_number,
        phone=PERSON.phone,
        papers=papers or [portal_paper()],
        dropped=dropped,
    )


def portal_status(status: int = 4, minutes: int = 1) -> PortalStatus:
    at = BEGUN + timedelta(minutes=minutes)
    code, promised = "MAU.H05.27-261122-0001", date(2026, 11, 29)
    return PortalStatus(code, status, at, "Cán bộ", "Đang thẩm định", BEGUN, promised)
