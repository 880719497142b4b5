"""What was read, and why, in one file that shows it without any other."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr import page, report
from ocr.__main__ import main
from ocr.explain import explain
from ocr.page import Printed
from ocr.readings import CodeSeen, Reading
from ocr.recognise import Letter
from tests.ocr.lines import letters, line

HOSTILE = "<script>alert('x')</script>"
BOX = (20, 40, 160, 30)


class Seen(HTMLParser):
    """The elements with their attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def pictures(self) -> list[Image.Image]:
        links = [a.get("src") or a.get("href") or "" for _, a in self.elements]
        assert all(link.startswith("data:image/jpeg;base64,") for link in links if link)
        coded = [link.partition(",")[2] for link in links if link]
        return [Image.open(io.BytesIO(base64.b64decode(one))) for one in coded]


def made(value: str = "TRẦN THỊ TÀI") -> report.Explained:
    picture = np.tile(np.linspace(0, 255, 300, dtype=np.uint8), (200, 1))
    quad = np.array([[20, 40], [180, 40], [180, 70], [20, 70]], np.float32)
    said = (
        Letter("À", 0.61, "Ả", 0.37, 0.3),
        Letter("I", 0.99, "", 0.001, 0.6),
        Letter("", 0.8, ".", 0.15, 0.9),
    )
    why = report.Why(Reading("name", value, 0.975, "ocr", BOX), ("its label was not read", value))
    code = CodeSeen(value, "QRCode", "other")
    lines = [Printed(quad, said)]
    problems = ("too_small", "unsure: name")
    return report.Explained("card.jpg", picture, "licence_front", problems, [why], [code], lines)


def test_picture_lines_letters_and_fields_are_shown() -> None:
    seen = Seen(report.page(made()))
    whole, place, line = seen.pictures()
    assert whole.size == (300, 200)
    assert place.size == BOX[2:]
    assert line.size[0] > line.size[1]
    (polygon,) = seen.all("polygon")
    assert polygon["points"] == "20.0,40.0 180.0,40.0 180.0,70.0 20.0,70.0"
    (box,) = seen.all("rect")
    assert (box["x"], box["y"], box["width"], box["height"]) == tuple(map(str, BOX))
    chances = [one["style"] for one in seen.all("span") if one.get("class") == "letter"]
    assert chances == ["--chance:0.610", "--chance:0.990", "--chance:0.800"]
    for said in ("TRẦN THỊ TÀI", "0.975 ocr", "Ả 0.37", "∅", "its label was not read"):
        assert said in seen.text
    assert "too small to read" in seen.text
    assert "unsure: name: The print of this field" in seen.text


def test_what_was_read_is_shown_as_text_and_nothing_is_fetched() -> None:
    html = report.page(made(HOSTILE))
    seen = Seen(html)
    assert seen.all("script") == seen.all("link") == []
    assert seen.text.count(HOSTILE) == 3
    assert "http" not in html


def test_a_large_picture_is_shown_smaller_with_boxes_in_its_own_pixels() -> None:
    large = replace(made(), picture=np.zeros((2400, 3200), np.uint8))
    seen = Seen(report.page(large))
    assert max(seen.pictures()[0].size) == report.LONG_SIDE
    (drawn,) = seen.all("svg")
    assert drawn["viewbox"] == "0 0 3200 2400"


SMUDGED = "Họ tên/Full name: TRẦN THỊ TÀI"
CARD = [
    line("GIẤY PHÉP LÁI XE", 600, 150),
    line("Số/No: 270812345678", 600, 260),
    line(SMUDGED, 500, 330, letters(SMUDGED, 0.4)),
    line("Ngày sinh/Date of Birth: 31/02/1980", 500, 400),
]


def test_fields_are_shown_with_reasons_also_those_that_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "read", lambda picture: iter([CARD]))
    sheet = io.BytesIO()
    Image.new("L", (1200, 600), 255).save(sheet, "JPEG")
    explained = explain("card.jpg", sheet.getvalue(), date(2026, 11, 24))
    assert (explained.kind, len(explained.lines)) == ("licence_front", 4)
    shown = {why.reading.field: why for why in explained.fields}
    number, name, born = shown["number"], shown["name"], shown["date_of_birth"]
    assert number.reading.value == "270812345678"
    assert number.reading.confidence > 0.5 > name.reading.confidence
    assert any(one.startswith("the least sure letter: +") for one in number.reasons)
    assert name.reasons[0] == "left out: too unsure"
    assert born.reasons == ("left out: no such value, or against a surer one",)
    assert "31/02/1980" in Seen(report.page(explained)).text


def test_the_command_says_why_there_is_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.txt").write_bytes(b"no picture")
    out = tmp_path / "report.html"
    for file, said in (("note.txt", "not_a_picture"), ("absent.jpg", "absent.jpg")):
        assert main(["explain", str(tmp_path / file), "--out", str(out)]) == 1
        assert said in capsys.readouterr().err
    assert not out.exists()
