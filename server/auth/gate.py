"""The gate between phones and their databases: grants on every request, rules on every document.

A refusal of one document is a stable code, kept and shown by the phone: bad_id, not_writable,
immutable, too_large, bad_shape, digest_mismatch, dossier_of_other, handed_over, erased, quota. The
database's name is compared with the grant before any store is asked, so another owner's database
answers as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from server.auth import gate_rules, grants
from server.auth.gate_rules import DATABASE, KINDS, Name
from server.ports import Clock
from server.record import bindings, handovers
from server.record import grants as granted
from server.record.standing import standing
from server.record.store import Connection, Record
from sync.engine import Engine
from sync.gate import Action
from sync.model import Edit, Forbidden, NewAttachment, NotFound

HIDDEN = "Database does not exist."
OFFERED = ("submission", "request")
"""Kinds that intake has to find, each by its id."""


@dataclass
class Pass:
    """One request's grant. `counted` is what this request adds to the owner's quota, in bytes."""

    owner: str
    device: str
    bound: set[str] = field(default_factory=set)
    counted: int = 0


class DossierGate:
    """`woken` is called when intake has something to look at."""

    def __init__(
        self,
        record: Record,
        documents: Engine,
        quota: int,
        clock: Clock,
        woken: Callable[[], None] = lambda: None,
    ) -> None:
        self._record = record
        self._documents = documents
        self._quota = quota
        self._clock = clock
        self._woken = woken

    async def authorize(self, headers: Mapping[str, str], method: str, db: str | None) -> Pass:
        grant = await grants.bearer(self._record, headers.get("authorization", ""), self._clock())
        if db is not None and db != f"drafts-{grant.owner}":
            raise NotFound(HIDDEN)
        return Pass(grant.owner, grant.device)

    async def administer(self, access: Pass, action: Action, db: str | None) -> None:
        if action != "create" or db is None or not DATABASE.fullmatch(db):
            raise Forbidden("not_writable")

    async def check(self, access: Pass, db: str, edit: Edit, new_edits: bool) -> str | None:
        if edit.id.startswith("status:"):
            return "not_writable"
        name = gate_rules.parse(edit.id)
        if name is None:
            return "bad_id"
        if name.kind == "draft" and name.part != access.device:
            return "not_writable"
        if not edit.deleted and (reason := gate_rules.shape(edit, name)):
            return reason
        if edit.deleted and not KINDS[name.kind].deletable:
            return "immutable"
        if edit.deleted and (edit.body or edit.attachments):
            return "bad_shape"
        if reason := await self._history(db, edit, name, new_edits):
            return reason
        return await self._record_rules(access, edit, name)

    async def accepted(self, access: Pass, db: str, doc_ids: Sequence[str]) -> None:
        names = {doc_id: name for doc_id in doc_ids if (name := gate_rules.parse(doc_id))}
        waiting = {name.dossier for name in names.values() if KINDS[name.kind].wakes_intake}
        offered = [(each.dossier, i) for i, each in names.items() if each.kind in OFFERED]
        if not waiting and not access.counted:
            return
        counted, access.counted = access.counted, 0

        def note(conn: Connection) -> bool:
            bindings.note_offered(conn, offered)
            # Parts of photos that come before anything is offered are found when that comes.
            touched = [each for each in sorted(waiting) if bindings.is_offered(conn, each)]
            bindings.note_touched(conn, access.owner, touched, self._clock())
            granted.count_bytes(conn, access.owner, counted)
            return bool(touched)

        if await self._record.run(note):
            self._woken()

    async def visible(self, access: Pass, db: str, doc_id: str) -> bool:
        return doc_id.startswith("status:") or gate_rules.parse(doc_id) is not None

    async def _history(self, db: str, edit: Edit, name: Name, new_edits: bool) -> str | None:
        """An immutable document has one revision, and after that at most its tombstone."""
        if not KINDS[name.kind].immutable:
            return None
        known = await self._leaves(db, edit.id)
        if edit.deleted:
            path = edit.revs[1:] if not new_edits else edit.revs
            return None if len(path) == 1 and path[0].startswith("1-") else "immutable"
        if new_edits:
            return "immutable" if edit.revs or known else None
        if len(edit.revs) != 1 or not edit.revs[0].startswith("1-"):
            return "immutable"
        return "immutable" if known and edit.revs[0] not in known else None

    async def _leaves(self, db: str, doc_id: str) -> set[str]:
        """The document's first revisions: its leaves and, below a tombstone, what it deleted."""
        try:
            leaves = await self._documents.leaves(db, doc_id)
            known = {leaf.rev for leaf in leaves}
            for leaf in leaves:
                if leaf.deleted:
                    path = await self._documents.history(db, doc_id, leaf.rev)
                    known |= {info.rev for info in path}
        except NotFound:
            return set()
        return known

    async def _record_rules(self, access: Pass, edit: Edit, name: Name) -> str | None:
        photo = name.part if name.kind == "chunk" else ""
        known = await self._record.glance(
            lambda conn: standing(conn, name.dossier, photo, access.owner)
        )
        if known.erased:
            return "erased"
        if known.owner not in (None, access.owner):
            was = handovers.was_owner
            former = await self._record.read(lambda conn: was(conn, name.dossier, access.owner))
            return "handed_over" if former else "dossier_of_other"
        if photo and (reason := _chunk(known.listed, edit, name)):
            return reason
        size = len(edit.body.get("sealed", "")) + edit.size
        if not edit.deleted and known.quota_used is not None:
            if known.quota_used + access.counted + size > self._quota:
                return "quota"
            access.counted += size
        if known.owner is None and name.dossier not in access.bound:
            bind = bindings.bind
            owner = await self._record.run(
                lambda conn: bind(conn, name.dossier, access.owner, self._clock())
            )
            if owner != access.owner:
                return "dossier_of_other"
            access.bound.add(name.dossier)
        return None


def _chunk(listed: Sequence[str] | None, edit: Edit, name: Name) -> str | None:
    """What an accepted submission lists can neither be deleted nor be something else."""
    if listed is None:
        return None
    if edit.deleted:
        return "immutable"
    attachment = edit.attachments["c"]
    same = (
        isinstance(attachment, NewAttachment)
        and name.index < len(listed)
        and listed[name.index] == attachment.hashed().sha256
    )
    return None if same else "digest_mismatch"
