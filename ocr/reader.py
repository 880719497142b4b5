"""Reads one picture: what its QR codes or its print say, field by field, and what is wrong with it.

`read_picture` works in this process. `Reader` does the same in worker processes with limits, for
pictures from strangers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ocr import front, image, qr
from ocr.models import NoModel
from ocr.pool import Pool, WorkerDied, WorkerLate
from ocr.problems import USELESS, BadPicture
from ocr.readings import Reading

FRONT = "licence_front"
SURE = 0.97
"""Print is put before a form's reader from here on; what is less sure is for the desk."""
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


def read_picture(data: bytes, kind: str | None = None) -> PictureReading:
    """Never raises for what the bytes are: a bad picture has `problems`. `kind` is what the
    picture is said to be; a portrait is only checked. Print is read where a licence's front is
    said to be, or where nothing is said and no code tells more."""
    try:
        picture = image.decode(data)
    except BadPicture as bad:
        return PictureReading(kind or "unknown", problems=(bad.problem,))
    if kind == "portrait":
        return PictureReading(kind)
    if kind not in (None, FRONT):
        return _coded(qr.find(picture), kind)
    seen = qr.glimpse(picture)
    if kind is None and any(code.payload.fields for code in seen):
        return _coded(seen, kind)
    try:
        shown = front.read_front(np.asarray(picture))
    except NoModel:
        return _with(_coded(qr.find(picture), kind), "no_text_reader" if kind else None)
    if shown.is_front:
        return _printed(shown, seen)
    coded = _coded(qr.find(picture), kind)
    return _with(coded, "not_a_licence" if kind and not coded.readings else None)


def _coded(codes: Sequence[qr.Code], kind: str | None) -> PictureReading:
    """What the code of the best known kind says."""
    known = [code for code in codes if code.payload.fields]
    seen = _seen(codes)
    if not known:
        return PictureReading(kind or ("qr" if codes else "unknown"), qr=seen)
    best = max(known, key=lambda code: _TRUST[code.payload.kind])
    trust = _TRUST[best.payload.kind]
    readings = tuple(
        Reading(name, value, trust, "qr", best.box) for name, value in best.payload.fields.items()
    )
    return PictureReading(kind or _KINDS[best.payload.kind], readings, seen)


def _printed(shown: front.FrontReading, codes: Sequence[qr.Code]) -> PictureReading:
    return PictureReading(FRONT, shown.readings, _seen(codes), shown.problems)


def _seen(codes: Sequence[qr.Code]) -> tuple[CodeSeen, ...]:
    return tuple(CodeSeen(c.payload.text, "QRCode", c.payload.kind) for c in codes)


def _with(read: PictureReading, problem: str | None) -> PictureReading:
    return replace(read, problems=(*read.problems, problem)) if problem else read


def read_as_json(data: bytes, kind: str | None) -> dict[str, Any]:
    """What a worker does."""
    return read_picture(data, kind).as_json()


MEMORY = 3 << 29
"""of addresses for a worker: what the networks' libraries map, and a picture of 50 megapixels"""


class Reader:
    """Reads in worker processes: `memory` bytes and `seconds` for each picture, `workers` at once.
    A worker that dies or is late costs its picture only. `close` ends the processes."""

    def __init__(self, workers: int = 1, memory: int = MEMORY, seconds: float = 30.0) -> None:
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
    "print": {
        "number": "licence_number",
        "name": "full_name",
        "date_of_birth": "date_of_birth",
        "nationality": "nationality",
        "address": "licence_address",
        "licence_class": "licence_class",
        "issue_date": "licence_issue_date",
        "issue_place": "licence_issue_place",
        "expiry": "licence_expiry",
    },
}
"""What a document's field is called on the application form, by the kind of code it came from, or
as a licence's front prints it. The form asks for no `licence_address`: it is of the licence's day,
and the desk shows it."""


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
        useless = [problem for problem in read.problems if problem in USELESS]
        if useless and not read.readings:
            return FormReading(retake=useless[0])
        code = next((code.kind for code in read.qr if code.kind in ANSWER_NAMES), "print")
        return FormReading(
            tuple(
                Reading(names[r.field], r.value, r.confidence, r.source, r.box)
                for r in read.readings
                if r.field in (names := ANSWER_NAMES[code if r.source == "qr" else "print"])
                and (r.source == "qr" or r.confidence >= SURE)
            )
        )

    def close(self) -> None:
        self._reader.close()
