"""The certificate that its facility signed: verified with no network, forwarded without waiting."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import cbor2
from playwright.sync_api import expect

from server.certificates import base45, cose, signed
from server.sandbox import cards
from server.sandbox.samples import Sample, sample
from tests.journey.officer import Officer, switch
from tests.journey.phone import Phone
from tests.journey.processes import Server


def test_a_signed_certificate_is_not_waited_for(
    server: Server,
    make_phone: Callable[[Server], Phone],
    make_officer: Callable[[Server], Officer],
) -> None:
    own, others = (sample(seed, None, ("2008", "B2")) for seed in (4, 6))
    switch(server, certificate_late="on")
    phone = make_phone(server)
    phone.begin()
    server.stop()
    phone.context.set_offline(True)
    phone.fill_until(own, "giay-kham")

    number = phone.page.locator("#certificate_number")
    phone.scan(code(others))
    expect(phone.page.locator("[data-verdict]")).to_contain_text(others.person.full_name.upper())
    phone.scan(forged(own))
    expect(phone.page.locator("[data-verdict=forged]")).to_contain_text("không đúng")
    expect(number).to_have_value("")
    phone.scan(code(own))
    verified = phone.page.locator("[data-verdict=valid]")
    expect(verified).to_contain_text("Đã kiểm chữ ký của Bệnh viện")
    expect(number).to_have_value(own.truth["answers"]["certificate_number"])
    phone.fill_until(own, "gui")
    phone.agree_and_send()
    dossier = phone.dossier

    server.start()
    phone.context.set_offline(False)
    officer = make_officer(server)
    officer.awaits(dossier)
    seen = officer.open(dossier)
    assert "certificate_signed" in {found["code"] for found in seen["findings"]}
    states = [line["detail"]["to"] for line in seen["timeline"] if line["action"] == "state"]
    assert "forwarded" in states
    assert "waiting" not in states


def forged(made: Sample) -> bytes:
    """The same certificate with another class under the facility's signature."""
    packed = base45.decode(made.truth["qr"]["certificate"].removeprefix(signed.PREFIX))
    message = cbor2.loads(zlib.decompress(packed))
    header, empty, payload, signature = message.value
    claims = cbor2.loads(payload)
    claims[signed.CERTIFICATE] = {**claims[signed.CERTIFICATE], "HANGBANGLAI": "DE"}
    altered = [header, empty, cbor2.dumps(claims), signature]
    text = signed.PREFIX + base45.encode(
        zlib.compress(cbor2.dumps(cbor2.CBORTag(cose.SIGN1, altered)), 9)
    )
    out = io.BytesIO()
    cards.captioned(cards.qr(text, 900)).save(out, "PNG")
    return out.getvalue()


def code(made: Sample) -> bytes:
    assert made.certificate_qr_png is not None
    return made.certificate_qr_png
