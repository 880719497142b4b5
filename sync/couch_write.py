"""Edits into a CouchDB: those without attachments in one `_bulk_docs`, each other in its own PUT,
its bytes as they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sync.checks import check_edit
from sync.couch_documents import multipart, text_of
from sync.couch_http import Couch, flag, refused
from sync.model import Edit, NotFound, SyncError, WriteResult
from sync.revtree import check_revision

_GROUP = 500
Results = list[WriteResult | None]
Text = tuple[int, Edit, bytes]
"""The edit's place, the edit, its JSON."""


async def write(couch: Couch, db: str, edits: Sequence[Edit], new_edits: bool) -> list[WriteResult]:
    """As `engine.Engine.write`. One edit after the other where order can matter: an edit with
    attachments goes after what came before it."""
    results: Results = [None] * len(edits)
    texts: list[Text] = []
    for place, edit in enumerate(edits):
        try:
            checked, body = check_edit(edit, new_edits)
            if new_edits and checked.revs:
                check_revision(checked.revs[0])
        except SyncError as failure:
            results[place] = WriteResult(edit.id, failure=failure)
            continue
        text = text_of(checked, body, new_edits)
        if not checked.attachments:
            texts.append((place, checked, text))
            continue
        await _texts(couch, db, texts, new_edits, results)
        texts = []
        results[place] = await _one(couch, db, checked, text, new_edits)
    await _texts(couch, db, texts, new_edits, results)
    return [result for result in results if result is not None]


async def _one(couch: Couch, db: str, edit: Edit, text: bytes, new_edits: bool) -> WriteResult:
    content_type, body = "application/json", text
    if edit.size:
        content_type, body = multipart(edit, text)
    params, headers = {"new_edits": flag(new_edits)}, {"content-type": content_type}
    try:
        said = await couch.send("PUT", db, edit.id, params=params, body=body, headers=headers)
    except NotFound:
        raise
    except SyncError as failure:
        return WriteResult(edit.id, failure=failure)
    return WriteResult(edit.id, rev=said["rev"])


async def _texts(
    couch: Couch, db: str, texts: Sequence[Text], new_edits: bool, results: Results
) -> None:
    """`results` gets one for each. CouchDB answers an edit of its own row by row, a replicated one
    only where it refuses it."""
    for begin in range(0, len(texts), _GROUP):
        group = texts[begin : begin + _GROUP]
        documents = b",".join(text for _, _, text in group)
        body = b'{"new_edits":%b,"docs":[%b]}' % (flag(new_edits).encode(), documents)
        try:
            rows = await couch.json("POST", db, "_bulk_docs", body=body)
        except NotFound:
            raise
        except SyncError as failure:
            for place, edit, _ in group:
                results[place] = WriteResult(edit.id, failure=failure)
            continue
        refusals = {row["id"]: row for row in rows if "error" in row}
        for number, (place, edit, _) in enumerate(group):
            row = rows[number] if new_edits else refusals.get(edit.id)
            results[place] = _result(edit, row)


def _result(edit: Edit, row: dict[str, Any] | None) -> WriteResult:
    if row is None:
        return WriteResult(edit.id, rev=edit.revs[0])
    if "error" in row:
        return WriteResult(edit.id, failure=refused(0, row["error"], row.get("reason", "")))
    return WriteResult(edit.id, rev=row["rev"])
