"""Administration of a CouchDB through the `couchdb` package: databases, `_security`, purge,
compaction. It blocks, so each call has a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import couchdb
from couchdb.http import HTTPError, PreconditionFailed, Resource, ResourceNotFound, Session

from sync.couch_http import refused
from sync.model import NO_DATABASE, NotFound, Revision, SyncError, Unavailable

T = TypeVar("T")
SYSTEM = ("_users", "_replicator", "_global_changes")
CLOSED = {
    "admins": {"names": [], "roles": ["_admin"]},
    "members": {"names": [], "roles": ["_admin"]},
}
"""Nobody but server administrators reads or writes."""
_SECONDS = 30


class CouchAdmin:
    """`shards` is CouchDB's q of new databases: a person's database is small, so 1."""

    def __init__(self, url: str, user: str, password: str, shards: int = 1) -> None:
        self._url, self._shards = url, shards
        self._credentials = (user, password) if user else None

    async def create(self, db: str) -> bool:
        """True when made, False when it was there. Closed to everyone but the server either way."""

        def work(server: Resource) -> bool:
            try:
                server.put_json(db, q=self._shards)
            except PreconditionFailed:
                made = False
            else:
                made = True
            database = server(db)
            if made or database.get_json("_security")[2] != CLOSED:  # a creation that was cut
                database.put_json("_security", body=CLOSED)
            return made

        return await self._run(work)

    async def delete(self, db: str) -> None:
        await self._run(lambda server: server.delete_json(db))

    async def purge(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, list[Revision]]:
        asked = {doc_id: list(each) for doc_id, each in revs.items()}

        def work(server: Resource) -> dict[str, list[Revision]]:
            _, _, said = server(db).post_json("_purge", body=asked)
            return {doc_id: gone for doc_id, gone in said["purged"].items() if gone}

        return await self._run(work)

    async def compact(self, db: str) -> None:
        """Starts it; CouchDB compacts while it serves."""
        json = {"Content-Type": "application/json"}
        await self._run(lambda server: server(db).post_json("_compact", headers=json))

    async def prepare(self) -> None:
        """The system databases of a new node; `_db_updates` needs `_global_changes`."""
        for name in SYSTEM:
            await self._run(partial(_create_system, name=name))

    async def version(self) -> str:
        """What `GET /` says."""

        def work(server: Resource) -> str:
            _, _, said = server.get_json()
            return str(said.get("version", "?"))

        return await self._run(work)

    async def _run(self, work: Callable[[Resource], T]) -> T:
        return await asyncio.to_thread(self._blocking, work)

    def _blocking(self, work: Callable[[Resource], T]) -> T:
        server = couchdb.Server(self._url, session=Session(timeout=_SECONDS, retry_delays=[0]))
        server.resource.credentials = self._credentials
        try:
            return work(server.resource)
        except ResourceNotFound:
            raise NotFound(NO_DATABASE) from None
        except HTTPError as error:
            raise _refusal(error) from None
        except OSError as error:
            raise Unavailable(
                f"The document store does not answer ({type(error).__name__}).", retry_after=5
            ) from None


def _create_system(server: Resource, *, name: str) -> None:
    try:
        server.put_json(name)
    except PreconditionFailed:
        return


def _refusal(error: Any) -> SyncError:
    """couchdb-python: args[0] is (error, reason), (status, (error, reason)) for ServerError."""
    said = error.args[0] if error.args else ("", "")
    status = 500
    if isinstance(said, tuple) and said and isinstance(said[0], int):
        status, said = said
    name, reason = said if isinstance(said, tuple) and len(said) == 2 else ("", str(said))
    if type(error).__name__ == "Unauthorized":
        status = 401
    return refused(status, str(name), str(reason))
