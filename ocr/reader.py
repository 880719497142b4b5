"""Reads one picture: what its QR codes say, field by field, and what is wrong with it.

`read_picture` works in this process. `Reader` does the same in worker processes with limits, for
pictures from strangers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ocr import image, qr
from ocr.pool import Pool, WorkerDied, WorkerLate
from ocr.problems import BadPicture

Source = Literal["qr", "print"]

_KINDS = {
    "signed_certificate": "health_certificate",
    "id_card": "id_card",
    "certificate": "health_certificate",
    "licence": "licence_back",
}
_TRUST = {"signed_certificate": 0.99, "id_card": 0.99, "certificate": 0.97, "licence": 0.9}
"""A QR code's own error correction leaves little doubt about the text; how well the format is
known leaves the rest. To be calibrated with the text reader."""


@dataclass(frozen=True)
class Reading:
    """One field of one picture. Dates are ISO, texts NFC as printed; `confidence` 0…1; `box` is
    left, top, width, height in pixels of the upright picture."""

    field: str
    value: str
    confidence: float
    source: Source
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class CodeSeen:
    """`kind`: as in `ocr.payload`, `other` for what is unknown. `text` is hostile until proven."""

    text: str
    format: str
    kind: str


@dataclass(frozen=True)
class PictureReading:
    """`kind`: licence_front, licence_back, health_certificate, id_card, qr or unknown.
    `problems`: keys of `ocr.problems.ADVICE`."""

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


def read_picture(data: bytes, kind: str | None = None) -> PictureReading:
    """Never raises for what the bytes are: a bad picture has `problems`. `kind` is what the
    picture is said to be; a portrait is only checked, not searched for codes."""
    try:
        picture = image.decode(data)
    except BadPicture as bad:
        return PictureReading(kind or "unknown", problems=(bad.problem,))
    codes = [] if kind == "portrait" else qr.find(picture)
    known = [code for code in codes if code.payload.fields]
    seen = tuple(CodeSeen(c.payload.text, "QRCode", c.payload.kind) for c in codes)
    if not known:
        return PictureReading(kind or ("qr" if codes else "unknown"), qr=seen)
    best = max(known, key=lambda code: _TRUST[code.payload.kind])
    trust = _TRUST[best.payload.kind]
    readings = tuple(
        Reading(name, value, trust, "qr", best.box) for name, value in best.payload.fields.items()
    )
    return PictureReading(kind or _KINDS[best.payload.kind], readings, seen)


def read_as_json(data: bytes, kind: str | None) -> dict[str, Any]:
    """What a worker does."""
    return read_picture(data, kind).as_json()


class Reader:
    """Reads in worker processes: `memory` bytes and `seconds` for each picture, `workers` at once.
    A worker that dies or is late costs its picture only. `close` ends the processes."""

    def __init__(self, workers: int = 1, memory: int = 1 << 30, seconds: float = 10.0) -> None:
        self._pool = Pool("ocr.reader:read_as_json", workers, memory, seconds)

    def picture(self, data: bytes, kind: str | None = None) -> PictureReading:
        """Blocks for at most the time limit and the wait for a free worker: call it in a thread."""
        if len(data) > image.MAX_BYTES:
            return PictureReading(kind or "unknown", problems=("too_large",))
        try:
            return PictureReading.from_json(self._pool.ask(data, kind))
        except WorkerLate:
            return PictureReading(kind or "unknown", problems=("too_slow",))
        except WorkerDied:
            return PictureReading(kind or "unknown", problems=("too_heavy",))

    def close(self) -> None:
        self._pool.close()


ANSWER_NAMES: dict[str, dict[str, str]] = {
    "id_card": {
        "number": "identity_number",
        "old_number": "old_identity_number",
        "name": "full_name",
        "date_of_birth": "date_of_birth",
        "sex": "sex",
        "address": "residence_legacy",
        "issue_date": "identity_issue_date",
    },
    "signed_certificate": {"signed": "signed_certificate"},
    "certificate": {"number": "certificate_number"},
    "licence": {
        "number": "licence_number",
        "name": "full_name",
        "date_of_birth": "date_of_birth",
        "licence_class": "licence_class",
        "issue_date": "licence_issue_date",
        "expiry": "licence_expiry",
        "serial": "licence_serial",
    },
}
"""What a document's field is called on the application form, by the kind of code it came from."""


@dataclass(frozen=True)
class FormReading:
    """`readings` by the form's names. `retake`: why the photo is of no use, a key of
    `ocr.problems.ADVICE`; None where it is good or says something all the same."""

    readings: tuple[Reading, ...] = ()
    retake: str | None = None


class FormReader:
    """A `Reader` whose readings carry the names of the application form's fields."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, image: bytes, kind: str) -> FormReading:
        read = self._reader.picture(image, kind)
        if read.problems and not read.readings:
            return FormReading(retake=read.problems[0])
        source = next((code.kind for code in read.qr if code.kind in ANSWER_NAMES), None)
        names = ANSWER_NAMES[source] if source else {}
        return FormReading(
            tuple(
                Reading(names[r.field], r.value, r.confidence, r.source, r.box)
                for r in read.readings
                if r.field in names
            )
        )

    def close(self) -> None:
        self._reader.close()
