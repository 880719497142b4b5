"""The only way to unseal a dossier: who may, for what purpose, with a journal line each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from server.auth import sealing
from server.auth.keys import KeyRing
from server.errors import Forbidden, NotFound, Unreadable
from server.ports import Clock
from server.record import journal, openings
from server.record.openings import SealedDossier, SealedPhoto
from server.record.store import Connection, Record
from sync.engine import Engine, read_attachment
from sync.model import NotFound as DocumentNotFound

Role = Literal["system", "applicant", "clerk", "officer", "admin"]


@dataclass(frozen=True)
class Actor:
    """Who acts. `id` is an account, or the name of a server stage for the role `system`; `also`
    are the accounts of other roles signed in in the same browser, for they are the same person."""

    role: Role
    id: str
    point: str | None = None
    also: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """As the journal writes it: `officer:<account>`, `system:validate`."""
        return f"{self.role}:{self.id}"


def stage(name: str) -> Actor:
    """A stage of the server acting by itself."""
    return Actor("system", name)


@dataclass(frozen=True)
class Opened:
    """An opened dossier. `submission` has the shape of submission.schema.json. Keep it no longer
    than the request or job it was opened for."""

    dossier: str
    owner: str
    submission: Mapping[str, Any] = field(repr=False)
    photos: Mapping[str, SealedPhoto]
    _key: bytes = field(repr=False)
    _documents: Engine = field(repr=False)

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.submission["answers"])

    async def photo(self, photo_id: str) -> bytes:
        """The JPEG bytes. `NotFound` for a photo that is not of this submission, `Unreadable`
        when what is stored is not what the submission names."""
        if photo_id not in self.photos:
            raise NotFound()
        return await open_photo(
            self._documents, self.owner, self.dossier, self.photos[photo_id], self._key
        )

    def seal(self, doc_id: str, schema: str, value: Any) -> str:
        """Seals what belongs to this dossier (status, assessment, decision) with its data key."""
        return sealing.seal_json(self._key, doc_id, schema, value)

    def unseal(self, doc_id: str, schema: str, sealed: object) -> Any:
        """Opens what `seal` made under the same id and schema. `Unreadable`."""
        return sealing.open_json(self._key, doc_id, schema, sealed)


class Vaulted:
    """The sealed dossiers of the document store, opened with the record's keys."""

    def __init__(self, record: Record, documents: Engine, keys: KeyRing, clock: Clock) -> None:
        self._record = record
        self._documents = documents
        self._keys = keys
        self._clock = clock

    async def open(self, dossier: str, actor: Actor, purpose: str) -> Opened:
        """Opens the accepted submission of a dossier and journals who did and what for.

        `NotFound`: no such dossier, erased, or not one this actor may know of. `Unreadable`: the
        stored bytes are not those that were accepted."""

        def admit(conn: Connection) -> tuple[SealedDossier, list[SealedPhoto]]:
            found = openings.sealed(conn, dossier)
            if found is None or found.wrapped_key is None or not may_open(actor, found):
                raise NotFound()
            detail = {"purpose": purpose, "submission": found.submission}
            journal.write(conn, self._clock(), str(actor), "opened", dossier, detail)
            return found, openings.sealed_photos(conn, found.submission)

        found, photos = await self._record.run(admit)
        key = self._keys.unwrap_at_rest(dossier, found.wrapped_key or "")
        submission = await self._submission(found, key)
        by_id = {photo.id: photo for photo in photos}
        return Opened(dossier, found.owner, submission, by_id, key, self._documents)

    async def may_decide(self, dossier: str, actor: Actor) -> None:
        """Nobody decides a dossier they own or helped with: `Forbidden` own_dossier,
        helped_dossier or not_an_officer. `NotFound` for an unknown or erased dossier."""
        if reason := await self.why_not(dossier, actor):
            raise Forbidden(reason)

    async def why_not(self, dossier: str, actor: Actor) -> str | None:
        """The code with which `may_decide` would refuse, for the desk to show."""
        found = await self._record.read(lambda conn: openings.sealed(conn, dossier))
        if found is None or found.wrapped_key is None:
            raise NotFound()
        return why_not_decide(actor, found)

    async def _submission(self, found: SealedDossier, key: bytes) -> Mapping[str, Any]:
        try:
            document = await self._documents.get(f"drafts-{found.owner}", found.submission)
        except DocumentNotFound as error:
            raise Unreadable("missing") from error
        sealed = document.body.get("sealed")
        if sealing.sealed_digest(sealed) != found.digest:
            raise Unreadable("digest_mismatch")
        opened = sealing.open_json(key, found.submission, "submission/1", sealed)
        if not isinstance(opened, dict) or not isinstance(opened.get("answers"), dict):
            raise Unreadable("bad_shape")
        return opened


def may_open(actor: Actor, dossier: SealedDossier) -> bool:
    """Stages and officers open every dossier, applicants their own, clerks those they helped."""
    match actor.role:
        case "system" | "officer":
            return True
        case "applicant":
            return dossier.account == actor.id
        case "clerk":
            helped = actor.id == dossier.helper and not dossier.helper_out
            return helped or actor.id == dossier.account
    return False


def why_not_decide(actor: Actor, dossier: SealedDossier) -> str | None:
    """The reason code against this actor deciding this dossier; None when they may."""
    person = actor.also | {actor.id}
    if actor.role != "officer":
        return "not_an_officer"
    if dossier.helper in person:
        return "helped_dossier"
    if dossier.account in person:
        return "own_dossier"
    return None


async def open_photo(
    documents: Engine, owner: str, dossier: str, photo: SealedPhoto, key: bytes
) -> bytes:
    """Puts a photo together from its chunks and checks every digest on the way. `Unreadable`
    (missing, digest_mismatch, altered) names what is wrong."""
    parts = []
    for i, expected in enumerate(photo.chunks):
        doc_id = f"chunk:{dossier}:{photo.id}:{i}"
        try:
            _, data = await read_attachment(documents, f"drafts-{owner}", doc_id, "c")
        except DocumentNotFound as error:
            raise Unreadable("missing") from error
        if sealing.digest(data) != expected:
            raise Unreadable("digest_mismatch")
        parts.append(sealing.open_chunk(key, doc_id, len(photo.chunks), data))
    jpeg = b"".join(parts)
    if sealing.digest(jpeg) != photo.sha256:
        raise Unreadable("digest_mismatch")
    return jpeg
