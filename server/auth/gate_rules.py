"""What a device's documents may look like: ids and clear parts, from one table. No store access."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.model import Edit, NewAttachment

MAX_ATTACHMENT = 32_768
MIN_SEALED = 28  # nonce and tag
MAX_CHUNKS = 64
MAX_PHOTOS = 12
DATABASE = re.compile(r"drafts-([0-9a-f]{32})")

_HEX = "[0-9a-f]{32}"
_DIGEST = re.compile("[0-9a-f]{64}")
_ID = re.compile(_HEX)
_B64U = re.compile("[A-Za-z0-9_-]+")
_WRAPPED_CHARS = 151  # 113 bytes
_KID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Name:
    """A device document's `_id`, taken apart. `part` is the device, photo or random id."""

    kind: str
    dossier: str
    part: str
    index: int = 0


@dataclass(frozen=True)
class Kind:
    """`fields` are the members of the clear part besides `schema`, each with its check."""

    pattern: re.Pattern[str]
    fields: Mapping[str, Callable[[Any], bool]]
    immutable: bool
    deletable: bool
    wakes_intake: bool


def _number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and _B64U.fullmatch(value) is not None


def _is_key(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"kid", "wrapped"}
        and isinstance(value["kid"], str)
        and _KID.fullmatch(value["kid"]) is not None
        and _is_sealed(value["wrapped"])
        and len(value["wrapped"]) == _WRAPPED_CHARS
    )


def _is_photo(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "chunks"}
        and isinstance(value["id"], str)
        and _ID.fullmatch(value["id"]) is not None
        and isinstance(value["chunks"], list)
        and 0 < len(value["chunks"]) <= MAX_CHUNKS
        and all(isinstance(c, str) and _DIGEST.fullmatch(c) for c in value["chunks"])
    )


def _are_photos(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MAX_PHOTOS
        and all(map(_is_photo, value))
        and len({photo["id"] for photo in value}) == len(value)
    )


_SEALED = {"key": _is_key, "sealed": _is_sealed}

KINDS: dict[str, Kind] = {
    "draft": Kind(re.compile(f"draft:({_HEX}):({_HEX})"), _SEALED, False, True, False),
    "chunk": Kind(
        re.compile(f"chunk:({_HEX}):({_HEX}):(0|[1-9][0-9]?)"),
        {"count": _number(1, MAX_CHUNKS)},
        True,
        True,
        True,
    ),
    "submission": Kind(
        re.compile(f"submission:({_HEX}):({_HEX})"),
        _SEALED | {"n": _number(1, 1000), "photos": _are_photos},
        True,
        False,
        True,
    ),
    "request": Kind(re.compile(f"request:({_HEX}):({_HEX})"), _SEALED, True, False, True),
}


def parse(doc_id: str) -> Name | None:
    """The parts of an `_id` that a device may write; None for every other."""
    kind = KINDS.get(doc_id.partition(":")[0])
    match = kind.pattern.fullmatch(doc_id) if kind else None
    if match is None:
        return None
    index = int(match[3]) if match.re.groups == 3 else 0
    return Name(doc_id.partition(":")[0], match[1], match[2], index)


def shape(edit: Edit, name: Name) -> str | None:
    """None, or `bad_shape` or `too_large`, for a document that is not a deletion."""
    kind = KINDS[name.kind]
    body = edit.body
    if body.keys() != kind.fields.keys() | {"schema"} or body["schema"] != f"{name.kind}/1":
        return "bad_shape"
    if not all(check(body[field]) for field, check in kind.fields.items()):
        return "bad_shape"
    if name.kind != "chunk":
        return "bad_shape" if edit.attachments else None
    return _chunk(edit, name)


def _chunk(edit: Edit, name: Name) -> str | None:
    attachment = edit.attachments.get("c")
    if len(edit.attachments) != 1 or not isinstance(attachment, NewAttachment):
        return "bad_shape"
    if attachment.length > MAX_ATTACHMENT:
        return "too_large"
    if attachment.encoding:  # what is sealed does not shrink; unzipping it could fill the memory
        return "bad_shape"
    if attachment.length <= MIN_SEALED or attachment.content_type != "application/octet-stream":
        return "bad_shape"
    return "bad_shape" if name.index >= edit.body["count"] else None
