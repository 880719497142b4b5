"""Printed lines as the line reader would hand them over, without a picture."""

from __future__ import annotations

import numpy as np

from ocr.page import Printed
from ocr.recognise import Letter, Letters

WIDTH, HEIGHT = 16.0, 40.0
"""of a letter, pixels"""


def letters(text: str, chance: float = 0.999) -> Letters:
    return tuple(
        Letter(letter, chance, "", (1 - chance) / 2, (at + 0.5) / len(text))
        for at, letter in enumerate(text)
    )


def unsure(text: str, at: int, other: str, chance: float = 0.5) -> Letters:
    """One letter that may be `other` instead."""
    made = list(letters(text))
    made[at] = Letter(text[at], chance, other, min(0.9 - chance, 0.9 * chance), made[at].at)
    return tuple(made)


def line(text: str, left: float, top: float, said: Letters | None = None) -> Printed:
    right, bottom = left + WIDTH * len(text), top + HEIGHT
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return Printed(quad, said or letters(text))


def turned(lines: list[Printed], degrees: float) -> list[Printed]:
    angle = np.deg2rad(degrees)
    way = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    return [Printed(one.quad @ way + 2000, one.letters) for one in lines]


def yellow_card() -> list[Printed]:
    """Label and value in one box, or apart in a row, or below each other."""
    return [
        line("BỘ GTVT", 60, 40),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 540, 40),
        line("Độc lập - Tự do - Hạnh phúc", 740, 90),
        line("GIẤY PHÉP LÁI XE", 600, 150),
        line("DRIVER'S LICENSE", 600, 210),
        line("Số/No: 271190643708", 600, 260),
        line("Họ tên/Full name: VŨ THỊ NGỌC THẢO", 500, 330),
        line("Ngày sinh/Date of Birth: 24/02/1968", 500, 400),
        line("Quốc tịch/Nationality: VIỆT NAM", 500, 470),
        line("Nơi cư trú/Address:", 500, 540),
        line("Thôn Phú Thọ, An Thịnh,", 500, 590),
        line("Lương Tài, Bắc Ninh", 500, 645),
        line("Bắc Ninh, ngày/date 05 tháng/month 06 năm/year 2019", 700, 705),
        line("GIÁM ĐỐC", 940, 760),
        line("Hạng/Class:", 60, 720),
        line("C", 260, 720),
        line("Có giá trị đến/Expires:", 60, 800),
        line("05/06/2024", 60, 850),
    ]


TRUTH = {
    "number": "271190643708",
    "name": "VŨ THỊ NGỌC THẢO",
    "date_of_birth": "1968-02-24",
    "nationality": "VIỆT NAM",
    "address": "Thôn Phú Thọ, An Thịnh, Lương Tài, Bắc Ninh",
    "licence_class": "C",
    "issue_date": "2019-06-05",
    "issue_place": "Bắc Ninh",
    "expiry": "2024-06-05",
}
"""of `yellow_card`"""
