"""Revision trees: what CouchDB's `couch_key_tree` decides, as a pure value.

A tree maps each known revision to its parent (None: the oldest known) and knows which are
tombstones. Merging the same paths in any order gives the same tree, as long as nothing was
stemmed between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import orjson

from sync.model import BadRequest, Leaf, Revision

REVS_LIMIT = 1000
_PATTERN = r"[1-9][0-9]{0,17}-[^\s\"\\\x00-\x1f]{0,200}"
_REVISION = re.compile(_PATTERN)
_REVISIONS = re.compile(f"{_PATTERN}(?: {_PATTERN})*")  # none holds a space


def generation(rev: Revision) -> int:
    return int(rev.partition("-")[0])


def check_revision(rev: object) -> Revision:
    """`rev` itself. `BadRequest` where it is not `<generation>-<hash>`."""
    if isinstance(rev, str) and _REVISION.fullmatch(rev):
        return rev
    raise BadRequest("Invalid rev format")


def check_path(path: Sequence[Revision]) -> None:
    """`BadRequest` unless `path` is revisions, newest first, without a gap in the generations."""
    if path and not _REVISIONS.fullmatch(" ".join(path)):
        raise BadRequest("Invalid rev format")
    newest = generation(path[0]) if path else 0
    if not path or any(generation(rev) != newest - n for n, rev in enumerate(path)):
        raise BadRequest("_revisions must name at least one revision, without gaps")


def rank(leaf: Leaf) -> tuple[bool, int, str]:
    number, _, digest = leaf.rev.partition("-")
    return (not leaf.deleted, int(number), digest)


@dataclass(frozen=True, slots=True)
class RevTree:
    parents: dict[Revision, Revision | None] = field(default_factory=dict)
    tombstones: frozenset[Revision] = frozenset()

    def __contains__(self, rev: Revision) -> bool:
        return rev in self.parents

    def leaves(self) -> list[Leaf]:
        """Winner first: not deleted, then generation, then hash, each the higher the better."""
        inner = set(self.parents.values())
        found = [Leaf(r, r in self.tombstones) for r in self.parents if r not in inner]
        return sorted(found, key=rank, reverse=True)

    def path(self, rev: Revision) -> list[Revision]:
        """From `rev` to its oldest known ancestor."""
        found: list[Revision] = []
        current: Revision | None = rev
        while current is not None:
            found.append(current)
            current = self.parents[current]
        return found

    def descendants(self, rev: Revision) -> list[Leaf]:
        """The leaves that `rev` leads to (itself, if it is one), winner first."""
        return [leaf for leaf in self.leaves() if rev in self.path(leaf.rev)]

    def merge(self, path: Sequence[Revision], deleted: bool) -> RevTree:
        """With `path` (newest first) known too. `deleted` says what its newest revision is; what
        is in the tree already keeps its state. A path that contradicts a known parent is followed
        up to there."""
        parents = dict(self.parents)
        for child, parent in pairwise((*path, None)):
            known = parents.get(child) if child is not None else None
            if child is None or (known is not None and known != parent):
                break
            parents[child] = parent if known is None else known
        new = path[0] not in self.parents
        tombstones = self.tombstones | {path[0]} if new and deleted else self.tombstones
        return RevTree(parents, tombstones)

    def stem(self, limit: int = REVS_LIMIT) -> RevTree:
        """Keeps, of each branch, the newest `limit` revisions."""
        if len(self.parents) <= limit:
            return self
        return self._only({rev for leaf in self.leaves() for rev in self.path(leaf.rev)[:limit]})

    def prune(self, revs: Iterable[Revision]) -> tuple[RevTree, list[Revision]]:
        """Without those of `revs` that are leaves and without the ancestors that no other leaf has.
        Also gives the leaves that went."""
        asked = set(revs)
        gone = [leaf.rev for leaf in self.leaves() if leaf.rev in asked]
        rest = [leaf.rev for leaf in self.leaves() if leaf.rev not in asked]
        return self._only({rev for leaf in rest for rev in self.path(leaf)}), gone

    def _only(self, kept: set[Revision]) -> RevTree:
        parents = {
            rev: (parent if parent in kept else None)
            for rev, parent in self.parents.items()
            if rev in kept
        }
        return RevTree(parents, self.tombstones & kept)

    def dump(self) -> bytes:
        """JSON: each leaf's path up to what an earlier path has said, and the tombstones."""
        said: set[Revision] = set()
        paths = []
        for leaf in self.leaves():
            path: list[Revision] = []
            for rev in self.path(leaf.rev):
                path.append(rev)
                if rev in said:
                    break
            said.update(path)
            paths.append(path)
        return orjson.dumps([paths, sorted(self.tombstones)])

    @staticmethod
    def load(text: bytes) -> RevTree:
        paths, tombstones = orjson.loads(text)
        parents: dict[Revision, Revision | None] = {}
        for path in paths:
            parents.update(pairwise(path))
            parents.setdefault(path[-1], None)
        return RevTree(parents, frozenset(tombstones))
