"""What reaches devices and phones, and what an outage does to a message."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.connectors.webpush import b64u, encrypted, service_of, unb64u
from server.errors import Refused, Throttled, Unavailable
from server.sandbox.twins.phone import NOT_ON_ZALO
from tests.server.connectors.conftest import Outside
from tests.server.connectors.messages import notice
from tests.server.connectors.test_messages import answering
from tests.server.connectors.trouble import Mode

pytestmark = pytest.mark.anyio


def test_the_example_of_rfc_8291() -> None:
    """Section 5 and appendix A."""
    private = int.from_bytes(unb64u("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        unb64u(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        unb64u("BTBZMqHH6r4Tts7J_aSIgg"),
        ec.derive_private_key(private, ec.SECP256R1()),
        unb64u("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert b64u(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


async def test_a_device_opens_what_was_sent_and_a_newer_message_replaces_it(
    outside: Outside,
) -> None:
    device = outside.subscribed()
    await outside.push().send(notice(device))
    (message,) = outside.sandbox.push.messages(device["endpoint"])
    assert message["said"] == {
        "title": "Hồ sơ MAU.H05.27-261122-0001",
        "body": "Có việc cần làm. Mở ứng dụng để xem.",
        "dossier": "d" * 32,
        "lang": "vi",
    }
    assert (message["topic"], message["ttl"]) == ("d" * 32, 86400)


async def test_a_device_that_left_is_gone(outside: Outside) -> None:
    device = dict(outside.subscribed())
    outside.sandbox.push.forget(device["endpoint"])
    with pytest.raises(Refused) as refused:
        await outside.push().send(notice(device))
    assert refused.value.reason == "gone"


SERVICES = ["fcm.googleapis.com", "*.push.apple.com", "http://127.0.0.1:8000/sandbox/twins/push"]


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/QO", True),
        ("http://127.0.0.1:8000/sandbox/twins/push/send/a", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/", False),
        ("https://fcm.googleapis.com@evil.example/", False),
        ("https://fcm.googleapis.com.evil.example/", False),
        ("https://push.apple.com.evil.example/", False),
        ("http://127.0.0.1:8000/api/desk", False),
        ("http://127.0.0.1:8000/sandbox/twins/pushed", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("https://[::1", False),
    ],
)
def test_nothing_else_is_asked_of_this_server(endpoint: str, known: bool) -> None:
    assert (service_of(endpoint, SERVICES) is not None) is known


async def test_an_sms_has_no_diacritics(outside: Outside) -> None:
    await outside.sms().send(notice())
    await outside.sms().send(notice(language="en", key="d:notice:2"))
    first, second = outside.sandbox.phones.messages
    assert (first["to"], first["text"]) == (
        "84912345678",
        "Doi Bang: ho so MAU.H05.27-261122-0001 co viec can lam. Mo ung dung de xem.",
    )
    assert second["text"].endswith("Open the app to read it.")


async def test_zalo_gets_a_template_and_the_code(outside: Outside) -> None:
    await outside.zns().send(notice())
    (message,) = outside.sandbox.phones.messages
    assert (message["template"], message["data"]) == (
        "100002",
        {"ma_ho_so": "MAU.H05.27-261122-0001"},
    )


async def test_who_is_not_on_zalo_is_refused(outside: Outside) -> None:
    with pytest.raises(Refused) as refused:
        await outside.zns().send(notice({"phone": f"+{NOT_ON_ZALO}"}))
    assert refused.value.reason == "-118"


@pytest.mark.parametrize("mode", ["slow", "reset", "reply_lost", "not_json", "wrong_shape", "huge"])
async def test_zalo_is_not_asked_twice_when_it_may_have_told(outside: Outside, mode: Mode) -> None:
    """It does not recognise a repetition."""
    outside.trouble.play(mode)
    if mode == "slow":
        outside.client.timeout = 0.5
    with pytest.raises(Refused) as refused:
        await outside.zns().send(notice())
    assert refused.value.reason == "unsure"
    assert len(outside.sandbox.phones.messages) == (1 if mode == "reply_lost" else 0)


async def test_zalo_is_asked_again_when_it_certainly_told_nobody(outside: Outside) -> None:
    outside.trouble.play("error", times=1)
    with pytest.raises(Unavailable):
        await outside.zns().send(notice())
    outside.trouble.play("throttled", times=1)
    with pytest.raises(Throttled):
        await outside.zns().send(notice())
    await outside.zns().send(notice())
    assert len(outside.sandbox.phones.messages) == 1


@pytest.mark.parametrize("code", [-32, -144, -147])
async def test_zalo_s_quotas_are_waited_for(code: int, tmp_path: Path, outside: Outside) -> None:
    outside.client = answering({"error": code, "message": "quota"})
    with pytest.raises(Throttled):
        await outside.zns().send(notice())


async def test_a_token_that_is_missing_waits_for_the_administrator(outside: Outside) -> None:
    outside.settings.zns_token_file.unlink()
    with pytest.raises(Unavailable) as unavailable:
        await outside.zns().send(notice())
    assert unavailable.value.detail == "credentials"
