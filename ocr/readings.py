"""What was read of a picture, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Source = Literal["qr", "ocr"]
"""a code, or print"""
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


@dataclass(frozen=True)
class CodeSeen:
    """`kind`: as in `ocr.payload`, `other` for what is unknown. `text` is hostile until proven."""

    text: str
    format: str
    kind: str


@dataclass(frozen=True)
class PictureReading:
    """`kind`: licence_front, licence_back, health_certificate, id_card, qr or unknown.
    `problems`: keys of `ocr.problems.ADVICE`, some with the field after them (`unsure: name`)."""

    kind: str
    readings: tuple[Reading, ...] = ()
    qr: tuple[CodeSeen, ...] = ()
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{kind, fields: {name: {value, confidence, source, box}}, qr, problems}`."""
        fields = {}
        for reading in self.readings:
            entry = asdict(reading)
            fields[entry.pop("field")] = entry
        codes = [asdict(code) for code in self.qr]
        return {
            "kind": self.kind,
            "fields": fields,
            "qr": codes,
            "problems": list(self.problems),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> PictureReading:
        readings = [
            Reading(name, at["value"], at["confidence"], at["source"], tuple(at["box"]))
            for name, at in said["fields"].items()
        ]
        codes = [CodeSeen(**code) for code in said["qr"]]
        return cls(said["kind"], tuple(readings), tuple(codes), tuple(said["problems"]))
