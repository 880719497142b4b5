"""What is printed around a card's fields: portrait, heading, seal and signature, overlays."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from ocr.training import ornaments
from ocr.training.sheet import BLACK, HEIGHT, MM, RED, WIDTH, Sheet
from ocr.training.words import name

SIGNERS = ("GIÁM ĐỐC", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "TRƯỞNG PHÒNG", "CỤC TRƯỞNG")


def picture(dice: Random, sheet: Sheet, left: float) -> None:
    width = left - dice.uniform(5, 7)
    size = (int(width * MM), int(width * dice.uniform(1.25, 1.38) * MM))
    sheet.paste(ornaments.portrait(dice, size), dice.uniform(2, 3.5), dice.uniform(10, 13))
    if dice.random() < 0.25:
        ghost = ornaments.portrait(dice, (int(9 * MM), int(12 * MM))).convert("RGBA")
        ghost.putalpha(dice.randint(25, 60))
        sheet.paste(ghost, dice.uniform(60, 73), dice.uniform(18, 34))


def heading(dice: Random, sheet: Sheet, left: float, pink: bool) -> None:
    corner = ("BỘ CÔNG AN", "MPS") if pink else ("BỘ GTVT", "MOT")
    for index, text in enumerate(corner):
        sheet.centre(text, 2.5, left, 4.6 + 2.8 * index, 2.1, BLACK)
    ink = BLACK if pink or dice.random() < 0.6 else RED
    middle = (left, 84.0)
    sheet.centre("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *middle, 4.6, dice.uniform(2.1, 2.5), ink)
    sheet.centre("Độc lập - Tự do - Hạnh phúc", *middle, 7.6, dice.uniform(2.0, 2.3), ink)
    title = "GIẤY PHÉP LÁI XE" + dice.choice(["/DRIVER'S LICENSE", " / DRIVER’S LICENSE"])
    sheet.centre(title, *middle, 12.2, dice.uniform(2.9, 3.4), RED)


def signed(dice: Random, sheet: Sheet, top: float) -> None:
    middle, base = dice.uniform(64, 72), top + 2.2
    if base < 48:
        sheet.centre(dice.choice(SIGNERS), middle - 12, middle + 12, base, 2.0, BLACK)
        signer = name(dice).title()
        sheet.centre(signer, middle - 12, middle + 12, max(52.4, base + 3), 2.1, BLACK)
    top = min(base, 46.0)
    scrawl = ornaments.signature(dice, (int(20 * MM), int(7 * MM)))
    sheet.paste(scrawl, middle - 10, top + 1.0)
    across = int(dice.uniform(11, 15) * MM)
    seal = ornaments.stamp(dice, across, sheet.style.plain.at(int(1.5 * MM)))
    sheet.paste(seal, middle - dice.uniform(8, 18), min(39.5, top - dice.uniform(1, 5)))


def overlays(dice: Random, sheet: Sheet) -> None:
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
