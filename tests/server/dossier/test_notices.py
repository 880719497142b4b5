"""What may leave the house: a code, and to open the app."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product
from string import Formatter
from typing import get_args

import pytest

from server.dossier.consents import newest
from server.dossier.notices import (
    CHANNELS,
    LONGEST_SMS,
    Kind,
    QuietHours,
    Standing,
    kind_of,
    words,
    worth_telling,
)
from server.dossier.tables import table

CODE = "MAU.H05.27-20261122-0092637"
ALL = list(product(CHANNELS, get_args(Kind), ("vi", "en")))
OPEN = re.compile(r"mở ứng dụng|mo ung dung|open the app", re.IGNORECASE)


def test_every_channel_has_every_text_in_both_languages() -> None:
    texts = table("notices")["texts"]
    found = [(c, k, lang) for c in texts for k in texts[c] for lang in texts[c][k]]
    assert sorted(found) == sorted(ALL)
    assert set(table("notices")["kinds"].values()) == set(get_args(Kind))


@pytest.mark.parametrize(("channel", "kind", "language"), ALL)
def test_a_message_says_the_code_and_to_open_the_app(
    channel: str, kind: str, language: str
) -> None:
    """Nothing else is filled in, so nothing personal can be."""
    texts = table("notices")["texts"][channel][kind][language]
    filled = [name for text in texts.values() for _, name, _, _ in Formatter().parse(text) if name]
    assert filled == ["code"]
    said = " ".join(words(channel, kind, language, CODE).values())  # type: ignore[arg-type]
    assert said.count(CODE) == 1
    assert OPEN.search(said)
    assert not re.search(r"\d", said.replace(CODE, ""))
    assert not re.search(r"https?:|www\.", said)


@pytest.mark.parametrize(("kind", "language"), list(product(get_args(Kind), ("vi", "en"))))
def test_an_sms_is_one_message_of_gsm_characters(kind: Kind, language: str) -> None:
    text = words("sms", kind, language, "X" * 40)["body"]
    assert text.isascii()
    assert len(text) <= LONGEST_SMS


def test_a_code_that_would_make_two_messages_of_one_is_noticed() -> None:
    with pytest.raises(ValueError, match="GSM"):
        words("sms", "news", "vi", "Đ-1")


def test_each_channel_is_agreed_to_in_both_languages() -> None:
    for row in (newest(f"notice_{channel}") for channel in CHANNELS):
        assert all(row[part].strip() for part in ("vi", "en", "more_vi", "more_en"))


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing("received", 1), "received"),
        (Standing("forwarded", 1, owes=True), "fee"),
        (Standing("waiting", 1, wait="certificate", owes=True), "certificate"),
        (Standing("waiting", 1, wait="authority"), "received"),
        (Standing("returned", 1, owes=True), "returned"),
        (Standing("approved", 1), "approved"),
        (Standing("rejected", 1), "rejected"),
        (Standing("produced", 1), "approved"),
        (Standing("produced", 1, fetched=True), "ready"),
        (Standing("dispatched", 1, parcel="in_transit"), "shipped"),
        (Standing("parked", 1, parcel="failed"), "undelivered"),
        (Standing("parked", 1), None),
        (Standing("delivered", 1, parcel="delivered"), None),
        (Standing("withdrawn", 1), None),
    ],
)
def test_what_is_worth_telling(standing: Standing, told: str | None) -> None:
    found = worth_telling(standing)
    assert (found[-1][0] if found else None) == told
    for about, _ in found:
        assert kind_of(about) in get_args(Kind)


def test_a_second_round_of_corrections_is_news_again() -> None:
    first, second = (worth_telling(Standing("returned", n))[-1] for n in (1, 2))
    assert first[1] != second[1]


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ("21:00-07:00", "2026-11-22T13:59:59", None),
        ("21:00-07:00", "2026-11-22T14:00:00", "2026-11-23T00:00:00"),
        ("21:00-07:00", "2026-11-22T18:00:00", "2026-11-23T00:00:00"),
        ("21:00-07:00", "2026-11-22T23:59:59", "2026-11-23T00:00:00"),
        ("21:00-07:00", "2026-11-23T00:00:00", None),
        ("12:00-13:30", "2026-11-22T05:30:00", "2026-11-22T06:30:00"),
        ("12:00-13:30", "2026-11-22T06:30:00", None),
        ("00:00-00:00", "2026-11-22T17:00:00", None),
    ],
)
def test_quiet_hours_are_vietnam_s(hours: str, at: str, until: str | None) -> None:
    quiet = QuietHours.of(hours)
    assert str(quiet) == hours
    ends = quiet.until(datetime.fromisoformat(at).replace(tzinfo=UTC))
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert ends == expected


@pytest.mark.parametrize("hours", ["", "21-7", "21:00", "25:00-07:00", "21:00-07:00-08:00"])
def test_hours_are_two_times_of_day(hours: str) -> None:
    with pytest.raises(ValueError, match=r"time|21:00|hour|isoformat"):
        QuietHours.of(hours)
