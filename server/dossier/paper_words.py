"""How Vietnamese administrative papers write dates, times, amounts and addresses.

Dates as Decree 30/2020/NĐ-CP, annex I, II.4 has them: a day under 10 and the months 1 and 2 get a
zero before them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from server.dossier.calendar import ZONE
from server.dossier.tables import table

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")


def date_words(day: date) -> str:
    """Return "ngày 05 tháng 01 năm 2026"."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def instant_words(at: datetime) -> str:
    """Return "09 giờ 05 phút, ngày 23 tháng 11 năm 2026", in Vietnam."""
    there = at.astimezone(ZONE)
    return f"{there.hour:02} giờ {there.minute:02} phút, {date_words(there.date())}"


def short_date(text: object) -> str | None:
    """Return "23/11/2026" of an ISO date, the year alone of a year; None for anything else."""
    if not isinstance(text, str):
        return None
    if text == "unlimited":
        return "Không thời hạn"
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(parts) in (1, 3) and text else None


def money(amount: int) -> str:
    """Return "115.000 đồng"."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def amount_words(amount: int) -> str:
    """Return "Một trăm mười lăm nghìn đồng". amount: 0 to 999,999,999,999."""
    if not 0 <= amount < 10**12:
        raise ValueError(f"{amount} is not written in words here")
    said: list[str] = []
    for n in (3, 2, 1, 0):
        group = amount // 1000**n % 1000
        if group:
            said.append(_hundreds(group, bool(said)) + _GROUPS[n])
    words = " ".join(said) or _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _hundreds(number: int, after_more: bool) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words: list[str] = []
    if hundreds or after_more:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 1:
        words.append("mười")
    elif tens:
        words.append(f"{_DIGITS[tens]} mươi")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones(ones, tens))
    return " ".join(words)


def _ones(ones: int, tens: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 5 and tens:
        return "lăm"
    return _DIGITS[ones]


def phone(text: object) -> str | None:
    """Return "0912.345.678" of +84912345678."""
    if not isinstance(text, str) or not text:
        return None
    national = "0" + text.removeprefix("+84") if text.startswith("+84") else text
    return ".".join(part for part in (national[:4], national[4:7], national[7:]) if part)


def residence(answers: Mapping[str, Any]) -> str | None:
    """Return house, commune and province in one line; None where nothing is known."""
    province = answers.get("residence_province")
    known = [
        answers.get("residence_line"),
        _commune(answers.get("residence_commune")),
        _listed("provinces", "code", province, "name"),
    ]
    return ", ".join(part for part in known if part) or answers.get("residence_legacy")


def delivery(answers: Mapping[str, Any]) -> str | None:
    """Return where the card is wanted; None before that was said."""
    if answers.get("delivery_method") == "post":
        place = [answers.get("delivery_line"), _commune(answers.get("delivery_commune"))]
        where = ", ".join(part for part in place if part)
        return f"Nhà riêng, qua dịch vụ bưu chính: {where}" if where else None
    return _listed("points", "id", answers.get("delivery_point"), "vi", "intake_points")


def _commune(code: object) -> str | None:
    return _listed("communes", "code", code, "name")


def _listed(rows: str, key: str, value: object, shown: str, name: str = "") -> str | None:
    found = (row[shown] for row in table(name or rows)[rows] if row[key] == value)
    return next(found, None) if value else None
