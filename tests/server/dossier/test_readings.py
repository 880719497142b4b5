from typing import Any

import pytest

from server.dossier.readings import compare_readings, compare_value, from_payload


@pytest.mark.parametrize(
    ("name", "typed", "read", "expect"),
    [
        ("full_name", "Đỗ Thị Thúy", "DO THI THUY", "writing"),
        ("date_of_birth", "1950", "1950-02-01", "same"),
        ("date_of_birth", "1950-02-01", "1950-01-02", "differs"),
        ("licence_number", "751195002226", "751 195 002 226", "same"),
        ("licence_number", "751195002226", "751195002227", "differs"),
        ("certificate_number", "00001/GKSKLX/27001/26", "00001 / gksklx / 27001 / 26", "same"),
        ("residence_legacy", "Thôn Ví Dụ, Vạn Ninh", "thôn Ví Dụ,  Vạn Ninh", "same"),
        ("residence_legacy", "X. Vạn Ninh, TP. Bắc Ninh", "Van Ninh, Bac Ninh", "writing"),
        ("residence_legacy", "Xã Vạn Ninh", "Xã Vạn An", "differs"),
        ("licence_issue_place", "Sở GTVT Bắc Ninh", "Sở Giao thông vận tải Bắc Ninh", "writing"),
        ("nationality", "Viet Nam", "VIỆT NAM", "writing"),
        ("licence_class", "B2", "B2", "same"),
        ("licence_class", "B2", "C", "differs"),
        ("licence_number", "không", "rõ", "differs"),
    ],
)
def test_values_are_compared_by_their_kind(name: str, typed: str, read: str, expect: str) -> None:
    assert compare_value(name, typed, read) == expect


def test_a_payload_gets_the_names_of_the_answers() -> None:
    read = from_payload("id_card", {"number": "027090000123", "name": "A", "sex": "male"})
    assert read == {
        "source": "id_card_qr",
        "fields": {"identity_number": "027090000123", "full_name": "A", "sex": "male"},
    }
    assert from_payload("licence", {"number": "1", "expiry": "2030-01-01"})["fields"] == {
        "licence_number": "1",
        "licence_expiry": "2030-01-01",
    }
    assert from_payload("other", {}) == {"source": "other_qr", "fields": {}}


def test_a_difference_is_told_once_and_what_was_not_typed_is_passed_over() -> None:
    answers: dict[str, Any] = {"full_name": "Nguyễn Văn Mẫu", "revoked": False}
    reading = {
        "source": "id_card_qr",
        "fields": {"full_name": "Trần Thị Mẫu", "old_identity_number": "1", "sex": "male"},
    }
    found = list(compare_readings(answers, [reading, reading]))
    assert [(item.code, item.field) for item in found] == [("reading_differs", "full_name")]
    assert found[0].params == {"source": "id_card_qr"}


def test_print_that_differs_is_told_unless_the_licences_own_code_speaks() -> None:
    answers: dict[str, Any] = {"full_name": "Trần Thị Tài", "licence_number": "270812345678"}
    fields = {"full_name": "TRẦN THỊ TẤM", "licence_number": "270812345679"}
    card = {"source": "print", "fields": fields}
    told = [(item.code, item.field, item.severity) for item in compare_readings(answers, [card])]
    assert told == [
        ("reading_differs", "full_name", "warning"),
        ("reading_differs", "licence_number", "warning"),
    ]
    code = {"source": "licence_qr", "fields": {"licence_number": "270812345678"}}
    left = [item.field for item in compare_readings(answers, [card, code])]
    assert left == ["full_name"]
    paper = {"source": "id_card_qr", "fields": {"full_name": "TRẦN THỊ TÀI"}}
    assert [item.field for item in compare_readings(answers, [card, paper, code])] == ["full_name"]
