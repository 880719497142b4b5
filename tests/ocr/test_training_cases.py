"""What an evaluation shows of its worst readings, and what it shows of the reader's parts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

import pytest

from ocr.training import ablation, cases
from ocr.training.figures import Row
from ocr.training.photos import photo

RIGHT = Row("easy", 2, False, "name", "LÊ TÀI", False, "LÊ TÀI", 0.9)
WRONG = replace(RIGHT, value="LÊ TẢI")
SURER = replace(WRONG, level="hard", confidence=0.99)
ABSENT = replace(RIGHT, value=None, confidence=None)


def test_the_worst_is_wrong_and_sure_and_what_is_right_is_no_case() -> None:
    hidden = replace(ABSENT, hidden=True)
    assert cases.worst([RIGHT, hidden, ABSENT, WRONG, SURER], 5) == [SURER, WRONG, ABSENT]
    assert cases.worst([WRONG, SURER], 1) == [SURER]


def test_a_case_shows_truth_reading_and_crop() -> None:
    truth = photo(2, "easy", False).truth["name"]
    shown = cases.page([replace(WRONG, truth=f"{truth}?"), replace(WRONG, field="blood_group")])
    first, second = shown.split("<h2>")[1:]
    assert first.startswith(f"easy 2: {truth}?")
    assert f">{truth}</td>" in first
    assert first.count("<img src='data:image/jpeg;base64,") == 1
    assert "nothing found" in second
    assert "<img" not in second


def test_every_part_can_be_left_out() -> None:
    for instead in ablation.WITHOUT.values():
        with ExitStack() as stack:
            for target, value in instead.items():
                stack.enter_context(patch(target, value))


def test_a_reader_without_labels_reads_less(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = "labels (only what values look like)"
    monkeypatch.setattr(
        ablation, "WITHOUT", {part: ablation.WITHOUT[part] for part in ("nothing", labels)}
    )
    monkeypatch.setattr(ablation, "LEVELS", ("easy",))
    ablation.main(["--photos", "1", "--first", "2"])
    _, whole, less = capsys.readouterr().out.splitlines()
    assert whole.startswith("easy    100.0%")
    assert whole.endswith("nothing")
    assert float(less.split()[1].rstrip("%")) < 100
    assert less.endswith(labels)
