"""The promised date of a procedure."""

from datetime import date, datetime

from server.dossier.calendar import counting_day, deadline, filing_date
from server.dossier.months import add_months
from server.dossier.tables import in_force
from server.dossier.triage import procedure_row


def promised_date(procedure: str, received_at: datetime) -> date | None:
    """Return the day promised on the receipt (giấy hẹn), by the limit of the filing date.

    received_at: aware time of the complete dossier. None where no limit is known, or where it
    counts from a later event (a retest). Raises KeyError for an unknown procedure.
    """
    row = in_force(procedure_row(procedure)["limits"], filing_date(received_at))
    if row is None or row.get("counted_from"):
        return None
    if "months" in row:
        return add_months(counting_day(received_at), row["months"])
    if "working_days" not in row:
        return None
    return deadline(received_at, row["working_days"])


def supplement_due(procedure: str, received_at: datetime) -> date | None:
    """Return the day by which an incomplete dossier must be answered, None where not set."""
    row = in_force(procedure_row(procedure)["limits"], filing_date(received_at))
    days = row.get("incomplete_notice_working_days") if row else None
    return deadline(received_at, days) if days else None
