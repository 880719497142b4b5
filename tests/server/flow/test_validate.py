from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import Refused, Throttled
from server.ports import Certificate, Found, Mismatch, NotYet
from server.sandbox.paper import Said
from tests.server.flow.world import CERTIFICATE, Field, World, down

pytestmark = pytest.mark.anyio


async def findings(world: World, paper: Any) -> dict[str, str]:
    """{code: field} of what the applicant is told."""
    told = (await world.status(paper))["sealed"]["findings"]
    return {item["code"]: item["field"] for item in told}


async def test_a_certificate_that_lags_is_waited_for_for_days(world: World) -> None:
    world.registry.answer = NotYet()
    paper = world.paper()
    await world.send(paper)
    await world.work()
    status = await world.status(paper)
    assert (status["group"], status["code"]) == ("accepted", "waiting")
    wait = status["sealed"]["wait"]
    assert (wait["what"], wait["since"]) == ("certificate", "2026-11-23T02:00:00.000Z")
    assert "certificate_waiting" in await findings(world, paper)
    for _ in range(4 * 6):
        world.clock.move(hours=6)
        await world.work()
        assert await world.state(paper) == "waiting"
    assert world.registry.calls >= 20
    assert (await world.status(paper))["sealed"]["wait"]["since"] == wait["since"]
    world.registry.answer = Found(CERTIFICATE)
    world.clock.move(hours=6)
    await world.work()
    assert await world.state(paper) == "forwarded"
    assert "certificate_waiting" not in await findings(world, paper)
    assert world.reader.reads == len(paper.photos)  # once, not at every look


async def test_an_outage_of_the_registry_is_no_finding(world: World) -> None:
    world.registry.script.failures.extend([down("registry"), Throttled("registry", 3600)])
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "received"
    wait = (await world.status(paper))["sealed"]["wait"]
    assert wait["what"] == "certificate"
    world.clock.move(minutes=1)
    await world.work()
    world.clock.move(minutes=59)
    await world.work()
    assert world.registry.calls == 2  # "after an hour" is kept
    world.clock.move(minutes=2)
    await world.work()
    assert await world.state(paper) == "forwarded"
    assert "certificate_waiting" not in await findings(world, paper)


async def test_a_refusal_of_the_registry_lets_the_dossier_go_on(world: World) -> None:
    world.registry.script.failures.append(Refused("registry", "bad_number"))
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "forwarded"


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        (Mismatch(["name"]), "certificate_registry_differs", "full_name"),
        (Mismatch(["date_of_birth"]), "certificate_registry_differs", "date_of_birth"),
        (
            Found(Certificate(CERTIFICATE.number, "27001", date(2026, 11, 2), "B", "unfit")),
            "certificate_not_fit",
            "certificate_number",
        ),
        (
            Found(Certificate(CERTIFICATE.number, "27001", date(2026, 11, 2), "A1", "fit")),
            "certificate_class_mismatch",
            "certificate_number",
        ),
        (
            Found(Certificate(CERTIFICATE.number, "27001", date(2024, 1, 5), "B", "fit")),
            "certificate_expired",
            "certificate_date",
        ),
    ],
)
async def test_what_the_registry_says_otherwise(
    world: World, answer: Found | Mismatch, code: str, field: str
) -> None:
    world.registry.answer = answer
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert (await findings(world, paper))[code] == field
    assert await world.state(paper) == "forwarded"  # an officer judges


async def test_codes_in_the_photos_are_compared_with_what_was_typed(world: World) -> None:
    world.reader.says = {
        "licence_back": [Field("licence_number", "270899999999"), Field("licence_class", "B")],
        "health_certificate": "not_a_picture",
    }
    paper = world.paper()
    await world.send(paper)
    await world.work()
    found = await findings(world, paper)
    assert found["reading_differs"] == "licence_number"
    assert found["photo_unreadable"] == "photo:health_certificate"
    dossier = await world.dossier(paper)
    assert dossier.errors >= 1
    assert dossier.warnings >= 1


async def test_the_desk_knows_where_on_which_photo_a_field_stands(world: World) -> None:
    print_box, code_box = (310, 200, 420, 38), (900, 500, 300, 300)
    world.reader.says = {
        "licence_back": [Field("licence_number", "270899999999", box=code_box)],
        "licence_front": [
            Field("licence_number", "270899999998", source="print", box=print_box),
            Field("full_name", "NGUYEN THI HOA", source="print", box=(300, 260, 400, 40)),
        ],
    }
    paper = world.paper()
    await world.send(paper)
    await world.work()
    shown = await world.desk.show(Actor("officer", "o" * 32), paper.dossier)
    rows = {row["field"]: row for row in shown["comparison"]}
    photos = {photo["kind"]: photo["id"] for photo in paper.photos}
    front = photos["licence_front"]
    number = rows["licence_number"]
    assert (number["qr"], number["print"]) == ("270899999999", "270899999998")
    assert number["crop"] == {"photo": front, "box": list(print_box)}
    assert (rows["full_name"]["result"], rows["full_name"]["crop"]["photo"]) == ("writing", front)
    assert all(one["photo"] in photos.values() for one in shown["readings"] if "boxes" in one)


async def test_a_field_that_only_a_scan_on_the_phone_gave_has_no_crop(world: World) -> None:
    scan = {"source": "id_card_qr", "fields": {"full_name": "Nguyễn Thị Hòa"}}
    paper = world.paper(said=Said(readings=[scan]))
    await world.send(paper)
    await world.work()
    shown = await world.desk.show(Actor("officer", "o" * 32), paper.dossier)
    [row] = [row for row in shown["comparison"] if row["field"] == "full_name"]
    assert (row["result"], row["crop"]) == ("writing", None)


async def test_the_fee_stands_beside_and_blocks_nothing(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    fee = (await world.status(paper))["sealed"]["fee"]
    assert fee["currency"] == "VND"
    assert fee["state"] == "due"
    assert fee["amount"] in (115_000, 135_000)


async def test_no_certificate_is_looked_up_where_none_is_needed(world: World) -> None:
    paper = world.paper(licence_class="A1", requested_class="A1", licence_expiry="unlimited")
    await world.send(paper)
    await world.work()
    assert world.registry.calls == 0
    assert await world.state(paper) == "forwarded"


async def test_the_next_look_comes_when_it_was_announced(world: World) -> None:
    world.registry.answer = NotYet()
    paper = world.paper()
    await world.send(paper)
    await world.work()
    calls = world.registry.calls
    world.clock.move(minutes=11)
    await world.work()
    assert world.registry.calls == calls
    world.clock.now += timedelta(minutes=5)
    await world.work()
    assert world.registry.calls == calls + 1
