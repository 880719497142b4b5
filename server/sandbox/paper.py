"""A dossier as a device holds it: sealed once, with revisions of its own making
(server/auth/README.md)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from server.auth import sealing

SLIP_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
IntakeKey = tuple[str, bytes]
"""(key id, uncompressed P-256 point)"""


@dataclass(frozen=True)
class Picture:
    """A photo before sealing. `kind` as in the submission schema."""

    kind: str
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Said:
    """What is declared beside the answers; shapes as in submission.schema.json."""

    readings: Sequence[Mapping[str, Any]] = ()
    consents: Sequence[str] = ("process", "health", "delivery")
    consent_version: str = "2026-11-22"
    helper: Mapping[str, str] | None = None
    language: str = "vi"


@dataclass(frozen=True)
class Chunk:
    document: dict[str, Any]
    sealed: bytes

    @property
    def id(self) -> str:
        return str(self.document["_id"])

    @property
    def rev(self) -> str:
        return str(self.document["_rev"])


@dataclass(frozen=True)
class Paper:
    """`key` is the dossier's data key. `photos` are the manifests of the sealed part."""

    dossier: str
    key: bytes
    n: int
    slip: str
    answers: dict[str, Any]
    photos: tuple[dict[str, Any], ...]
    draft: dict[str, Any]
    submission: dict[str, Any]
    chunks: tuple[Chunk, ...]

    def receipts(self) -> dict[str, list[str]]:
        """What `status.receipts` says when all of this submission has arrived."""
        return {photo["id"]: list(photo["chunks"]) for photo in self.submission["photos"]}

    @classmethod
    def seal(
        cls,
        owner: str,
        device: str,
        intake: IntakeKey,
        now: datetime,
        answers: Mapping[str, Any],
        photos: Sequence[Picture],
        said: Said | None = None,
    ) -> Paper:
        slip = "".join(secrets.choice(SLIP_LETTERS) for _ in range(8))
        bench = _Bench(secrets.token_hex(16), sealing.new_data_key(), owner, device, intake, now)
        return bench.paper(
            1, slip, answers, [bench.photo(picture) for picture in photos], said or Said()
        )


def reseal(
    paper: Paper,
    owner: str,
    device: str,
    intake: IntakeKey,
    now: datetime,
    answers: Mapping[str, Any],
    photos: Sequence[Picture],
    said: Said | None = None,
) -> Paper:
    """The next submission of `paper`'s dossier; unchanged photos keep their ids and chunks."""
    bench = _Bench(paper.dossier, paper.key, owner, device, intake, now)
    anew = {picture.kind for picture in photos}
    kept = [
        (manifest, tuple(c for c in paper.chunks if c.id.split(":")[2] == manifest["id"]))
        for manifest in paper.photos
        if manifest["kind"] not in anew
    ]
    fresh = [bench.photo(picture) for picture in photos]
    merged = {**paper.answers, **answers}
    return bench.paper(paper.n + 1, paper.slip, merged, kept + fresh, said or Said(), paper.draft)


Sealed = tuple[dict[str, Any], tuple[Chunk, ...]]
"""A photo's manifest and its chunks."""


@dataclass(frozen=True)
class _Bench:
    dossier: str
    key: bytes
    owner: str
    device: str
    intake: IntakeKey
    now: datetime

    def photo(self, picture: Picture) -> Sealed:
        photo = secrets.token_hex(16)
        size = sealing.MAX_CHUNK_PLAIN
        parts = [picture.jpeg[at : at + size] for at in range(0, len(picture.jpeg), size)]
        chunks = []
        for i, part in enumerate(parts):
            doc_id = f"chunk:{self.dossier}:{photo}:{i}"
            document = _immutable(doc_id, "chunk/1") | {"count": len(parts)}
            chunks.append(Chunk(document, sealing.seal_chunk(self.key, doc_id, len(parts), part)))
        manifest = {
            "id": photo,
            "kind": picture.kind,
            "sha256": sealing.digest(picture.jpeg),
            "type": "image/jpeg",
            "size": len(picture.jpeg),
            "width": picture.width,
            "height": picture.height,
        }
        return manifest, tuple(chunks)

    def paper(
        self,
        n: int,
        slip: str,
        answers: Mapping[str, Any],
        photos: Sequence[Sealed],
        said: Said,
        previous_draft: Mapping[str, Any] | None = None,
    ) -> Paper:
        manifests = tuple(manifest for manifest, _ in photos)
        return Paper(
            dossier=self.dossier,
            key=self.key,
            n=n,
            slip=slip,
            answers=dict(answers),
            photos=manifests,
            draft=self._draft(answers, manifests, previous_draft),
            submission=self._submission(n, slip, answers, photos, said),
            chunks=tuple(chunk for _, chunks in photos for chunk in chunks),
        )

    def _draft(
        self,
        answers: Mapping[str, Any],
        manifests: Sequence[Mapping[str, Any]],
        previous: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        doc_id = f"draft:{self.dossier}:{self.device}"
        start = previous["_revisions"]["start"] + 1 if previous else 1
        ids = [secrets.token_hex(16), *(previous["_revisions"]["ids"] if previous else [])]
        stamp = f"{_base36(int(self.now.timestamp() * 1000))}.0"
        fields = {name: [value, stamp] for name, value in answers.items()}
        return {
            "_id": doc_id,
            "_rev": f"{start}-{ids[0]}",
            "_revisions": {"start": start, "ids": ids},
            "schema": "draft/1",
            "key": self._wrapped(),
            "sealed": sealing.seal_json(
                self.key,
                doc_id,
                "draft/1",
                {"fields": fields, "photos": list(manifests), "removed": {}},
            ),
        }

    def _submission(
        self,
        n: int,
        slip: str,
        answers: Mapping[str, Any],
        photos: Sequence[Sealed],
        said: Said,
    ) -> dict[str, Any]:
        doc_id = f"submission:{self.dossier}:{secrets.token_hex(16)}"
        now = self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        inner = {
            "schema": "submission/1",
            "dossier": self.dossier,
            "n": n,
            "answers": dict(answers),
            "slip": slip,
            "photos": [manifest for manifest, _ in photos],
            "readings": list(said.readings),
            "consents": [
                {"purpose": purpose, "version": said.consent_version, "given_at": now}
                for purpose in said.consents
            ],
            "declared_at": now,
            "device_time": now,
            "language": said.language,
        }
        if said.helper:
            inner["helper"] = dict(said.helper)
        return _immutable(doc_id, "submission/1") | {
            "n": n,
            "photos": [
                {"id": manifest["id"], "chunks": [sealing.digest(c.sealed) for c in chunks]}
                for manifest, chunks in photos
            ],
            "key": self._wrapped(),
            "sealed": sealing.seal_json(self.key, doc_id, "submission/1", inner),
        }

    def _wrapped(self) -> dict[str, str]:
        kid, point = self.intake
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return sealing.wrap_key(public, kid, self.owner, self.dossier, self.key)


def _immutable(doc_id: str, schema: str) -> dict[str, Any]:
    hash_ = secrets.token_hex(16)
    return {
        "_id": doc_id,
        "_rev": f"1-{hash_}",
        "_revisions": {"start": 1, "ids": [hash_]},
        "schema": schema,
    }


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
