"""What the trial page can switch, kept over restarts and read by the twins and the container."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


class Shelf:
    """A JSON object in one file, replaced as a whole at each `save`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.content: dict[str, Any] = {}
        if path.exists():
            self.content = json.loads(path.read_text(encoding="utf-8"))

    def save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as out:
            out.write(json.dumps(self.content, ensure_ascii=False))  # json.dump is ten times slower
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)


@dataclass
class Switches:
    """`decider` and `verdict` are read for new dossiers. `replies_lost`: the first reply to each
    piece of work is cut off after the work was done. `refusal`: the authority refuses at receipt.
    `payment_hangs`: the gateway decides a minute later and tells nobody. `ipn_lost`: what it tells
    never arrives. `delivery_fails`: nobody is at home for what the post takes from now on. `push`:
    how the authority tells of its decisions by itself: not at all, as it should, twice, a minute
    late, a note that it works on the dossier after the decision, with somebody else's signature,
    or cut off in the middle at first. `identity`: the identity provider works, is down, signs with
    a key that is not its own, or its replies are cut off after the code was spent.
    """

    decider: Literal["desk", "authority"] = "desk"
    verdict: Literal["approve", "return", "reject"] = "approve"
    authority_down: bool = False
    portal_down: bool = False
    certificate_late: bool = False
    replies_lost: bool = False
    slow_link: bool = False
    refusal: bool = False
    payment_hangs: bool = False
    ipn_lost: bool = False
    delivery_fails: bool = False
    push: Literal["off", "push", "twice", "late", "crossed", "forged", "cut"] = "off"
    identity: Literal["works", "down", "forged", "cut"] = "works"
    shelf: Shelf | None = field(default=None, repr=False, compare=False)

    @classmethod
    def kept_in(cls, path: Path, **defaults: Any) -> Switches:
        """As last set, else as `defaults` say."""
        shelf = Shelf(path)
        made = cls(**defaults, shelf=shelf)
        made._take({k: v for k, v in shelf.content.items() if k in CHOICES})
        return made

    def set(self, changes: Mapping[str, Any]) -> None:
        """All or nothing; `ValueError` names an unknown switch or position."""
        for name, value in changes.items():
            if name not in CHOICES or value not in CHOICES[name]:
                raise ValueError(f"{name}={value!r}: no such switch or position")
        self._take(changes)
        if self.shelf:
            self.shelf.content = self.positions()
            self.shelf.save()

    def positions(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CHOICES}

    def _take(self, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            setattr(self, name, value)


CHOICES: dict[str, tuple[Any, ...]] = {
    "decider": ("desk", "authority"),
    "verdict": ("approve", "return", "reject"),
    "authority_down": (False, True),
    "portal_down": (False, True),
    "certificate_late": (False, True),
    "replies_lost": (False, True),
    "slow_link": (False, True),
    "refusal": (False, True),
    "payment_hangs": (False, True),
    "ipn_lost": (False, True),
    "delivery_fails": (False, True),
    "push": ("off", "push", "twice", "late", "crossed", "forged", "cut"),
    "identity": ("works", "down", "forged", "cut"),
}
