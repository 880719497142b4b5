"""States of a dossier: one table (data/states.json) of the transitions that exist."""

from typing import Any

from server.dossier.tables import table


class IllegalTransition(ValueError):
    """A transition that the table does not have. Carries state and name."""

    def __init__(self, state: str, name: str) -> None:
        super().__init__(f"no transition {name!r} from {state!r}")
        self.state = state
        self.name = name


def states() -> tuple[str, ...]:
    """Return all state names."""
    return tuple(table("states")["states"])


def transitions(state: str) -> dict[str, tuple[str, ...]]:
    """Return {transition name: possible next states} from a state."""
    rows = table("states")["transitions"]
    found: dict[str, tuple[str, ...]] = {
        row["name"]: (str(row["to"]),) for row in rows if state in row["from"]
    }
    if state == "parked":
        found["resume"] = resumable()
    return found


def resumable() -> tuple[str, ...]:
    """Return the states a dossier can be parked in and resumed to."""
    (park,) = (row for row in table("states")["transitions"] if row["name"] == "park")
    return tuple(park["from"])


def advance(state: str, name: str, parked_from: str | None = None) -> str:
    """Return the state after a named transition.

    parked_from: needed by "resume" only, the state the dossier was parked in.
    Raises IllegalTransition for anything the table does not have.
    """
    possible = transitions(state).get(name)
    if possible is None or (name == "resume" and parked_from not in possible):
        raise IllegalTransition(state, name)
    return str(parked_from) if name == "resume" else possible[0]


def stage(state: str) -> str | None:
    """Return the server stage that works on a state (validate, forward, decide, deliver)."""
    return _row(state)["stage"]  # type: ignore[no-any-return]


def group(state: str) -> str:
    """Return the group for the clear part of a status: accepted, action_needed or closed."""
    return str(_row(state)["group"])


def ended(state: str) -> bool:
    """Tell whether nothing follows the state."""
    return not transitions(state)


def words(state: str, language: str, waiting_for: str | None = None) -> str:
    """Return the plain words for a state in "vi" or "en"; waiting_for: certificate, payment, …"""
    row = _row(state)
    return str(row.get("words_wait", {}).get(waiting_for, row["words"])[language])


def portal_status(state: str, waiting_for: str | None = None) -> int:
    """Return the National Portal's code 1-10 (decision 31/2021/QĐ-TTg) for a state."""
    row = _row(state)
    return int(row.get("portal_wait", {}).get(waiting_for, row["portal"]))


def _row(state: str) -> dict[str, Any]:
    row: dict[str, Any] = table("states")["states"][state]
    return row
