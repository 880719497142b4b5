"""What the people of one month do, drawn from a seed: who files when, pays how, withdraws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal, TypeVar

from server.dossier.tables import table

T = TypeVar("T")
Card = tuple[Literal["2008", "2025"], str]
Paying = Literal["prompt", "late", "lost", "twice", "crossed", "never"]
Verdict = Literal["approve", "return", "reject"]
Registry = Literal["none", "known", "lags", "never"]

# Shares of a month, as weights. `certificate` is of the dossiers whose class needs one.
HOURS = {
    7: 4,
    8: 12,
    9: 14,
    10: 12,
    11: 6,
    12: 3,
    13: 6,
    14: 11,
    15: 11,
    16: 9,
    19: 6,
    20: 4,
    21: 2,
}
WEEKDAYS = (10, 9, 9, 8, 9, 3, 2)
CARDS: dict[Card, int] = {
    ("2008", "A1"): 45,
    ("2008", "B2"): 30,
    ("2025", "B"): 15,
    ("2008", "C"): 10,
}
PAYING: dict[Paying, int] = {
    "prompt": 60, "late": 12, "lost": 8, "twice": 6, "crossed": 2, "never": 12,
}  # fmt: skip
VERDICTS: dict[Verdict, int] = {"approve": 94, "return": 3, "reject": 3}
REGISTRY: dict[Registry, int] = {"known": 55, "lags": 43, "never": 2}
LOST, WITHDRAWN = 0.08, 0.01


@dataclass(frozen=True)
class Case:
    """One dossier. `pays_after`, `certificate_after`: from the filing."""

    seed: int
    files_at: datetime
    card: Card
    lost: bool
    helped_at: str | None
    paying: Paying
    pays_after: timedelta
    verdict: Verdict
    registry: Registry
    certificate_after: timedelta
    withdraws: bool


def cases(month: datetime, days: int, count: int, online: int, seed: int) -> Iterator[Case]:
    """`month`: its first moment, UTC. Exactly `count` cases, `online` of them without a clerk."""
    chance = Random(seed)
    points = [row["id"] for row in table("intake_points")["points"]]
    helped = [None] * online + [chance.choice(points) for _ in range(count - online)]
    chance.shuffle(helped)
    for number, point in enumerate(helped):
        card = _draw(chance, CARDS)
        needs = card[1] != "A1"
        yield Case(
            seed=1000 + number,
            files_at=_moment(chance, month, days),
            card=card,
            lost=chance.random() < LOST,
            helped_at=point,
            paying=_draw(chance, PAYING),
            pays_after=timedelta(hours=chance.expovariate(1 / 10)),
            verdict=_draw(chance, VERDICTS),
            registry=_draw(chance, REGISTRY) if needs else "none",
            certificate_after=timedelta(hours=chance.uniform(2, 96)),
            withdraws=chance.random() < WITHDRAWN,
        )


def _moment(chance: Random, month: datetime, days: int) -> datetime:
    dates = [month + timedelta(days=day) for day in range(days)]
    local = [(day + timedelta(hours=7)).weekday() for day in dates]
    day = chance.choices(dates, [WEEKDAYS[each] for each in local])[0]
    hour = chance.choices(list(HOURS), list(HOURS.values()))[0]
    return day + timedelta(hours=hour, seconds=chance.uniform(0, 3600))


def _draw(chance: Random, weights: Mapping[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]


def first_moment(year: int, month: int) -> datetime:
    """Midnight in Vietnam."""
    return datetime(year, month, 1, tzinfo=UTC) - timedelta(hours=7)
