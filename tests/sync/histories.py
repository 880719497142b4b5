"""Random revision histories, as replication brings them."""

from __future__ import annotations

from hypothesis import strategies as st

from sync.revtree import generation

Path = tuple[list[str], bool]
"""A revision and its ancestors, newest first; whether it is a tombstone."""


@st.composite
def histories(draw: st.DrawFn) -> list[Path]:
    """Paths from the leaves (and some inner revisions) of a random tree to its root."""
    parents: dict[str, str | None] = {}
    for number in range(draw(st.integers(1, 14))):
        parent = draw(st.sampled_from([None, *parents]))
        level = generation(parent) + 1 if parent else 1
        parents[f"{level}-{draw(st.sampled_from('abcdef'))}{number:02d}"] = parent
    dead = draw(st.sets(st.sampled_from(sorted(parents))))
    inner = set(parents.values())
    chosen = draw(st.sets(st.sampled_from(sorted(parents))))
    leaves = {rev for rev in parents if rev not in inner}
    return [(_path(parents, rev), rev in dead) for rev in sorted(leaves | chosen)]


def _path(parents: dict[str, str | None], rev: str | None) -> list[str]:
    path = []
    while rev is not None:
        path.append(rev)
        rev = parents[rev]
    return path
