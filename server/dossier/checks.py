"""All checks of a submission that need no other system: shape, dated rules, agreement with QR."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from server.dossier import formats, schema
from server.dossier.calendar import filing_date as day_of
from server.dossier.certificate import certificate_validity, covers_class
from server.dossier.classes import (
    NEW_CLASSES_FROM,
    certificate_needed,
    exchange_choices,
    extra_paper,
    find_class,
)
from server.dossier.findings import Finding, finding
from server.dossier.persons import age_on, birth_year, check_identity
from server.dossier.readings import compare_readings
from server.dossier.tables import covers, table
from server.dossier.triage import fits, procedure_row, triage

_PAST = ("date_of_birth", "licence_issue_date", "loss_date", "certificate_date")
_DATES = (*_PAST, "licence_expiry")


def validate_answers(
    submission: Mapping[str, Any],
    filing_date: date,
    readings: Sequence[Mapping[str, Any]] | None = None,
) -> list[Finding]:
    """Return everything found in a submission, gravest first.

    submission: the opened sealed part, after schema.upcast. filing_date: day of receipt in
    Vietnam. readings: QR readings to compare with, {"source", "fields"}; by default those of the
    submission; the server passes its own readings of the photos beside them.
    A submission whose shape is wrong is judged by its shape alone. Never raises on bad input.
    """
    wrong = schema.validate(submission)
    if any(item.severity == "error" for item in wrong):
        return wrong
    answers: Mapping[str, Any] = submission["answers"]
    impossible = list(_dates(answers, filing_date))
    unusable = {item.field for item in impossible}
    sound = {name: value for name, value in answers.items() if name not in unusable}
    found = [
        *wrong,
        *impossible,
        *_needed(submission, filing_date),
        *_procedure(sound, filing_date),
        *_person(sound, filing_date),
        *_licence(sound, filing_date),
        *_certificate(sound, filing_date),
        *_places(answers, filing_date),
        *_clock(submission, filing_date),
        *compare_readings(answers, submission["readings"] if readings is None else readings),
    ]
    order = ("error", "warning", "notice")
    return sorted(found, key=lambda item: order.index(item.severity))


def needs_certificate(answers: Mapping[str, Any]) -> bool:
    """Tell whether the licence held needs a health certificate; unknown classes do."""
    needed = certificate_needed(
        str(answers.get("licence_regime")), str(answers.get("licence_class"))
    )
    return needed is not False


def _needed(submission: Mapping[str, Any], day: date) -> Iterator[Finding]:
    answers = submission["answers"]
    if "procedure" not in answers:
        yield finding("required", "procedure")
        return
    row = procedure_row(answers["procedure"])
    facts = {**answers, "certificate_needed": needs_certificate(answers)}
    for item in row["fields"]:
        if answers.get(item["field"]) is None and fits(item.get("when", {}), facts):
            code = "required" if item["level"] == "required" else "left_empty"
            yield finding(code, item["field"])
    kinds = [photo["kind"] for photo in submission["photos"]]
    for item in row["photos"]:
        if item["kind"] not in kinds and fits(item.get("when", {}), facts):
            yield finding("photo_missing", f"photo:{item['kind']}")
    for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        yield finding("photo_repeated", f"photo:{kind}")
    texts = {(text["purpose"], text["version"]) for text in table("consents")["consents"]}
    agreed = {(given["purpose"], given["version"]) for given in submission["consents"]} & texts
    given = {purpose for purpose, _ in agreed}
    for item in row["consents"]:
        if item["purpose"] in given or not fits(item.get("when", {}), facts):
            continue
        if item["level"] == "required":
            yield finding("consent_missing", "consents")
        else:
            yield finding("consent_wanted", "consents", purpose=item["purpose"])


def _dates(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    for name in _DATES:
        value = answers.get(name)
        if value is None or value == "unlimited":
            continue
        year_only = name == "date_of_birth" and len(value) == 4
        try:
            moment = date(int(value), 1, 1) if year_only else date.fromisoformat(value)
        except ValueError:
            yield finding("date_impossible", name)
            continue
        if name in _PAST and moment > day:
            yield finding("date_in_future", name)


def _procedure(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    outcome = triage(answers, day)
    if not outcome.file_online or outcome.procedure != answers.get("procedure", outcome.procedure):
        yield finding("not_online", "procedure", outcome=outcome.key)
    if answers.get("loss_declared") is False:
        yield finding("loss_undeclared", "loss_declared")
    if answers.get("revoked") is True:
        yield finding("revoked_declared", "revoked")
    if outcome.days_left is None or outcome.test is not None:
        return
    if outcome.days_left < 0:
        yield finding("expired_exchangeable", "licence_expiry", days=-outcome.days_left)
    elif outcome.days_left <= table("regimes")["expiry"]["warn_days_left"]:
        yield finding("expires_soon", "licence_expiry", days=outcome.days_left)


def _person(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    born = answers.get("date_of_birth")
    if number := answers.get("identity_number"):
        yield from check_identity(number, answers.get("sex"), born)
    if born is None:
        return
    if len(born) == 4:
        yield finding("birth_year_only", "date_of_birth")
    wanted = find_class("2025" if day >= NEW_CLASSES_FROM else "2008", _requested(answers))
    age = age_on(born, day)
    if wanted is None or age is None or birth_year(born) is None:
        return
    if age < wanted["min_age"]:
        yield finding("under_age", "requested_class", **_aged(wanted, wanted["min_age"]))
    oldest = wanted.get("max_age", {}).get(answers.get("sex"))
    if oldest is not None and age > oldest:
        yield finding("over_age", "requested_class", **_aged(wanted, oldest))


def _aged(row: Mapping[str, Any], age: int) -> dict[str, str | int]:
    return {"class": row["code"], "age": age}


def _requested(answers: Mapping[str, Any]) -> str:
    return str(answers.get("requested_class"))


def _licence(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    number, serial = answers.get("licence_number"), answers.get("licence_serial")
    if number is not None:
        normal = formats.licence_number(number)
        if normal is None:
            yield finding("licence_number_format", "licence_number")
        elif formats.on_paper(normal):
            yield finding("licence_on_paper", "licence_number")
    if serial is not None and formats.licence_serial(serial) is None:
        yield finding("licence_serial_unusual", "licence_serial")
    yield from _other_licence(answers)
    if "licence_regime" in answers and "licence_class" in answers:
        yield from _class(answers, day)


def _other_licence(answers: Mapping[str, Any]) -> Iterator[Finding]:
    """A second licence is told to the authority as it is; the officer looks it up."""
    number, code = answers.get("other_licence_number"), answers.get("other_licence_class")
    if number is None:
        return
    normal = formats.licence_number(number)
    if normal is None:
        yield finding("licence_number_format", "other_licence_number")
    elif normal == formats.licence_number(str(answers.get("licence_number"))):
        yield finding("other_licence_same", "other_licence_number")
    if code is None:
        yield finding("left_empty", "other_licence_class")
    elif not any(find_class(regime, code) for regime in ("2008", "2025")):
        yield finding("other_class_unknown", "other_licence_class", **{"class": code})


def _class(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    held, code = answers["licence_regime"], answers["licence_class"]
    row = find_class(held, code)
    if row is None:
        yield finding("class_unknown", "licence_class", **{"class": code})
        return
    issued = answers.get("licence_issue_date")
    if held == "2025" and issued is not None and issued < NEW_CLASSES_FROM.isoformat():
        yield finding("class_before_regime", "licence_issue_date")
    expiry = answers.get("licence_expiry")
    if expiry is not None and row["unlimited"] != (expiry == "unlimited"):
        yield finding("expiry_unexpected", "licence_expiry", **{"class": code})
    if issued and expiry and expiry != "unlimited" and expiry < issued:
        yield finding("expiry_before_issue", "licence_expiry")
    wanted = answers.get("requested_class")
    choices = {choice.code: choice for choice in exchange_choices(held, code, day)}
    if wanted is None or not choices:
        return
    if wanted not in choices:
        params = {"held": code, "class": wanted, "choices": ", ".join(choices)}
        yield finding("class_not_reachable", "requested_class", **params)
    elif choices[wanted].restriction:
        yield finding("class_restricted", "requested_class")
    if day >= NEW_CLASSES_FROM and extra_paper(held, code):
        yield finding("class_extra_paper", "requested_class")


def _certificate(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    if not needs_certificate(answers):
        return
    concluded, number = answers.get("certificate_date"), answers.get("certificate_number")
    if concluded is not None:
        validity = certificate_validity(date.fromisoformat(concluded), day)
        if validity and validity.state == "expired":
            params = {"months": validity.months, "date": concluded}
            yield finding("certificate_expired", "certificate_date", **params)
        elif validity and validity.state == "old":
            months = table("certificate")["warn_after_months"]
            yield finding("certificate_old", "certificate_date", months=months)
        if number is not None and number[-2:] != concluded[2:4]:
            yield finding("certificate_year_mismatch", "certificate_number")
    given, wanted = answers.get("certificate_class"), answers.get("requested_class")
    if given is not None and wanted is not None and not covers_class(given, wanted):
        params = {"certificate": given, "class": wanted}
        yield finding("certificate_class_mismatch", "certificate_class", **params)


def _places(answers: Mapping[str, Any], day: date) -> Iterator[Finding]:
    home = table("provinces")["home"]
    known = {row["code"] for row in table("communes")["communes"]}
    province = answers.get("residence_province")
    if province is not None and province not in _provinces():
        yield finding("province_unknown", "residence_province")
    commune = answers.get("residence_commune")
    if commune is not None and province in (home, None) and commune not in known:
        yield finding("commune_unknown", "residence_commune")
    point = answers.get("delivery_point")
    if point is not None and point not in open_points(day):
        yield finding("point_unknown", "delivery_point")


def _provinces() -> set[str]:
    return {row["code"] for row in table("provinces")["provinces"]}


def open_points(day: date) -> dict[str, dict[str, Any]]:
    """Return {id: row} of the intake points open on a day (data/intake_points.json)."""
    return {row["id"]: row for row in table("intake_points")["points"] if covers(row, day)}


def _clock(submission: Mapping[str, Any], day: date) -> Iterator[Finding]:
    """A device may send days after it was filled in, but not before."""
    try:
        device_day = day_of(datetime.fromisoformat(submission["device_time"]))
    except (ValueError, OverflowError):
        yield finding("clock_off", "submission")
        return
    if device_day > day + timedelta(days=1) or device_day < day - timedelta(days=365):
        yield finding("clock_off", "submission")
