"""Draws sample papers with Pillow: licence cards of both regimes, a certificate, a portrait.

Layouts follow the labels on real cards (yellow PET card of 2013-2025, pink card since 2025) closely
enough to be photographed and read, and carry MẪU so that nobody takes them for papers.
"""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from server.certificates.signed import PREFIX
from server.sandbox.people import Person

CARD = (1600, 1009)  # ID-1, 85.60 x 53.98 mm
SHEET = (1130, 1600)
PORTRAIT = (900, 1200)
INK, RED = (27, 27, 27), (170, 24, 28)
_FONTS = Path(__file__).parent / "fonts"
_GROUND = {"2008": ((248, 238, 190), (226, 205, 120)), "2025": ((250, 226, 222), (228, 176, 176))}
_VEHICLES = {
    ("2008", "A1"): "Xe mô tô hai bánh có dung tích xi lanh từ 50 đến dưới 175 cm³",
    ("2008", "B2"): "Ô tô đến 9 chỗ; ô tô tải, máy kéo dưới 3.500 kg",
    ("2008", "C"): "Ô tô tải, máy kéo từ 3.500 kg trở lên và các xe hạng B1, B2",
    ("2025", "A1"): "Xe mô tô hai bánh đến 125 cm³ hoặc động cơ điện đến 11 kW",
    ("2025", "B"): "Ô tô chở người đến 8 chỗ; ô tô tải đến 3.500 kg",
    ("2025", "C1"): "Ô tô tải trên 3.500 kg đến 7.500 kg và các xe hạng B",
}


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def qr(text: str, side: int, level: str = "m") -> Image.Image:
    """The QR code of `text` (UTF-8 bytes, no ECI, as Vietnamese cards have; a signed certificate
    in the smaller alphanumeric mode) with its quiet zone, at most `side` pixels wide, whole pixels
    per module."""
    mode = "alphanumeric" if text.startswith(PREFIX) else "byte"
    symbol = segno.make_qr(text.encode(), error=level, encoding=None, mode=mode, boost_error=False)
    modules = [bytearray(row) for row in symbol.matrix_iter(scale=1, border=4)]
    picture = Image.new("L", (len(modules), len(modules)), 255)
    picture.putdata([0 if dark else 255 for row in modules for dark in row])
    scale = max(1, side // len(modules))
    return picture.resize((len(modules) * scale,) * 2, Image.Resampling.NEAREST).convert("RGB")


def watermark(picture: Image.Image, size: int, strength: int = 46) -> Image.Image:
    """MẪU across the whole picture, light enough to read through. `strength`: 0…255."""
    marked = picture.copy()
    marked.paste(RED, (0, 0), _veil(picture.size, size, strength))
    return marked


@cache
def _veil(area: tuple[int, int], size: int, strength: int) -> Image.Image:
    width, height = area
    mask = Image.new("L", (width * 3 // 2, height * 3 // 2), 0)
    draw = ImageDraw.Draw(mask)
    step_x, step_y = int(size * 3.4), int(size * 2.2)
    for row, y in enumerate(range(0, mask.height, step_y)):
        for x in range(-(row % 2) * step_x // 2, mask.width, step_x):
            draw.text((x, y), "MẪU", font=font(size, bold=True), fill=strength)
    left, top = (mask.width - width) // 2, (mask.height - height) // 2
    turned = mask.rotate(24, Image.Resampling.BILINEAR)
    return turned.crop((left, top, left + width, top + height))


def captioned(code: Image.Image) -> Image.Image:
    """A QR code with MẪU written under it."""
    sheet = Image.new("RGB", (code.width, code.height + 90), (255, 255, 255))
    sheet.paste(code, (0, 0))
    draw = ImageDraw.Draw(sheet)
    left = (sheet.width - draw.textlength("MẪU", font=font(60, True))) / 2
    draw.text((left, code.height - 10), "MẪU", font=font(60, True), fill=INK)
    return sheet


def _blank(regime: str, seed: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    ground, line = _GROUND[regime]
    picture = Image.new("RGB", CARD, ground)
    draw = ImageDraw.Draw(picture)
    dice = random.Random(f"ground-{seed}")  # noqa: S311 - decoration
    for _ in range(26):
        x, y, r = dice.randint(-200, 1800), dice.randint(-200, 1200), dice.randint(150, 600)
        draw.ellipse((x - r, y - r, x + r, y + r), outline=line, width=2)
    return picture, draw


def licence_front(person: Person, face: Image.Image, seed: int) -> Image.Image:
    card = person.licence
    picture, draw = _blank(card.regime, seed)
    issuer = ("BỘ GTVT", "MOT") if card.regime == "2008" else ("BỘ CÔNG AN", "MPS")
    draw.text((60, 40), issuer[0], font=font(34, True), fill=INK)
    draw.text((60, 84), issuer[1], font=font(26), fill=INK)
    draw.text((540, 40), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", font=font(34, True), fill=INK)
    draw.text((740, 86), "Độc lập - Tự do - Hạnh phúc", font=font(28, True), fill=INK)
    draw.text((600, 148), "GIẤY PHÉP LÁI XE", font=font(54, True), fill=RED)
    draw.text((600, 214), "DRIVER'S LICENSE", font=font(28), fill=RED)
    draw.text((600, 262), "Số/No:", font=font(34, True), fill=RED)
    draw.text((740, 256), card.number, font=font(44, True), fill=RED)
    picture.paste(face.resize((390, 520)), (60, 170))
    rows = [
        ("Họ tên/Full name:", person.full_name.upper()),
        ("Ngày sinh/Date of Birth:", day(person.date_of_birth)),
        ("Quốc tịch/Nationality:", "VIỆT NAM"),
        ("Nơi cư trú/Address:", ""),
    ]
    y = 336
    for label, value in rows:
        draw.text((500, y), label, font=font(28), fill=INK)
        left = 500 + draw.textlength(label, font=font(28)) + 16
        draw.text((left, y - 5), value, font=font(36, True), fill=INK)
        y += 68
    street, _, rest = person.legacy_address.partition(", ")
    draw.text((500, y - 16), f"{street},", font=font(36, True), fill=INK)
    draw.text((500, y + 36), rest, font=font(36, True), fill=INK)
    issued = card.issue_date
    line = f"ngày/date {issued:%d} tháng/month {issued:%m} năm/year {issued:%Y}"
    draw.text((700, 708), f"{card.issue_place}, {line}", font=font(26), fill=INK)
    draw.text((940, 752), "GIÁM ĐỐC" if card.regime == "2008" else "TRƯỞNG PHÒNG",
              font=font(28, True), fill=INK)  # fmt: skip
    draw.ellipse((960, 790, 1130, 960), outline=RED, width=5)
    draw.text((1000, 852), "MẪU", font=font(44, True), fill=RED)
    draw.text((60, 724), "Hạng/Class:", font=font(28), fill=INK)
    draw.text((260, 710), card.licence_class, font=font(48, True), fill=INK)
    draw.text((60, 800), "Có giá trị đến/Expires:", font=font(28), fill=INK)
    until = "Không thời hạn" if card.expiry is None else day(card.expiry)
    draw.text((60, 840), until, font=font(42, True), fill=INK)
    return watermark(picture, 90)


def licence_back(person: Person, payload: str, seed: int) -> Image.Image:
    card = person.licence
    picture, draw = _blank(card.regime, seed + 1)
    head = "CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN"
    draw.text((60, 40), head, font=font(38, True), fill=INK)
    draw.text((60, 92), "CLASSIFICATION OF MOTOR VEHICLES", font=font(28), fill=INK)
    draw.text((1130, 92), "Ngày trúng tuyển/Beginning date:", font=font(22), fill=RED)
    y = 150
    for name, passed in card.passed.items():
        draw.line((60, y, 1540, y), fill=INK, width=2)
        draw.text((60, y + 22), name, font=font(44, True), fill=INK)
        for i, line in enumerate(_wrapped(_VEHICLES[card.regime, name], 52)):
            draw.text((190, y + 18 + 36 * i), line, font=font(28), fill=INK)
        draw.text((1200, y + 24), day(passed), font=font(36, True), fill=RED)
        y += 112
    draw.line((60, y, 1540, y), fill=INK, width=2)
    picture.paste(qr(payload, 400), (60, 560))
    draw.text((1240, 900), card.serial, font=font(44, True), fill=INK)
    marked = watermark(picture, 90, strength=36)
    marked.paste(qr(payload, 400), (60, 560))
    return marked


def certificate(person: Person, payload: str) -> Image.Image:
    """Mẫu giấy khám sức khỏe người lái xe, with its number and a QR."""
    paper = person.certificate
    if paper is None:
        raise ValueError("this class needs no health certificate")
    picture = Image.new("RGB", SHEET, (252, 252, 250))
    draw = ImageDraw.Draw(picture)
    draw.text((60, 60), paper.facility.upper(), font=font(26, True), fill=INK)
    draw.text((60, 104), f"Số: {paper.number}", font=font(28, True), fill=INK)
    draw.text((90, 240), "GIẤY KHÁM SỨC KHỎE CỦA NGƯỜI LÁI XE", font=font(42, True), fill=INK)
    rows = [
        ("Họ và tên:", person.full_name.upper()),
        ("Ngày sinh:", day(person.date_of_birth)),
        ("Giới tính:", "Nam" if person.sex == "male" else "Nữ"),
        ("Số CCCD/Căn cước:", person.identity_number),
        ("Chỗ ở hiện tại:", f"{person.hamlet}, {person.commune}, tỉnh Bắc Ninh"),
        ("Đề nghị khám sức khỏe để lái xe hạng:", paper.licence_class),
    ]
    for i, (label, value) in enumerate(rows):
        draw.text((60, 370 + 66 * i), label, font=font(28), fill=INK)
        left = 60 + draw.textlength(label, font=font(28)) + 14
        draw.text((left, 368 + 66 * i), value, font=font(30, True), fill=INK)
    draw.text((60, 830), "KẾT LUẬN", font=font(36, True), fill=INK)
    verdict = f"Đủ điều kiện sức khỏe lái xe hạng {paper.licence_class}"
    draw.text((60, 890), verdict, font=font(32, True), fill=INK)
    dated = paper.concluded_on
    draw.text((560, 980), f"Gia Bình, ngày {dated:%d} tháng {dated:%m} năm {dated:%Y}",
              font=font(26), fill=INK)  # fmt: skip
    draw.text((700, 1030), "NGƯỜI KẾT LUẬN", font=font(28, True), fill=INK)
    draw.ellipse((740, 1090, 940, 1290), outline=RED, width=5)
    draw.text((790, 1164), "MẪU", font=font(48, True), fill=RED)
    marked = watermark(picture, 90, strength=36)
    code = qr(payload, 570 if payload.startswith(PREFIX) else 360)
    marked.paste(code, (60, 1590 - code.height))
    return marked


def portrait(person: Person, seed: int) -> Image.Image:
    """A placeholder on a blue ground, no likeness of anybody."""
    dice = random.Random(f"face-{seed}")  # noqa: S311 - decoration
    picture = Image.new("RGB", PORTRAIT, (120, 170, 220))
    draw = ImageDraw.Draw(picture)
    skin = dice.choice(((236, 198, 166), (222, 178, 142), (205, 160, 122)))
    shirt = dice.choice(((250, 250, 250), (60, 84, 120), (130, 60, 60), (70, 100, 80)))
    hair = dice.choice(((28, 24, 22), (60, 50, 44), (110, 106, 102)))
    draw.ellipse((90, 860, 810, 1560), fill=shirt)
    draw.rectangle((370, 720, 530, 920), fill=skin)
    if person.sex == "female":
        draw.rounded_rectangle((240, 260, 660, 940), 180, fill=hair)
    draw.ellipse((255, 230, 645, 500), fill=hair)
    draw.ellipse((270, 290, 630, 790), fill=skin)
    for x in (370, 530):
        draw.ellipse((x - 34, 480, x + 34, 516), fill=(255, 255, 255))
        draw.ellipse((x - 14, 484, x + 14, 512), fill=INK)
        draw.line((x - 44, 448, x + 44, 444), fill=hair, width=10)
    draw.line((450, 520, 436, 610, 462, 614), fill=(170, 124, 96), width=7)
    draw.arc((390, 620, 510, 700), 20, 160, fill=(160, 70, 70), width=9)
    return watermark(picture, 110, strength=40)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
