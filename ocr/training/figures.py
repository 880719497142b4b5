"""What an evaluation counts: rows of fields read, and their figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocr.training.photos import Level

FIELDS = ("number", "name", "date_of_birth", "licence_class", "expiry", "address", "issue_date",
          "issue_place", "nationality")  # fmt: skip
BAR = FIELDS[:7]
"""What the shares of exact fields and whole cards count."""
BINS = 10


@dataclass(frozen=True)
class Row:
    """One field of one photo. `value` and `confidence` None where nothing was given."""

    level: Level
    seed: int
    held_out: bool
    field: str
    truth: str
    hidden: bool
    value: str | None
    confidence: float | None

    @property
    def right(self) -> bool:
        return self.value == self.truth and not self.hidden

    @property
    def wrong(self) -> bool:
        """Given, but not what is printed; of a hidden field whatever is given is invented."""
        return self.value is not None and not self.right

    def sure(self, gate: float) -> bool:
        return self.confidence is not None and self.confidence >= gate


def exact(rows: Iterable[Row]) -> float:
    """The share of legible fields that are read exactly; 0 for none."""
    right = [row.right for row in rows if not row.hidden]
    return sum(right) / len(right) if right else 0.0


def whole(rows: Iterable[Row]) -> float:
    """The share of photos of which every legible field is right, of those that have one."""
    photos: dict[tuple[str, int], bool] = {}
    for row in rows:
        if row.field in BAR and not row.hidden:
            key = (row.level, row.seed)
            photos[key] = photos.get(key, True) and row.right
    return sum(photos.values()) / len(photos) if photos else 0.0


def calibration_error(rows: Iterable[Row]) -> float:
    """Expected calibration error of the values given (Naeini et al. 2015), ten equal bins."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for row in rows:
        if row.confidence is not None:
            bins[min(BINS - 1, int(row.confidence * BINS))].append((row.confidence, row.right))
    total = sum(len(members) for members in bins)
    off = (
        abs(sum(sure for sure, _ in members) - sum(right for _, right in members))
        for members in bins
    )
    return sum(off) / total if total else 0.0


def of(rows: Iterable[Row], field: str) -> list[Row]:
    return [row for row in rows if row.field == field]
