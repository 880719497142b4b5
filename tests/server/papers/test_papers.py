"""The papers as they are printed: their words, their looks, and what a hostile answer does."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from server.dossier import papers
from server.dossier.paper_words import amount_words, date_words, short_date
from tests.server.papers.samples import (
    FAR,
    GOLDEN,
    SAMPLES,
    furthest,
    pages,
    pdf,
    sample,
    text,
)

FONTS = Path(papers.__file__).parent.parent / "papers" / "fonts"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_paper_reads_and_looks_as_it_was_approved(name: str) -> None:
    data = sample(name)
    assert text(data) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    (shown,) = pages(data)
    with Image.open(GOLDEN / f"{name}.png") as kept:
        assert kept.size == shown.size
        assert furthest(kept.convert("L"), shown) <= FAR


def test_a_lost_mark_and_a_moved_line_are_seen() -> None:
    with Image.open(GOLDEN / "form-2025.png") as opened:
        kept = opened.convert("L")
    for other in ("Nguyên Thị Hoa", "Nguyễn Thi Hoa", "Nguyễn Thị Hòa"):
        (shown,) = pages(sample("form-2025", full_name=other))
        assert furthest(kept, shown) > 2 * FAR, other
    moved = Image.new("L", kept.size, 255)
    moved.paste(kept, (0, 1))
    assert furthest(kept, moved) > 2 * FAR


def test_the_same_paper_has_the_same_bytes() -> None:
    assert sample("receipt") == sample("receipt")


def test_kept_files_are_small() -> None:
    assert all(file.stat().st_size <= 40_000 for file in GOLDEN.glob("*.png"))
    fonts = list(FONTS.glob("*.ttf"))
    assert len(fonts) == 3
    assert all(font.stat().st_size <= 120_000 for font in fonts)
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE").read_text(encoding="utf-8")


def test_every_vietnamese_letter_has_a_glyph() -> None:
    letters = [
        base + mark for base in "aăâeêioôơuưy" for mark in ("", *"\u0300\u0301\u0303\u0309\u0323")
    ]
    whole = [unicodedata.normalize("NFC", one) for one in letters] + ["đ"]
    assert len(set(whole)) == 12 * 6 + 1
    for said in ("".join(whole), "".join(whole).upper()):
        shown = text(sample("form-2025", licence_issue_place=said))
        assert said in shown.replace("\n", "")
        assert "□" not in shown


def test_decomposed_answers_print_as_composed_ones() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hoa")
    assert sample("form-2025", full_name=name) == sample("form-2025")


@pytest.mark.parametrize(
    "answers",
    [
        {"full_name": "Nguyễn " * 60, "residence_line": "Thôn " * 80},
        {"full_name": "Ng" * 200, "residence_line": "x" * 1200, "licence_issue_place": "Ủ" * 300},
        {"full_name": "Hoa 😀 王 \u202eaoH\u202c \u0000\u0007", "nationality": "\ud800"},
        {"full_name": "{code} {x!} {", "residence_line": "\n\n\t\u2028a\u00a0b"},
        {"full_name": "\u0301\u0323 " + "a" + "\u0301" * 50},
        dict.fromkeys(("full_name", "residence_line", "phone", "licence_number")),
        {"phone": "", "date_of_birth": "", "licence_expiry": "unlimited", "reason": "other"},
        {"phone": "+84", "certificate_number": None, "delivery_method": None},
    ],
)
@pytest.mark.parametrize("name", ["form-foreign", "receipt"])
def test_hostile_answers_never_leave_the_paper(name: str, answers: dict[str, Any]) -> None:
    for page in pages(sample(name, **answers), dpi=50):
        ink = page.point([255 * (level < 200) for level in range(256)]).getbbox()
        assert ink is not None
        left, top, right, bottom = (side / 50 * 25.4 for side in ink)
        assert left >= 29 and right <= 196.5, "the margins are 30 and 15 mm"
        assert top >= 10 and bottom <= 278, "and 20 mm below"


def test_a_value_is_not_read_as_a_form() -> None:
    assert "{code} {x!} {" in text(sample("form-2025", full_name="{code} {x!} {"))


def test_what_is_not_known_stays_a_dotted_line() -> None:
    shown = text(sample("form-2025", phone=None, licence_issue_place=None))
    assert any(line.startswith("do: ....") for line in shown.splitlines())


def test_a_long_paper_goes_on_a_numbered_page() -> None:
    answers = {"residence_line": "Thôn Cầu Đào " * 150}
    data = sample("receipt", **answers)
    first, second = pages(data, dpi=50)
    assert first.size == second.size
    assert text(data).split("\f")[1].strip().startswith("2")


def test_a_second_licence_has_its_line() -> None:
    second = {"other_licence_class": "A1", "other_licence_number": "240812345678"}
    assert "và giấy phép lái xe hạng: A1" in text(sample("form-2026", **second))
    assert "và giấy phép" not in text(sample("form-2026"))


def test_a_year_alone_prints_as_a_year() -> None:
    assert "Ngày tháng năm sinh: 1957\n" in text(sample("form-2023"))
    assert short_date("1957") == "1957" and short_date("1957-03-09") == "09/03/1957"


def test_dates_as_the_decree_writes_them() -> None:
    assert date_words(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert date_words(date(2026, 3, 5)) == "ngày 05 tháng 3 năm 2026"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (115_000, "Một trăm mười lăm nghìn đồng"),
        (135_000, "Một trăm ba mươi lăm nghìn đồng"),
        (70_000, "Bảy mươi nghìn đồng"),
        (100_021, "Một trăm nghìn không trăm hai mươi mốt đồng"),
        (1_005_104, "Một triệu không trăm linh năm nghìn một trăm linh bốn đồng"),
        (24_000_000, "Hai mươi bốn triệu đồng"),
        (11, "Mười một đồng"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2024-12-31", "Phụ lục 19"),
        ("2025-01-01", "Phụ lục XXVI"),
        ("2025-03-01", "Phụ lục XII"),
        ("2026-06-30", "Phụ lục XII"),
    ],
)
def test_the_form_is_that_of_the_filing_date(day: str, says: str) -> None:
    assert f", {says}" in text(pdf("form", "doi", day, {"full_name": "Nguyễn Thị Hoa"}))


def test_a_kind_that_the_rules_do_not_have_for_a_procedure() -> None:
    assert papers.edition("form", "quan_su", date(2026, 11, 23)) is None
    assert papers.edition("form", "doi", date(2016, 1, 1)) is None
