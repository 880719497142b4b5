"""Do the data files hold together? `check_rules` finds gaps, overlaps and dead references."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from server.dossier.months import add_span
from server.dossier.paper_rules import paper_rules, series
from server.dossier.references import Load, references, triage_reach
from server.dossier.tables import table

_ANY_DAY = date(2026, 1, 31)


def check_rules(load: Load = table) -> list[str]:
    """Return one line per fault of the rules, an empty list when there is none.

    load: gives a data file by name; another one lets a change be tried before it is made. A fault
    that data/exceptions.json declares, with its reason, is none; one declared in vain is.
    """
    checks = (
        _dated_tables,
        _bands,
        _triage,
        _classes,
        references,
        _fields,
        _words,
        _states,
        _places,
        paper_rules,
    )
    found = [line for check in checks for line in check(load)]
    declared = {row["fault"]: row["reason"] for row in load("exceptions")["exceptions"]}
    faults = [line for line in found if not declared.get(line, "").strip()]
    return faults + [
        f"exceptions: {line!r} is not found (any more); take it out of data/exceptions.json"
        for line in declared
        if line not in found
    ]


def _series(load: Load) -> Iterator[tuple[str, list[dict[str, Any]], bool]]:
    """Yield (name, rows, must still hold today) of every dated table."""
    yield "regimes", load("regimes")["regimes"], True
    yield "regimes: expiry", load("regimes")["expiry"]["rules"], True
    yield "certificate: validity", load("certificate")["validity"], True
    yield "licence_classes: regimes", load("licence_classes")["regimes"], True
    fees = load("fees")
    in_use = {name for names in fees["uses"].values() for name in names}
    for name in sorted({row["id"] for row in fees["fees"]}):
        for channel in ("online", "counter"):
            rows = [r for r in fees["fees"] if r["id"] == name and r["channel"] in (channel, "any")]
            yield f"fees: {name} {channel}", rows, name in in_use
    for row in load("procedures")["procedures"]:
        filed = any(online["value"] for online in row["online"])
        yield f"procedures: {row['id']} online", row["online"], True
        yield f"procedures: {row['id']} codes", row["codes"], filed
        yield f"procedures: {row['id']} limits", row["limits"], filed
        yield f"procedures: {row['id']} assurance", row.get("assurance", []), filed
    yield from series(load)


def _dated_tables(load: Load) -> Iterator[str]:
    for name, rows, current in _series(load):
        ordered = sorted(rows, key=lambda row: str(row["from"]))
        for row in ordered:
            if row["to"] is not None and row["to"] < row["from"]:
                yield f"{name}: {row['from']} ends before it begins"
        for before, after in pairwise(ordered):
            if before["to"] is None or before["to"] >= after["from"]:
                yield f"{name}: {before['from']} overlaps {after['from']}"
            elif date.fromisoformat(before["to"]) + timedelta(days=1) != _day(after["from"]):
                yield f"{name}: gap from {before['to']} to {after['from']}"
        if current and (not ordered or ordered[-1]["to"] is not None):
            yield f"{name}: nothing is in force from the last row on"


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _bands(load: Load) -> Iterator[str]:
    for rule in load("regimes")["expiry"]["rules"]:
        name, bands = f"regimes: expiry from {rule['from']}", rule["bands"]
        if bands[-1]["below"] is not None:
            yield f"{name}: the last band has an end"
        if any(band["below"] is None for band in bands[:-1]):
            yield f"{name}: a band after an open one is unreachable"
            continue
        ends = [add_span(_ANY_DAY, band["below"]) for band in bands[:-1]]
        if ends != sorted(set(ends)):
            yield f"{name}: a band is unreachable"


def _triage(load: Load) -> Iterator[str]:
    rules, outcomes = load("triage")["rules"], load("triage")["outcomes"]
    procedures = {row["id"] for row in load("procedures")["procedures"]}
    for rule in rules:
        if rule["outcome"] not in outcomes:
            yield f"triage: no outcome {rule['outcome']}"
    yield from triage_reach(load)
    if rules[-1]["when"]:
        yield "triage: the last rule leaves cases open"
    for key in outcomes.keys() - {rule["outcome"] for rule in rules}:
        yield f"triage: outcome {key} is never reached"
    for key, row in outcomes.items():
        if row["procedure"] not in procedures:
            yield f"triage: {key} names no known procedure"
    tests = {b["test"] for r in load("regimes")["expiry"]["rules"] for b in r["bands"]} - {None}
    answered = {test for rule in rules for test in rule["when"].get("test", ())}
    for test in tests - answered:
        yield f"triage: no rule for test {test}"


def _classes(load: Load) -> Iterator[str]:
    rows = load("licence_classes")["classes"]
    pairs = [(row["regime"], row["code"]) for row in rows]
    new = {code for regime, code in pairs if regime == "2025"}
    for pair in {pair for pair in pairs if pairs.count(pair) > 1}:
        yield f"licence_classes: {pair} appears twice"
    for row in rows:
        targets = [item["code"] for item in row["exchanges_to"]] + row.get("includes", [])
        for code in targets:
            if code not in new:
                yield f"licence_classes: {row['regime']} {row['code']} names unknown class {code}"
        if row["unlimited"] == row["certificate"]:
            yield f"licence_classes: {row['code']}: a certificate belongs to classes with a term"


def _fields(load: Load) -> Iterator[str]:
    definitions = load("submission.schema")["$defs"]
    answers = set(definitions["answers"]["properties"])
    kinds = set(definitions["photo"]["properties"]["kind"]["enum"])
    labels = set(load("fields")["fields"])
    targets = answers | {f"photo:{kind}" for kind in kinds}
    yield from (f"fields: {name} has no label" for name in sorted(targets - labels))
    whole = load("authority_reasons")["general"]
    yield from (
        f"reasons: {name} is no field"
        for name in sorted(load("reasons")["return"].keys() - targets - {whole})
    )
    texts = {text["purpose"] for text in load("consents")["consents"]}
    for row in load("procedures")["procedures"]:
        for item in row.get("consents", ()):
            if item["purpose"] not in texts:
                yield f"procedures: {row['id']} asks for consent without words: {item['purpose']}"
        for item in row.get("fields", ()):
            facts = {item["field"], *item.get("when", {})} - {"certificate_needed"}
            for name in sorted(facts - answers):
                yield f"procedures: {row['id']} names unknown field {name}"
        for item in row.get("photos", ()):
            if item["kind"] not in kinds:
                yield f"procedures: {row['id']} names unknown photo {item['kind']}"


def _words(load: Load) -> Iterator[str]:
    for code, row in load("messages")["messages"].items():
        if row["severity"] not in ("error", "warning", "notice"):
            yield f"messages: {code} has severity {row['severity']}"
        texts = [row.get(language, {}).get(part) for language in _BOTH for part in ("why", "do")]
        if not all(texts):
            yield f"messages: {code} lacks words"
    values = load("messages")["values"]
    for key in sorted(load("triage")["outcomes"].keys() - values.keys()):
        yield f"messages: outcome {key} lacks words"


_BOTH = ("vi", "en")


def _states(load: Load) -> Iterator[str]:
    states, rows = load("states")["states"], load("states")["transitions"]
    portal = {row["code"] for row in load("national_portal")["statuses"]}
    for row in rows:
        for state in {row["to"], *row["from"]} - states.keys():
            yield f"states: {row['name']} names unknown state {state}"
    for state, row in states.items():
        codes = {row["portal"], *row.get("portal_wait", {}).values()}
        yield from (f"states: {state} has no portal code {code}" for code in codes - portal)
    for state in sorted(states.keys() - _reached({"received"}, rows)):
        yield f"states: {state} cannot be reached"
    backwards = [{"from": [row["to"]], "to": state} for row in rows for state in row["from"]]
    ends = {state for state, row in states.items() if row["group"] == "closed"}
    for state in sorted(states.keys() - _reached(ends, backwards)):
        yield f"states: {state} has no way to an end"


def _reached(start: set[str], rows: Iterable[dict[str, Any]]) -> set[str]:
    reached, rows = set(start), list(rows)
    while more := {row["to"] for row in rows if reached & set(row["from"])} - reached:
        reached |= more
    return reached


def _places(load: Load) -> Iterator[str]:
    codes = [row["code"] for row in load("facilities")["facilities"]]
    yield from (
        f"facilities: {code} is there twice" for code in set(codes) if codes.count(code) > 1
    )
    known = {row["code"] for row in load("communes")["communes"]}
    for code in sorted(load("communes_merged")["communes"].keys() ^ known):
        yield f"communes_merged: {code} differs from communes"
    for row in load("intake_points")["points"]:
        if row["commune"] not in known:
            yield f"intake_points: {row['id']} lies in unknown commune {row['commune']}"
