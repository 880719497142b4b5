"""Reads one picture in this process: what its QR codes or its print say, field by field, and what
is wrong with it. For pictures from strangers `ocr.reader` does it in processes with limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ocr import front, image, qr
from ocr.front import FRONT
from ocr.models import NoModel
from ocr.problems import BadPicture
from ocr.readings import CodeSeen, PictureReading, Reading

_KINDS = {
    "signed_certificate": "health_certificate",
    "id_card": "id_card",
    "certificate": "health_certificate",
    "licence": "licence_back",
}
_TRUST = {"signed_certificate": 0.99, "id_card": 0.99, "certificate": 0.97, "licence": 0.9}
"""A QR code's own error correction leaves little doubt about the text; how well the format is
known leaves the rest. To be calibrated with the text reader."""


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
    if shown.kind == FRONT:
        return _printed(shown, seen)
    coded = _coded(qr.find(picture), kind)
    if kind is None and not coded.readings and shown.kind != "unknown":
        return replace(coded, kind=shown.kind)
    silent = not coded.readings and coded.kind != "qr"
    return _with(coded, shown.problems[0] if silent else None)


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
