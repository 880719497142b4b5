"""Tables of expectations, one text file each: what is asked on the left, an answer a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """`left`: the words before the answers. `answers` by column."""

    left: tuple[str, ...]
    answers: dict[str, str]


@dataclass(frozen=True)
class Table:
    """`# …` is a comment, `= word meaning` a short name for an answer. The first other line names
    the columns; `|` ends the left part, whose words with commas stand for one row each."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, name: str) -> Table:
        text = (HERE / name).read_text(encoding="utf-8")
        said = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        names = dict(line[1:].split() for line in said if line.startswith("="))
        lines = [line for line in said if not line.startswith("=")]
        columns = tuple(lines[0].partition("|")[2].split())
        rows = [row for line in lines[1:] for row in _rows(line, columns, names)]
        lefts = [row.left for row in rows]
        twice = {left for left in lefts if lefts.count(left) > 1}
        if twice:
            raise ValueError(f"{name} answers twice: {sorted(twice)}")
        return cls(columns, tuple(rows))


def _rows(line: str, columns: tuple[str, ...], names: dict[str, str]) -> Iterator[Row]:
    left, _, right = line.partition("|")
    answers = [names.get(word, word) for word in right.split()]
    if len(answers) != len(columns):
        raise ValueError(f"{len(answers)} answers for {len(columns)} columns: {line}")
    named = dict(zip(columns, answers, strict=True))
    for words in _each(left.split()):
        yield Row(words, named)


def _each(words: list[str]) -> Iterator[tuple[str, ...]]:
    if not words:
        yield ()
        return
    for rest in _each(words[1:]):
        for word in words[0].split(","):
            yield (word, *rest)
