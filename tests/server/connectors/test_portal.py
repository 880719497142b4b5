"""The National Portal: its field names and formats, and what its replies mean."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from server.connectors.national_portal import Portal
from server.errors import PortError, Refused, Unavailable
from tests.server.connectors.conftest import Outside
from tests.server.connectors.messages import portal_dossier, portal_paper, portal_status

pytestmark = pytest.mark.anyio
CODE = "MAU.H05.27-261122-0001"


async def test_a_dossier_is_told_in_its_fields(outside: Outside) -> None:
    await outside.portal().put_dossier(portal_dossier())
    told = outside.sandbox.portal.told[CODE]["dossier"]
    assert (told["MaHoSo"], told["SoBienNhan"], told["MaTTHC"]) == (CODE, "A2B3C4D5", "3.000347")
    assert (told["KenhThucHien"], told["DiemHoTro"]) == ("3", "bn-08")
    assert (told["NgayTiepNhan"], told["NgayHenTra"]) == ("20261122150000", "20261129170000")
    assert told["TrangThaiHoSo"] == "2"
    assert told["DanhSachLePhi"][0]["TrangThaiThanhToan"] == "1"


async def test_statuses_come_once_and_in_order(outside: Outside) -> None:
    portal = outside.portal()
    await portal.put_dossier(portal_dossier())
    for status, minutes in ((2, 0), (4, 1), (4, 1), (9, 2)):
        await portal.put_status(portal_status(status, minutes))
    told = outside.sandbox.portal.told[CODE]["statuses"]
    assert told == [["20261122150000", "2"], ["20261122150100", "4"], ["20261122150200", "9"]]
    with pytest.raises(Refused, match="thứ tự"):
        await portal.put_status(portal_status(5, 1))


async def test_its_papers_arrive_whole_and_are_named_once(outside: Outside) -> None:
    front, back = portal_paper(), portal_paper(b"another picture", "b")
    await outside.portal().put_dossier(portal_dossier(papers=[front, back]))
    told = outside.sandbox.portal.told[CODE]
    rows = {row["TepDinhKemId"]: row for row in told["dossier"]["TaiLieuNop"]}
    assert rows.keys() == {front.id, back.id}
    assert rows[front.id]["MaThanhPhanHoSo"] == "GPLX_MAT_TRUOC"
    assert rows[front.id]["TenTepDinhKem"].isascii()
    kept = told["files"][rows[front.id]["DuongDanTaiTepTin"]]
    assert kept == {"sha256": front.sha256, "size": len(front.jpeg)}


async def test_a_paper_that_a_correction_replaced_is_said_to_be_gone(outside: Outside) -> None:
    portal, old, new = outside.portal(), portal_paper(), portal_paper(b"sharper", "b")
    await portal.put_dossier(portal_dossier(papers=[old]))
    await portal.put_dossier(portal_dossier(papers=[new], dropped=[old.id]))
    rows = outside.sandbox.portal.told[CODE]["dossier"]["TaiLieuNop"]
    assert [(row["TepDinhKemId"], row["IsDeleted"]) for row in rows] == [
        (new.id, "0"),
        (old.id, "1"),
    ]


async def test_a_paper_whose_reply_was_lost_is_there_once(outside: Outside) -> None:
    portal = outside.portal()
    outside.trouble.play("reply_lost", "/TaiTepTin", times=1)
    with pytest.raises(Unavailable):
        await portal.put_dossier(portal_dossier())
    assert "dossier" not in outside.sandbox.portal.told[CODE]
    await portal.put_dossier(portal_dossier())
    assert len(outside.sandbox.portal.told[CODE]["files"]) == 1


async def test_a_paper_that_is_not_what_its_digest_says_is_refused(outside: Outside) -> None:
    altered = replace(portal_paper(), jpeg=b"altered on the way")
    with pytest.raises(Refused, match="HashTepTin"):
        await outside.portal().put_dossier(portal_dossier(papers=[altered]))
    assert CODE not in outside.sandbox.portal.told


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"HashTepTin": portal_paper().sha256}, "IdTepTin"),
        ({"IdTepTin": "tep-1"}, "HashTepTin"),
        ({"IdTepTin": "tep-1", "HashTepTin": "0" * 64}, "HashTepTin"),
    ],
)
async def test_a_portal_that_kept_other_bytes_is_not_believed(
    said: dict[str, str], detail: str
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "t"})
        assert request.url.path.endswith("/TaiTepTin"), "the dossier waits for its papers"
        return httpx2.Response(200, json={"error_code": "0", **said})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        portal = Portal("http://portal.invalid", "c", "s", "u", client)
        with pytest.raises(Unavailable, match="malformed") as malformed:
            await portal.put_dossier(portal_dossier())
    assert detail in malformed.value.detail


async def test_a_token_that_expires_on_the_way_is_renewed_within_the_call(
    outside: Outside,
) -> None:
    portal = outside.portal()
    await portal.put_dossier(portal_dossier())
    outside.clock.pass_by(hours=1)
    await portal.put_status(portal_status())
    assert len(outside.sandbox.portal.told[CODE]["statuses"]) == 1


async def test_a_reply_lost_after_it_was_done_is_done_once(outside: Outside) -> None:
    portal = outside.portal()
    await portal.put_dossier(portal_dossier())
    outside.trouble.play("reply_lost", "/DongBoTrangThaiHoSo", times=1)
    with pytest.raises(Unavailable):
        await portal.put_status(portal_status())
    await portal.put_status(portal_status())
    assert len(outside.sandbox.portal.told[CODE]["statuses"]) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (200, {"error_code": "0"}, None, ""),
        (200, {"response_code": "00"}, None, ""),
        (200, {"error_code": "-1", "message": "Sai mã"}, Refused, "Sai mã"),
        (200, {"error_code": "7"}, Unavailable, "malformed"),
        (200, {}, Unavailable, "malformed"),
        (400, {"message": "Thiếu MaTTHC"}, Refused, "Thiếu MaTTHC"),
        (401, {}, Unavailable, "credentials"),
        (403, {}, Unavailable, "credentials"),
        (404, {}, Unavailable, "HTTP 404"),
        (502, {}, Unavailable, "HTTP 502"),
    ],
)
async def test_what_its_replies_mean(
    status: int, body: dict[str, Any], kind: type[PortError] | None, says: str
) -> None:
    tokens = 0

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal tokens
        if request.url.path.endswith("/token"):
            tokens += 1
            return httpx2.Response(200, json={"access_token": f"t{tokens}"})
        assert json.loads(request.content)["MaHoSo"] == CODE
        return httpx2.Response(status, json=body)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        portal = Portal("http://portal.invalid", "c", "s", "u", client)
        if kind is None:
            await portal.put_status(portal_status())
            return
        with pytest.raises(kind) as missed:
            await portal.put_status(portal_status())
        assert says in str(missed.value)
        assert tokens == 1
