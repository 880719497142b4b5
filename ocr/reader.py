"""Reads pictures from strangers in worker processes with limits, and as the form wants it.

Only the workers load what decodes and reads pictures (`ocr.picture`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr.image import MAX_BYTES
from ocr.pool import Pool, WorkerDied, WorkerLate
from ocr.problems import HIDDEN, USELESS
from ocr.readings import Box, PictureReading, Source

SURE = 0.97
"""Print is offered for the form, and compared with what was typed, from here on."""
MEMORY = 3 << 29
"""of addresses for a worker: what the networks' libraries map, and a picture of 50 megapixels"""


class Reader:
    """Reads in worker processes: `memory` bytes and `seconds` for each picture, `workers` at once.
    A worker that dies or is late costs its picture only. `close` ends the processes."""

    def __init__(self, workers: int = 1, memory: int = MEMORY, seconds: float = 30.0) -> None:
        self._pool = Pool("ocr.picture:read_as_json", workers, memory, seconds)

    def picture(self, data: bytes, kind: str | None = None) -> PictureReading:
        """Blocks for at most the time limit and the wait for a free worker: call it in a thread."""
        if len(data) > MAX_BYTES:
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
    "licence_front": {
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
of paper that prints it. The form asks for no `licence_address`: it is of the licence's day, and the
desk shows it."""
_ORIGINS: dict[Source, str] = {"qr": "qr", "ocr": "print"}


@dataclass(frozen=True)
class Answer:
    """A reading under the form's name of its field. `source`: `qr` or `print`."""

    field: str
    value: str
    confidence: float
    source: str
    box: Box


@dataclass(frozen=True)
class FormReading:
    """`readings` by the form's names. `retake`: why the photo should be taken again, a key of
    `ocr.problems.ADVICE`: it says nothing, or part of the card is not seen; else None."""

    readings: tuple[Answer, ...] = ()
    retake: str | None = None


class FormReader:
    """A `Reader` whose readings carry the names of the application form's fields."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, image: bytes, kind: str) -> FormReading:
        read = self._reader.picture(image, kind)
        wanting = HIDDEN if read.readings else HIDDEN | USELESS
        problems = (problem.partition(":")[0] for problem in read.problems)
        retake = next((problem for problem in problems if problem in wanting), None)
        code = next((code.kind for code in read.qr if code.kind in ANSWER_NAMES), "")
        names = {"qr": ANSWER_NAMES.get(code, {}), "ocr": ANSWER_NAMES.get(read.kind, {})}
        answers = (
            Answer(names[r.source][r.field], r.value, r.confidence, _ORIGINS[r.source], r.box)
            for r in read.readings
            if r.field in names[r.source] and (r.source == "qr" or r.confidence >= SURE)
        )
        return FormReading(tuple(answers), retake)

    def close(self) -> None:
        self._reader.close()
