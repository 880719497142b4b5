"""Readings of whole pictures, in this process, in workers and from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr import models
from ocr.picture import read_picture
from ocr.pool import Pool, WorkerDied, WorkerLate
from ocr.reader import FormReader, FormReading, Reader
from ocr.readings import PictureReading, Reading
from tests.ocr.pictures import code, encoded, on_table

ID_CARD = "027090000123||Nguyễn Văn Mẫu|15031990|Nam|Vạn Ninh, Gia Bình, Bắc Ninh|01052021"
PHOTO = encoded(on_table(code(ID_CARD)))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_fields_carry_value_source_confidence_and_place() -> None:
    read = read_picture(PHOTO)
    assert read.kind == "id_card"
    assert read.problems == ()
    by_name = {reading.field: reading for reading in read.readings}
    assert by_name["name"].value == "Nguyễn Văn Mẫu"
    assert by_name["date_of_birth"].value == "1990-03-15"
    assert by_name["name"].source == "qr"
    assert 0.9 < by_name["name"].confidence < 1
    assert by_name["name"].box[2] > 100
    assert PictureReading.from_json(json.loads(json.dumps(read.as_json()))) == read


def test_an_unknown_code_is_shown_and_not_read() -> None:
    read = read_picture(encoded(on_table(code("https://example.vn/?x=<script>"))))
    assert (read.kind, read.readings) == ("qr", ())
    assert [(seen.text, seen.kind) for seen in read.qr] == [
        ("https://example.vn/?x=<script>", "other")
    ]


def test_a_portrait_is_only_checked() -> None:
    assert read_picture(PHOTO, "portrait").qr == ()
    assert read_picture(PHOTO[:3000], "portrait").problems == ("damaged",)


def test_a_worker_reads_the_same(reader: Reader) -> None:
    assert reader.picture(PHOTO) == read_picture(PHOTO)
    assert reader.picture(b"nothing").problems == ("not_a_picture",)


def test_the_form_has_names_of_its_own(reader: Reader) -> None:
    form = FormReader(reader)
    read = form.read(PHOTO, "id_card")
    fields = {reading.field: reading.value for reading in read.readings}
    assert fields["identity_number"] == "027090000123"
    assert fields["residence_legacy"] == "Vạn Ninh, Gia Bình, Bắc Ninh"
    assert read.retake is None
    assert form.read(b"nothing", "licence_front") == FormReading(retake="not_a_picture")


def test_without_its_network_print_is_not_read_and_codes_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(models, "LINES", tmp_path / "none.onnx")
    read = read_picture(PHOTO, "licence_front")
    assert read.problems == ("no_text_reader",)
    assert {reading.field for reading in read.readings} >= {"number", "name"}
    assert read_picture(encoded(on_table(code("nothing known")))).problems == ()


def test_only_the_workers_load_what_decodes_and_reads() -> None:
    heavy = ("cv2", "onnxruntime", "zxingcpp")
    code = f"import sys, ocr.reader; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


class Printed(Reader):
    """Says what the print of one card says."""

    def picture(self, data: bytes, kind: str | None = None) -> PictureReading:
        sure = Reading("address", "Vạn Ninh, Gia Bình", 0.98, "ocr", (0, 0, 9, 9))
        unsure = Reading("name", "VŨ THỊ TẢI", 0.9, "ocr", (0, 20, 9, 9))
        return PictureReading("licence_front", (sure, unsure), problems=("unsure: name",))


class Hidden(Reader):
    """Glare lies over one field of a card, and the rest is read; or no print is read at all."""

    def picture(self, data: bytes, kind: str | None = None) -> PictureReading:
        number = Reading("number", "270812345678", 0.99, "ocr", (0, 0, 9, 9))
        problems = ("unsure: name", "blurred", "glare_over: expiry")
        return PictureReading("licence_front", (number,) if data else (), problems=problems)


def test_a_card_of_which_part_is_hidden_is_read_and_to_be_taken_again() -> None:
    form = FormReader(Hidden())
    read = form.read(b"card", "licence_front")
    assert [one.field for one in read.readings] == ["licence_number"]
    assert read.retake == "glare_over"
    assert form.read(b"", "licence_front") == FormReading(retake="blurred")


def test_only_sure_print_reaches_the_form_and_doubt_is_no_reason_to_take_it_again() -> None:
    read = FormReader(Printed()).read(b"", "licence_front")
    assert read.retake is None
    assert [(one.field, one.source) for one in read.readings] == [("licence_address", "print")]


def misbehave(data: bytes, kind: str | None) -> dict[str, Any]:
    """What a decoder might do to its process."""
    if data == b"die":
        os._exit(11)
    if data == b"hang":
        time.sleep(600)
    if data == b"grow":
        bytearray(4 << 30)
    if data == b"write":
        Path("/tmp/never").write_bytes(b"x" * 100)
    return {"kind": kind, "bytes": len(data), "pid": os.getpid()}


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool("tests.ocr.test_reader:misbehave", workers=1, memory=1 << 30, seconds=2)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("data", "outcome"),
    [(b"die", WorkerDied), (b"hang", WorkerLate), (b"grow", WorkerDied), (b"write", WorkerDied)],
)
def test_a_lost_worker_costs_its_own_picture_only(
    pool: Pool, data: bytes, outcome: type[Exception]
) -> None:
    before = pool.ask(b"fine", "x")
    with pytest.raises(outcome):
        pool.ask(data, None)
    after = pool.ask(b"fine again", "y")
    assert (after["kind"], after["bytes"]) == ("y", 10)
    assert after["pid"] != before["pid"]


def run(*arguments: str, text: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ocr", "read", *arguments],
        input=text, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_the_command_prints_one_object_a_file(tmp_path: Path) -> None:
    card, broken = tmp_path / "card.jpg", tmp_path / "broken.jpg"
    card.write_bytes(PHOTO)
    broken.write_bytes(PHOTO[:2000])
    first, second, third = map(
        json.loads, run("--json", str(card), str(broken), str(tmp_path / "none.jpg"))
    )
    assert set(first) == {"file", "kind", "fields", "qr", "problems"}
    assert first["file"] == str(card)
    assert set(first["fields"]["name"]) == {"value", "confidence", "source", "box"}
    assert first["qr"] == [{"text": ID_CARD, "format": "QRCode", "kind": "id_card"}]
    assert (second["problems"], third["problems"]) == (["damaged"], ["no_such_file"])


def test_the_command_serves_names_from_standard_input(tmp_path: Path) -> None:
    card = tmp_path / "thẻ.jpg"
    card.write_bytes(PHOTO)
    lines = run("--serve", text=f"{card}\n")
    assert lines[0].endswith("id_card")
    assert "  number: 027090000123 (qr, 0.99)" in lines
