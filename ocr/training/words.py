"""Invented text of licence cards: people, addresses, numbers, and the lines that carry them.

Nobody is meant: parts are drawn at random from lists. A kept-out half of the lists is used only
with `held_out`, to see how the model reads names it never met.
"""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

_DATA = Path(__file__).parent / "data"
_UNITS = Path(__file__).parents[1] / "data" / "units_2024.json"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SHORT = {"Thành phố": "TP.", "Thị xã": "TX.", "Thị trấn": "TT.", "Phường": "P.", "Quận": "Q.",
          "Huyện": "H.", "Xã": "X.", "Tỉnh": "T."}  # fmt: skip
_UNLIMITED = ("A1", "A2", "A3", "A", "B1")
VOWELS = "aăâeêioôơuưy"
PLAIN = "abcdefghijklmnopqrstuvwxyz"
MARKS = " '\"(),-./:;+&%"


def letters() -> str:
    """Every letter the model can write, the space last."""
    toned = "".join(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in _TONES)
    lower = "".join(dict.fromkeys(PLAIN + "đ" + toned))
    return "0123456789" + lower + lower.upper() + MARKS.strip() + " "


@dataclass(frozen=True)
class Holder:
    """What one card prints. Dates ISO, `expiry` or "unlimited"; texts NFC as printed."""

    number: str
    name: str
    date_of_birth: str
    nationality: str
    address: str
    licence_class: str
    issue_place: str
    issue_date: str
    expiry: str
    regime: Literal["2008", "2025"]


@cache
def said() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_DATA / "words.json").read_text())
    return loaded


@cache
def units() -> dict[str, dict[str, list[str]]]:
    """province → district → communes, with their kinds (Huyện, Xã, …)"""
    loaded: dict[str, dict[str, list[str]]] = json.loads(_UNITS.read_text())["units"]
    return loaded


def holder(dice: random.Random, held_out: bool = False) -> Holder:
    regime: Literal["2008", "2025"] = "2008" if dice.random() < 0.65 else "2025"
    born = date(1945, 1, 1) + timedelta(days=dice.randint(0, 22_000))
    first, last = (date(2013, 1, 1), date(2024, 12, 31))
    if regime == "2025":
        first, last = date(2025, 3, 1), date(2026, 11, 1)
    first = max(first, born + timedelta(days=18 * 366))
    issued = first + timedelta(days=dice.randint(0, max(1, (last - first).days)))
    licence_class = dice.choice(said()["classes"][regime])
    years = 10 if licence_class.startswith("B") else 5
    unlimited = licence_class in _UNLIMITED and not (licence_class == "B1" and dice.random() < 0.5)
    expiry = "unlimited" if unlimited else _later(issued, years).isoformat()
    province = dice.choice(list(units()))
    sex = dice.randint(0, 1) + (2 if born.year >= 2000 else 0)
    year = issued.year % 100
    return Holder(
        number=f"{dice.randint(1, 96):02d}{sex}{year:02d}{dice.randint(0, 9_999_999):07d}",
        name=name(dice, held_out).upper(),
        date_of_birth=born.isoformat(),
        nationality="VIỆT NAM",
        address=address(dice),
        licence_class=licence_class,
        issue_place=bare(province),
        issue_date=issued.isoformat(),
        expiry=expiry,
        regime=regime,
    )


def name(dice: random.Random, held_out: bool = False) -> str:
    sex = dice.choice(("male", "female"))
    middles = [_pick(dice, f"{sex}_middles", held_out)]
    if sex == "female" and dice.random() < 0.5:
        middles = ["Thị"] + ([] if dice.random() < 0.6 else middles)
    elif dice.random() < 0.1:
        middles.append(_pick(dice, f"{sex}_middles", held_out))
    given = _pick(dice, f"{sex}_givens", held_out)
    return " ".join((_pick(dice, "families", held_out), *middles, given))


def address(dice: random.Random) -> str:
    """As cards of before 2025 print it, or with two levels as since July 2025."""
    home = dice.random() < 0.3
    province = "Tỉnh Bắc Ninh" if home else dice.choice(list(units()))
    district, communes = dice.choice(list(units()[province].items()))
    commune = dice.choice(communes) if communes else district
    style = dice.choice((bare, bare, _shortened, str))
    province_style = bare if dice.random() < 0.85 else style
    parts = [_street(dice), style(commune), style(district), province_style(province)]
    if dice.random() < 0.12:
        del parts[2]
    return ", ".join(part for part in parts if part)


def bare(unit: str) -> str:
    """ "Huyện Gia Bình" → "Gia Bình"; what is only a number keeps its kind."""
    for kind in _SHORT:
        rest = unit.removeprefix(kind + " ")
        if rest != unit and not rest.isdigit():
            return rest
    return unit


def _shortened(unit: str) -> str:
    for kind, short in _SHORT.items():
        if unit.startswith(kind + " "):
            return f"{short} {unit.removeprefix(kind + ' ')}"
    return unit


def _street(dice: random.Random) -> str:
    hamlet = dice.choice(said()["hamlets"].split(","))
    street = dice.choice(said()["streets"].split(","))
    n = dice.randint(1, 320)
    return dice.choice((
        f"Thôn {hamlet}", f"Thôn {hamlet}", hamlet, f"Xóm {dice.randint(1, 15)}, Thôn {hamlet}",
        f"Khu {dice.randint(1, 9)}", f"Khu phố {dice.randint(1, 12)}", f"Tổ {n % 40 + 1}",
        f"Tổ dân phố {n % 20 + 1}", f"Số {n} {street}", f"{n} {street}", f"{n}/{n % 30} {street}",
        f"Ngõ {n} {street}", f"Ấp {hamlet}", f"Bản {hamlet}", "", syllables(dice, 2).title(),
    ))  # fmt: skip


def syllables(dice: random.Random, count: int) -> str:
    """Pronounceable or nearly so, each with any tone: no list knows them."""
    return " ".join(_syllable(dice) for _ in range(count))


def _syllable(dice: random.Random) -> str:
    onset, rhyme = dice.choice(said()["onsets"].split()), dice.choice(said()["rhymes"].split())
    vowels = [at for at, letter in enumerate(rhyme) if letter in VOWELS]
    at = vowels[len(vowels) // 2]
    toned = rhyme[: at + 1] + dice.choice(_TONES) + rhyme[at + 1 :]
    return unicodedata.normalize("NFC", onset + toned)


def _pick(dice: random.Random, key: str, held_out: bool) -> str:
    known, _, kept = said()[key].partition(" | ")
    words: list[str] = (kept if held_out and dice.random() < 0.5 else known).split()
    return dice.choice(words)


def _later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
