"""A licence's front from its printed lines: which is which, what is left out, what is doubted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ocr.front import FrontReading, from_lines
from ocr.light import Light
from ocr.page import Printed
from tests.ocr.lines import TRUTH, letters, line, turned, unsure, yellow_card

TODAY = date(2026, 11, 24)


def values(read: FrontReading) -> dict[str, str]:
    return {one.field: one.value for one in read.readings}


def read(lines: Sequence[Printed]) -> dict[str, str]:
    return values(from_lines(lines, TODAY))


def changed(was: str, text: str) -> list[Printed]:
    """The yellow card with one line's text begun by `was` exchanged."""
    return [
        line(text, *one.quad[0].tolist()) if one.text.startswith(was) else one
        for one in yellow_card()
    ]


def test_every_field_of_a_card_is_read_with_its_place() -> None:
    shown = from_lines(yellow_card(), TODAY)
    assert shown.kind == "licence_front"
    assert values(shown) == TRUTH
    name = next(one for one in shown.readings if one.field == "name")
    assert name.source == "ocr"
    left, top, width, height = name.box
    assert (left, top, height) == (788, 330, 40)
    assert 254 <= width <= 258


@pytest.mark.parametrize("degrees", [8, 90, 180, -90])
def test_a_card_may_lie_any_way(degrees: float) -> None:
    assert read(turned(yellow_card(), degrees)) == TRUTH


def test_the_order_of_the_boxes_says_nothing() -> None:
    assert read(yellow_card()[::-1]) == TRUTH


def test_labels_with_wrong_letters_are_labels() -> None:
    worn = changed("Họ tên", "Ho tén/Fu1l narne: VŨ THỊ NGỌC THẢO")
    assert read(worn) == TRUTH


def test_without_their_labels_name_and_birth_stand_under_the_number() -> None:
    bare = changed("Họ tên", "VŨ THỊ NGỌC THẢO")
    bare = [line("24/02/1968", 500, 400) if "Birth" in one.text else one for one in bare]
    assert read(bare) == TRUTH


def test_a_label_of_which_only_the_end_is_seen_still_says_what_stands_behind_it() -> None:
    assert read(changed("Quốc tịch", "onality: VIỆT NAM")) == TRUTH
    assert read(changed("Họ tên", "me: VŨ THỊ NGỌC THẢO"))["name"] == TRUTH["name"]


def test_an_office_of_two_rows_and_an_address_beside_it_stay_apart() -> None:
    lines = [
        line("Số/No.: 600269495015", 600, 260),
        line("Nơi cư trú/Address: Thôn Vạn Ty, Xã Gia Điền,", 500, 400),
        line("Huyện Hạ Hoà, Phú Thọ", 820, 455),
        line("Cơ quan cấp/Issued by: CỤC CẢNH SÁT GIAO", 500, 510),
        line("THÔNG", 868, 565),
    ]
    said = read(lines)
    assert said["address"] == "Thôn Vạn Ty, Xã Gia Điền, Huyện Hạ Hoà, Phú Thọ"
    assert said["issue_place"] == "CỤC CẢNH SÁT GIAO THÔNG"


def test_two_labels_read_as_one_line_have_each_its_value_below() -> None:
    lines = [
        line("Số/No.: 360261025639", 600, 260),
        line("Có giá trị đến/Expires: Ngày sinh/Date of birth:", 500, 330),
        line("Không thời hạn", 505, 375),
        line("16/01/1987", 880, 372),
    ]
    said = read(lines)
    assert (said["expiry"], said["date_of_birth"]) == ("unlimited", "1987-01-16")


def test_a_label_with_a_letter_too_few_takes_none_of_the_value_before_it() -> None:
    lines = [
        line("Số/No.: 360261025639", 600, 260),
        line("Ngày sinh/Date of birth: 18/01/1981 Quốc tịch/Nationatty: VIỆT NAM", 500, 330),
        line("Ngày cấp/Date of issue: 21/04/2026 Có giá trị dến/Expres: 21/04/2031", 500, 400),
    ]
    said = read(lines)
    assert said["date_of_birth"] == "1981-01-18"
    assert (said["issue_date"], said["expiry"]) == ("2026-04-21", "2031-04-21")
    assert said["nationality"] == "VIỆT NAM"


def test_nationality_is_known_without_its_label() -> None:
    assert read(changed("Quốc tịch", "Oudc tơ/Nnnn, VIỆT NAM")) == TRUTH


def test_a_name_whose_last_word_is_no_word_is_cut_short() -> None:
    assert "name" not in read(changed("Họ tên", "Họ tên/Full name: VŨ THỊ NGỌC TH"))


def test_units_settle_a_letter_of_an_address_and_a_stop_read_as_a_comma() -> None:
    text = "Lương Tài, Bác Ninh"
    said = unsure(text, text.index("á"), "ắ", 0.5)
    lines = [line(text, 500, 645, said) if "Lương" in one.text else one for one in yellow_card()]
    assert read(lines)["address"] == TRUTH["address"]
    text = "TP, Bắc Ninh, Bắc Ninh"
    lines = [line(text, 500, 645) if "Lương" in one.text else one for one in yellow_card()]
    assert read(lines)["address"] == "Thôn Phú Thọ, An Thịnh, TP. Bắc Ninh, Bắc Ninh"


