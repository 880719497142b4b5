"""What was read, and why, in one file that shows it without any other."""

from __future__ import annotations

import base64
import io
from html.parser import HTMLParser

import numpy as np
from PIL import Image

from ocr import report
from ocr.page import Printed
from ocr.reader import CodeSeen, PictureReading, Reading
from ocr.recognise import Letter

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


def explained(value: str = "TRẦN THỊ TÀI") -> report.Explained:
    picture = np.tile(np.linspace(0, 255, 300, dtype=np.uint8), (200, 1))
    quad = np.array([[20, 40], [180, 40], [180, 70], [20, 70]], np.float32)
    letters = (
        Letter("À", 0.61, "Ả", 0.37, 0.3),
        Letter("I", 0.99, "", 0.001, 0.6),
        Letter("", 0.8, ".", 0.15, 0.9),
    )
    reading = PictureReading(
        "licence_front",
        (Reading("name", value, 0.975, "print", BOX),),
        (CodeSeen(value, "QRCode", "other"),),
        ("too_small",),
    )
    reasons = {"name": ("its label was not read", value)}
    return report.Explained("card.jpg", picture, reading, [Printed(quad, letters)], reasons)


def test_picture_lines_letters_and_fields_are_shown() -> None:
    seen = Seen(report.page(explained()))
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
    for said in ("TRẦN THỊ TÀI", "0.975 print", "Ả 0.37", "∅", "its label was not read"):
        assert said in seen.text
    assert "too small to read" in seen.text


def test_what_was_read_is_shown_as_text_and_nothing_is_fetched() -> None:
    html = report.page(explained(HOSTILE))
    seen = Seen(html)
    assert seen.all("script") == seen.all("link") == []
    assert seen.text.count(HOSTILE) == 3
    assert "http" not in html


def test_a_large_picture_is_shown_smaller_with_boxes_in_its_own_pixels() -> None:
    given = explained()
    large = report.Explained(
        given.name, np.zeros((2400, 3200), np.uint8), given.reading, given.lines, {}
    )
    seen = Seen(report.page(large))
    assert max(seen.pictures()[0].size) == report.LONG_SIDE
    (drawn,) = seen.all("svg")
    assert drawn["viewbox"] == "0 0 3200 2400"
