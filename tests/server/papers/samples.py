"""The papers that are kept as pictures and text, and how they are compared.

python -m tests.server.papers.samples     draws the kept ones anew; look at each before a commit
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from server.dossier import papers
from server.dossier.calendar import filing_date
from server.dossier.papers import Value
from server.papers.paper import draw
from tests.server.flow.world import ANSWERS

GOLDEN = Path(__file__).parent / "golden"
DPI = 84
FAR = 20
"""Of 255: how far the mean of nine neighbouring pixels may be off. A lost mark is 60 and more."""
TOLD: Mapping[str, Value] = {
    "code": "H05.27-261123-0001",
    "slip": "AB23CD45",
    "link": "https://doibang.invalid/theo-doi#AB23CD45",
    "declared_at": "08:55 23/11/2026",
    "decided_on": "ngày 25 tháng 11 năm 2026",
    "decision_reason": "Không có tên trong hệ thống thông tin giấy phép lái xe.",
    "decision_text": "Xin mang giấy phép gốc đến quầy để đối chiếu.",
    "decision_law": "Thông tư 12/2025/TT-BCA, Điều 21",
    "has_text": "yes",
    "items": [
        "Ảnh mặt trước giấy phép: Ảnh bị mờ, xin chụp lại.",
        "Số giấy khám sức khỏe: Chưa tra cứu được, xin xem lại số trên giấy.",
    ],
    "apology_on": "ngày 30 tháng 11 năm 2026",
    "apology_promised": "ngày 01 tháng 12 năm 2026",
    "apology_new": "ngày 04 tháng 12 năm 2026",
    "apology_reason": "hồ sơ còn đang được thẩm định",
    "fee_kind": "Lệ phí",
    "fee_kind_capital": "LỆ PHÍ",
    "fee_basis": "Thông tư 154/2025/TT-BTC",
    "amount": "115.000 đồng",
    "amount_words": "Một trăm mười lăm nghìn đồng",
    "paid_at": "10 giờ 05 phút, ngày 23 tháng 11 năm 2026",
    "paid_on": "ngày 23 tháng 11 năm 2026",
    "payment_reference": "HS0001",
    "payment_number": "14000001",
    "payment_bank": "NCB",
}
LOST = {"licence_held": "lost", "loss_date": "2026-11-01", "loss_place": "chợ Nhân Thắng"}
OLD_CARD = {
    "licence_regime": "2008",
    "licence_class": "B2",
    "requested_class": "B2",
    "licence_issue_date": "2014-08-20",
    "date_of_birth": "1957",
    "revoked": True,
}
PASSPORT = {
    "full_name": "Søren Łukasz Müller",
    "nationality": "Đan Mạch",
    "identity_number": None,
    "licence_held": "foreign",
    "licence_expiry": "2031-05-04",
    "licence_issue_place": "Rigspolitiet",
}
SAMPLES: Mapping[str, tuple[str, str, str, Mapping[str, Any]]] = {
    "form-2023": ("form", "doi", "2023-10-12", OLD_CARD),
    "form-2025-01": ("form", "cap_lai", "2025-01-20", LOST),
    "form-2025": ("form", "doi", "2025-05-05", {}),
    "form-2026": ("form", "cap_lai", "2026-11-23", LOST),
    "form-foreign": ("form", "nuoc_ngoai", "2026-11-23", PASSPORT),
    "receipt": ("receipt", "doi", "2026-11-23", {}),
    "supplement": ("supplement", "doi", "2026-11-23", {}),
    "refusal": ("refusal", "doi", "2026-11-23", {}),
    "apology": ("apology", "doi", "2026-11-23", {}),
    "payment": ("payment", "doi", "2026-11-23", {}),
    "slip": ("slip", "doi", "2026-11-23", {}),
}


def sample(name: str, **other: Any) -> bytes:
    """One of SAMPLES as PDF, with some of its answers changed."""
    kind, procedure, day, answers = SAMPLES[name]
    return pdf(kind, procedure, day, {**ANSWERS, **answers, **other})


def pdf(kind: str, procedure: str, day: str, answers: Mapping[str, Any]) -> bytes:
    filed_at = datetime.fromisoformat(f"{day}T02:05:00").replace(tzinfo=UTC)
    on = filing_date(filed_at)
    found = papers.edition(kind, procedure, on)
    assert found is not None
    values = {
        **papers.nothing_known(),
        **papers.of_office(on),
        **papers.of_answers(answers, procedure, on),
        **papers.of_filing(filed_at, "2026-12-01", procedure),
        **TOLD,
        "edition_basis": found["basis"],
    }
    assert values.keys() == papers.nothing_known().keys()
    return draw(papers.paper_name(kind)["vi"], filed_at, found["blocks"], values)


def pages(data: bytes, dpi: int = DPI) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def text(data: bytes) -> str:
    """What a screen reader is given, a page after the other."""
    document = pypdfium2.PdfDocument(data)
    try:
        found = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    whole = ["\n".join(line.rstrip() for line in page.splitlines()) + "\n" for page in found]
    return "\f\n".join(whole)


def furthest(one: Image.Image, other: Image.Image) -> int:
    """How far two pictures of one size are off where they are off most."""
    off = ImageChops.difference(one, other).filter(ImageFilter.BoxBlur(1))
    highest = off.getextrema()[1]
    assert isinstance(highest, int)
    return highest


def packed(picture: Image.Image) -> bytes:
    """As PNG with sixteen greys."""
    target = io.BytesIO()
    greys = picture.point([round(i / 17) for i in range(256)])
    palette = Image.frombytes("P", greys.size, greys.tobytes())
    palette.putpalette([level * 17 for level in range(16) for _ in range(3)])
    palette.save(target, "PNG", optimize=True, bits=4)
    return target.getvalue()


def renew() -> None:
    for name in SAMPLES:
        data = sample(name)
        (GOLDEN / f"{name}.txt").write_text(text(data), encoding="utf-8")
        (first,) = pages(data)
        (GOLDEN / f"{name}.png").write_bytes(packed(first))


if __name__ == "__main__":
    renew()
