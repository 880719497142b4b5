"""Drafts that were not sent: opened only to hand them over, for the clerks of their point, and to
read their photos where their person asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.auth import sealing
from server.auth.keys import KeyRing
from server.errors import Unreadable
from sync.engine import Engine, read_attachment
from sync.model import Document, NotFound

Stamp = tuple[int, int]
"""A hybrid logical clock's milliseconds and counter."""


@dataclass(frozen=True)
class Draft:
    """What the devices of one dossier wrote, merged as they merge it. `photos` are manifests with
    `id` and `size`; `stamp` is the latest of all."""

    fields: Mapping[str, Any] = field(repr=False)
    photos: Sequence[Mapping[str, Any]]
    stamp: Stamp

    def chunks(self, dossier: str) -> list[str]:
        """The `_id`s of all parts of its photos."""
        size = sealing.MAX_CHUNK_PLAIN
        return [
            f"chunk:{dossier}:{photo['id']}:{i}"
            for photo in self.photos
            for i in range(-(-photo["size"] // size))
        ]


class Drafts:
    """`kept`: the data key at rest of a dossier that was filed or changed hands; without it the
    documents' own `key` is tried."""

    def __init__(self, documents: Engine, keys: KeyRing) -> None:
        self._documents = documents
        self._keys = keys

    async def data_key(self, owner: str, dossier: str, kept: str | None) -> bytes | None:
        """None where nothing has arrived. `Unreadable` for a key of another owner or dossier."""
        if kept is not None:
            return self._keys.unwrap_at_rest(dossier, kept)
        documents = await self._all(owner, dossier)
        if not documents:
            return None
        return self._keys.unwrap_from_intake(owner, dossier, documents[0].body.get("key"))

    async def open(self, owner: str, dossier: str, key: bytes) -> Draft:
        """A draft that does not open, or is none, is left out, as on the devices."""
        opened = []
        for document in await self._all(owner, dossier):
            try:
                sealed = document.body.get("sealed")
                opened.append(_checked(sealing.open_json(key, document.id, "draft/1", sealed)))
            except Unreadable:
                continue
        return merge(opened)

    async def photo(
        self, owner: str, dossier: str, manifest: Mapping[str, Any], key: bytes
    ) -> bytes:
        """The JPEG bytes of one of a draft's photos. `Unreadable` (missing, altered)."""
        count = -(-manifest["size"] // sealing.MAX_CHUNK_PLAIN)
        parts = []
        for i in range(count):
            doc_id = f"chunk:{dossier}:{manifest['id']}:{i}"
            try:
                _, data = await read_attachment(self._documents, f"drafts-{owner}", doc_id, "c")
            except NotFound as error:
                raise Unreadable("missing") from error
            parts.append(sealing.open_chunk(key, doc_id, count, data))
        return b"".join(parts)

    async def _all(self, owner: str, dossier: str) -> list[Document]:
        db, prefix = f"drafts-{owner}", f"draft:{dossier}:"
        try:
            rows = await self._documents.all_docs(db, start=prefix, end=prefix + "\uffff")
            return [await self._documents.get(db, row.id) for row in rows]
        except NotFound:
            return []


def merge(contents: Sequence[Mapping[str, Any]]) -> Draft:
    """Field by field the latest wins; one photo of a kind, the latest that was not removed."""
    fields: dict[str, tuple[Stamp, Any]] = {}
    photos: dict[str, tuple[Stamp, Mapping[str, Any]]] = {}
    removed = {photo for content in contents for photo in content["removed"]}
    for content in contents:
        for name, (value, at, *_) in content["fields"].items():
            if name not in fields or stamp(at) > fields[name][0]:
                fields[name] = stamp(at), value
        for photo in content["photos"]:
            at = stamp(photo.get("at", ""))
            kind = photo["kind"]
            if photo["id"] not in removed and (kind not in photos or at > photos[kind][0]):
                photos[kind] = at, photo
    latest = max([at for at, _ in [*fields.values(), *photos.values()]], default=(0, 0))
    values = {name: value for name, (_, value) in fields.items() if value is not None}
    return Draft(values, [photo for _, photo in photos.values()], latest)


def stamp(text: Any) -> Stamp:
    """`<base36 milliseconds>.<base36 counter>`; (0, 0) for any other text."""
    millis, _, counter = str(text).partition(".")
    try:
        return int(millis, 36), int(counter or "0", 36)
    except ValueError:
        return 0, 0


def _checked(content: Any) -> Mapping[str, Any]:
    """Sealed by whoever had the key, which is no reason to trust its shape. `Unreadable`."""
    shape = {"fields": dict, "photos": list, "removed": dict}
    if not isinstance(content, dict) or not all(
        isinstance(content.get(name), kind) for name, kind in shape.items()
    ):
        raise Unreadable("bad_shape")
    entries, photos = content["fields"].values(), content["photos"]
    if not all(isinstance(entry, list) and len(entry) >= 2 for entry in entries):
        raise Unreadable("bad_shape")
    if not all(_is_photo(photo) for photo in photos):
        raise Unreadable("bad_shape")
    return content


def _is_photo(photo: Any) -> bool:
    return (
        isinstance(photo, dict)
        and isinstance(photo.get("id"), str)
        and isinstance(photo.get("kind"), str)
        and type(photo.get("size")) is int
        and 0 < photo["size"] <= sealing.MAX_CHUNK_PLAIN * 64
    )
