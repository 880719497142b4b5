"""Papers of a dossier: which edition of a form holds on a day, and what its names stand for.

Every name that a form may print is in data/paper_names.json; what is not known is None and stays a
dotted line.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from server.dossier import paper_words as words
from server.dossier.calendar import filing_date
from server.dossier.classes import find_class
from server.dossier.paper_rules import KINDS
from server.dossier.tables import covers, in_force, table
from server.dossier.triage import procedure_row, triage

__all__ = [
    "KINDS",
    "edition",
    "file_name",
    "nothing_known",
    "of_answers",
    "of_filing",
    "of_office",
    "paper_name",
]

BOXES = {False: "☐", True: "☒"}
Value = str | list[str] | None
_SEXES = {"male": "Nam", "female": "Nữ"}
_CARD = "Thẻ căn cước công dân hoặc thẻ căn cước"


def edition(kind: str, procedure: str, day: date) -> dict[str, Any] | None:
    """Return the edition of a paper by filing date, None where there is none."""
    for row in table(f"paper_{kind}")["editions"]:
        if procedure in row.get("procedures", (procedure,)) and covers(row, day):
            return dict(row)
    return None


def paper_name(kind: str) -> dict[str, str]:
    """Return {"vi", "en"}."""
    return dict(table(f"paper_{kind}")["name"])


def file_name(kind: str, code: str) -> str:
    """Return the ASCII name of the file: its kind and the dossier's code."""
    return f"{table(f'paper_{kind}')['file']}-{code}.pdf"


def nothing_known() -> dict[str, Value]:
    return dict.fromkeys(table("paper_names")["names"])


def of_office(day: date) -> dict[str, Value]:
    """Who issues a paper of a dossier filed on the day."""
    row = in_force(table("paper_offices")["offices"], day) or {}
    return {
        "office_parent": row.get("parent"),
        "office_name": row.get("name"),
        "office_title": row.get("title"),
        "office_place": row.get("place"),
        "office_phone": row.get("phone"),
    }


def of_answers(answers: Mapping[str, Any], procedure: str, day: date) -> dict[str, Value]:
    """What the applicant answered, as the forms write it. day: of filing."""
    name = str(procedure_row(procedure)["vi"])
    foreign = procedure == "nuoc_ngoai"
    revoked = answers.get("revoked")
    return {
        "procedure": procedure,
        "procedure_name": name,
        "procedure_lower": name[:1].lower() + name[1:],
        "procedure_verb": "cấp lại" if procedure == "cap_lai" else "đổi",
        "full_name": answers.get("full_name"),
        "birth_date": words.short_date(answers.get("date_of_birth")),
        "sex": _SEXES.get(answers.get("sex", "")),
        "nationality": answers.get("nationality"),
        "identity_number": answers.get("identity_number"),
        "residence": words.residence(answers),
        "phone": words.phone(answers.get("phone")),
        "licence_number": answers.get("licence_number"),
        "licence_class": answers.get("licence_class"),
        "licence_issue_place": answers.get("licence_issue_place"),
        "licence_issue_date": words.short_date(answers.get("licence_issue_date")),
        "licence_expiry": words.short_date(answers.get("licence_expiry")),
        "other_licence_number": answers.get("other_licence_number"),
        "other_licence_class": answers.get("other_licence_class"),
        "has_other": "yes" if answers.get("other_licence_number") else "no",
        "requested_class": None if foreign else answers.get("requested_class"),
        "reason": reason(answers, procedure),
        "revoked_yes": BOXES[revoked is True],
        "revoked_no": BOXES[revoked is False],
        "delivery": words.delivery(answers),
        "papers": papers_filed(answers, procedure, day),
        "bring": [_CARD, *_bring(answers, day)],
    }


def of_filing(filed_at: datetime, promised_on: str | None, procedure: str) -> dict[str, Value]:
    """What the receipt says of time. promised_on: YYYY-MM-DD, the first promise."""
    day = filing_date(filed_at)
    on = words.date_words(day)
    limit = in_force(procedure_row(procedure)["limits"], day) or {}
    days, months = limit.get("working_days"), limit.get("months")
    spans = [f"{days:02} ngày làm việc" if days else None, f"{months:02} tháng" if months else None]
    return {
        "filed_at": words.instant_words(filed_at),
        "filed_on": on,
        "filed_on_capital": on[:1].upper() + on[1:],
        "limit": next((span for span in spans if span), None),
        "promised_on": words.date_words(date.fromisoformat(promised_on)) if promised_on else None,
    }


def reason(answers: Mapping[str, Any], procedure: str) -> str | None:
    """Return why a new card is asked for, in the words of a form."""
    if procedure == "cap_lai":
        on, where = words.short_date(answers.get("loss_date")), answers.get("loss_place")
        parts = ["bị mất", f"ngày {on}" if on else "", f"tại {where}" if where else ""]
        return " ".join(part for part in parts if part)
    if procedure == "qua_han":
        return "giấy phép lái xe quá thời hạn sử dụng, đề nghị dự sát hạch lại"
    if procedure == "nuoc_ngoai":
        return "đổi giấy phép lái xe nước ngoài còn giá trị"
    known: dict[str, str] = table("paper_offices")["reasons"]
    return known.get(answers.get("reason", ""))


def papers_filed(answers: Mapping[str, Any], procedure: str, day: date) -> list[str]:
    """Return the list on the receipt: the form and what was photographed for it."""
    row = edition("form", procedure, day)
    form = f" (theo mẫu {row['form']})" if row and row["form"] else ""
    filed = [f"Đơn đề nghị {'cấp lại' if procedure == 'cap_lai' else 'đổi'} giấy phép lái xe{form}"]
    if answers.get("licence_held") == "card":
        filed.append("Ảnh chụp hai mặt giấy phép lái xe")
    if procedure == "cap_lai":
        filed.append("Cam đoan về việc mất giấy phép lái xe")
    filed.append("Ảnh chân dung")
    if number := answers.get("certificate_number"):
        filed.append(f"Giấy khám sức khỏe của người lái xe số {number}")
    return filed


def _bring(answers: Mapping[str, Any], day: date) -> list[str]:
    if answers.get("licence_held") == "card" and find_class(
        answers.get("licence_regime", ""), answers.get("licence_class", "")
    ):
        return ["Giấy phép lái xe đang có (nộp lại khi nhận giấy phép mới)"]
    asked = [row["vi"] for row in triage(answers, day).bring]
    return [row for row in asked if "căn cước" not in row.lower() and "Đơn đề nghị" not in row]
