"""What a person may ask about their own dossier: who opened it, and everything that is kept of it
(Law 91/2025/QH15 on personal data: to know, and to be given one's data)."""

from __future__ import annotations

import json
from typing import Any

from server.auth.access import Actor, Vaulted, may_open
from server.errors import NotFound
from server.flow.notices import consent_body
from server.flow.pack import zipped
from server.record import (
    bindings,
    consents,
    dossiers,
    identities,
    journal,
    notices,
    openings,
    people,
)
from server.record.columns import iso
from server.record.identities import Link
from server.record.store import Connection, Record

MOST = 500
"""As many lines as are looked at: the last months of a dossier that many work on."""


class Own:
    def __init__(self, record: Record, vaulted: Vaulted) -> None:
        self._record = record
        self._vaulted = vaulted

    async def openings(self, actor: Actor, dossier: str) -> list[dict[str, Any]]:
        """[{at, role, purpose, times}], the newest first; nobody's name. What one account did for
        one purpose without anybody between is one line, with its last time. `NotFound` for a
        dossier that is not this actor's, or erased."""

        def read(conn: Connection) -> list[dict[str, Any]]:
            found = openings.sealed(conn, dossier)
            may = _has_draft(conn, actor, dossier) if found is None else may_open(actor, found)
            if not may or (found and found.wrapped_key is None):
                raise NotFound()
            return _opened(conn, dossier)

        return await self._record.read(read)

    async def export(self, actor: Actor, dossier: str) -> tuple[str, bytes]:
        """(file name, zip) with data.json and photos/. Journalled as `opened` for `export`."""
        opened = await self._vaulted.open(dossier, actor, "export")
        row = await self._record.read(lambda conn: dossiers.load(conn, dossier))
        linked = await self._record.read(lambda conn: identities.link_of(conn, actor.id))
        files = {
            f"photos/{photo.kind}-{photo.id}.jpg": await opened.photo(photo.id)
            for photo in opened.photos.values()
        }
        content = {
            "dossier": row.id,
            "dossier_code": row.code,
            "slip": row.slip,
            "name": row.name,
            "procedure": row.procedure,
            "licence_class": row.licence_class,
            "state": row.state,
            "filed_at": iso(row.filed_at),
            "promised_on": row.due_on,
            "closed_at": iso(row.closed_at) if row.closed_at else None,
            "channel": row.channel,
            "point": row.point,
            "assurance": row.assurance,
            "identity": _linked(linked),
            "fee": {"amount": row.fee_amount, "state": row.fee_state},
            "submission": opened.submission,
            **await self._record.read(lambda conn: _course(conn, dossier)),
        }
        files["data.json"] = json.dumps(content, ensure_ascii=False, indent=2).encode()
        return f"{row.code}-data.zip", zipped(files)


def _has_draft(conn: Connection, actor: Actor, dossier: str) -> bool:
    """Nothing of it was accepted, and the actor's account has it."""
    owner = None if bindings.is_erased(conn, dossier) else bindings.bound_to(conn, dossier)
    return owner is not None and people.account_of(conn, owner) == actor.id


def _course(conn: Connection, dossier: str) -> dict[str, Any]:
    states = [{"state": state, "at": iso(at)} for state, at in journal.timeline(conn, dossier)]
    agreed = [consent_body(one) for one in consents.of_dossier(conn, dossier)]
    told = [
        {"channel": one.channel, "since": iso(one.created_at)}
        for one in notices.of_dossier(conn, dossier)
    ]
    opened = _opened(conn, dossier)
    return {"states": states, "opened": opened, "consents": agreed, "notices": told}


def _linked(link: Link | None) -> dict[str, Any] | None:
    """Of the account that asks; the person's number is kept as a keyed hash only."""
    return {"issuer": link.issuer, "linked_at": iso(link.linked_at)} if link else None


def _opened(conn: Connection, dossier: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    last = None
    for at, actor, text in openings.openings(conn, dossier, MOST):
        purpose = text.partition(":")[0]  # photo:<id>
        if last == (actor, purpose):
            lines[-1]["times"] += 1
            continue
        last = actor, purpose
        role = actor.partition(":")[0]
        lines.append({"at": iso(at), "role": role, "purpose": purpose, "times": 1})
    return lines
