"""Invented people of the Gia Bình country with the papers that an exchange asks for.

The same seed and day give the same person. Numbers follow domain formats (licence number,
citizen identity number, health-certificate number) and belong to nobody we know of.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Sex = Literal["male", "female"]

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
_MALE = (
    ("Văn", "Hữu", "Đức", "Quang", "Xuân", "Đình", "Công"),
    ("Mạnh", "Thắng", "Tài", "Hải", "Dũng", "Phúc", "Lượng", "Khởi", "Nghĩa", "Tuyển", "Bảo"),
)
_FEMALE = (
    ("Thị", "Thị Thu", "Thị Ngọc", "Thị Bích", "Kim"),
    ("Thúy", "Diễm", "Hằng", "Nguyệt", "Hương", "Loan", "Phượng", "Yến", "Huệ", "Thảo", "Mỵ"),
)
_HAMLETS = (
    "Cầu Đào",
    "Thủ Pháp",
    "Vạn Ty",
    "Đồng Lâm",
    "Phú Thọ",
    "Lớ",
    "Chính Thượng",
    "Đông Cao",
)

COMMUNES = (
    # code of 2025, name of 2025, name before, district before
    ("09466", "xã Cao Đức", "xã Vạn Ninh", "huyện Gia Bình"),
    ("09466", "xã Cao Đức", "xã Cao Đức", "huyện Gia Bình"),
    ("09454", "xã Gia Bình", "xã Xuân Lai", "huyện Gia Bình"),
    ("09475", "xã Nhân Thắng", "xã Bình Dương", "huyện Gia Bình"),
    ("09499", "xã Trung Kênh", "xã An Thịnh", "huyện Lương Tài"),
    ("09487", "xã Đông Cứu", "xã Lãng Ngâm", "huyện Gia Bình"),
)
PROVINCE = "24"


@dataclass(frozen=True)
class Licence:
    """What a card prints. `expiry` None: không thời hạn. `passed`: class → day of passing."""

    number: str
    regime: Literal["2008", "2025"]
    licence_class: str
    issue_date: date
    issue_place: str
    expiry: date | None
    serial: str
    passed: dict[str, date]


@dataclass(frozen=True)
class HealthCertificate:
    number: str
    facility: str
    concluded_on: date
    licence_class: str


@dataclass(frozen=True)
class Person:
    full_name: str
    sex: Sex
    date_of_birth: date
    identity_number: str
    old_identity_number: str
    identity_issue_date: date
    hamlet: str
    commune_code: str
    commune: str
    legacy_address: str
    phone: str
    licence: Licence
    certificate: HealthCertificate | None


UNLIMITED = ("A1", "A2", "A", "B1")
_YEARS = {"B2": 10, "B": 10, "C1": 10, "C": 5, "D": 5}
_CARDS: tuple[tuple[Literal["2008", "2025"], str], ...] = (
    ("2008", "B2"), ("2008", "A1"), ("2008", "C"), ("2025", "B"), ("2025", "A1"), ("2025", "C1"),
)  # fmt: skip


def invent(
    seed: int,
    today: date,
    card: tuple[Literal["2008", "2025"], str] | None = None,
) -> Person:
    """`card`: (regime, class) of the licence held; chosen by the seed when left out. Limited
    licences expire within the year after `today`. A certificate is of the month before `today`, so
    that the same paper is known to the registry on the days that follow."""
    dice = random.Random(f"doibang-sample-{seed}")  # noqa: S311 - invented people, not secrets
    sex: Sex = dice.choice(("male", "female"))
    born = date(dice.randint(1958, 1994), 1, 1) + timedelta(days=dice.randint(0, 364))
    middle, given = _MALE if sex == "male" else _FEMALE
    name = f"{dice.choice(_FAMILY)} {dice.choice(middle)} {dice.choice(given)}"
    code, commune, old_commune, district = dice.choice(COMMUNES)
    hamlet = f"Thôn {dice.choice(_HAMLETS)}"
    century = "0" if sex == "male" else "1"
    identity = f"027{century}{born:%y}{dice.randint(0, 999_999):06d}"
    drawn = dice.choice(_CARDS)
    regime, licence_class = card or drawn
    return Person(
        full_name=name,
        sex=sex,
        date_of_birth=born,
        identity_number=identity,
        old_identity_number=f"125{dice.randint(0, 999_999):06d}" if dice.random() < 0.7 else "",
        identity_issue_date=date(2021, 1, 1) + timedelta(days=dice.randint(0, 700)),
        hamlet=hamlet,
        commune_code=code,
        commune=commune,
        legacy_address=f"{hamlet}, {old_commune[3:]}, {district[6:]}, Bắc Ninh",
        phone=f"+849{dice.randint(10_000_000, 99_999_999)}",
        licence=_licence(dice, today, born, century, regime, licence_class),
        certificate=_certificate(seed, today, licence_class),
    )


def _licence(
    dice: random.Random,
    today: date,
    born: date,
    century: str,
    regime: Literal["2008", "2025"],
    licence_class: str,
) -> Licence:
    unlimited = licence_class in UNLIMITED
    if regime == "2025":
        issued = date(2025, 3, 1) + timedelta(days=dice.randint(0, 300))
        years = _YEARS.get(licence_class, 0)
    else:
        years = _YEARS.get(licence_class, 0)
        expires = today + timedelta(days=dice.randint(20, 300))
        issued = expires.replace(year=expires.year - (years or 8), day=min(expires.day, 28))
    first = issued - timedelta(days=dice.randint(10, 40))
    passed = {licence_class: first}
    if licence_class not in ("A1", "A"):
        passed = {"A1": first.replace(year=max(born.year + 19, first.year - 4), day=1)} | passed
    year = min(passed.values()).year
    return Licence(
        number=f"27{century}{year % 100:02d}{dice.randint(0, 9_999_999):07d}",
        regime=regime,
        licence_class=licence_class,
        issue_date=issued,
        issue_place="Bắc Ninh",
        expiry=None if unlimited else issued.replace(year=issued.year + years),
        serial=f"A{dice.choice('ABCDEGHK')}{dice.randint(0, 999_999):06d}",
        passed=passed,
    )


def _certificate(seed: int, today: date, licence_class: str) -> HealthCertificate | None:
    if licence_class in UNLIMITED:
        return None
    dice = random.Random(f"doibang-certificate-{seed}")  # noqa: S311 - invented papers
    concluded = today.replace(day=1) - timedelta(days=dice.randint(3, 40))
    serial = seed * 7919 % 90_000 + 10_000  # a prime step: no two people share a number
    number = f"{serial:05d}/GKSKLX/27{dice.choice(('001', '014', '032'))}"
    return HealthCertificate(
        number=f"{number}/{concluded:%y}",
        facility="Trung tâm Y tế Gia Bình",
        concluded_on=concluded,
        licence_class=licence_class,
    )
