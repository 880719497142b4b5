"""Numbers as people write them, brought to the one form the record keeps.

Each `…(text)` returns the normal form, or None when it is not such a number. Digits are ASCII
only: a full-width or Arabic digit is never a digit of a state number.
Sources: card and portal forms, Circular 59/2021/TT-BCA (identity number), the health service's
interface (certificate number), numbering plan of 2018 (phones), UPU S10 (postal items),
decision 20/2020/QĐ-TTg (dossier codes).
"""

import re

_SEPARATORS = re.compile(r"[ .\-\u00a0]")


def licence_number(text: str) -> str | None:
    """Return 12 digits of a plastic card, or a paper card's number as printed (upper case)."""
    digits = _SEPARATORS.sub("", text)
    if re.fullmatch("[0-9]{12}", digits):
        return digits
    paper = " ".join(text.upper().split())
    if not re.search("[A-Z]", paper):
        return None
    return paper if re.fullmatch(r"[0-9A-Z][0-9A-Z/ .\-]{4,19}", paper) else None


def on_paper(number: str) -> bool:
    """Tell whether a normal licence number belongs to an old paper card."""
    return re.fullmatch("[0-9]{12}", number) is None


def licence_serial(text: str) -> str | None:
    """Return two letters and six digits. Others exist: warn, never refuse."""
    serial = _SEPARATORS.sub("", text).upper()
    return serial if re.fullmatch("[A-Z]{2}[0-9]{6}", serial) else None


def identity_number(text: str) -> str | None:
    """Return the 12 digits of a personal identity number (no check digit exists)."""
    digits = _SEPARATORS.sub("", text)
    return digits if re.fullmatch("[0-9]{12}", digits) else None


def certificate_number(text: str) -> str | None:
    """Return NNNNN/GKSKLX/<facility>/<YY> in upper case without blanks."""
    number = re.sub(r"\s*/\s*", "/", text.strip()).upper()
    matches = re.fullmatch("[0-9]{1,6}/GKSKLX/[0-9A-Z]{5}/[0-9]{2}", number)
    return number if matches and len(number) <= 21 else None


def phone(text: str) -> str | None:
    """Return E.164 (+84…) of a mobile, or of a landline of Bắc Ninh (0222) or Bắc Giang (0204)."""
    digits = re.sub(r"[ .\-()\u00a0]", "", text)
    national = re.sub(r"^(\+84|84(?=0?[0-9]{9,10}$))0?", "0", digits)
    if re.fullmatch("0[35789][0-9]{8}|0(222|204)[0-9]{7}", national):
        return "+84" + national[1:]
    return None


def postal_item(text: str) -> str | None:
    """Return a UPU S10 item number whose check digit is right."""
    item = _SEPARATORS.sub("", text).upper()
    if not re.fullmatch("[A-Z]{2}[0-9]{9}[A-Z]{2}", item):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(item[2:10], _S10, strict=True))
    check = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return item if int(item[10]) == check else None


_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def dossier_code(text: str) -> str | None:
    """Return a dossier code of any agency, unchanged but for outer blanks: it is opaque."""
    code = text.strip()
    return code if re.fullmatch("[0-9A-Z.]+-[0-9]{6}([0-9]{2})?-[0-9]{3,7}", code) else None


def slip(text: str) -> str | None:
    """Return the 8 characters of a slip code; blanks, hyphens and lower case are forgiven."""
    code = re.sub(r"[\s\-]", "", text).upper()
    return code if re.fullmatch("[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}", code) else None
