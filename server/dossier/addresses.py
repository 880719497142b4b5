"""Addresses and offices, compared the way people and cards write them."""

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from server.dossier.persons import fold
from server.dossier.tables import table

AddressMatch = Literal["same", "writing", "differs"]


class _Part(NamedTuple):
    """What stands between two commas. unit: as data/address_units.json names it, "" for none."""

    unit: str
    name: str


def compare_addresses(left: str, right: str) -> AddressMatch:
    """Compare two addresses.

    same: equal but for Unicode form, capitals, blanks and punctuation.
    writing: equal once accents, đ/d, y/i, short forms (TP., X., P.), units that one side does not
    write, zeros before a number and a district that one side leaves out are set aside.
    differs: neither; also two units of one name at different levels (xã, phường).
    """
    if _plain(left) == _plain(right):
        return "same"
    ours, theirs = _parts(left), _parts(right)
    if _agree(ours, theirs) or _in_one(ours) == _in_one(theirs):
        return "writing"
    return "differs"


def _plain(text: str) -> list[str]:
    normal = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"[\W_]+", " ", normal).split()


def _parts(text: str) -> list[_Part]:
    split = re.split(r"[,;\n]|\s[-–]\s", unicodedata.normalize("NFC", text))
    return [_part(words) for words in map(_words, split) if words]


def _words(text: str) -> list[str]:
    """Letters and digits come apart (P5, TP.HCM), and zeros before a number go."""
    apart = re.findall(r"[0-9]+|[^\W\d_]+", text)
    return [word.lstrip("0") or "0" if word.isdigit() else fold(word) for word in apart]


def _part(words: list[str]) -> _Part:
    for written, unit in _units():
        if words[: len(written)] == list(written) and len(words) > len(written):
            return _Part(unit, _name(words[len(written) :]))
    return _Part("", _name(words))


def _name(words: list[str]) -> str:
    """Short forms written out, also of a unit in the middle; blanks only between two numbers."""
    whole = " ".join(_shorts().get(word, word) for word in words)
    return re.sub(r"(?<![0-9]) | (?![0-9])", "", whole)


def _agree(ours: list[_Part], theirs: list[_Part]) -> bool:
    """Part by part; the longer side may have one district more."""
    if len(ours) < len(theirs):
        ours, theirs = theirs, ours
    if len(ours) == len(theirs):
        return all(map(_alike, ours, theirs))
    if len(ours) != len(theirs) + 1 or len(theirs) < 2:
        return False
    districts = {"", *table("address_units")["districts"]}
    without = [*ours[:-2], ours[-1]]
    return ours[-2].unit in districts and all(map(_alike, without, theirs))


def _alike(one: _Part, other: _Part) -> bool:
    return one.name == other.name and (one.unit == other.unit or not (one.unit and other.unit))


def _in_one(parts: list[_Part]) -> str:
    """Where one side writes no commas: everything in a row, the units written out."""
    return " ".join(f"{fold(part.unit)}{part.name}" for part in parts).replace(" ", "")


@cache
def _units() -> list[tuple[tuple[str, ...], str]]:
    """(folded words, unit), the longest first."""
    rows = [
        (tuple(_words(written)), unit)
        for unit, *short in table("address_units")["units"]
        for written in (unit, *short)
    ]
    return sorted(rows, key=lambda row: -len(row[0]))


@cache
def _shorts() -> dict[str, str]:
    """Short form → what it stands for, of names and of units in the middle of a part."""
    data = table("address_units")
    named = {fold(short): fold(whole) for short, whole in data["names"].items()}
    units = {fold(each): fold(unit) for unit, *short in data["units"] for each in short}
    return {short: whole for short, whole in units.items() if " " not in short} | named
