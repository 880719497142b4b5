"""Which procedure a case belongs to on its filing date, and where to go when not online."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.dossier.classes import exchange_choices, find_class
from server.dossier.months import add_span
from server.dossier.persons import fold
from server.dossier.tables import in_force, table

Words = Mapping[str, str]  # {"vi", "en"}


@dataclass(frozen=True)
class Expiry:
    """days_left: days until the printed day, negative when overdue, None for unlimited.

    test: None, "theory" or "theory_practice". law: key of data/laws.json or None.
    last_day: the last day on which filing still needs no test; None for unlimited.
    """

    days_left: int | None
    test: str | None
    law: str | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Outcome:
    """What triage says. key: "exchange" or why not ("lost", "retest_theory", …)."""

    key: str
    procedure: str
    file_online: bool
    test: str | None
    days_left: int | None
    title: Words
    why: Words
    where: Words
    bring: list[Words] = field(default_factory=list)
    law: str | None = None


def regime(filing_date: date) -> dict[str, Any] | None:
    """Return the row of data/regimes.json in force, None before 2017-06-01."""
    return in_force(table("regimes")["regimes"], filing_date)


def procedure_row(procedure: str) -> dict[str, Any]:
    """Return a procedure of data/procedures.json. Raises KeyError for an unknown one."""
    for row in table("procedures")["procedures"]:
        if row["id"] == procedure:
            return dict(row)
    raise KeyError(procedure)


def procedure_code(procedure: str, filing_date: date) -> str | None:
    """Return the national procedure code (mã TTHC) by date, None where unknown."""
    row = in_force(procedure_row(procedure)["codes"], filing_date)
    return str(row["code"]) if row else None


def may_forward(procedure: str, assurance: str, filing_date: date) -> bool:
    """Tell whether a dossier with this identity assurance may go to the decider.

    assurance: "none", "clerk_checked" or "vneid". A procedure that is not filed online may not.
    """
    row = in_force(procedure_row(procedure).get("assurance", []), filing_date)
    return row is not None and assurance in row["accepts"]


def expiry_state(expiry: str | None, filing_date: date) -> Expiry:
    """Place an expiry ("YYYY-MM-DD", "unlimited" or None when not asked yet) in its band.

    Bands are counted from the printed day: filed < expiry + band, calendar months clamped.
    Raises ValueError for a text that is no date.
    """
    if expiry is None or expiry == "unlimited":
        return Expiry(None, None)
    printed = date.fromisoformat(expiry)
    days_left = (printed - filing_date).days
    rule = in_force(table("regimes")["expiry"]["rules"], filing_date)
    if rule is None:
        return Expiry(days_left, None)
    bands = rule["bands"]
    band = next(
        b for b in bands if b["below"] is None or filing_date < add_span(printed, b["below"])
    )
    last_day = add_span(printed, bands[0]["below"]) - timedelta(days=1)
    return Expiry(days_left, band["test"], rule["law"], last_day)


def triage(answers: Mapping[str, Any], filing_date: date) -> Outcome:
    """Decide from the answers given so far; what is not answered yet counts as harmless.

    Facts used: licence_held, nationality, licence_regime, licence_class, licence_expiry.
    """
    expiry = _expiry_of(answers, filing_date)
    facts = {
        **answers,
        "test": expiry.test,
        "holder_foreign": _foreign(answers.get("nationality")),
        "class_exchangeable": _exchangeable(answers, filing_date),
    }
    rules = table("triage")
    key = next(rule["outcome"] for rule in rules["rules"] if fits(rule["when"], facts))
    row = rules["outcomes"][key]
    online = in_force(procedure_row(row["procedure"])["online"], filing_date)
    now = regime(filing_date) or table("regimes")["regimes"][0]
    return Outcome(
        key=key,
        procedure=row["procedure"],
        file_online=bool(online and online["value"]) and not row.get("counter_only", False),
        test=expiry.test,
        days_left=expiry.days_left,
        title=row["title"],
        why=row["why"],
        where=now["counter"],
        bring=list(row["bring"]),
        law=row["law"] or expiry.law,
    )


def fits(when: Mapping[str, list[Any]], facts: Mapping[str, Any]) -> bool:
    """Tell whether every fact named in a data file's 'when' has one of its values."""
    return all(facts.get(name) in values for name, values in when.items())


def _expiry_of(answers: Mapping[str, Any], filing_date: date) -> Expiry:
    try:
        return expiry_state(answers.get("licence_expiry"), filing_date)
    except ValueError:
        return Expiry(None, None)


def _foreign(nationality: object) -> bool:
    if not isinstance(nationality, str) or not nationality.strip():
        return False
    return fold(nationality) not in {fold(name) for name in table("triage")["vietnamese"]}


def _exchangeable(answers: Mapping[str, Any], filing_date: date) -> bool:
    held = (str(answers.get("licence_regime")), str(answers.get("licence_class")))
    return find_class(*held) is None or bool(exchange_choices(*held, filing_date))
