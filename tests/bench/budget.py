"""Figures against their budgets, as a table."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Figure:
    """One measured quantity. `limit` is met when the median stays at or below it."""

    name: str
    unit: str
    limit: float
    values: list[float] = field(default_factory=list)
    digits: int = 0
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        return bool(self.values) and self.median <= self.limit

    def row(self) -> tuple[str, str, str, str]:
        if not self.values:
            return self.name, "not measured", self._said(self.limit), "NO"
        spread = ""
        if len(self.values) > 1:
            spread = f" ({self._plain(min(self.values))}–{self._plain(max(self.values))})"
        name = f"{self.name} [{self.note}]" if self.note else self.name
        met = "yes" if self.met else "NO"
        return name, f"{self._plain(self.median)}{spread}", self._said(self.limit), met

    def _plain(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"

    def _said(self, value: float) -> str:
        return f"≤ {self._plain(value)} {self.unit}"


def table(figures: Sequence[Figure]) -> str:
    rows = [("figure", "median (min–max)", "budget", "met"), *(one.row() for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [" | ".join(cells) for cells in padded]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def machine() -> str:
    """What else runs: a busy machine makes every time longer."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.1f} (1 min) {five:.1f} (5 min)"
