"""The measures are those of readers that are right, wrong, silent or inventive in known ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.readings import PictureReading, Reading
from ocr.training import evaluate
from ocr.training.figures import FIELDS, Row, calibration_error, exact, whole
from ocr.training.photos import photo

RIGHT = Row("easy", 0, False, "name", "LÊ TÀI", False, "LÊ TÀI", 0.9)
WRONG = replace(RIGHT, value="LÊ TẢI")
SILENT = replace(RIGHT, value=None, confidence=None)
INVENTED = replace(RIGHT, hidden=True)


def test_a_field_is_right_letter_for_letter_and_what_is_hidden_cannot_be() -> None:
    assert [row.right for row in (RIGHT, WRONG, SILENT, INVENTED)] == [True, False, False, False]
    assert [row.wrong for row in (RIGHT, WRONG, SILENT, INVENTED)] == [False, True, False, True]


def test_exact_counts_legible_fields_and_whole_counts_photos() -> None:
    assert exact([RIGHT, WRONG, SILENT, INVENTED]) == pytest.approx(1 / 3)
    other = replace(WRONG, seed=1)
    assert whole([RIGHT, replace(RIGHT, field="number"), other]) == 0.5


def test_calibration_error_is_how_far_confidence_is_from_being_right() -> None:
    assert calibration_error([replace(RIGHT, confidence=0.75)] * 3 + [WRONG]) == pytest.approx(
        (3 * 0.25 + 0.9) / 4
    )


def test_a_reader_that_knows_the_truth_is_measured_as_perfect() -> None:
    shot = photo(2, "easy", False)
    readings = tuple(
        Reading(field, shot.truth[field], 0.99, "ocr", (0, 0, 1, 1)) for field in FIELDS
    )
    ((rows, spent),) = evaluate.measure(
        lambda jpeg: PictureReading("licence_front", readings), "easy", [2], False
    )
    assert exact(rows) == whole(rows) == 1 - sum(row.wrong for row in rows) == 1
    assert spent >= 0
    assert "exact 1.0000" in evaluate.report(rows, [spent], 3)
