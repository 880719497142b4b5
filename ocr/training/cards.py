"""Draws the front of an invented driving licence: the yellow PET card (2013 to 2025) and the pink
police card (since 2025), each in many layouts.

The labels are those of the cards' own print; positions, sizes and the order of the pink card's
fields vary, because no two issues of the form agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from PIL import Image, ImageDraw

from ocr.training import ornaments
from ocr.training.fonts import LIKE_A_CARD, Face, faces
from ocr.training.sheet import HEIGHT, MM, WIDTH, Sheet, Style
from ocr.training.words import Holder, holder
from ocr.training.words import name as person

YELLOW, PINK = (247, 233, 170), (247, 214, 218)
RED, BLACK = (200, 30, 35), (28, 26, 30)

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
SIGNERS = ("GIÁM ĐỐC", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "TRƯỞNG PHÒNG", "CỤC TRƯỞNG")
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
    _picture(dice, sheet, left)
    _heading(dice, sheet, left, pink)
    blank, values = sheet.picture, printed(dice, sheet.truth)
    plan, side = _plan(dice, pink)
    labels = {name: dice.choice(choices) for name, choices in LABELS.items()}
    for _ in range(8):
        sheet.picture, sheet.places = blank.copy(), {}
        bottom = _fields(sheet, plan, labels, values, left)
        _side(sheet, side, labels, values, left)
        if max(place[3] for places in sheet.places.values() for place in places) < 53:
            break
        sheet.style = sheet.style.smaller()
    _signed(dice, sheet, bottom)
    _overlays(dice, sheet)
    return sheet


def _faces(dice: Random, held_out: bool) -> tuple[Face, Face]:
    """Bold for the values, plain for the labels; one card in twelve has them of any build."""
    known = [face for face in faces(held_out) if not any(thin in face.path for thin in THIN)]
    if dice.random() > 0.08:
        known = [face for face in known if face.family in LIKE_A_CARD]
    bold, plain = ([face for face in known if face.bold == is_bold] for is_bold in (True, False))
    chosen = dice.choices(bold, [face.weight for face in bold])[0]
    same = [face for face in plain if face.family == chosen.family]
    if not same or dice.random() < 0.3:
        same = plain
    return chosen, dice.choice(same)


def _office(dice: Random, who: Holder) -> str:
    """The police office of a pink card."""
    where = f"Công an tỉnh {who.issue_place}"
    return dice.choice((
        f"Phòng CSGT - {where}", f"Phòng CSGT {where}", where, where.upper(), "Cục CSGT",
        "CỤC CẢNH SÁT GIAO THÔNG", who.issue_place,
    ))  # fmt: skip


def printed(dice: Random, truth: dict[str, str]) -> dict[str, str]:
    """The values as the card writes them."""

    def day(iso: str) -> str:
        return "/".join(reversed(iso.split("-")))

    values = dict(truth)
    if dice.random() < 0.07:
        values["number"] = " ".join(truth["number"][at : at + 3] for at in range(0, 12, 3))
    for name in ("date_of_birth", "issue_date"):
        values[name] = day(values[name])
    unlimited = truth["expiry"] == "unlimited"
    values["expiry"] = dice.choice(UNLIMITED) if unlimited else day(truth["expiry"])
    return values


def _picture(dice: Random, sheet: Sheet, left: float) -> None:
    width = left - dice.uniform(5, 7)
    size = (int(width * MM), int(width * dice.uniform(1.25, 1.38) * MM))
    sheet.paste(ornaments.portrait(dice, size), dice.uniform(2, 3.5), dice.uniform(10, 13))
    if dice.random() < 0.25:
        ghost = ornaments.portrait(dice, (int(9 * MM), int(12 * MM))).convert("RGBA")
        ghost.putalpha(dice.randint(25, 60))
        sheet.paste(ghost, dice.uniform(60, 73), dice.uniform(18, 34))


def _heading(dice: Random, sheet: Sheet, left: float, pink: bool) -> None:
    corner = ("BỘ CÔNG AN", "MPS") if pink else ("BỘ GTVT", "MOT")
    for index, text in enumerate(corner):
        sheet.centre(text, 2.5, left, 4.6 + 2.8 * index, 2.1, BLACK)
    ink = BLACK if pink or dice.random() < 0.6 else RED
    middle = (left, 84.0)
    sheet.centre("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *middle, 4.6, dice.uniform(2.1, 2.5), ink)
    sheet.centre("Độc lập - Tự do - Hạnh phúc", *middle, 7.6, dice.uniform(2.0, 2.3), ink)
    title = "GIẤY PHÉP LÁI XE" + dice.choice(["/DRIVER'S LICENSE", " / DRIVER’S LICENSE"])
    sheet.centre(title, *middle, 12.2, dice.uniform(2.9, 3.4), RED)


def _plan(dice: Random, pink: bool) -> tuple[list[list[str]], list[str]]:
    """The fields of each row beside the portrait, and the fields below it."""
    side = [name for name in ("licence_class", "expiry") if not pink or dice.random() < 0.35]
    if not pink:
        return [["name"], ["date_of_birth"], ["nationality"], ["address"], ["issued"]], side
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
) -> None:
    top = sheet.style.side
    for name in side:
        at, room = 2.5, left - 3.5
        if name == "expiry" and sheet.style.wide_expiry:
            top, room = top + 1.0, 45.0
        top = sheet.cell(name, labels[name], values[name], at, top, room)


def _signed(dice: Random, sheet: Sheet, top: float) -> None:
    middle, base = dice.uniform(64, 72), top + 2.2
    if base < 48:
        sheet.centre(dice.choice(SIGNERS), middle - 12, middle + 12, base, 2.0, BLACK)
        signer = person(dice).title()
        sheet.centre(signer, middle - 12, middle + 12, max(52.4, base + 3), 2.1, BLACK)
    top = min(base, 46.0)
    scrawl = ornaments.signature(dice, (int(20 * MM), int(7 * MM)))
    sheet.paste(scrawl, middle - 10, top + 1.0)
    across = int(dice.uniform(11, 15) * MM)
    seal = ornaments.stamp(dice, across, sheet.style.plain.at(int(1.5 * MM)))
    sheet.paste(seal, middle - dice.uniform(8, 18), min(39.5, top - dice.uniform(1, 5)))


def _overlays(dice: Random, sheet: Sheet) -> None:
    if dice.random() < 0.5:
        side = int(dice.uniform(10, 22) * MM)
        patch = ornaments.hologram(dice, (side, side))
        sheet.paste(patch, dice.uniform(5, 60), dice.uniform(5, 30))
    if dice.random() < 0.12:
        face = sheet.style.bold.at(14 * MM)
        words = Image.new("RGBA", sheet.picture.size)
        ink = (*RED, dice.randint(18, 45))
        ImageDraw.Draw(words).text((WIDTH / 2, HEIGHT / 2), "MẪU", ink, face, anchor="mm")
        sheet.paste(words.rotate(dice.uniform(15, 35)), 0, 0)
