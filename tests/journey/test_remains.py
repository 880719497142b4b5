"""The search that other journeys trust must itself be able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journey.remains import JPEG_HEADS, search


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
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
