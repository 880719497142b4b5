from datetime import UTC, date, datetime

import pytest

from server.dossier import codes, formats
from server.dossier.calendar import ZONE, deadline, filing_date, is_working_day
from server.dossier.deadlines import promised_date, supplement_due
from server.dossier.fees import fee_item
from server.dossier.months import add_months, add_span
from server.dossier.persons import age_on, same_birth
from server.dossier.triage import expiry_state, may_forward, procedure_code, regime


def test_dossier_codes_have_the_agency_the_day_and_the_number() -> None:
    day = date(2023, 10, 12)
    assert codes.dossier_code(day, 1) == "H05.27-231012-0001"
    assert codes.dossier_code(day, 12345) == "H05.27-231012-12345"
    assert codes.dossier_code(day, 7, prefix="H02.24") == "H02.24-231012-0007"
    assert formats.dossier_code(codes.dossier_code(day, 7, trial=True))
    with pytest.raises(ValueError, match="start at 1"):
        codes.dossier_code(day, 0)


def test_a_trial_code_can_be_told_from_a_real_one() -> None:
    day = date(2026, 11, 22)
    assert codes.is_trial(codes.dossier_code(day, 1, trial=True))
    assert not codes.is_trial(codes.dossier_code(day, 1))


def test_the_portal_has_ten_codes() -> None:
    assert [codes.portal_row(n)["code"] for n in range(1, 11)] == list(range(1, 11))
    for unknown in (0, 11):
        with pytest.raises(KeyError):
            codes.portal_row(unknown)
    assert codes.portal_channel("online") == "2"


def test_the_filing_day_is_the_day_in_vietnam() -> None:
    assert filing_date(datetime(2026, 6, 30, 16, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert filing_date(datetime(2026, 6, 30, 17, 0, tzinfo=UTC)) == date(2026, 7, 1)
    with pytest.raises(ValueError, match="zone"):
        filing_date(datetime(2026, 6, 30))


def test_overrides_win_over_the_holiday_package() -> None:
    assert not is_working_day(date(2026, 1, 2))
    assert is_working_day(date(2026, 1, 10))
    assert is_working_day(date(2026, 1, 2), overrides={})
    received = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    assert deadline(received, 5) == date(2026, 11, 30)
    assert deadline(received, 5, {date(2026, 11, 24): "work"}) == date(2026, 11, 27)
    assert deadline(datetime(2025, 12, 29, 9, tzinfo=ZONE), 5, {}) == date(2026, 1, 6)


def test_promised_dates_follow_the_procedure_of_the_day() -> None:
    received = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    assert promised_date("doi", received) == date(2026, 11, 30)
    assert supplement_due("doi", received) == date(2026, 11, 25)
    assert promised_date("qua_han", received) is None
    lost = datetime(2023, 12, 29, 9, tzinfo=ZONE)
    assert promised_date("cap_lai", lost) == date(2024, 2, 29)
    assert supplement_due("doi", lost) is None
    with pytest.raises(KeyError):
        promised_date("nothing", received)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2017-06-01", "R2017"),
        ("2024-12-31", "R2017"),
        ("2025-01-01", "R2025a"),
        ("2025-02-28", "R2025a"),
        ("2025-03-01", "R2025b"),
        ("2026-06-30", "R2025b"),
        ("2026-07-01", "R2026"),
        ("2026-11-22", "R2026"),
    ],
)
def test_the_regime_changes_on_its_day(day: str, name: str) -> None:
    row = regime(date.fromisoformat(day))
    assert row is not None
    assert row["id"] == name


def test_there_is_no_regime_before_the_first() -> None:
    assert regime(date(2017, 5, 31)) is None


def test_procedure_codes_change_with_the_authority() -> None:
    assert procedure_code("doi", date(2025, 2, 28)) == "1.002809"
    assert procedure_code("doi", date(2025, 3, 1)) == "3.000347"
    assert procedure_code("quan_su", date(2026, 11, 22)) is None


def test_the_simulation_test_ends_on_its_day() -> None:
    fee = fee_item("test_car_simulation", date(2026, 6, 30), "counter")
    assert fee is not None
    assert fee.amount == 100_000
    assert fee_item("test_car_simulation", date(2026, 7, 1), "counter") is None


def test_expiry_tells_the_days_left_and_the_last_day_without_a_test() -> None:
    state = expiry_state("2026-07-15", date(2026, 8, 1))
    assert (state.days_left, state.test, state.last_day) == (-17, None, date(2026, 8, 13))
    assert expiry_state("unlimited", date(2026, 8, 1)).days_left is None
    assert expiry_state("9999-12-31", date(2026, 8, 1)).last_day is not None
    with pytest.raises(ValueError, match="day is out of range"):
        expiry_state("2026-02-30", date(2026, 8, 1))


def test_months_are_clamped_to_their_end() -> None:
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2023, 7, 31), 3) == date(2023, 10, 31)
    assert add_months(date(9999, 12, 31), 1) == date.max
    assert add_span(date.max, {"days": 30}) == date.max


def test_ages_and_births_with_a_year_only() -> None:
    assert age_on("2005-11-23", date(2026, 11, 22)) == 20
    assert age_on("2005-11-22", date(2026, 11, 22)) == 21
    assert age_on("2005", date(2026, 1, 1)) == 21
    assert age_on("?", date(2026, 1, 1)) is None
    assert same_birth("1950", "1950-02-01")
    assert not same_birth("1950-01-01", "1950-02-01")


def test_only_what_is_filed_online_may_be_forwarded() -> None:
    day = date(2026, 11, 22)
    assert may_forward("doi", "none", day)
    assert may_forward("doi", "clerk_checked", day)
    assert not may_forward("doi", "a claim", day)
    assert not may_forward("quan_su", "vneid", day)
    assert not may_forward("doi", "vneid", date(2020, 1, 1))
