"""Do the data files name what exists, and can every rule of the triage be reached?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

Load = Callable[[str], dict[str, Any]]
Row = Mapping[str, Any]


def references(load: Load) -> Iterator[str]:
    """Yield one line per name that leads nowhere."""
    yield from _laws(load)
    yield from _procedures(load)
    yield from _authority(load)
    channels = load("report")["channels"].keys()
    for channel in channels ^ load("national_portal")["channels"].keys():
        yield f"report: channel {channel} is not in both report and national_portal"
    kinds = set(load("submission.schema")["$defs"]["photo"]["properties"]["kind"]["enum"])
    for kind in kinds ^ load("national_portal")["papers"]["kinds"].keys():
        yield f"national_portal: {kind} is not both a kind of photo and a paper"
    for channel in set(load("report")["online"]) - channels:
        yield f"report: no channel {channel}"


def triage_reach(load: Load) -> Iterator[str]:
    """Yield one line per rule, fact, value or procedure that no case comes to.

    Every combination of the values that facts can have is tried, so that a rule behind several
    others that take all its cases together is found too.
    """
    rules = load("triage")["rules"]
    known = _facts(load)
    named = sorted({name for rule in rules for name in rule["when"]})
    for index, rule in enumerate(rules):
        for name, values in rule["when"].items():
            if name not in known:
                yield f"triage: rule {index + 1} asks for unknown fact {name}"
            for value in values:
                if value not in known.get(name, values):
                    yield f"triage: rule {index + 1} names {name} {value!r}, which nothing has"
    cases = [known.get(name, [None]) for name in named]
    reached = {_first(rules, dict(zip(named, case, strict=True))) for case in product(*cases)}
    for index, rule in enumerate(rules):
        if index not in reached:
            yield f"triage: rule {index + 1} for {rule['outcome']} is unreachable"
    named_by = {row["procedure"] for row in load("triage")["outcomes"].values()}
    for row in load("procedures")["procedures"]:
        if row["id"] not in named_by:
            yield f"triage: no outcome leads to the procedure {row['id']}"


def _facts(load: Load) -> dict[str, list[Any]]:
    """The values that a fact can have; None: not answered yet."""
    answers = load("submission.schema")["$defs"]["answers"]["properties"]
    tests = {b["test"] for r in load("regimes")["expiry"]["rules"] for b in r["bands"]} | {None}
    listed = {name: [*row["enum"], None] for name, row in answers.items() if "enum" in row}
    return {
        **listed,
        "test": sorted(tests, key=str),
        "holder_foreign": [True, False],
        "class_exchangeable": [True, False],
    }


def _first(rules: Iterable[Row], facts: Row) -> int | None:
    for index, rule in enumerate(rules):
        if all(facts.get(name) in values for name, values in rule["when"].items()):
            return index
    return None


def _laws(load: Load) -> Iterator[str]:
    laws = load("laws")["laws"]
    dated: list[tuple[str, Row]] = [
        *(("regimes", row) for row in load("regimes")["regimes"]),
        *(("expiry", row) for row in load("regimes")["expiry"]["rules"]),
        *(("certificate", row) for row in load("certificate")["validity"]),
    ]
    timeless: list[tuple[str, Row]] = [
        *(("triage", row) for row in load("triage")["outcomes"].values()),
        *(("reasons", row) for row in load("reasons")["reject"].values()),
    ]
    for name, row in [*dated, *timeless]:
        if row["law"] is not None and row["law"] not in laws:
            yield f"{name}: no law {row['law']}"
    for name, row in dated:
        law = laws.get(row["law"])
        if law and not _within(row, law):
            yield f"{name}: the row from {row['from']} names {row['law']} outside its time"
    for name, law in laws.items():
        if law["to"] is not None and law["to"] < law["from"]:
            yield f"laws: {name} ends before it begins"


def _procedures(load: Load) -> Iterator[str]:
    regimes = {row["id"]: row for row in load("regimes")["regimes"]}
    classes = {row["id"] for row in load("licence_classes")["regimes"]}
    for row in regimes.values():
        if row["class_regime"] not in classes:
            yield f"regimes: {row['id']} names unknown class regime {row['class_regime']}"
    procedures = {row["id"] for row in load("procedures")["procedures"]}
    for row in load("procedures")["procedures"]:
        for limit in row["limits"]:
            regime = regimes.get(limit["regime"])
            if regime is None:
                yield f"procedures: {row['id']} limits name unknown regime {limit['regime']}"
            elif not _within(limit, regime):
                yield f"procedures: {row['id']} limit from {limit['from']} outlasts {regime['id']}"
    fees = {row["id"] for row in load("fees")["fees"]}
    for procedure, names in load("fees")["uses"].items():
        if procedure not in procedures:
            yield f"fees: no procedure {procedure}"
        for name in sorted(set(names) - fees):
            yield f"fees: {procedure} uses unknown fee {name}"


def _authority(load: Load) -> Iterator[str]:
    """A reason that points to no field would leave a person with nothing to correct."""
    table, fields, ready = load("authority_reasons"), load("fields")["fields"], load("reasons")
    for name, target in {"general": table["general"], **table["fields"]}.items():
        if target not in fields:
            yield f"authority_reasons: {name} points to no field: {target}"
    for code, row in table["return"].items():
        if row["target"] not in fields:
            yield f"authority_reasons: {code} points to no field: {row['target']}"
        elif row["reason"] not in ready["return"].get(row["target"], {}):
            yield f"authority_reasons: {code} has no words: {row['target']} {row['reason']}"
    if "unnamed" not in ready["return"].get(table["general"], {}):
        yield "authority_reasons: a return that says nothing has no words"
    for code, reason in table["reject"].items():
        if reason not in ready["reject"]:
            yield f"authority_reasons: {code} has no words: {reason}"


def _within(row: Row, whole: Row) -> bool:
    last, end = row["to"] or "9999", whole["to"] or "9999"
    return bool(whole["from"] <= row["from"] and last <= end)
