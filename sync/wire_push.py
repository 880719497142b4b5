"""The way of every write: size limits, the gate's check, quota, durable commit, the gate's note,
answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import orjson

from sync.gate import AccessT
from sync.model import (
    AttachmentTooLarge,
    BadRequest,
    DocumentTooLarge,
    Edit,
    Forbidden,
    NewAttachment,
    Revision,
    SyncError,
    Unavailable,
    WriteResult,
)
from sync.wire_exchange import Exchange

_INLINE = 1 << 16
"""Bytes that are hashed on the loop: below, a thread costs more than the hash."""


async def push(x: Exchange[AccessT], edits: Sequence[Edit], new_edits: bool) -> list[WriteResult]:
    """One result per edit, in order. Raises `Unavailable` where the store took none or not all: the
    sender repeats, what was kept is then known."""
    room = await room_left(x)
    screened: list[Edit | SyncError] = []
    for edit in edits:
        hashed = await _hashed(edit)
        refusal = await _refusal(x, hashed, new_edits, room)
        if refusal is None and room is not None:
            room -= edit.size
        screened.append(refusal or hashed)
    passed = [edit for edit in screened if isinstance(edit, Edit)]
    written = iter(await x.engine.write(x.db, passed, new_edits=new_edits) if passed else [])
    results = [
        next(written) if isinstance(each, Edit) else WriteResult(edit.id, failure=each)
        for edit, each in zip(edits, screened, strict=True)
    ]
    accepted = [result.id for result in results if result.ok]
    if accepted:
        await x.gate.accepted(x.access, x.db, accepted)
    x.tally.written += len(accepted)
    x.tally.refused.update(result.failure.error for result in results if result.failure)
    for result in results:
        if isinstance(result.failure, Unavailable):
            raise result.failure
    return results


async def push_one(x: Exchange[AccessT], edit: Edit, new_edits: bool = True) -> Revision:
    """The new revision, or raises what the edit was refused with."""
    (result,) = await push(x, [edit], new_edits)
    if result.rev is None:
        raise result.failure or AssertionError("a result has a revision or a failure")
    return result.rev


async def room_left(x: Exchange[AccessT]) -> int | None:
    """Bytes left under the quota; None: no quota."""
    if x.limits.quota is None:
        return None
    quota = await x.limits.quota(x.db)
    return None if quota is None else quota - (await x.engine.info(x.db)).bytes


async def _hashed(edit: Edit) -> Edit:
    if not edit.size:
        return edit
    return _hash(edit) if edit.size <= _INLINE else await asyncio.to_thread(_hash, edit)


def _hash(edit: Edit) -> Edit:
    attachments = {
        name: given.hashed() if isinstance(given, NewAttachment) else given
        for name, given in edit.attachments.items()
    }
    return replace(edit, attachments=attachments)


async def _refusal(
    x: Exchange[AccessT], edit: Edit, new_edits: bool, room: int | None
) -> SyncError | None:
    for name, given in edit.attachments.items():
        if isinstance(given, NewAttachment) and given.length > x.limits.attachment:
            allowed = f"{given.length} bytes, {x.limits.attachment} are allowed."
            return AttachmentTooLarge(f"The attachment {name!r} has {allowed}")
    size = _size(edit)
    if size is None:
        return BadRequest(f"{edit.id[:200]!r} is nested deeper than 254 levels.")
    if size > x.limits.document:
        return DocumentTooLarge(f"{edit.id[:200]!r}: {x.limits.document} bytes are allowed.")
    if room is not None and edit.size + size > room and not edit.deleted:
        return Forbidden("quota_exceeded: this database may hold no more.")
    reason = await x.gate.check(x.access, x.db, edit, new_edits)
    return None if reason is None else Forbidden(reason)


def _size(edit: Edit) -> int | None:
    """Bytes of the JSON without attachment data; None where it is nested too deep to be written."""
    try:
        return len(orjson.dumps(edit.body)) + len(edit.id.encode())
    except (TypeError, UnicodeEncodeError):
        return None
