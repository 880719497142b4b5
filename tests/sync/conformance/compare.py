"""Recorded answers against ours: what differs, member by member."""

from __future__ import annotations

from typing import Any

from tests.sync.conformance.play import Answer

Mismatch = dict[str, Any]
"""Where (`status`, `headers.etag`, `body.reason`, `body`): what we say; None where we say
nothing."""


def mismatch(theirs: Answer, ours: Answer) -> Mismatch:
    left, right = _flat(theirs), _flat(ours)
    if isinstance(theirs["body"], dict) != isinstance(ours["body"], dict):
        left, right = (
            {name: value for name, value in side.items() if not name.startswith("body")}
            for side in (left, right)
        )
        right["body"] = ours["body"]
    return {
        name: right.get(name)
        for name in sorted(left.keys() | right.keys())
        if left.get(name) != right.get(name) or (name in left) != (name in right)
    }


def _flat(answer: Answer) -> dict[str, Any]:
    flat: dict[str, Any] = {"status": answer["status"]}
    flat |= {f"headers.{name}": value for name, value in answer["headers"].items()}
    if isinstance(answer["body"], dict):
        return flat | {f"body.{name}": value for name, value in answer["body"].items()}
    return flat | {"body": answer["body"]}
