"""VietQR: the text of a QR code that fills in a bank transfer (EMVCo merchant-presented QR with
NAPAS's tag 38). Purely computed. A transfer is a claim until the bank's statement shows it.
"""

from __future__ import annotations

CURRENCY, COUNTRY = "704", "VN"
LONGEST_NOTE = 25


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, nothing reflected): 4 upper-case digits."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return f"{crc:04X}"


def field(tag: str, value: str) -> str:
    """Tag, length in bytes, value. `ValueError` beyond 99 bytes."""
    size = len(value.encode())
    if size > 99:
        raise ValueError(f"field {tag} is {size} bytes long")
    return f"{tag}{size:02}{value}"


class VietQr:
    """TransferCode. `bank`: its six-digit BIN; `account`: that of the agency or the treasury."""

    def __init__(self, bank: str, account: str) -> None:
        beneficiary = field("00", bank) + field("01", account)
        self._to = field(
            "38", field("00", "A000000727") + field("01", beneficiary) + field("02", "QRIBFTTA")
        )

    def text(self, amount: int | None, note: str = "") -> str:
        """Static without an amount, else dynamic. `ValueError` for a note that banks would cut or
        not transmit."""
        if len(note) > LONGEST_NOTE or not note.isascii():
            raise ValueError(f"a note has at most {LONGEST_NOTE} ASCII characters")
        body = (
            field("00", "01")
            + field("01", "12" if amount else "11")
            + self._to
            + field("53", CURRENCY)
            + (field("54", str(amount)) if amount else "")
            + field("58", COUNTRY)
            + (field("62", field("08", note)) if note else "")
            + "6304"
        )
        return body + crc16(body)
