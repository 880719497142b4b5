"""What is told of a dossier outside the app: when, in which words, and at which hours.

Nothing personal: the dossier code, and to open the app (data/notices.json).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal

from server.dossier.calendar import ZONE
from server.dossier.tables import table

Channel = Literal["push", "sms", "zns"]
Kind = Literal["news", "act"]
CHANNELS: Final[tuple[Channel, ...]] = ("push", "sms", "zns")
LONGEST_SMS = 160
# GSM 03.38's default alphabet, of what ASCII has in it. One character outside costs half the room.
GSM: Final = frozenset(
    "@$_ !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\n\r"
)


def kind_of(about: str) -> Kind:
    """`act` where something is to be done. KeyError for what is never told."""
    kind: Kind = table("notices")["kinds"][about]
    return kind


def words(channel: Channel, kind: Kind, language: str, code: str) -> dict[str, str]:
    """{"body"} of one message, {"title", "body"} of a push. ValueError for an SMS that would not
    go as one message of GSM characters."""
    said: Mapping[str, str] = table("notices")["texts"][channel][kind][language]
    filled = {part: text.format(code=code) for part, text in said.items()}
    if channel == "sms" and not (len(filled["body"]) <= LONGEST_SMS and set(filled["body"]) <= GSM):
        raise ValueError(f"no SMS of {LONGEST_SMS} GSM characters")
    return filled


@dataclass(frozen=True)
class Standing:
    """What of a dossier decides whether there is something to tell. `wait`: what is awaited;
    `fetched`: the card is fetched, not brought; `parcel`: how the postal item stands."""

    state: str
    n: int
    wait: str | None = None
    owes: bool = False
    fetched: bool = False
    parcel: str | None = None


def worth_telling(now: Standing) -> list[tuple[str, str]]:
    """(about, occasion) of what is true now, the most important last. An occasion comes once in a
    dossier's life."""
    found = []
    if now.state in ("received", "waiting", "validated", "forwarded"):
        found.append(("received", f"received:{now.n}"))
        if now.owes:
            found.append(("fee", "fee"))
    match now.state:
        case "waiting" if now.wait == "certificate":
            found.append(("certificate", f"certificate:{now.n}"))
        case "returned":
            found.append(("returned", f"returned:{now.n}"))
        case "approved" | "rejected":
            found.append((now.state, now.state))
        case "produced":
            found.append(("ready", "ready") if now.fetched else ("approved", "approved"))
        case "dispatched":
            found.append(("shipped", "shipped"))
    if now.parcel in ("failed", "returned") and now.state == "parked":
        found.append(("undelivered", "undelivered"))
    return found


@dataclass(frozen=True)
class QuietHours:
    """From one time of day in Vietnam until another; the same twice: none."""

    start: time = time(21)
    end: time = time(7)

    @classmethod
    def of(cls, text: str) -> QuietHours:
        """`21:00-07:00`; `00:00-00:00`: none. ValueError for anything else."""
        start, dash, end = text.partition("-")
        if not dash or len(start) != 5 or len(end) != 5:
            raise ValueError("must look like 21:00-07:00")
        return cls(time.fromisoformat(start), time.fromisoformat(end))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def until(self, at: datetime) -> datetime | None:
        """When they end, if `at` is within them."""
        local = at.astimezone(ZONE)
        now = local.time()
        over_night = self.start > self.end
        within = now >= self.start or now < self.end if over_night else self.start <= now < self.end
        if not within:
            return None
        day = local.date() + timedelta(days=int(over_night and now >= self.start))
        return datetime.combine(day, self.end, ZONE)

    def next_morning(self, at: datetime) -> datetime:
        """When the next day begins on which messages may be sent."""
        midnight = datetime.combine(at.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
        return self.until(midnight) or midnight
