"""What a person may agree to, by purpose, in numbered texts (data/consents.json, purposes.json)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from server.dossier.tables import table

Text = Mapping[str, str]
FOUNDATIONS = ("process", "health")
"""What the procedure itself rests on: who takes it back takes the dossier back."""
READ_PHOTOS = "read_photos"
"""Asked of a draft, before anything is sent."""
NOTICES = "notices"
"""All channels together, in a withdrawal."""


@cache
def texts() -> Mapping[tuple[str, str], Text]:
    """(purpose, version) → text; the newest version of a purpose last."""
    rows = [*table("consents")["consents"], *table("purposes")["consents"]]
    return {(row["purpose"], row["version"]): row for row in rows}


def newest(purpose: str) -> Text:
    """The text that is asked now. KeyError for an unknown purpose."""
    return {text["purpose"]: text for text in texts().values()}[purpose]


def purposes() -> frozenset[str]:
    return frozenset(purpose for purpose, _ in texts())


def digest(text: Text) -> str:
    """SHA-256 of what was read: both languages, the sentence and what it says more."""
    said = "\n".join(text[part] for part in ("vi", "more_vi", "en", "more_en"))
    return hashlib.sha256(said.encode()).hexdigest()


def told() -> list[Text]:
    """What the law has done without consent: said, not asked."""
    rows: list[Text] = table("purposes")["told"]
    return rows
