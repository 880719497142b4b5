"""Disk full, syncs that fail, power cuts: refused or kept, never half of it, and well again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from sync.engine import read_attachment
from sync.model import Edit, NewAttachment, NotFound, SyncError, Unavailable
from sync.sqlite_engine import SqliteEngine
from tests.sync.lost.audit import audit
from tests.sync.lost.disk import Disk, mounted

pytestmark = pytest.mark.anyio
STORE = "documents.sqlite"


@dataclass
class Truth:
    """What was acknowledged: documents with their photo, purged ones, `_local` numbers."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    purged: set[tuple[str, str]] = field(default_factory=set)
    local: dict[str, int] = field(default_factory=dict)
    revs: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # the reasons

    def copy(self) -> Truth:
        return Truth(dict(self.kept), set(self.purged), dict(self.local))

    async def found_in(self, engine: SqliteEngine) -> None:
        for (db, doc_id), photo in self.kept.items():
            _, data = await read_attachment(engine, db, doc_id, "p")
            assert sha256(data).hexdigest() == photo, (db, doc_id)
        for db, doc_id in self.purged:
            with pytest.raises(NotFound):
                await engine.get(db, doc_id)
        for db, number in self.local.items():
            assert (await engine.local_get(db, "mark")).body["n"] >= number


class Work:
    """Requests at the same time to a few databases; each is acknowledged or `Unavailable`."""

    def __init__(self, engine: SqliteEngine, rng: random.Random) -> None:
        self.engine, self.rng, self.truth = engine, rng, Truth()
        self._count = 0
        self._photos = [rng.randbytes(900) for _ in range(4)]

    async def several(self) -> None:
        doing = [self._write, self._write, self._purge, self._local]
        some = [self.rng.choice(doing)() for _ in range(self.rng.randrange(1, 6))]
        for outcome in await asyncio.gather(*some, return_exceptions=True):
            if isinstance(outcome, Unavailable):
                self.truth.refused.append(outcome.reason)
            elif outcome is not None:
                raise outcome

    async def _database(self) -> str:
        db = f"db{self.rng.randrange(6)}"
        await self.engine.create(db)
        return db

    async def _write(self) -> None:
        db = await self._database()
        edits, photos = [], []
        for _ in range(self.rng.randrange(1, 4)):
            self._count += 1
            data = self.rng.choice(self._photos)
            if self.rng.random() < 0.7:
                data = self.rng.randbytes(self.rng.choice((10, 5_000, 40_000)))
            edits.append(Edit(f"d{self._count}", {}, (), False, {"p": NewAttachment("x/y", data)}))
            photos.append(sha256(data).hexdigest())
        for result, photo in zip(await self.engine.write(db, edits), photos, strict=True):
            if result.rev is None:
                assert isinstance(result.failure, Unavailable), result
                self.truth.refused.append(result.failure.reason)
                continue
            self.truth.kept[db, result.id] = photo
            self.truth.revs[db, result.id] = result.rev

    async def _purge(self) -> None:
        if not self.truth.kept:
            return
        db, doc_id = self.rng.choice(sorted(self.truth.kept))
        photo = self.truth.kept.pop((db, doc_id))
        revs = {doc_id: [self.truth.revs[db, doc_id]]}
        try:
            assert await self.engine.purge(db, revs) == revs
        except Unavailable:
            self.truth.kept[db, doc_id] = photo
            raise
        self.truth.purged.add((db, doc_id))

    async def _local(self) -> None:
        db = await self._database()
        self._count += 1
        number = self._count
        await self.engine.local_put(db, "mark", {"n": number})
        self.truth.local[db] = max(number, self.truth.local.get(db, 0))


def faults(rng: random.Random) -> Callable[[str], bool]:
    """Rare errors of every kind, or a time in which nothing can be written."""
    if rng.random() < 0.3:
        return lambda what: what == "write"
    kinds = rng.choice((("sync",), ("folder",), ("write",), ("sync", "folder", "write")))
    chance = rng.choice((0.02, 0.1, 0.4))
    return lambda what: what in kinds and rng.random() < chance


async def schedule(folder: Path, seed: int, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """One life of a store with faults, and what a power cut at some moment leaves of it. The
    numbers of faults and of refused writes."""
    rng = random.Random(seed)
    disk = Disk(folder / "disk", rng)
    cut_at, cut = rng.randrange(1, 400), []
    with mounted(disk, patch):
        engine = SqliteEngine(disk.root / STORE)
        work = Work(engine, rng)
        operations = 0

        def before() -> None:
            nonlocal operations
            operations += 1
            if operations == cut_at:
                cut.append((disk.picture(), work.truth.copy()))

        disk.before = before
        for _ in range(4):
            await work.several()
            disk.fails = faults(rng)
            for _ in range(5):
                await work.several()
            disk.fails = lambda what: False
        refused = len(work.truth.refused)
        await work.several()
        assert work.truth.refused[refused:] == [], "all is well again, and yet it refuses"
        await work.truth.found_in(engine)
        cut.append((disk.picture(), work.truth))
        await engine.close()
    audit(disk.root, swept=True)
    for number, (lay_out, truth) in enumerate(cut):
        lay_out(folder / f"after-{number}")
        again = SqliteEngine(folder / f"after-{number}" / STORE)
        try:
            await truth.found_in(again)
        finally:
            await again.close()
        audit(folder / f"after-{number}")
    assert all(why.startswith("The store could not write: ") for why in work.truth.refused)
    return disk.failures, len(work.truth.refused)


async def schedules(folder: Path, seed: int, count: int, patch: pytest.MonkeyPatch) -> None:
    failures = refused = 0
    for number in range(seed, seed + count):
        (folder / str(number)).mkdir()
        try:
            found = await schedule(folder / str(number), number, patch)
        except (AssertionError, OSError, SyncError) as error:
            raise AssertionError(f"SEED={number}: {error}") from error
        failures, refused = failures + found[0], refused + found[1]
    print(f"{count} schedules, {failures} faults, {refused} refused writes")
    assert failures > count and refused > count


async def test_faults_and_a_power_cut(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schedules(tmp_path, seed, 15, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
async def test_many_faults_and_power_cuts(
    tmp_path: Path, seed: int, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schedules(tmp_path, seed + 1000 * part, 100, monkeypatch)
