"""The search that other journeys trust must itself be able to fail."""

from __future__ import annotations

import gzip
import random
import sqlite3
from pathlib import Path

import cramjam
import pytest

from tests.journey.remains import JPEG_HEADS, search


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_name_is_found_in_either_encoding(tmp_path: Path, codec: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log").write_bytes(b"\x00\x07" + "NGUYỄN VĂN MẪU".encode(codec) + b"\x01")
    (remain,) = {(r.what, r.offset) for r in search([tmp_path], ["Nguyễn Văn Mẫu"])}
    assert remain == ("Nguyễn Văn Mẫu", 2)


def test_a_photo_is_found_by_its_head(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"....." + JPEG_HEADS[0] + b"rest")
    assert [r.what for r in search([tmp_path], [])] == ["a JPEG"]


def test_sealed_bytes_hold_nobody(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(bytes(range(256)) * 8)
    assert search([tmp_path], ["Nguyễn Văn Mẫu", "027090000123"]) == []


NAME = "Nguyễn Văn Mẫu"


@pytest.mark.parametrize(
    "written",
    [
        "NGUYEN VAN MAU",
        "nguyen van mau",
        r"Nguy\u1ec5n V\u0103n M\u1eabu",
        "Nguy%E1%BB%85n+V%C4%83n+M%E1%BA%ABu",
    ],
)
def test_a_name_is_found_however_it_was_escaped(tmp_path: Path, written: str) -> None:
    (tmp_path / "log").write_text(f"?ten={written}&", encoding="utf-8")
    assert {remain.what for remain in search([tmp_path], [NAME])} == {NAME}


def test_a_part_of_a_photo_is_found(tmp_path: Path) -> None:
    picture = random.Random(7).randbytes(5000)
    (tmp_path / "blob").write_bytes(picture[900:1100])
    assert [r.what for r in search([tmp_path], [], [picture])] == ["a picture"]
    assert search([tmp_path], [], [picture[::-1]]) == []


def test_what_is_packed_is_found(tmp_path: Path) -> None:
    text = f"{NAME} ".encode() * 50
    (tmp_path / "gzip").write_bytes(b"head" + gzip.compress(text))
    (tmp_path / "blink").write_bytes(
        b"\x05\xff\x11\x02" + bytes(cramjam.snappy.compress_raw(b"\xff\x0f" + text))
    )
    found = {remain.file.name for remain in search([tmp_path], [NAME])}
    assert found == {"gzip", "blink"}


def test_a_value_that_sqlite_splits_over_pages_is_found(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "store")
    db.execute("CREATE TABLE notes (body TEXT)")
    for length in range(4000, 4200):
        db.execute("INSERT INTO notes VALUES (?)", ["." * length + NAME + "." * 9000])
    db.execute("DELETE FROM notes WHERE length(body) != ?", [4050 + len(NAME) + 9000])
    db.commit()
    db.execute("VACUUM")
    db.close()
    assert {remain.what for remain in search([tmp_path], [NAME])} == {NAME}


def test_a_file_that_is_not_understood_does_not_pass_for_clean(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"SQLite format 3\x00" + b"\x07" * 100)
    with pytest.raises(ValueError, match="cannot be read"):
        search([tmp_path], [NAME])
