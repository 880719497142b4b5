"""Revision trees: any order of arrival gives the same winner and the same leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import BadRequest
from sync.revtree import RevTree, check_path
from tests.sync.histories import Path, histories


def _merged(paths: list[Path]) -> RevTree:
    tree = RevTree()
    for path, deleted in paths:
        tree = tree.merge(path, deleted)
    return tree


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_leaves_and_winner(paths: list[Path], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = [*paths, *paths]
    random.shuffle(shuffled)
    once, other = _merged(paths), _merged(shuffled)
    assert other.parents == once.parents
    assert {leaf.rev for leaf in other.leaves()} == {leaf.rev for leaf in once.leaves()}
    assert [leaf.rev for leaf in other.leaves()] == [
        leaf.rev for leaf in _merged(shuffled).leaves()
    ]


@given(histories(), st.randoms(use_true_random=False))
def test_leaves_sent_by_a_replicator_agree_on_tombstones_too(paths: list[Path], random) -> None:  # type: ignore[no-untyped-def]
    inner = {rev for path, _ in paths for rev in path[1:]}
    leaves = [(path, deleted) for path, deleted in paths if path[0] not in inner]
    shuffled = list(leaves)
    random.shuffle(shuffled)
    assert _merged(shuffled) == _merged(leaves)
    assert _merged(shuffled).leaves() == _merged(leaves).leaves()


@given(histories())
def test_what_is_written_is_read(paths: list[Path]) -> None:
    tree = _merged(paths)
    assert RevTree.load(tree.dump()) == tree


@given(histories(), st.integers(1, 5))
def test_stemming_keeps_the_leaves_and_at_most_so_many_generations(
    paths: list[Path], limit: int
) -> None:
    tree = _merged(paths)
    stemmed = tree.stem(limit)
    assert stemmed.leaves() == tree.leaves()
    for leaf in stemmed.leaves():
        assert stemmed.path(leaf.rev)[:limit] == tree.path(leaf.rev)[:limit]
    kept = {rev for leaf in tree.leaves() for rev in tree.path(leaf.rev)[:limit]}
    if len(tree.parents) > limit:
        assert set(stemmed.parents) == kept


@given(histories())
def test_pruning_all_leaves_leaves_nothing(paths: list[Path]) -> None:
    tree = _merged(paths)
    rest, gone = tree.prune([leaf.rev for leaf in tree.leaves()])
    assert rest.parents == {}
    assert len(gone) == len(tree.leaves())


def test_winner_is_alive_then_longest_then_highest_hash() -> None:
    tree = _merged(
        [(["3-a", "2-a", "1-a"], True), (["2-b", "1-a"], False), (["2-c", "1-a"], False)]
    )
    assert [leaf.rev for leaf in tree.leaves()] == ["2-c", "2-b", "3-a"]


def test_generations_are_compared_as_numbers() -> None:
    long = [f"{n}-x" for n in range(10, 0, -1)]
    tree = _merged([(long, False), (["9-z", *long[2:]], False)])
    assert tree.leaves()[0].rev == "10-x"


def test_a_known_ancestor_does_not_become_a_leaf_again() -> None:
    tree = _merged([(["3-c", "2-b", "1-a"], False), (["2-b", "1-a"], False)])
    assert [leaf.rev for leaf in tree.leaves()] == ["3-c"]


@pytest.mark.parametrize("path", [[], ["0-a"], ["x"], ["2-a", "2-b"], ["3-a", "1-a"], ["-1-a"]])
def test_paths_that_are_none_are_refused(path: list[str]) -> None:
    with pytest.raises(BadRequest):
        check_path(path)
