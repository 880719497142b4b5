"""A dossier whose certificate carries its facility's signature, and one whose facility is late."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.access import Actor
from server.certificates import signed
from server.certificates.signed import SignedCertificate
from server.certificates.trust import FacilityKey, TrustList
from server.flow.imported import BatchesFirst, take_in
from server.ports import Certificate, Found, NotYet
from server.sandbox.paper import Paper, Said
from tests.server.flow.world import ANSWERS, CERTIFICATE, START, Field, World, down

pytestmark = pytest.mark.anyio

OFFICER = Actor("officer", "o" * 32)
KEY = ec.derive_private_key(27001, ec.SECP256R1())
OLD = ec.derive_private_key(27002, ec.SECP256R1())
GOOD = SignedCertificate(
    ANSWERS["certificate_number"],
    "NGUYỄN THỊ HOA",
    ANSWERS["date_of_birth"],
    "B",
    date(2026, 11, 2),
    "fit",
)
AT = datetime.fromisoformat("2026-11-02T10:00:00+07:00")


@pytest.fixture
def late(world: World) -> World:
    """The registry has nothing yet; two keys of the facility are on the trust list."""
    world.registry.answer = NotYet()
    world.trust = TrustList(
        [
            FacilityKey.of(KEY.public_key(), "27001", "Cơ sở khám A", date(2026, 1, 1)),
            FacilityKey.of(
                OLD.public_key(), "27001", "Cơ sở khám A", date(2025, 1, 1), date(2025, 12, 31)
            ),
        ]
    )
    world.fresh_worker()
    return world


def text(key: ec.EllipticCurvePrivateKey = KEY, **changes: Any) -> str:
    return signed.issue(dataclasses.replace(GOOD, **changes), key, AT)


def scanned(said: str) -> Said:
    fields = {"certificate_number": GOOD.number}
    return Said(readings=[{"source": "certificate_qr", "text": said, "fields": fields}])


async def sent(world: World, said: Said | None, **answers: Any) -> Paper:
    paper = world.paper(said=said, **answers)
    await world.send(paper)
    await world.work()
    return paper


async def findings(world: World, paper: Paper) -> set[tuple[str, str]]:
    told = (await world.status(paper))["sealed"]["findings"]
    return {(item["code"], item["field"]) for item in told if item["code"].startswith("cert")}


async def test_a_good_signature_needs_no_registry(late: World) -> None:
    paper = await sent(late, scanned(text()))
    assert late.registry.calls == 0
    assert await late.state(paper) == "forwarded"
    assert await findings(late, paper) == {("certificate_signed", "certificate_number")}
    shown = await late.desk.show(OFFICER, paper.dossier)
    rows = {row["field"]: row for row in shown["comparison"]}
    assert rows["certificate_date"]["registry"] == "2026-11-02"


async def test_the_code_in_the_photo_is_enough(late: World) -> None:
    late.reader.says = {"health_certificate": [Field("signed_certificate", text())]}
    paper = await sent(late, None, certificate_number=None, certificate_date=None)
    assert late.registry.calls == 0
    assert await late.state(paper) == "forwarded"
    assert ("certificate_signed", "certificate_number") in await findings(late, paper)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (text(ec.derive_private_key(5, ec.SECP256R1())), "certificate_signature_unknown"),
        (text(OLD), "certificate_signature_expired"),
        (text(number="00001/GKSKLX/27014/26"), "certificate_signature_forged"),
        (text()[:90] + "0000" + text()[94:], "certificate_signature_unreadable"),
    ],
)
async def test_any_other_signature_is_said_and_the_registry_decides(
    late: World, said: str, code: str
) -> None:
    paper = await sent(late, scanned(said))
    assert await late.state(paper) == "waiting"
    waiting = ("certificate_waiting", "certificate_number")
    assert await findings(late, paper) == {(code, "certificate_number"), waiting}
    late.registry.answer = Found(CERTIFICATE)
    late.clock.move(hours=6)
    await late.work()
    assert await late.state(paper) == "forwarded"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (text(full_name="TRẦN VĂN MẪU"), "full_name"),
        (text(date_of_birth="1981-05-04"), "date_of_birth"),
        (text(licence_class="A1"), "requested_class"),
        (text(number="00002/GKSKLX/27001/26"), "certificate_number"),
    ],
)
async def test_another_persons_certificate_proves_nothing(
    late: World, said: str, field: str
) -> None:
    paper = await sent(late, scanned(said))
    assert late.registry.calls == 1
    assert await late.state(paper) == "waiting"
    assert ("certificate_signed_differs", field) in await findings(late, paper)


async def test_the_law_counts_for_a_signed_one_too(late: World) -> None:
    said = text(concluded_on=date(2025, 11, 1), conclusion="unfit")
    paper = await sent(late, scanned(said), certificate_date="2025-11-01")
    assert await late.state(paper) == "forwarded"  # an officer judges
    told = await findings(late, paper)
    assert ("certificate_not_fit", "certificate_number") in told
    assert ("certificate_expired", "certificate_date") in told


async def test_a_key_that_is_trusted_meanwhile_ends_the_waiting(late: World) -> None:
    key = ec.derive_private_key(9, ec.SECP256R1())
    paper = await sent(late, scanned(text(key)))
    assert await late.state(paper) == "waiting"
    since = date(2026, 1, 1)
    late.trust = TrustList([FacilityKey.of(key.public_key(), "27001", "Cơ sở khám A", since)])
    late.fresh_worker()
    late.clock.move(hours=6)
    await late.work()
    assert await late.state(paper) == "forwarded"


async def test_after_two_weeks_the_facility_is_to_be_asked(late: World) -> None:
    paper = await sent(late, None)
    for _ in range(4 * 14):
        late.clock.move(hours=6)
        await late.work()
    assert late.clock.now > START
    told = (await late.status(paper))["sealed"]
    (found,) = [item for item in told["findings"] if item["code"] == "certificate_overdue"]
    assert found["params"]["days"] == 14
    assert found["params"]["facility"].startswith("Bệnh viện")
    assert (await late.dossier(paper)).warnings >= 1
    (line,) = await late.journal(paper, "certificate_overdue")
    assert line.detail["days"] == 14
    calls = late.registry.calls
    late.registry.script.failures.append(down("registry"))
    for _ in range(3):
        late.clock.move(days=1)
        await late.work()
        assert await late.state(paper) == "waiting"
        assert ("certificate_overdue", "certificate_number") in await findings(late, paper)
    assert late.registry.calls >= calls + 3  # daily
    assert len(await late.journal(paper, "certificate_overdue")) == 1
    late.registry.answer = Found(
        Certificate(CERTIFICATE.number, "27001", date(2026, 11, 2), "B", "fit")
    )
    late.clock.move(days=1)
    await late.work()
    assert await late.state(paper) == "forwarded"
    assert not await findings(late, paper)


async def test_a_facilitys_batch_ends_the_waiting_at_once(late: World) -> None:
    remote, late.registry = late.registry, BatchesFirst(late.record, late.keys, late.registry)  # type: ignore[assignment]
    late.fresh_worker()
    paper = await sent(late, None)
    assert (await late.state(paper), remote.calls) == ("waiting", 1)
    again = await late.record.run(lambda conn: take_in(conn, late.keys, [GOOD], late.clock.now))
    assert again == 1
    await late.work()
    assert (await late.state(paper), remote.calls) == ("forwarded", 1)
    assert not await findings(late, paper)
