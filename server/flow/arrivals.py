"""What has arrived of one submission: opened, checked against its clear part, counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.auth import sealing
from server.auth.keys import KeyRing
from server.dossier import schema
from server.errors import Unreadable
from server.record.submissions import Photo
from sync.engine import Engine, read_attachment
from sync.model import NotFound

_ID = re.compile("[0-9a-f]{32}")
_DIGEST = re.compile("[0-9a-f]{64}")


class BadArrival(Exception):
    """A submission that can never be accepted. `code` is told to the device (`unreadable`,
    `bad_submission`), `reason` to the journal; neither holds personal data."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Arrival:
    """A submission that could be opened. `receipts`: per photo the SHA-256 of each sealed chunk
    that is here, "" for one that is not; `missing`: ids of the chunk documents to come."""

    doc_id: str
    n: int
    digest: str
    data_key: bytes = field(repr=False)
    submission: Mapping[str, Any] = field(repr=False)
    photos: Sequence[Photo]
    receipts: Mapping[str, Sequence[str]]
    missing: Sequence[str]


async def examine(
    documents: Engine, keys: KeyRing, owner: str, dossier: str, doc_id: str
) -> Arrival:
    """Opens and checks one submission document. Raises BadArrival."""
    db = f"drafts-{owner}"
    body = (await documents.get(db, doc_id)).body
    n, listed = _clear_part(body)
    try:
        data_key = keys.unwrap_from_intake(owner, dossier, body.get("key"))
        digest = sealing.sealed_digest(body.get("sealed"))
        opened = sealing.open_json(data_key, doc_id, "submission/1", body.get("sealed"))
    except Unreadable as error:
        raise BadArrival("unreadable", error.code) from error
    submission = _sealed_part(opened, dossier, n, listed)
    photos = [_photo(manifest, listed) for manifest in submission["photos"]]
    receipts, missing = await _count(documents, db, dossier, listed)
    if not missing:
        for photo in photos:
            await _verify(documents, db, dossier, data_key, photo)
    return Arrival(doc_id, n, digest, data_key, submission, photos, receipts, missing)


def _clear_part(body: Mapping[str, Any]) -> tuple[int, dict[str, list[str]]]:
    n, photos = body.get("n"), body.get("photos")
    if type(n) is not int or not 1 <= n <= 1000 or body.get("schema") != "submission/1":
        raise BadArrival("bad_submission", "n or schema")
    listed: dict[str, list[str]] = {}
    for entry in photos if isinstance(photos, list) else [None]:
        photo = entry.get("id") if isinstance(entry, dict) else None
        chunks = entry.get("chunks") if isinstance(entry, dict) else None
        if not _matches(_ID, photo) or photo in listed or not isinstance(chunks, list):
            raise BadArrival("bad_submission", "photos")
        if not 1 <= len(chunks) <= 16 or not all(_matches(_DIGEST, chunk) for chunk in chunks):
            raise BadArrival("bad_submission", "chunks")
        listed[str(photo)] = chunks
    return n, listed


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _sealed_part(
    opened: object, dossier: str, n: int, listed: Mapping[str, Sequence[str]]
) -> Mapping[str, Any]:
    submission = schema.upcast(opened) if isinstance(opened, dict) else opened
    errors = [item for item in schema.validate(submission) if item.severity == "error"]
    if errors or not isinstance(submission, dict):
        names = ", ".join(f"{item.field} {item.code}" for item in errors[:5])
        raise BadArrival("bad_submission", names)
    if submission["dossier"] != dossier or submission["n"] != n:
        raise BadArrival("bad_submission", "sealed for another dossier or number")
    ids = [photo["id"] for photo in submission["photos"]]
    if len(ids) != len(set(ids)) or set(ids) != set(listed):
        raise BadArrival("bad_submission", "clear and sealed photo lists differ")
    return submission


def _photo(manifest: Mapping[str, Any], listed: Mapping[str, Sequence[str]]) -> Photo:
    return Photo(
        manifest["id"],
        manifest["kind"],
        manifest["sha256"],
        manifest["width"],
        manifest["height"],
        listed[manifest["id"]],
    )


async def _count(
    documents: Engine, db: str, dossier: str, listed: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    receipts: dict[str, list[str]] = {}
    missing = []
    for photo, chunks in listed.items():
        receipts[photo] = []
        for i, expected in enumerate(chunks):
            doc_id = f"chunk:{dossier}:{photo}:{i}"
            arrived = await _stored_digest(documents, db, doc_id)
            if arrived is None:
                missing.append(doc_id)
            elif arrived != expected:
                raise BadArrival("bad_submission", f"{doc_id} is not what the submission names")
            receipts[photo].append(arrived or "")
    return receipts, missing


async def _stored_digest(documents: Engine, db: str, doc_id: str) -> str | None:
    """SHA-256 of the sealed bytes. A CouchDB keeps an MD5 only: there the bytes are read."""
    try:
        chunk = await documents.get(db, doc_id)
        found = next((item for item in chunk.attachments if item.name == "c"), None)
        if found is None:
            return None
        if found.sha256:
            return found.sha256
        return sealing.digest((await read_attachment(documents, db, doc_id, "c", chunk.rev))[1])
    except NotFound:
        return None


async def _verify(documents: Engine, db: str, dossier: str, data_key: bytes, photo: Photo) -> None:
    """Chunks that open only for this place, and together the JPEG that the device hashed."""
    parts = []
    for i in range(len(photo.chunks)):
        doc_id = f"chunk:{dossier}:{photo.photo}:{i}"
        _, sealed = await read_attachment(documents, db, doc_id, "c")
        try:
            parts.append(sealing.open_chunk(data_key, doc_id, len(photo.chunks), sealed))
        except Unreadable as error:
            raise BadArrival("unreadable", f"{doc_id}: {error.code}") from error
    if sealing.digest(b"".join(parts)) != photo.sha256:
        raise BadArrival("bad_submission", f"photo {photo.photo} is not what the device hashed")
