"""Databases from one engine into another: documents with their histories, conflicts, tombstones,
attachments, `_local` checkpoints. Running it again goes on where it stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from sync.engine import Engine, read_attachment
from sync.model import Document, Edit, NewAttachment, NotFound

FORMER = "former-seqs"
"""The `_local` document that says which seq of the store before is which one here:
`{"uuid": …, "seqs": [[number, seq], …]}`, rising."""
_PAGE = 20
"""Documents between two entries of `FORMER`: as many a device may be told of once more."""


@dataclass(frozen=True, slots=True)
class Copied:
    """`revisions` are leaves; `bytes` those of attachments."""

    revisions: int = 0
    attachments: int = 0
    bytes: int = 0

    def __add__(self, other: Copied) -> Copied:
        return Copied(
            self.revisions + other.revisions,
            self.attachments + other.attachments,
            self.bytes + other.bytes,
        )


async def all_databases(engine: Engine) -> AsyncIterator[str]:
    start, skip = "", 0
    while names := await engine.databases(start, 500):
        for name in names[skip:]:
            yield name
        if len(names) == skip:
            return
        start, skip = names[-1], 1  # a name itself comes first after it


async def copy_database(
    source: Engine, target: Engine, db: str, checkpoints: bool = True
) -> Copied:
    """`checkpoints`: with the `_local` documents and what devices' seqs mean from now on, so that
    they resume; without, they compare all they have with the target. Raises the refusal of the
    first revision that `target` does not take."""
    await target.create(db)
    seqs: list[tuple[int, str]] = []
    revisions = attachments = size = 0
    since, pending = "0", 1
    while pending:
        page = await source.changes(db, since, limit=_PAGE, style="all_docs")
        for change in page.results:
            for found in await source.open_revs(db, change.id, change.revs):
                if isinstance(found, Document):
                    edit = await _edit(source, db, found)
                    await _take(target, db, edit)
                    revisions += 1
                    attachments += len(edit.attachments)
                    size += edit.size
        since, pending = page.last_seq, page.pending
        seqs.append((_number(since), (await target.info(db)).update_seq))
    if checkpoints:
        await _copy_checkpoints(source, target, db)
        uuid = since.partition("-")[2]
        await target.local_put(db, FORMER, {"uuid": uuid, "seqs": seqs})
    return Copied(revisions, attachments, size)


async def copy_documents(
    engine: Engine, source: str, target: str, ids: Iterable[str]
) -> dict[str, list[str]]:
    """These documents from one database of an engine into another, unchanged: every leaf with its
    history and attachments. Returns the leaves by id; what is not there is left out."""
    copied: dict[str, list[str]] = {}
    for doc_id in ids:
        try:
            leaves = await engine.open_revs(source, doc_id, None)
        except NotFound:
            continue
        found = [leaf for leaf in leaves if isinstance(leaf, Document)]
        for document in found:
            await _take(engine, target, await _edit(engine, source, document))
        copied[doc_id] = [document.rev for document in found]
    return copied


async def _edit(source: Engine, db: str, document: Document) -> Edit:
    attachments = {}
    for each in document.attachments:
        _, data = await read_attachment(source, db, document.id, each.name, document.rev)
        attachments[each.name] = NewAttachment(each.content_type, data, revpos=each.revpos)
    return Edit(document.id, document.body, document.revisions, document.deleted, attachments)


async def _take(target: Engine, db: str, edit: Edit) -> None:
    (result,) = await target.write(db, [edit], new_edits=False)
    if result.failure is not None:
        raise result.failure


async def _copy_checkpoints(source: Engine, target: Engine, db: str) -> None:
    for name in await source.local_ids(db):
        if name != FORMER:
            await target.local_put(db, name, (await source.local_get(db, name)).body)


def _number(seq: str) -> int:
    number = seq.partition("-")[0]
    return int(number) if number.isdecimal() else 0
