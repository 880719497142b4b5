"""The licensing authority's reasons as targets and ready reasons of ours.

Nothing is lost on the way: a code or field that the table does not know is handed on in the
authority's own words, with the general target where no field is known.
"""

from __future__ import annotations

from typing import NamedTuple

from server.dossier.tables import table

OWN = "own"
"""Under this reason the text stands alone."""
UNNAMED = "unnamed"
"""The ready reason of a return that says nothing at all."""


class Meant(NamedTuple):
    """`target`: a key of fields.json; `reason`: of reasons.json, or OWN."""

    target: str
    reason: str
    text: str


def to_correct(field: str, code: str, text: str) -> Meant:
    """One thing to put right. `field`: the authority's name for it, may be empty."""
    known, ready = table("authority_reasons"), table("reasons")["return"]
    row = known["return"].get(code, {})
    target = known["fields"].get(field) or (field if field in table("fields")["fields"] else "")
    target = target or row.get("target") or known["general"]
    if row.get("target") == target:
        return Meant(target, row["reason"], text)
    if code in ready.get(target, {}):
        return Meant(target, code, text)
    if not (code or text):
        return Meant(known["general"], UNNAMED, "")
    return Meant(target, OWN, _verbatim(field if field not in known["fields"] else "", code, text))


def _verbatim(field: str, code: str, text: str) -> str:
    """The sentence, then the names that our table does not know: `Sai mẫu (X-17, soBienLai)`."""
    names = ", ".join(name for name in (code, field) if name)
    return f"{text} ({names})" if text and names else text or names


def refusal(code: str, law: str) -> tuple[str, str]:
    """(reason, law) of a rejection; a ready reason brings its law where none is named."""
    ready = table("authority_reasons")["reject"].get(code)
    if ready is None:
        return code, law
    return ready, law or table("reasons")["reject"][ready]["law"]
