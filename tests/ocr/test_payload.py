"""Texts of QR codes, honest and hostile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.payload import MAX_BYTES, decode_text, parse

VECTORS = json.loads(Path("tests/vectors/qr.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["text"][:40])
def test_what_the_phone_reads_too(case: dict[str, Any]) -> None:
    said = parse(case["text"])
    assert (said.kind, said.fields) == (case["kind"], case["fields"])
    assert said.text == case["text"]


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
