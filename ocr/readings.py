"""What was read of a picture, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["qr", "print"]
Box = tuple[int, int, int, int]
"""left, top, width, height in pixels of the upright picture"""


@dataclass(frozen=True)
class Reading:
    """One field of one picture. Dates are ISO, texts NFC as printed; `confidence` 0…1."""

    field: str
    value: str
    confidence: float
    source: Source
    box: Box
