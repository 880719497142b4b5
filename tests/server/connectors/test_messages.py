"""What the connectors make of the systems' answers, message by message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from server.connectors.authority import Authority
from server.connectors.authority_messages import dossier_message
from server.connectors.post import Post, is_s10
from server.connectors.registry import Registry, fold
from server.errors import Refused, Unavailable
from server.ports import Certificate, CorrectionItem, Found, Mismatch, NotYet
from tests.server.connectors.messages import forwarding, order

pytestmark = pytest.mark.anyio


def answering(*bodies: Any, status: int = 200) -> httpx2.AsyncClient:
    """A client whose requests get these JSON bodies, one after the other."""
    left = list(bodies)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json=left.pop(0))

    return httpx2.AsyncClient(transport=httpx2.MockTransport(answer))


LOGGED_IN = {"error_code": "0", "result": "OK", "session": "s"}


def progress(**data: Any) -> Authority:
    whole = {"MaTrangThai": 4, "NgayQuyetDinh": "02/03/2026 23:30:00", **data}
    client = answering(LOGGED_IN, {"error_code": "0", "result": "OK", "data": whole})
    return Authority("http://authority.invalid", "u", "p", "unit", client)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("EB123456785VN", True),
        ("EB000001235VN", True),
        ("RA473124829GB", True),
        ("EB123456789VN", False),
        ("eb123456785vn", False),
        ("EB12345678VN", False),
        ("", False),
    ],
)
def test_s10(number: str, right: bool) -> None:
    assert is_s10(number) is right


@pytest.mark.parametrize("code", [1, 2, 4, 6])
async def test_nothing_is_decided_yet(code: int) -> None:
    assert await progress(MaTrangThai=code).decision("k") is None


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(3, "rejected"), (5, "returned"), (7, "rejected"), (8, "rejected"), (9, "approved")],
)
async def test_the_portals_codes_become_outcomes(code: int, outcome: str) -> None:
    decided = await progress(MaTrangThai=code).decision("k")
    assert decided is not None
    assert decided.outcome == outcome


async def test_the_day_comes_before_the_month_and_times_are_vietnams() -> None:
    decided = await progress(MaTrangThai=10, soGplx="010203040506").decision("k")
    assert decided is not None
    assert decided.at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert decided.licence_number == "010203040506"


async def test_a_return_names_what_to_put_right() -> None:
    rows = [{"truong": "photo:portrait", "lyDo": "blurred", "noiDung": "Ảnh mờ"}]
    decided = await progress(MaTrangThai=5, yeuCauBoSung=rows).decision("k")
    assert decided is not None
    assert decided.items == [CorrectionItem("photo:portrait", "blurred", "Ảnh mờ")]


@pytest.mark.parametrize(
    ("field", "code", "item"),
    [
        ("hoTen", "name_differs", ("full_name", "differs", "Câu.")),
        ("", "name_differs", ("full_name", "differs", "Câu.")),
        ("licence_front", "dark", ("photo:licence_front", "dark", "Câu.")),
        ("anhChanDung", "blurred", ("photo:portrait", "blurred", "Câu.")),
        ("sogplx", "X17", ("licence_number", "own", "Câu. (X17)")),
        ("anhChanDung", "name_differs", ("photo:portrait", "own", "Câu. (name_differs)")),
        ("soBienLai", "X17", ("submission", "own", "Câu. (X17, soBienLai)")),
        ("", "X17", ("submission", "own", "Câu. (X17)")),
        ("", "", ("submission", "own", "Câu.")),
    ],
)
async def test_every_reason_points_to_something_that_can_be_put_right(
    field: str, code: str, item: tuple[str, str, str]
) -> None:
    rows = [{"truong": field, "lyDo": code, "noiDung": "Câu."}]
    decided = await progress(MaTrangThai=5, yeuCauBoSung=rows).decision("k")
    assert decided is not None
    assert decided.items == [CorrectionItem(*item)]


async def test_a_return_without_a_list_names_what_is_said_of_the_whole() -> None:
    known = await progress(MaTrangThai=5, lyDo="phone_unreachable", noiDung="Gọi 3 lần").decision(
        "k"
    )
    assert known is not None
    assert (known.items, known.text) == ([CorrectionItem("phone", "unreachable", "Gọi 3 lần")], "")
    mute = await progress(MaTrangThai=5).decision("k")
    assert mute is not None
    assert mute.items == [CorrectionItem("submission", "unnamed", "")]


@pytest.mark.parametrize(
    ("code", "cited", "reason", "law"),
    [
        ("out_of_jurisdiction", "", "wrong_procedure", "law36_62"),
        ("violation_open", "Điều 5", "violation_open", "Điều 5"),
        ("X17", "", "X17", ""),
    ],
)
async def test_a_rejection_s_reason_brings_its_law(
    code: str, cited: str, reason: str, law: str
) -> None:
    decided = await progress(MaTrangThai=8, lyDo=code, canCu=cited, noiDung="Câu.").decision("k")
    assert decided is not None
    assert (decided.reason, decided.law, decided.text) == (reason, law, "Câu.")


@pytest.mark.parametrize(
    "data",
    [
        {"MaTrangThai": 11},
        {"MaTrangThai": "4"},
        {"MaTrangThai": [4]},
        {"MaTrangThai": None},
        {"MaTrangThai": 10, "NgayQuyetDinh": ""},
        {"MaTrangThai": 10, "NgayQuyetDinh": "2026-03-02T08:00:00"},
        {"MaTrangThai": 5, "yeuCauBoSung": ["portrait"]},
        {"MaTrangThai": 5, "yeuCauBoSung": [{"truong": 7}]},
    ],
)
async def test_a_decision_that_makes_no_sense_is_no_decision(data: dict[str, Any]) -> None:
    with pytest.raises(Unavailable) as unavailable:
        await progress(**data).decision("k")
    assert unavailable.value.detail.startswith("malformed")


async def test_a_refusal_carries_the_authoritys_reason() -> None:
    no = {"error_code": "4", "result": "Không thuộc thẩm quyền", "lyDo": "out_of_jurisdiction"}
    authority = Authority("http://authority.invalid", "u", "p", "x", answering(LOGGED_IN, no))
    with pytest.raises(Refused) as refused:
        await authority.submit(forwarding())
    assert (refused.value.reason, refused.value.text) == (
        "out_of_jurisdiction",
        "Không thuộc thẩm quyền",
    )


async def test_a_fresh_session_that_is_not_accepted_ends_the_attempt() -> None:
    expired = {"error_code": "2", "result": "expired"}
    authority = Authority("http://authority.invalid", "u", "p", "x", answering(LOGGED_IN, expired))
    with pytest.raises(Unavailable):
        await authority.decision("k")


def test_the_dossiers_message_writes_days_as_the_authority_does() -> None:
    message: Any = dossier_message(forwarding())
    said = forwarding().answers
    born = date.fromisoformat(str(said["date_of_birth"]))
    assert message["ngaySinh"] == f"{born.day:02}/{born.month:02}/{born.year}"
    assert message["ngayNhanHoSo"] == "22/11/2026 15:00:00"
    assert message["ngayHenTraGplx"] == "29/11/2026 00:00:00"
    (held,) = message["gplxDaCap"]
    assert held["sogplx"] == said["licence_number"]
    second = {"other_licence_number": "270098765432", "other_licence_class": "A1"}
    both: Any = dossier_message(replace(forwarding(), answers={**said, **second}))
    assert both["gplxDaCap"][0] == held
    assert both["gplxDaCap"][1] == dict.fromkeys(held, "") | {
        "sogplx": "270098765432",
        "hanggplxgplx": "A1",
    }
    assert message["hoSoDinhKem"][0]["sha256"] == forwarding().photos[0].sha256


CERTIFICATE = {
    "SO": "00001/GKSKLX/27001/26",
    "HOTEN": "NGUYEN THI HOA",
    "NGAYSINH": "02/03/1990",
    "IDBENHVIEN": "27001",
    "NGAYKETLUAN": "01/11/2026",
    "HANGBANGLAI": "B",
    "KETLUAN": "A0-1",
}


def registry(**changes: Any) -> Registry:
    body = {"MSG_STATE": "1", "MSG_TEXT": "", "DATA": CERTIFICATE | changes}
    return Registry("http://registry.invalid", "u", "p", answering(body))


async def test_names_agree_without_accents_and_case() -> None:
    found = await registry().look_up("00001/GKSKLX/27001/26", "Nguyễn  Thị Hòa", "1990-03-02")
    assert found == Found(
        Certificate("00001/GKSKLX/27001/26", "27001", date(2026, 11, 1), "B", "fit")
    )
    assert fold("Đặng Thị Hoà") == fold("ĐẶNG THỊ HÒA") == "dang thi hoa"


@pytest.mark.parametrize(
    ("theirs", "ours"), [("02/03/1990", "1990"), ("1990", "1990-03-02"), ("1990", "1990")]
)
async def test_a_year_agrees_with_a_day_of_that_year(theirs: str, ours: str) -> None:
    found = await registry(NGAYSINH=theirs).look_up(CERTIFICATE["SO"], "Nguyễn Thị Hoa", ours)
    assert isinstance(found, Found)


async def test_somebody_elses_certificate_is_a_mismatch() -> None:
    found = await registry().look_up(CERTIFICATE["SO"], "Nguyễn Thị Hương", "1990-02-03")
    assert found == Mismatch(["name", "date_of_birth"])


@pytest.mark.parametrize(
    "changes",
    [
        {"SO": "00002/GKSKLX/27001/26"},
        {"HOTEN": ""},
        {"NGAYSINH": ""},
        {"NGAYSINH": "1990-03-02"},
        {"NGAYKETLUAN": "11/30/2026"},
        {"KETLUAN": "B7"},
    ],
)
async def test_a_certificate_that_makes_no_sense_is_malformed(changes: dict[str, str]) -> None:
    with pytest.raises(Unavailable) as unavailable:
        await registry(**changes).look_up(CERTIFICATE["SO"], "Nguyễn Thị Hoa", "1990-03-02")
    assert unavailable.value.detail.startswith("malformed")


async def test_the_registrys_words() -> None:
    late = {"MSG_STATE": "0", "MSG_CODE": "KHONG_TIM_THAY", "MSG_TEXT": "Chưa có dữ liệu"}
    wrong = {"MSG_STATE": "0", "MSG_CODE": "SAI_DU_LIEU", "MSG_TEXT": "Sai số"}
    asked = Registry("http://registry.invalid", "u", "p", answering(late, wrong))
    assert await asked.look_up(CERTIFICATE["SO"], "Hoa", "1990") == NotYet()
    with pytest.raises(Refused) as refused:
        await asked.look_up(CERTIFICATE["SO"], "Hoa", "1990")
    assert refused.value.reason == "SAI_DU_LIEU"


async def test_a_number_with_a_wrong_check_digit_is_not_taken() -> None:
    post = Post("http://post.invalid", "t", answering({"itemCode": "EB123456789VN"}, status=201))
    with pytest.raises(Unavailable) as unavailable:
        await post.book(order())
    assert unavailable.value.detail == "malformed reply: itemCode"


async def test_events_are_told_oldest_first() -> None:
    events = [
        {"time": "2026-11-23T08:00:00Z", "status": "DELIVERED", "place": "nhà"},
        {"time": "2026-11-22T15:00:00+07:00", "status": "BOOKED", "place": "bưu cục"},
    ]
    post = Post("http://post.invalid", "t", answering({"events": events}))
    told = await post.track("EB123456785VN")
    assert [event.state for event in told] == ["booked", "delivered"]
    assert told[0].at == datetime(2026, 11, 22, 8, tzinfo=UTC)


async def test_the_post_says_no() -> None:
    no = {"code": "address", "message": "Không có tuyến phát"}
    post = Post("http://post.invalid", "t", answering(no, status=422))
    with pytest.raises(Refused) as refused:
        await post.book(order())
    assert (refused.value.reason, refused.value.text) == ("address", "Không có tuyến phát")
