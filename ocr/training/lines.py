"""One line as the detector cuts it from a photo: invented text, drawn, worn, photographed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ocr.training import words
from ocr.training.damage import Grey, photographed, worn
from ocr.training.fonts import Face, faces

_SIZES = (44, 64)
_KINDS = {"name": 31, "address": 29, "label": 10, "number": 7, "date": 5, "issue": 4, "class": 5,
          "heading": 2, "syllables": 7}  # fmt: skip
"""Names and addresses most: nothing else on a card has so many letters to tell apart."""


def line(dice: random.Random, held_out: bool = False) -> tuple[Grey, str]:
    """(picture, text). The text is NFC and of `words.letters()` only."""
    said = text(dice, held_out)
    choices = faces(held_out)
    face = dice.choices(choices, [face.weight for face in choices])[0]
    hardness = dice.random() ** 1.3
    picture, ink, size = _drawn(said, face, dice)
    seen = worn(_cut(picture, ink, size, dice), dice, hardness)
    return photographed(seen, dice, hardness), said


def text(dice: random.Random, held_out: bool) -> str:
    kind = dice.choices(list(_KINDS), list(_KINDS.values()))[0]
    made = _text(kind, dice, words.holder(dice, held_out), held_out)
    known = set(words.letters())
    return "".join(letter for letter in made if letter in known).strip()[:60].strip() or "0"


def _text(kind: str, dice: random.Random, holder: words.Holder, held_out: bool) -> str:
    labels = {key: dice.choice(forms) for key, forms in words.said()["labels"].items()}
    if kind == "name":
        return holder.name
    if kind == "address":
        return _part(holder.address, dice)
    if kind == "label":
        return _labelled(dice, holder, labels)
    if kind == "number":
        number = holder.number
        if dice.random() < 0.15:
            number = " ".join(number[at : at + 3] for at in range(0, 12, 3))
        return dice.choice((number, f"{labels['number']} {number}"))
    if kind == "date":
        return day(holder.date_of_birth)
    if kind == "issue":
        return issue_line(holder, dice)
    if kind == "class":
        alone = (holder.licence_class, "Không thời hạn", "KHÔNG THỜI HẠN", day(holder.issue_date))
        return dice.choice((*alone, f"{labels['licence_class']} {holder.licence_class}"))
    if kind == "heading":
        return str(dice.choice(words.said()["headings"]))
    many = words.syllables(dice, dice.randint(1, 5))
    return dice.choice((many.upper(), many.title(), many, _digits(dice)))


def day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def issue_line(holder: words.Holder, dice: random.Random) -> str:
    year, month, number = holder.issue_date.split("-")
    place = holder.issue_place + dice.choice((",", ",", ", ", ""))
    gap = dice.choice((" ", " ", "  "))
    return f"{place} ngày/date {number}{gap}tháng/month {month}{gap}năm/year {year}".replace(
        "  ", " "
    )


def _labelled(dice: random.Random, holder: words.Holder, labels: dict[str, str]) -> str:
    values = {
        "name": holder.name, "date_of_birth": day(holder.date_of_birth),
        "nationality": holder.nationality, "address": _part(holder.address, dice),
        "expiry": dice.choice(("Không thời hạn", day(holder.issue_date))),
        "issue_date": day(holder.issue_date), "licence_class": holder.licence_class,
    }  # fmt: skip
    key = dice.choice(list(values))
    return labels[key] if dice.random() < 0.35 else f"{labels[key]} {values[key]}"


def _part(address: str, dice: random.Random) -> str:
    """Whole, or what stands on one of two lines."""
    if dice.random() < 0.1:
        address = address.upper()
    if dice.random() < 0.2:
        return address
    pieces = address.split(" ")
    at = dice.randint(1, max(1, len(pieces) - 1))
    return " ".join(dice.choice((pieces[:at], pieces[at:]))) or address


def _digits(dice: random.Random) -> str:
    some = date(1940, 1, 1) + timedelta(days=dice.randint(0, 36_000))
    return dice.choice(
        (f"{some:%d/%m/%Y}", f"{some:%d-%m-%Y}", str(dice.getrandbits(39)).zfill(12))
    )


def _drawn(
    said: str, face: Face, dice: random.Random
) -> tuple[Image.Image, tuple[float, float, float, float], int]:
    """Dark on light with remnants of the lines above and below, as loosely as print is set; where
    its ink is (left, top, right, bottom), and the size of its letters."""
    size = dice.randint(*_SIZES)
    font = face.at(size)
    spacing = dice.choice((0, 0, 0, 0, 1, 2, 4)) if dice.random() < 0.8 else -1
    widths = [font.getlength(letter) + spacing for letter in said]
    ground, ink = dice.randint(150, 255), dice.randint(0, 110)
    height = round(size * 2.6)
    picture = Image.new("L", (round(sum(widths)) + 4 * size, height), ground)
    draw = ImageDraw.Draw(picture)
    top = round(size * 0.7)
    if spacing == 0:
        draw.text((2 * size, top), said, font=font, fill=ink)
    else:
        x = 2.0 * size
        for letter, width in zip(said, widths, strict=True):
            draw.text((x, top), letter, font=font, fill=ink)
            x += width
    if dice.random() < 0.5:
        other, leading = dice.choice((said[::-1], said.upper())), dice.uniform(1.15, 1.7) * size
        draw.text((dice.uniform(0, 3) * size, top + leading), other, font=font, fill=ink)
        draw.text((dice.uniform(0, 3) * size, top - leading), other, font=font, fill=ink)
    _, above, _, below = font.getbbox(said)
    place = (2.0 * size, top + above, 2 * size + sum(widths), top + below)
    if dice.random() < 0.06:
        draw.line((0, place[3] + 4, picture.width, place[3] + 4), fill=ink, width=2)
    return picture, place, size


def _cut(
    picture: Image.Image, ink: tuple[float, float, float, float], size: int, dice: random.Random
) -> Grey:
    """The box that a detector draws around the line: a little turned, sheared, loose or tight."""
    left, top, right, bottom = ink
    loose = np.array([dice.uniform(-0.04, 0.5) for _ in range(4)]) * size
    box = np.array([[left - loose[0], top], [right + loose[1], top],
                    [right + loose[1], bottom], [left - loose[0], bottom]], np.float32)  # fmt: skip
    up, down = dice.uniform(-0.03, 0.32) * size, dice.uniform(-0.03, 0.28) * size
    box[:2, 1] -= up
    box[2:, 1] += down
    lean = dice.gauss(0, 0.06) * size
    tilt = float(np.clip(dice.gauss(0, 0.05), -0.1, 0.1)) * size
    box += np.array([[lean, tilt], [lean, -tilt], [-lean, -tilt], [-lean, tilt]], np.float32)
    box += np.array([[dice.gauss(0, 0.02) * size for _ in "xy"] for _ in range(4)], np.float32)
    rows = bottom - top + up + down
    wide = (right - left + loose[0] + loose[1]) * dice.uniform(0.78, 1.25)
    target = np.array([[0, 0], [wide, 0], [wide, rows], [0, rows]], np.float32)
    warp = cv2.getPerspectiveTransform(box, target)
    grey = np.asarray(picture, np.uint8)
    cut = cv2.warpPerspective(
        grey, warp, (max(16, round(wide)), round(rows)), borderMode=cv2.BORDER_REPLICATE
    )
    return cut.astype(np.uint8)
