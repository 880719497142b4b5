"""VietQR: published vectors, and what the text must hold."""

from __future__ import annotations

import pytest

from server.connectors.vietqr import VietQr, crc16, field


@pytest.mark.parametrize(
    ("text", "crc"),
    [
        ("123456789", "29B1"),  # the check value of CRC-16/CCITT-FALSE
        (
            "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA"
            "53037045802VN6304",
            "F4E5",
        ),
        (
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA"
            "53037045802VN6304",
            "9E6F",
        ),
    ],
)
def test_crc(text: str, crc: str) -> None:
    assert crc16(text) == crc


def test_a_static_code_is_the_standards_sample() -> None:
    assert VietQr("970403", "0011012345678").text(None) == (
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "53037045802VN63049E6F"
    )


def test_a_code_with_amount_and_note() -> None:
    assert VietQr("970415", "113366668888").text(115_000, "LP GPLX H0526000123") == (
        "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA"
        "530370454061150005802VN62230819LP GPLX H052600012363045448"
    )


@pytest.mark.parametrize("note", ["x" * 26, "Lệ phí"])
def test_a_note_that_banks_would_change_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match="25 ASCII"):
        VietQr("970415", "113366668888").text(115_000, note)


def test_a_field_has_two_digits_for_its_length() -> None:
    with pytest.raises(ValueError, match="100 bytes"):
        field("62", "x" * 100)
