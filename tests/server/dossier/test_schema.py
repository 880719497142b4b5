import json
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.dossier import schema
from server.dossier.checks import validate_answers

DAY = date(2026, 11, 22)


def sound() -> dict[str, Any]:
    text = (files("server.dossier") / "vectors" / "answers.json").read_text(encoding="utf-8")
    submission: dict[str, Any] = json.loads(text)["base"]
    return submission


def codes(submission: object) -> set[str]:
    return {item.code for item in schema.validate(submission)}


def test_a_sound_submission_has_no_findings() -> None:
    assert schema.validate(sound()) == []


@pytest.mark.parametrize("value", [None, [], "x", 7, {}, {"schema": 3}, {"schema": "submission/2"}])
def test_what_is_no_submission_is_answered(value: object) -> None:
    assert codes(value) & {"shape", "unknown_schema"}


@pytest.mark.parametrize("name", sorted(sound().keys() - {"schema", "helper"}))
def test_each_part_is_required(name: str) -> None:
    submission = sound()
    del submission[name]
    assert codes(submission) == {"required"}


@pytest.mark.parametrize(
    "path",
    [("photos", 0, "sha256"), ("photos", 0, "type"), ("photos", 0, "size"), ("declared_at",)],
)
def test_wrong_parts_are_found(path: tuple[str | int, ...]) -> None:
    submission: Any = sound()
    holder = submission
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = "?"
    assert codes(submission) <= {"shape", "choice"}
    assert codes(submission)


def test_the_raw_text_of_an_id_card_is_refused_and_others_are_kept() -> None:
    submission = sound()
    submission["readings"].append({"source": "other_qr", "text": "<b>x</b>", "fields": {}})
    assert schema.validate(submission) == []
    submission["readings"][-1]["source"] = "id_card_qr"
    assert [item.field for item in schema.validate(submission)] == ["readings"]


def test_a_reading_longer_than_a_qr_code_in_bytes_is_refused() -> None:
    submission = sound()
    submission["readings"].append({"source": "other_qr", "text": "ữ" * 984, "fields": {}})
    assert schema.validate(submission) == []
    submission["readings"][-1]["text"] += "ữ"
    assert codes(submission) == {"too_long"}


@pytest.mark.parametrize("hostile", ["\ud800", "a\x00b", "a\u202eb", "\u2066x"])
def test_hostile_text_is_a_finding(hostile: str) -> None:
    submission = sound()
    submission["answers"]["residence_line"] = hostile
    assert codes(submission) == {"shape"}


def test_not_a_number_is_a_finding() -> None:
    submission = sound()
    submission["n"] = float("nan")
    assert codes(submission) == {"shape"}


def test_old_versions_are_raised_step_by_step() -> None:
    def one(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "schema": "submission/0.5", "steps": ["one"]}

    def two(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "schema": "submission/1", "steps": [*old["steps"], "two"]}

    raised = schema.upcast({"schema": "submission/0"}, {"submission/0": one, "submission/0.5": two})
    assert raised == {"schema": "submission/1", "steps": ["one", "two"]}


def test_the_newest_version_is_left_alone() -> None:
    assert schema.upcast(sound()) == sound()
    assert schema.upcast({"schema": ["x"]}) == {"schema": ["x"]}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(sound())), value=_json)
def test_no_part_can_make_the_checks_fail(name: str, value: object) -> None:
    for item in validate_answers({**sound(), name: value}, DAY):
        assert item.as_dict()["severity"] in ("error", "warning", "notice")


_texts = st.text(max_size=12) | st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True)


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(sound()["answers"])),
    value=_texts | st.booleans() | st.integers(),
    day=st.dates(date(2017, 6, 1), date(2030, 1, 1)),
)
def test_no_answer_can_make_the_checks_fail(name: str, value: object, day: date) -> None:
    submission = sound()
    submission["answers"][name] = value
    for item in validate_answers(submission, day):
        assert item.code
