"""Requests: what a person asks of the server about a dossier, sealed like everything they send."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from server.auth import sealing
from server.auth.claim_codes import birth_hash, typed_hash
from server.auth.drafts import Drafts
from server.auth.keys import KeyRing
from server.dossier import formats
from server.dossier.consents import NOTICES, READ_PHOTOS, purposes, texts
from server.errors import Unreadable
from server.flow import bookings, wishes
from server.flow.bookings import Booking
from server.flow.wishes import Wish
from server.record import claims
from server.record.claims import Claim
from sync.engine import Engine

SCHEMA = "request/1"
CLAIMED = ("hand_over", "lend")
_DIGEST = re.compile("[0-9a-f]{64}")
_BIRTH = re.compile("[0-9]{4}(-[0-9]{2}-[0-9]{2})?")


class BadRequest(Exception):
    """A request that is not done. `code` is told to the device: `unreadable`, `bad_request`,
    `not_supported`; intake adds `lent` for a code of a dossier that is only borrowed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def read_request(
    documents: Engine,
    keys: KeyRing,
    owner: str,
    dossier: str,
    doc_id: str,
    kept: str | None,
    now: datetime,
) -> Claim | Wish | Booking:
    """What a request document asks for. `kept`: the dossier's data key at rest, if
    it was filed or changed hands. Raises BadRequest."""
    body = (await documents.get(f"drafts-{owner}", doc_id)).body
    try:
        key = keys.unwrap_from_intake(owner, dossier, body.get("key"))
        asked = sealing.open_json(key, doc_id, SCHEMA, body.get("sealed"))
        known = await Drafts(documents, keys).data_key(owner, dossier, kept)
    except Unreadable as error:
        raise BadRequest("unreadable") from error
    if known not in (None, key):  # sealed by somebody who does not have the dossier's key
        raise BadRequest("unreadable")
    if not isinstance(asked, dict) or asked.get("dossier") != dossier:
        raise BadRequest("bad_request")
    if (kind := asked.get("kind")) in wishes.KINDS:
        return _wish(owner, dossier, doc_id, asked)
    if kind in bookings.KINDS:
        said = bookings.read(kind, asked)
        if said is None:
            raise BadRequest("bad_request")
        return Booking(kind, doc_id, dossier, owner, str(asked.get("device_time")), said)
    if kind not in CLAIMED:
        raise BadRequest("not_supported")
    return _claim(keys, owner, dossier, doc_id, asked, now)


def _wish(owner: str, dossier: str, doc_id: str, asked: Mapping[str, Any]) -> Wish:
    kind, purpose, version = asked["kind"], asked.get("purpose", ""), asked.get("version", "")
    made_at = str(asked.get("device_time")) if kind in wishes.AGREEING else ""
    good: Container[Any] = (NOTICES, *purposes()) if kind == "withdraw_consent" else ("",)
    known = kind != READ_PHOTOS or any(key == (READ_PHOTOS, version) for key in texts())
    if purpose not in good or not known:
        raise BadRequest("bad_request")
    return Wish(kind, doc_id, dossier, owner, purpose, version, made_at)


def _claim(
    keys: KeyRing, owner: str, dossier: str, doc_id: str, asked: Mapping[str, Any], now: datetime
) -> Claim:
    secret, typed, birth = asked.get("claim"), asked.get("typed"), asked.get("date_of_birth")
    code = formats.slip(typed) if isinstance(typed, str) else None
    if code is None or not isinstance(secret, str) or not _DIGEST.fullmatch(secret):
        raise BadRequest("bad_request")
    if birth is not None and not (isinstance(birth, str) and _BIRTH.fullmatch(birth)):
        raise BadRequest("bad_request")
    return Claim(
        secret=secret,
        typed=typed_hash(keys, code),
        birth=birth_hash(keys, code, birth) if birth else None,
        dossier=dossier,
        owner=owner,
        kind=asked["kind"],
        request=doc_id,
        good_from=now,
        expires_at=now + claims.LIFE,
    )
