"""Move: a dossier's documents follow it from one owner's database into another's.

Copied before the record says whose it is, so that the taker finds them; what the giver's device had
under way then is brought after, and the giver's database keeps nothing but the status that says so.
"""

from __future__ import annotations

from server.auth.drafts import Drafts
from server.auth.keys import KeyRing
from server.errors import Conflict, Message
from server.ports import Clock
from server.record import claims, handovers
from server.record.handovers import Change
from server.record.store import Connection, Record
from sync.copy import copy_documents
from sync.engine import Engine
from sync.model import NotFound

MOVED = ("draft", "submission", "chunk")
KINDS = (*MOVED, "request")
"""What was asked stays behind: it was answered there."""
NOT_READY = Message(
    "Máy đang giữ hồ sơ chưa gửi xong. Để máy đó có mạng, đợi một lát rồi thử lại; mã vẫn dùng"
    " được.",
    "The device that holds the dossier has not sent everything. Let it have a network, wait a"
    " moment and try again; the code stays good.",
)


class Move:
    """What changing hands needs of the two stores."""

    def __init__(self, record: Record, documents: Engine, keys: KeyRing, clock: Clock) -> None:
        self._record = record
        self._documents = documents
        self._keys = keys
        self._clock = clock
        self.drafts = Drafts(documents, keys)

    async def data_key(self, dossier: str, owner: str) -> bytes:
        """`Conflict` claim_not_ready where nothing of it has arrived."""
        kept = await self._record.read(lambda conn: handovers.data_key(conn, dossier))
        key = await self.drafts.data_key(owner, dossier, kept)
        if key is None:
            raise Conflict("claim_not_ready", NOT_READY)
        return key

    async def ready(self, dossier: str, owner: str) -> bool:
        """Everything that its devices promised has arrived: the accepted submission's photos, and
        while there is none those that the draft names."""

        settled = await self._record.read(lambda conn: handovers.settled(conn, dossier))
        filed = await self._record.read(lambda conn: handovers.is_filed(conn, dossier))
        if not settled or filed:
            return settled
        draft = await self.drafts.open(owner, dossier, await self.data_key(dossier, owner))
        rows = await self._documents.rows(f"drafts-{owner}", draft.chunks(dossier))
        return all(row is not None and not row.deleted for row in rows)

    async def change(self, change: Change, claim: str | None = None) -> None:
        """`claim`: the hash of the code that this uses up. `Conflict` claim_not_ready where the
        dossier moved on meanwhile."""
        key = await self.data_key(change.dossier, change.source)
        await self._documents.create(f"drafts-{change.target}")
        await self.bring(change.dossier, change.source, change.target)
        wrapped = self._keys.wrap_at_rest(change.dossier, key)

        def switch(conn: Connection) -> None:
            free = claim is None or claims.use(conn, claim, change.target)
            if not (free and handovers.change_owner(conn, change, wrapped, self._clock())):
                raise Conflict("claim_not_ready", NOT_READY)
            claims.end(conn, change.dossier, self._clock())

        await self._record.run(switch)

    async def bring(self, dossier: str, source: str, target: str) -> dict[str, list[str]]:
        """Copies what there is. Returns the leaves of every document of it at `source`, those that
        stay behind included."""
        ids = {kind: await self._ids(f"drafts-{source}", kind, dossier) for kind in KINDS}
        moved = [each for kind in MOVED for each in ids[kind]]
        there = f"drafts-{source}", f"drafts-{target}"
        leaves = await copy_documents(self._documents, *there, moved)
        for each in ids["request"]:
            leaves[each] = [leaf.rev for leaf in await self._documents.leaves(there[0], each)]
        return leaves

    async def _ids(self, db: str, kind: str, dossier: str) -> list[str]:
        prefix = f"{kind}:{dossier}:"
        try:
            rows = await self._documents.all_docs(db, start=prefix, end=prefix + "\uffff")
        except NotFound:
            return []
        return [row.id for row in rows]
