"""Units of addresses and offices that issue licences: what is printed is mostly one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cache

from ocr.lexicon import DATA, OPEN, Words, by_length, each, has, settled, stretches
from ocr.recognise import Letters, said

_KIND = re.compile(
    r"(?:thành phố|thị xã|thị trấn|phường|quận|huyện|xã|tỉnh|tp|tx|tt|[pqhxt](?=\.))[. ]+", re.I
)
_STREET = (
    "Thôn Xóm Số Tổ Khu Phố phố Ngõ Ngách Hẻm Đường Ấp Bản Làng dân Đội Khối Buôn Sóc Kiệt Tầng"
)
_OFFICES = (
    "{}", "Công an tỉnh {}", "Công an thành phố {}", "Phòng CSGT - Công an tỉnh {}",
    "Phòng CSGT - Công an thành phố {}", "Phòng CSGT Công an tỉnh {}",
    "Phòng CSGT Công an thành phố {}", "Phòng Cảnh sát giao thông - Công an tỉnh {}",
    "Sở GTVT {}", "Cục CSGT", "Cục Cảnh sát giao thông", "Cục Đường bộ Việt Nam",
)  # fmt: skip

Tree = dict[str, dict[str, frozenset[str]]]
"""province → district → communes, all without their kinds"""


def address(letters: Letters) -> Letters:
    """From its province backwards, each part among the units of the one after it; a street's or a
    hamlet's words one by one."""
    parts = stretches(letters, ",")
    out = list(letters)
    capitals = said(letters).isupper()
    units: Collection[str] = _tree().keys()
    province = district = ""
    for start, end in reversed(parts):
        first = end == parts[0][1] and len(parts) > 1
        if first:
            read = _street(letters[start:end], _cased(_syllables(), capitals))
        else:
            read = _unit(letters[start:end], _cased(units, capitals))
        out[start:end] = read
        name = bare(said(read))
        if not province:
            province = name
            units = _below(province)
        elif not district:
            district = name
            units = _below(province, district)
    return tuple(out)


def place(letters: Letters) -> Letters:
    """An office or a province."""
    return _unit(letters, _cased(_offices(), said(letters).isupper()), whole=True)


def known_address(text: str) -> float:
    """The share of its parts after the first that follow from the province backwards, the
    province among the provinces."""
    parts = [bare(part).casefold() for part in text.split(",")]
    tree = _folded_tree()
    if parts[-1] not in tree:
        return 0.0
    districts = tree[parts[-1]]
    inside = {*districts, *(one for communes in districts.values() for one in communes)}
    middle = parts[1:-1]
    return (1 + sum(part in inside for part in middle)) / (1 + len(middle))


def known_end(text: str) -> bool:
    """Whether an address ends with a province: else some of it is missing."""
    return bare(text.split(",")[-1]).casefold() in _folded_tree()


def known_place(text: str) -> float:
    capitals = text.isupper()
    return float(has(_cased(_offices(), capitals), text))


def bare(unit: str) -> str:
    """`Huyện Gia Bình`, `H. Gia Bình` → `Gia Bình`; what is only a number keeps its kind."""
    rest = _KIND.sub("", unit.strip(), count=1)
    return unit.strip() if rest.isdigit() else rest


def _street(letters: Letters, words: Words) -> Letters:
    return each(letters, " ", lambda word: settled(word, words, OPEN))


def _unit(letters: Letters, words: Words, whole: bool = False) -> Letters:
    def name(read: Letters) -> Letters:
        match = None if whole else _KIND.match(said(read))
        start = 0
        for _ in range(match.end() if match else 0):
            start += 1
            while start < len(read) and not read[start].text:
                start += 1
        return (*read[:start], *settled(read[start:], words))

    return each(letters, "", name)


def _below(province: str, district: str = "") -> Collection[str]:
    """What may stand before a province, or before a district of it; anything where that is not
    known."""
    districts = next(
        (of for name, of in _tree().items() if name.casefold() == province.casefold()), None
    )
    if districts is None:
        return _every()
    for name, communes in districts.items():
        if name.casefold() == district.casefold():
            return communes
    return {*districts, *(one for communes in districts.values() for one in communes)}


def _cased(words: Collection[str], capitals: bool) -> Words:
    return by_length({word.upper() for word in words} if capitals else set(words))


@cache
def _tree() -> Tree:
    """All of 2024, and those of Bắc Ninh and the provinces since July 2025."""
    old = json.loads((DATA / "units_2024.json").read_text(encoding="utf-8"))["units"]
    new = json.loads((DATA / "units_2025.json").read_text(encoding="utf-8"))
    tree = {
        bare(province): {
            bare(district): frozenset(map(bare, communes))
            for district, communes in districts.items()
        }
        for province, districts in old.items()
    }
    for province in new["provinces"]:
        tree.setdefault(bare(province), {})
    tree["Bắc Ninh"] |= {bare(commune): frozenset() for commune in new["communes"]}
    return tree


@cache
def _folded_tree() -> Tree:
    return {
        province.casefold(): {
            district.casefold(): frozenset(one.casefold() for one in communes)
            for district, communes in districts.items()
        }
        for province, districts in _tree().items()
    }


@cache
def _every() -> frozenset[str]:
    names = set(_tree())
    for districts in _tree().values():
        names |= {*districts, *(one for communes in districts.values() for one in communes)}
    return frozenset(names)


@cache
def _syllables() -> frozenset[str]:
    return frozenset(word for unit in _every() for word in unit.split()) | set(_STREET.split())


@cache
def _offices() -> frozenset[str]:
    return frozenset(form.format(province) for form in _OFFICES for province in _tree())
