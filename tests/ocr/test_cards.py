"""Drawn photos of licence fronts, kept as files, read whole with the model of this checkout.

`python -m ocr.training show FOLDER --held-out --first 500 --photos 12` drew them, with typefaces,
names and damage that the model was not trained on; the smallest files are kept. Beside each lies
what is printed, and what no person could read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocr.models import LINES
from ocr.reader import SURE, Reader
from ocr.readings import PictureReading

CARDS = Path(__file__).parent / "cards"
FLOOR = {"easy": 0.9, "normal": 0.85, "hard": 0.6}
"""Of legible fields, read exactly: no change may lose more. `python -m ocr.training evaluate`
measures on many photos."""


@dataclass(frozen=True)
class Card:
    level: str
    truth: dict[str, str]
    hidden: frozenset[str]
    read: PictureReading

    def values(self, least: float = 0.0) -> dict[str, str]:
        return {one.field: one.value for one in self.read.readings if one.confidence >= least}


@pytest.fixture(scope="module")
def cards() -> Iterator[list[Card]]:
    reader = Reader(seconds=60)
    try:
        yield [_card(path, reader) for path in sorted(CARDS.glob("*.jpg"))]
    finally:
        reader.close()


def _card(path: Path, reader: Reader) -> Card:
    told = json.loads(path.with_suffix(".json").read_text())
    read = reader.picture(path.read_bytes(), "licence_front")
    return Card(path.stem.split("-")[0], told["fields"], frozenset(told["hidden"]), read)


@pytest.mark.parametrize("level", FLOOR)
def test_legible_fields_are_read(cards: list[Card], level: str) -> None:
    right = asked = 0
    for card in cards:
        if card.level == level:
            legible = {name: card.truth[name] for name in card.truth.keys() - card.hidden}
            asked += len(legible)
            right += len(legible.items() & card.values().items())
    assert asked > 0
    assert right / asked >= FLOOR[level]


def test_readings_that_are_sure_are_right(cards: list[Card]) -> None:
    given = [item for card in cards for item in card.values(SURE).items() - card.truth.items()]
    assert given == []
    assert sum(len(card.values(SURE)) for card in cards) > 2 * len(cards)


def test_each_reading_says_where_it_stands(cards: list[Card]) -> None:
    readings = [one for card in cards for one in card.read.readings]
    assert len(readings) > 5 * len(cards)
    for one in readings:
        assert one.source == "ocr"
        assert min(one.box) >= 0
        assert max(one.box[2:]) > 20


def test_the_card_of_the_model_is_of_this_model() -> None:
    card = (LINES.parent / "MODEL_CARD.md").read_text()
    assert hashlib.sha256(LINES.read_bytes()).hexdigest() in card
    assert f"{LINES.stat().st_size:,} bytes" in card
    assert LINES.stat().st_size < 8_000_000
