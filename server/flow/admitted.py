"""Whose dossier it is, for what a person does beside it: paying, being told, agreeing."""

from __future__ import annotations

from collections.abc import Sequence

from server.auth.access import Actor, may_open
from server.errors import NotFound
from server.record import dossiers, openings
from server.record.dossiers import Dossier
from server.record.grants import Grant
from server.record.store import Connection

Asker = Actor | Grant
"""A signed-in applicant or clerk, or a device with a grant of the owner's database."""


def admitted(conn: Connection, dossier: str, askers: Sequence[Asker]) -> tuple[str, Dossier]:
    """(who acts, as the journal writes it; the dossier). `NotFound` for everybody else."""
    found = openings.sealed(conn, dossier)
    if found is None or found.wrapped_key is None:
        raise NotFound()
    for asker in askers:
        if isinstance(asker, Grant):
            if asker.owner == found.owner:
                return f"device:{asker.device}", dossiers.load(conn, dossier)
        elif may_open(asker, found):
            return str(asker), dossiers.load(conn, dossier)
    raise NotFound()
