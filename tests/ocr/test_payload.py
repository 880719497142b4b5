"""Texts of QR codes, honest and hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.payload import MAX_BYTES, decode_text, parse

ID_CARD = (
    "027090000123|125000123|Nguyễn Văn Mẫu|15031990|Nam|"
    "Thôn Ví Dụ, Vạn Ninh, Gia Bình, Bắc Ninh|01052021"
)


def test_the_seven_fields_of_an_id_card() -> None:
    said = parse(ID_CARD)
    assert said.kind == "id_card"
    assert said.fields == {
        "number": "027090000123",
        "old_number": "125000123",
        "name": "Nguyễn Văn Mẫu",
        "date_of_birth": "1990-03-15",
        "sex": "male",
        "address": "Thôn Ví Dụ, Vạn Ninh, Gia Bình, Bắc Ninh",
        "issue_date": "2021-05-01",
    }


def test_cards_of_2024_may_have_more_fields() -> None:
    assert parse(f"{ID_CARD}||Nguyễn A|Trần B").fields == parse(ID_CARD).fields


def test_an_empty_old_number_and_a_year_of_birth_alone() -> None:
    said = parse(ID_CARD.replace("125000123", "").replace("15031990", "00001958"))
    assert "old_number" not in said.fields
    assert said.fields["date_of_birth"] == "1958"


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("027090000123", "02709000012"),
        ("15031990", "31021990"),
        ("Nam", "<b>"),
        ("01052021", "2021-05-01"),
        ("Nguyễn Văn Mẫu", "Nguyễn\u202eVăn"),
        ("Nguyễn Văn Mẫu", ""),
    ],
)
def test_a_card_with_one_impossible_field_is_kept_raw(wrong: str, instead: str) -> None:
    text = ID_CARD.replace(wrong, instead)
    said = parse(text)
    assert (said.kind, said.text, said.fields) == ("other", text, {})


@pytest.mark.parametrize(
    "text",
    [
        "00001/GKSKLX/27001/26",
        " 00001 / gksklx / 27001 / 26 ",
        "Số: 00001/GKSKLX/27001/26 hạng B2",
        "https://example.vn/tra-cuu?so=00001%2FGKSKLX%2F27001%2F26",
    ],
)
def test_a_certificate_number_is_found_by_its_pattern(text: str) -> None:
    said = parse(text)
    assert said.kind == "certificate"
    assert said.fields == {"number": "00001/GKSKLX/27001/26"}


@pytest.mark.parametrize(
    "text",
    [
        "00001/GKSKLX/2700/26",
        "00001/GKSKLX/27001/2026",
        "00001/GKSKLX/27001/26 00002/GKSKLX/27001/26",
        "1234567/GKSKLX/27001/26",
    ],
)
def test_no_certificate_number_is_guessed(text: str) -> None:
    assert parse(text).kind == "other"


@pytest.mark.parametrize("mark", ["|", ";", "\n"])
def test_a_licence_code_gives_what_can_be_told_apart(mark: str) -> None:
    said = parse(mark.join(("271130721894", "B2", "08092017", "AB257343")))
    assert said.kind == "licence"
    assert said.fields == {
        "number": "271130721894",
        "licence_class": "B2",
        "serial": "AB257343",
    }
    dated = parse(mark.join(("271130721894", "08092027", "B2", "08092017", "31/12/1958")))
    assert dated.fields["date_of_birth"] == "1958-12-31"
    assert dated.fields["issue_date"] == "2017-09-08"
    assert dated.fields["expiry"] == "2027-09-08"


@pytest.mark.parametrize(
    "text", ["271130721894", "271130721894;270000000000;B2", "271130721894;X9"]
)
def test_a_number_alone_is_no_licence(text: str) -> None:
    assert parse(text).kind == "other"


def test_hostile_text_stays_text() -> None:
    text = "<img src=x onerror=alert(1)>\u202e=cmd|' /C calc'!A0"
    assert parse(decode_text(text.encode())).text == text


def test_bytes_that_are_no_utf8_are_kept_visible() -> None:
    assert decode_text(b"TR\xffN") == "TR\\xffN"
    assert len(decode_text(b"a" * (MAX_BYTES + 100))) == MAX_BYTES


@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    said = parse(text)
    assert said.text == text
    assert bool(said.fields) == (said.kind != "other")


@given(st.lists(st.text(max_size=30), min_size=6, max_size=9).map("|".join))
def test_bars_alone_make_no_id_card(text: str) -> None:
    assert parse(text).kind in ("other", "certificate")
