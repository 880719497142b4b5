"""How well a reader reads drawn photos: exact fields, wrong values given, calibration, time.

`python -m ocr.training evaluate` prints it for `ocr.picture.read_picture`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ocr.picture import read_picture
from ocr.readings import PictureReading
from ocr.training.photos import LEVELS, Level, photo

FIELDS = ("number", "name", "date_of_birth", "licence_class", "expiry", "address", "issue_date",
          "issue_place", "nationality")  # fmt: skip
BAR = FIELDS[:7]
"""What the shares of exact fields and whole cards count."""
GATES = (0.5, 0.9, 0.95, 0.97)
BINS = 10
Read = Callable[[bytes], PictureReading]


@dataclass(frozen=True)
class Row:
    """One field of one photo. `value` and `confidence` None where nothing was given."""

    level: str
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


def measure(
    read: Read, level: Level, seeds: Iterable[int], held_out: bool
) -> Iterator[tuple[list[Row], float]]:
    """The rows of each photo, and the CPU milliseconds that `read` took."""
    for seed in seeds:
        shot = photo(seed, level, held_out)
        start = time.process_time()
        reading = read(shot.jpeg)
        spent = (time.process_time() - start) * 1000
        given = {one.field: one for one in reading.readings if one.source == "print"}
        rows = [
            Row(level, seed, held_out, field, shot.truth[field], field in shot.hidden,
                given[field].value if field in given else None,
                given[field].confidence if field in given else None)
            for field in FIELDS
        ]  # fmt: skip
        yield rows, spent


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


def report(rows: Sequence[Row], spent: Sequence[float], worst: int) -> str:
    """Of one level."""
    bar = [row for row in rows if row.field in BAR]
    hidden = [row for row in rows if row.hidden]
    lines = [
        f"  exact {exact(bar):.4f} of fields, name {exact(_of(rows, 'name')):.4f},"
        f" whole card {whole(rows):.3f}   (photos: {len(spent)})",
        "  " + "  ".join(f"{field} {exact(_of(rows, field)):.3f}" for field in FIELDS),
    ]
    for gate in GATES:
        given = [row for row in rows if row.sure(gate)]
        wrong = sum(row.wrong for row in given)
        lines.append(
            f"  at {gate}: given {len(given) / len(rows):.4f}, wrong {wrong / len(rows):.4f}"
            f" ({wrong}), of hidden {sum(row.sure(gate) for row in hidden)}/{len(hidden)}"
        )
    lines.append(
        f"  calibration error {calibration_error(rows):.4f},"
        f" CPU ms mean {statistics.fmean(spent):.0f} p95 {_percentile(spent, 0.95):.0f}"
    )
    surest = sorted((row for row in rows if row.wrong), key=lambda row: -(row.confidence or 0))
    missed = [row for row in rows if row.value is None and not row.hidden]
    lines += [f"  wrong  {_said(row)}" for row in surest[:worst]]
    lines += [f"  absent {_said(row)}" for row in missed[:worst]]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, read: Read = read_picture) -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training evaluate", description=__doc__)
    parser.add_argument("--photos", type=int, default=20, help="of each level")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--level", choices=LEVELS, action="append", help="only this one")
    parser.add_argument("--held-out", action="store_true", help="faces and damage kept out")
    parser.add_argument("--worst", type=int, default=8, help="how many cases to list")
    parser.add_argument("--json", type=Path, help="write every field's row there, one a line")
    given = parser.parse_args(arguments)
    seeds = range(given.first, given.first + given.photos)
    every: list[Row] = []
    for level in given.level or LEVELS:
        measured = list(measure(read, level, seeds, given.held_out))
        rows = [row for photo_rows, _ in measured for row in photo_rows]
        every += rows
        print(level)
        print(report(rows, [spent for _, spent in measured], given.worst), flush=True)
    if given.json:
        said = (json.dumps(asdict(row), ensure_ascii=False) for row in every)
        given.json.write_text("".join(line + "\n" for line in said), encoding="utf-8")


def _of(rows: Iterable[Row], field: str) -> list[Row]:
    return [row for row in rows if row.field == field]


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _said(row: Row) -> str:
    sure = "" if row.confidence is None else f" {row.confidence:.3f}"
    hidden = " (hidden)" if row.hidden else ""
    return f"{row.level} {row.seed} {row.field}{hidden}: {row.truth!r} read {row.value!r}{sure}"
