"""Every shared vector of server/dossier/vectors."""

import copy
import json
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import pytest

from server.dossier import addresses, certificate, classes, fees, formats, persons, triage
from server.dossier.calendar import ZONE, deadline
from server.dossier.checks import validate_answers


def vectors(name: str, part: str = "cases") -> list[dict[str, Any]]:
    text = (files("server.dossier") / "vectors" / f"{name}.json").read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = json.loads(text)[part]
    assert cases
    return cases


@pytest.mark.parametrize("case", vectors("expiry"))
def test_expiry(case: dict[str, Any]) -> None:
    answers = {"licence_held": "card", "licence_expiry": case["expiry"]}
    outcome = triage.triage(answers, date.fromisoformat(case["filed"]))
    assert {"procedure": outcome.procedure, "test": outcome.test} == case["expect"]


@pytest.mark.parametrize("case", vectors("triage"))
def test_triage(case: dict[str, Any]) -> None:
    outcome = triage.triage(case["answers"], date.fromisoformat(case["filed"]))
    got = {k: getattr(outcome, k) for k in ("key", "procedure", "file_online")}
    assert got == case["expect"]
    assert outcome.file_online or outcome.bring
    assert outcome.where["vi"] and outcome.where["en"]


@pytest.mark.parametrize("case", vectors("classes"))
def test_classes(case: dict[str, Any]) -> None:
    filed = date.fromisoformat(case["filed"])
    choices = classes.exchange_choices(case["regime"], case["code"], filed)
    assert [choice.code for choice in choices] == case["expect"]["choices"]
    needed = classes.certificate_needed(case["regime"], case["code"])
    assert needed is case["expect"]["certificate"]


@pytest.mark.parametrize("case", vectors("certificate"))
def test_certificate_validity(case: dict[str, Any]) -> None:
    concluded, filed = date.fromisoformat(case["concluded"]), date.fromisoformat(case["filed"])
    validity = certificate.certificate_validity(concluded, filed)
    assert validity is not None
    assert {"state": validity.state, "until": validity.until.isoformat()} == case["expect"]


@pytest.mark.parametrize("case", vectors("certificate", "covers"))
def test_certificate_covers(case: dict[str, Any]) -> None:
    assert certificate.covers_class(case["given"], case["wanted"]) is case["expect"]


@pytest.mark.parametrize("case", vectors("fees"))
def test_fees(case: dict[str, Any]) -> None:
    due = fees.fee(case["procedure"], date.fromisoformat(case["date"]), case["channel"])
    assert (due.amount if due else None) == case["expect"]


@pytest.mark.parametrize("case", vectors("deadlines"))
def test_deadlines(case: dict[str, Any]) -> None:
    received = datetime.fromisoformat(case["received"])
    if len(case["received"]) == 10:
        received = received.replace(hour=9, tzinfo=ZONE)
    assert deadline(received, case["days"]).isoformat() == case["expect"]


@pytest.mark.parametrize("case", vectors("formats"))
def test_formats(case: dict[str, Any]) -> None:
    assert getattr(formats, case["kind"])(case["input"]) == case["expect"]


@pytest.mark.parametrize("case", vectors("identity"))
def test_identity(case: dict[str, Any]) -> None:
    found = persons.check_identity(case["number"], case["sex"], case["date_of_birth"])
    assert [item.code for item in found] == case["expect"]
    assert {item.severity for item in found} <= {"warning"}


@pytest.mark.parametrize("case", vectors("addresses"))
def test_addresses(case: dict[str, Any]) -> None:
    assert addresses.compare_addresses(case["left"], case["right"]) == case["expect"]
    assert addresses.compare_addresses(case["right"], case["left"]) == case["expect"]


@pytest.mark.parametrize("case", vectors("names"))
def test_names(case: dict[str, Any]) -> None:
    assert persons.compare_names(case["left"], case["right"]) == case["expect"]
    assert persons.compare_names(case["right"], case["left"]) == case["expect"]


def base() -> dict[str, Any]:
    text = (files("server.dossier") / "vectors" / "answers.json").read_text(encoding="utf-8")
    submission: dict[str, Any] = json.loads(text)["base"]
    return submission


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    submission: Any = copy.deepcopy(base())
    for path, value in changes.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        holder = submission
        for part in way:
            holder = holder[part]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    result: dict[str, Any] = submission
    return result


@pytest.mark.parametrize("case", vectors("answers"), ids=lambda case: json.dumps(case["set"])[:60])
def test_answers(case: dict[str, Any]) -> None:
    found = validate_answers(changed(case["set"]), date.fromisoformat(case["filed"]))
    assert sorted(f"{item.code}@{item.field}" for item in found) == case["expect"]
