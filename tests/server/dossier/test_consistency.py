"""The shipped rules hold together, and each kind of fault is found."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from server.dossier.consistency import check_rules
from server.dossier.findings import explain, field_label, finding, worst
from server.dossier.tables import table


def test_the_shipped_rules_have_no_fault() -> None:
    assert check_rules() == []


def with_change(name: str, change: Callable[[Any], object]) -> list[str]:
    changed = copy.deepcopy(table(name))
    change(changed)
    return check_rules(lambda asked: changed if asked == name else table(asked))


def set_in(*path: Any) -> Callable[[Any], None]:
    *way, last, value = path

    def change(data: Any) -> None:
        for part in way:
            data = data[part]
        data[last] = value

    return change


def together_unreachable(data: Any) -> None:
    """Two rules that take every case of the third between them, and neither alone."""
    either = [
        {"when": {"holder_foreign": [is_so]}, "outcome": "exchange"} for is_so in (True, False)
    ]
    data["rules"] = [*either, {"when": {"licence_held": ["lost"]}, "outcome": "lost"}]


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("regimes", set_in("regimes", 1, "from", "2025-01-02"), "gap"),
        ("regimes", set_in("regimes", 0, "to", "2025-01-01"), "overlaps"),
        ("regimes", set_in("regimes", 3, "to", "2027-01-01"), "nothing is in force"),
        ("regimes", set_in("regimes", 3, "law", "x"), "no law"),
        ("regimes", set_in("expiry", "rules", 0, "bands", 0, "below", {"months": 13}), "unreach"),
        ("regimes", set_in("expiry", "rules", 0, "bands", 0, "below", None), "unreachable"),
        (
            "regimes",
            set_in("expiry", "rules", 2, "bands", 2, "below", {"months": 99}),
            "has an end",
        ),
        ("regimes", set_in("expiry", "rules", 2, "bands", 1, "test", "swim"), "no rule for test"),
        ("paper_form", lambda d: d["editions"].pop(1), "gap"),
        ("paper_form", set_in("editions", 3, "from", "2026-06-01"), "overlaps"),
        ("paper_form", set_in("editions", 3, "to", "2026-08-01"), "nothing is in force"),
        ("paper_form", set_in("editions", 2, "form", "Phụ lục XI"), "is filed with Phụ lục XII"),
        ("paper_form", set_in("editions", 0, "blocks", 2, "line", "{x}"), "unknown name x"),
        ("paper_receipt", set_in("editions", 0, "from", "2018-01-01"), "no form for all regimes"),
        ("apology", set_in("states", 0, "x"), "unknown state"),
        ("fees", lambda d: d["fees"].append({**d["fees"][0], "to": None}), "overlaps"),
        ("certificate", set_in("validity", 0, "to", "2015-01-01"), "ends before"),
        ("triage", lambda d: d["rules"].insert(0, {"when": {}, "outcome": "lost"}), "unreachable"),
        ("triage", lambda d: d["rules"].pop(), "leaves cases open"),
        ("triage", set_in("outcomes", "lost", "procedure", "x"), "no known procedure"),
        ("licence_classes", set_in("classes", 0, "exchanges_to", 0, "code", "Z"), "unknown class"),
        ("licence_classes", lambda d: d["classes"].append(d["classes"][0]), "appears twice"),
        ("procedures", lambda d: d["procedures"][0]["limits"].clear(), "nothing is in force"),
        ("procedures", set_in("procedures", 0, "fields", 0, "field", "x"), "unknown field"),
        ("procedures", set_in("procedures", 0, "photos", 0, "kind", "x"), "unknown photo"),
        ("consents", lambda d: d["consents"].pop(), "without words: delivery"),
        ("fields", lambda d: d["fields"].pop("phone"), "no label"),
        ("reasons", set_in("return", "shoe_size", {}), "is no field"),
        ("messages", set_in("messages", "required", "vi", "do", ""), "lacks words"),
        ("states", set_in("transitions", 1, "to", "x"), "unknown state"),
        ("states", set_in("transitions", 4, "from", []), "cannot be reached"),
        ("states", set_in("states", "received", "portal", 77), "no portal code"),
        ("intake_points", set_in("points", 0, "commune", "00000"), "unknown commune"),
        ("regimes", set_in("regimes", 2, "class_regime", "x"), "unknown class regime"),
        ("regimes", set_in("regimes", 3, "law", "c12_2017"), "outside its time"),
        ("laws", set_in("laws", "c12_2017", "to", "2016-01-01"), "ends before it begins"),
        ("fees", set_in("uses", "doi", ["stamp"]), "unknown fee"),
        ("fees", set_in("uses", "boat", ["issue"]), "no procedure boat"),
        ("fees", set_in("fees", 1, "from", "2023-08-02"), "gap"),
        ("procedures", set_in("procedures", 0, "codes", 1, "from", "2025-03-02"), "gap"),
        ("procedures", set_in("procedures", 0, "codes", 1, "to", None), "overlaps"),
        ("procedures", set_in("procedures", 0, "limits", 3, "regime", "x"), "unknown regime"),
        ("procedures", set_in("procedures", 0, "limits", 1, "regime", "R2026"), "outlasts"),
        ("certificate", set_in("validity", 1, "from", "2025-01-02"), "gap"),
        ("certificate", set_in("validity", 1, "law", "x"), "no law x"),
        ("reasons", set_in("reject", "wrong_procedure", "law", "x"), "no law x"),
        ("triage", together_unreachable, "rule 3 for lost is unreachable"),
        ("triage", set_in("rules", 1, "when", "licence_lost", [True]), "unknown fact"),
        ("authority_reasons", set_in("general", "whole"), "general points to no field"),
        ("authority_reasons", set_in("fields", "hoTen", "name"), "hoTen points to no field"),
        (
            "authority_reasons",
            set_in("return", "name_differs", "target", "name"),
            "name_differs points to no field",
        ),
        ("authority_reasons", set_in("return", "name_differs", "reason", "x"), "has no words"),
        ("authority_reasons", set_in("reject", "violation_open", "x"), "has no words: x"),
        ("triage", set_in("rules", 1, "when", "licence_held", ["lots"]), "which nothing has"),
        (
            "triage",
            set_in("outcomes", "old_police", "procedure", "doi"),
            "no outcome leads to the procedure cong_an",
        ),
        ("report", set_in("online", ["fax"]), "no channel fax"),
        ("report", lambda d: d["channels"].pop("post"), "not in both"),
        ("exceptions", lambda d: d["exceptions"].clear(), "qua_han"),
        ("exceptions", set_in("exceptions", 0, "reason", " "), "qua_han"),
        ("exceptions", set_in("exceptions", 0, "fault", "x"), "'x' is not found"),
    ],
)
def test_a_fault_is_found(name: str, change: Callable[[Any], object], fault: str) -> None:
    assert any(fault in line for line in with_change(name, change)), with_change(name, change)


def every_text(data: Any, language: str) -> list[str]:
    if isinstance(data, dict):
        own = data.get(language)
        own_texts = [own] if isinstance(own, str) else every_text(own, "") if own else []
        rest = [every_text(v, language) for k, v in data.items() if k not in ("vi", "en")]
        if isinstance(own, dict):
            own_texts = [str(value) for value in own.values()]
        return own_texts + [text for texts in rest for text in texts]
    if isinstance(data, list):
        return [text for item in data for text in every_text(item, language)]
    return []


@pytest.mark.parametrize(
    "name", ["messages", "reasons", "triage", "states", "fields", "laws", "procedures"]
)
def test_the_words_keep_the_voice(name: str) -> None:
    vietnamese, english = every_text(table(name), "vi"), every_text(table(name), "en")
    assert vietnamese
    assert len(vietnamese) == len(english)
    for text in vietnamese + english:
        assert text == text.strip()
        assert "!" not in text
    for text in vietnamese:
        assert not re.search(r"\b(bác|anh|chị|ông|bà|bạn)\b|thành công|không hợp lệ", text.lower())


def test_every_finding_code_used_has_words() -> None:
    from importlib.resources import files

    used: set[str] = set()
    for entry in files("server.dossier").iterdir():
        if entry.name.endswith(".py"):
            used |= set(re.findall(r'finding\(\s*"(\w+)"', entry.read_text(encoding="utf-8")))
    assert len(used) > 30
    assert used <= table("messages")["messages"].keys()


def test_a_finding_explains_itself_with_labels_and_dates() -> None:
    item = finding("reading_differs", "full_name", source="id_card_qr")
    assert explain(item, "vi")["why"] == "“Họ và tên” khác với mã QR trên căn cước."
    assert explain(item, "en")["why"] == "“Full name” differs from the ID card's QR code."
    old = finding("certificate_expired", "certificate_date", months=12, date="2025-11-21")
    assert "12 tháng" in explain(old, "vi")["why"]
    assert "21/11/2025" in explain(old, "vi")["why"]
    assert field_label("photo:portrait", "vi") == "Ảnh chân dung"
    assert worst([item, old]) == "error"
    assert worst([]) is None


@pytest.mark.parametrize("code", sorted(table("messages")["messages"]))
def test_no_placeholder_is_left_in_the_words(code: str) -> None:
    names = set(re.findall(r"\{(\w+)\}", str(table("messages")["messages"][code]))) - {"field"}
    params = dict.fromkeys(names, 7)
    for language in ("vi", "en"):
        for text in explain(finding(code, "phone", **params), language).values():
            assert "{" not in text
