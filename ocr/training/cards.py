"""Draws the front of an invented driving licence: the yellow PET card (2013 to 2025) and the pink
police card (since 2025), each in many layouts.

The labels are those of the cards' own print; positions, sizes and the order of the pink card's
fields vary, because no two issues of the form agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ocr.training import frame, ornaments
from ocr.training.fonts import LIKE_A_CARD, Face, faces
from ocr.training.sheet import BLACK, HEIGHT, RED, WIDTH, Sheet, Style
from ocr.training.words import Holder, holder

YELLOW, PINK = (247, 233, 170), (247, 214, 218)

LABELS: dict[str, tuple[tuple[str, str], ...]] = {
    "number": (("Số", "No"), ("Số", "No.")),
    "name": (("Họ tên", "Full name"), ("Họ và tên", "Full name"), ("Họ tên", "Full Name")),
    "date_of_birth": (("Ngày sinh", "Date of Birth"), ("Ngày sinh", "Date of birth")),
    "nationality": (("Quốc tịch", "Nationality"),),
    "address": (("Nơi cư trú", "Address"), ("Nơi cư trú", "Place of residence")),
    "issue_date": (("Ngày cấp", "Date of issue"), ("Ngày cấp", "Issue date")),
    "issue_place": (("Cơ quan cấp", "Issued by"), ("Nơi cấp", "Place of issue")),
    "expiry": (("Có giá trị đến", "Expires"), ("Có giá trị đến", "Date of expiry")),
    "licence_class": (("Hạng", "Class"),),
}
THIN = ("Thin", "Light", "Hairline", "Black", "Mono")
UNLIMITED = ("Không thời hạn", "Không thời hạn", "KHÔNG THỜI HẠN", "không thời hạn")


def draw(dice: Random, held_out: bool) -> Sheet:
    """A card of an invented holder. `Sheet.truth` says what is printed, `Sheet.places` where."""
    who = holder(dice, held_out)
    if dice.random() < 0.08:
        who = replace(who, address=who.address.upper())
    pink = who.regime == "2025"
    paper = ornaments.near(dice, PINK if pink else YELLOW, 8)
    style = Style.draw(dice, *_faces(dice, held_out), ornaments.near(dice, BLACK, 18))
    sheet = Sheet(ornaments.guilloche(dice, (WIDTH, HEIGHT), paper), style)
    sheet.truth = {name: getattr(who, name) for name in LABELS}
    sheet.truth["issue_place"] = _office(dice, who) if pink else who.issue_place
    left = dice.uniform(25, 29)
    frame.picture(dice, sheet, left)
    frame.heading(dice, sheet, left, pink)
    blank, values = sheet.picture, printed(dice, sheet.truth)
    plan, side = _plan(dice, pink)
    labels = {name: dice.choice(choices) for name, choices in LABELS.items()}
    for _ in range(8):
        sheet.picture, sheet.places = blank.copy(), {}
        bottom = _fields(sheet, plan, labels, values, left)
        _side(sheet, side, labels, values, left, bottom)
        if max(place[3] for places in sheet.places.values() for place in places) < 53:
            break
        sheet.style = sheet.style.smaller()
    frame.signed(dice, sheet, bottom)
    frame.overlays(dice, sheet)
    return sheet


def _faces(dice: Random, held_out: bool) -> tuple[Face, Face]:
    """Bold for most values, plain for the labels; one card in twelve has them of any build."""
    known = [face for face in faces(held_out) if not any(thin in face.path for thin in THIN)]
    if dice.random() > 0.08:
        known = [face for face in known if face.family in LIKE_A_CARD]
    bold, plain = ([face for face in known if face.bold == is_bold] for is_bold in (True, False))
    chosen = dice.choices(bold, [face.weight for face in bold])[0]
    same = [face for face in plain if face.family == chosen.family]
    if not same or dice.random() < 0.3:
        same = plain
    label = dice.choice(same)
    return (label, chosen) if dice.random() < 0.07 else (chosen, label)


def _office(dice: Random, who: Holder) -> str:
    """The police office of a pink card."""
    where = f"Công an tỉnh {who.issue_place}"
    return dice.choice((
        f"Phòng CSGT - {where}", f"Phòng CSGT {where}", where, where.upper(), "Cục CSGT",
        "CỤC CẢNH SÁT GIAO THÔNG", who.issue_place,
    ))  # fmt: skip


def printed(dice: Random, truth: dict[str, str]) -> dict[str, str]:
    """The values as the card writes them."""
    between = dice.choices("/-.", (90, 5, 5))[0]

    def day(iso: str) -> str:
        return between.join(reversed(iso.split("-")))

    values = dict(truth)
    if dice.random() < 0.07:
        values["number"] = " ".join(truth["number"][at : at + 3] for at in range(0, 12, 3))
    for name in ("date_of_birth", "issue_date"):
        values[name] = day(values[name])
    unlimited = truth["expiry"] == "unlimited"
    values["expiry"] = dice.choice(UNLIMITED) if unlimited else day(truth["expiry"])
    return values


def _plan(dice: Random, pink: bool) -> tuple[list[list[str]], list[str]]:
    """The fields of each row beside the portrait, and the fields below it."""
    side = [name for name in ("licence_class", "expiry") if not pink or dice.random() < 0.35]
    if not pink:
        plan = [["name"], ["date_of_birth"], ["nationality"], ["address"], ["issued"]]
        if dice.random() < 0.15:
            at = dice.randint(3, 4)
            plan[at:at] = dice.choice([[side], [[one] for one in side]])
            return plan, []
        return plan, side
    pairs = [["date_of_birth", "nationality"], ["issue_date", "expiry"]]
    if dice.random() < 0.5:
        pairs = [[name] for pair in pairs for name in pair]
    rest = [*pairs, ["address"], ["issue_place"], ["licence_class"]]
    if dice.random() < 0.5:
        dice.shuffle(rest)
    rows = [[name for name in row if name not in side] for row in [["name"], *rest]]
    return [row for row in rows if row], side


def _fields(
    sheet: Sheet,
    plan: list[list[str]],
    labels: dict[str, tuple[str, str]],
    values: dict[str, str],
    left: float,
) -> float:
    """Sets the rows beside the portrait; their bottom."""
    style = sheet.style
    sheet.number(labels["number"], values["number"], left, 16.6, style.value * 1.25, RED)
    top = style.top
    for row in plan:
        if row == ["issued"]:
            top = sheet.issued(values["issue_place"], values["issue_date"], left, top + 0.2)
            continue
        across = (84 - left) / len(row)
        top = max(
            sheet.cell(name, labels[name], values[name], left + i * across, top, across - 0.8)
            for i, name in enumerate(row)
        )
    return top


def _side(
    sheet: Sheet,
    side: Sequence[str],
    labels: dict[str, tuple[str, str]],
    values: dict[str, str],
    left: float,
    bottom: float,
) -> None:
    """The fields below the portrait; the last may run on below the rows, which end at `bottom`."""
    top = sheet.style.side
    for name in side:
        at, room = 2.5, left - 3.5
        if name == "expiry" and sheet.style.wide_expiry and top > bottom:
            top, room = top + 1.0, 45.0
        top = sheet.cell(name, labels[name], values[name], at, top, room)
