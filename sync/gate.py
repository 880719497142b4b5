"""Who may do what on the wire. The product puts its own gate in; `OpenGate` lets everyone in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeVar

from sync.model import Edit

AccessT = TypeVar("AccessT")
"""Whatever a gate wants to remember of the caller for the length of one request."""

Action = Literal["create", "delete", "compact", "purge", "secure", "limit", "list"]


class Gate(Protocol[AccessT]):
    async def authorize(self, headers: Mapping[str, str], method: str, db: str | None) -> AccessT:
        """Called before any store access of every request. `headers` have lower-case names; `db`
        is None for `/`, `/_up` and what else belongs to no database.
        Raises Unauthorized, Forbidden, or NotFound("Database does not exist.") so that another
        owner's database answers as one that is not there."""

    async def administer(self, access: AccessT, action: Action, db: str | None) -> None:
        """Raises Forbidden where the caller may not create, delete, compact, purge, secure this
        database, set its limit of revisions, or list."""

    async def check(self, access: AccessT, db: str, edit: Edit, new_edits: bool) -> str | None:
        """None, or the reason of a per-document `forbidden`. New attachments are hashed already
        (`length`, `content_type`, `sha256`)."""

    async def accepted(self, access: AccessT, db: str, doc_ids: Sequence[str]) -> None:
        """Called after the durable commit and before the acknowledgement goes out. If it raises,
        the sender gets no acknowledgement and sends again (the commit stays; the repetition is a
        no-op)."""

    async def visible(self, access: AccessT, db: str, doc_id: str) -> bool:
        """False hides the document from every kind of reading, as if it did not exist."""


class OpenGate:
    """Everyone may do everything."""

    async def authorize(self, headers: Mapping[str, str], method: str, db: str | None) -> None:
        return None

    async def administer(self, access: None, action: Action, db: str | None) -> None:
        return None

    async def check(self, access: None, db: str, edit: Edit, new_edits: bool) -> str | None:
        return None

    async def accepted(self, access: None, db: str, doc_ids: Sequence[str]) -> None:
        return None

    async def visible(self, access: None, db: str, doc_id: str) -> bool:
        return True
