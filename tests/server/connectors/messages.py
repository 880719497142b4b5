"""A dossier and a postal order of an invented person."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from server.ports import ForwardedPhoto, Forwarding, PostalOrder
from server.sandbox.people import invent
from server.sandbox.samples import answers

PERSON = invent(1, date(2026, 11, 22), ("2008", "B2"))


def forwarding(key: str = "d:approval:1") -> Forwarding:
    jpeg = b"a picture"
    photo = ForwardedPhoto("a" * 32, "licence_front", hashlib.sha256(jpeg).hexdigest(), jpeg)
    filed = datetime(2026, 11, 22, 8, tzinfo=UTC)
    code, promised = "MAU.H05.27-261122-0001", date(2026, 11, 29)
    return Forwarding(key, code, filed, promised, answers(PERSON), [photo])


def order(key: str = "d:deliver:1") -> PostalOrder:
    return PostalOrder(
        key, "MAU.H05.27-261122-0001", PERSON.full_name, "+84900000000", "Thôn 1", "09466"
    )