@pytest.mark.parametrize("digits", ["27119064370", "2711906437088", "27119O643708"])
def test_a_number_of_another_length_is_left_out(digits: str) -> None:
    assert "number" not in read(changed("Số/No", f"Số/No: {digits}"))


@pytest.mark.parametrize(
    ("was", "text", "field"),
    [
        ("Ngày sinh", "Ngày sinh/Date of Birth: 31/02/1968", "date_of_birth"),
        ("Ngày sinh", "Ngày sinh/Date of Birth: 24/02/2024", "date_of_birth"),
        ("C", "X9", "licence_class"),
        ("Họ tên", "Họ tên/Full name: V5 7H1", "name"),
    ],
)
def test_what_no_such_field_can_say_is_left_out(was: str, text: str, field: str) -> None:
    lines = [
        line(text, *one.quad[0].tolist()) if one.text == was or one.text.startswith(was + "/")
        else one
        for one in yellow_card()
    ]  # fmt: skip
    assert field not in read(lines)


def test_of_two_dates_that_contradict_the_less_sure_goes() -> None:
    lines = changed("05/06/2024", "05/06/2014")
    issue = next(at for at, one in enumerate(lines) if "year" in one.text)
    text = lines[issue].text
    lines[issue] = line(text, 700, 705, unsure(text, len(text) - 1, "3", 0.6))
    said = read(lines)
    assert "issue_date" not in said
    assert said["licence_class"] == "C"


def test_a_licence_without_end() -> None:
    assert read(changed("05/06/2024", "Không thời hạn"))["expiry"] == "unlimited"


def test_an_unsure_letter_is_settled_by_what_names_there_are() -> None:
    text = "Họ tên/Full name: VŨ THỊ NGỌK THẢO"
    at = text.index("K ")
    lines = [
        line(text, 500, 330, unsure(text, at, "C")) if one.text.startswith("Họ tên") else one
        for one in yellow_card()
    ]
    assert read(lines)["name"] == "VŨ THỊ NGỌC THẢO"


def test_a_sure_letter_stays_though_no_list_has_the_name() -> None:
    assert read(changed("Họ tên", "Họ tên/Full name: VŨ THỊ NGỌK TẢI"))["name"] == "VŨ THỊ NGỌK TẢI"


def test_doubtful_print_is_said_to_be_and_hopeless_print_left_out() -> None:
    text = "Họ tên/Full name: VŨ THỊ NGỌC TẢI"
    asked, hopeless = (
        from_lines(
            [line(text, 500, 330, said) if "Full" in one.text else one for one in yellow_card()],
            TODAY,
        )
        for said in (unsure(text, text.index("Ả"), "À", 0.6), letters(text, 0.3))
    )
    assert "unsure: name" in asked.problems
    assert "name" not in values(hopeless)


def test_what_hides_a_field_is_said() -> None:
    lines = yellow_card()
    name = next(at for at, one in enumerate(lines) if one.text.startswith("Họ tên"))
    lines[name] = replace(
        lines[name], letters=letters("Họ tên/Full name:"), light=Light(0.1, 0.9, 0.4, cut=True)
    )
    shown = from_lines(lines, TODAY)
    assert "name" not in values(shown)
    hides = [one for one in shown.problems if not one.startswith("unsure: ")]
    assert hides == ["cut_off", "glare_over: name"]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("id_card", ["CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card", "Số / No.: 027090000123",
         "Họ và tên / Full name: NGUYỄN VĂN MẪU", "Ngày sinh / Date of birth: 15/03/1990"]),
        ("health_certificate", ["GIẤY KHÁM SỨC KHỎE CỦA NGƯỜI LÁI XE", "Họ và tên: NGUYỄN VĂN MẪU",
         "Ngày sinh: 15/03/1990", "Số CCCD/Căn cước: 027090000123"]),
        ("licence_back", ["CLASSIFICATION OF MOTOR VEHICLES", "B2", "Ngày trúng tuyển"]),
        ("unknown", ["GIẤY CHỨNG NHẬN ĐĂNG KÝ XE", "Số/No: 012345"]),
        ("unknown", ["Nước mắm", "Hạn sử dụng 12/12/2027"]),
        ("unknown", []),
    ],
)  # fmt: skip
def test_other_papers_are_no_licences_front(kind: str, texts: list[str]) -> None:
    lines = [line(text, 100, 100 + 70 * at) for at, text in enumerate(texts)]
    shown = from_lines(lines, TODAY)
    assert (shown.kind, shown.readings) == (kind, ())
    assert shown.problems == (("not_a_licence",) if texts else ("blurred",))


def test_a_card_whose_letters_are_guesses_is_to_be_photographed_again() -> None:
    long = [one for one in yellow_card() if len(one.text) > 1]
    guessed = [replace(one, letters=letters(one.text, 0.35)) for one in long]
    shown = from_lines(guessed, TODAY)
    assert (shown.kind, shown.readings, shown.problems) == ("licence_front", (), ("blurred",))
    titles = [one for one in guessed if "LÁI XE" not in one.text][:3]
    assert from_lines(titles, TODAY).problems == ("blurred",)
