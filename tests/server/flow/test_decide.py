from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import insert

from server.auth import sealing
from server.auth.access import Actor
from server.errors import Conflict, Forbidden, InvalidInput, NotFound
from server.flow.follow import Follow
from server.flow.pack import pack
from server.ports import CorrectionItem, TrackingEvent
from server.record import tables
from server.sandbox.paper import Paper, Picture
from tests.server.flow.world import World, down

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)
ORIGIN = "https://doibang.invalid"
SECOND = Actor("officer", "p" * 32)
BLURRED = CorrectionItem("photo:licence_front", "blurred", "Ảnh mờ, xin chụp lại.")


async def at_desk(world: World, **answers: Any) -> Paper:
    paper = world.paper(**answers)
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "forwarded"
    return paper


async def decide(
    world: World, paper: Paper, outcome: str, by: Actor = OFFICER, **more: Any
) -> None:
    version = (await world.dossier(paper)).version
    await world.desk.decide(by, paper.dossier, outcome=outcome, version=version, **more)


async def settle(world: World) -> None:
    world.clock.move(seconds=30)
    await world.work()


async def test_returned_corrected_approved(world: World) -> None:
    paper = await at_desk(world)
    await decide(world, paper, "return", items=[BLURRED], text="Xin sửa một ảnh")
    await settle(world)
    status = await world.status(paper)
    assert (status["group"], status["code"]) == ("action_needed", "returned")
    assert status["sealed"]["correction"] == {
        "n": 2,
        "items": [
            {"target": BLURRED.target, "reason": BLURRED.reason, "text": BLURRED.text},
        ],
        "note": "Xin sửa một ảnh",
    }
    better = world.corrected(paper, [Picture("licence_front", b"\xff\xd8sharp", 1600, 1000)])
    new = [chunk for chunk in better.chunks if chunk not in paper.chunks]
    await world.write([better.submission])
    await world.work()
    status = await world.status(paper)
    assert (status["group"], status["missing"]) == ("incomplete", [c.id for c in new])
    assert status["sealed"]["state"] == "returned"
    first_filed = (await world.dossier(paper)).filed_at
    await world.write([c.document for c in new], {c.id: c.sealed for c in new})
    await world.work()
    dossier = await world.dossier(paper)
    assert (dossier.state, dossier.n, dossier.filed_at) == ("forwarded", 2, first_filed)
    status = await world.status(paper)
    assert status["receipts"] == better.receipts()
    assert status["sealed"]["correction"] is None
    await decide(world, paper, "approve", by=SECOND)
    await settle(world)
    assert await world.state(paper) == "dispatched"


async def test_rejected_with_reason_and_law(world: World) -> None:
    paper = await at_desk(world)
    await decide(world, paper, "reject", reason="retest_needed", law="c108_2026_22", text="…")
    await settle(world)
    status = await world.status(paper)
    assert (status["group"], status["code"]) == ("closed", "rejected")
    assert status["sealed"]["decision"]["law"] == "c108_2026_22"
    assert (await world.dossier(paper)).closed_at == world.clock()


async def test_undone_within_thirty_seconds(world: World) -> None:
    paper = await at_desk(world)
    await decide(world, paper, "approve")
    assert (await world.desk.show(SECOND, paper.dossier))["pending"]["by"] == str(OFFICER)
    world.clock.move(seconds=29)
    with pytest.raises(Forbidden, match="decision_of_other"):
        await world.desk.undo(SECOND, paper.dossier)
    await world.desk.undo(OFFICER, paper.dossier)
    await settle(world)
    assert await world.state(paper) == "forwarded"
    with pytest.raises(NotFound):
        await world.desk.undo(OFFICER, paper.dossier)
    await decide(world, paper, "return", items=[BLURRED])
    world.clock.move(seconds=30)
    with pytest.raises(Conflict, match="too_late"):
        await world.desk.undo(OFFICER, paper.dossier)
    await world.work()
    assert await world.state(paper) == "returned"


async def test_two_officers_cannot_decide_one_dossier(world: World) -> None:
    paper = await at_desk(world)
    await decide(world, paper, "approve")
    with pytest.raises(Conflict, match="already_decided"):
        await decide(world, paper, "reject", by=SECOND, reason="x", law="y")
    await settle(world)
    with pytest.raises(Conflict, match="already_decided"):
        await decide(world, paper, "reject", by=SECOND, reason="x", law="y")


async def test_who_looked_at_an_older_state_reads_again(world: World) -> None:
    paper = await at_desk(world)
    with pytest.raises(Conflict, match="stale"):
        await world.desk.decide(OFFICER, paper.dossier, outcome="approve", version=1)


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [
        ("forgive", {}, "outcome"),
        ("return", {}, "items"),
        ("return", {"items": [CorrectionItem("shoe_size", "x")]}, "items.0.target"),
        ("return", {"items": [CorrectionItem("phone", "")]}, "items.0.reason"),
        ("reject", {"reason": "x"}, "law"),
        ("reject", {"law": "x"}, "reason"),
        ("approve", {"text": "x" * 2001}, "text"),
    ],
)
async def test_an_incomplete_decision(
    world: World, outcome: str, more: dict[str, Any], field: str
) -> None:
    paper = await at_desk(world)
    with pytest.raises(InvalidInput) as wrong:
        await decide(world, paper, outcome, **more)
    assert wrong.value.field == field


async def test_nobody_decides_their_own_dossier(world: World) -> None:
    paper = await at_desk(world)

    def adopt(conn: Any) -> None:
        row = {"id": OFFICER.id, "role": "officer", "created_at": world.clock()}
        conn.execute(insert(tables.accounts).values(**row))
        owner = {"owner": world.owner, "account": OFFICER.id, "created_at": world.clock()}
        conn.execute(insert(tables.owners).values(**owner))

    await world.record.run(adopt)
    with pytest.raises(Forbidden, match="own_dossier"):
        await decide(world, paper, "approve")
    view = await world.desk.show(OFFICER, paper.dossier)
    assert (view["may_decide"], view["why_not"]) == (False, "own_dossier")
    await decide(world, paper, "approve", by=SECOND)


async def test_the_desk_is_for_officers(world: World) -> None:
    paper = await at_desk(world)
    clerk = Actor("clerk", "c" * 32)
    for call in (
        world.desk.queue(clerk),
        world.desk.show(clerk, paper.dossier),
        world.desk.photo(clerk, paper.dossier, paper.photos[0]["id"]),
        world.desk.undo(clerk, paper.dossier),
        world.desk.act(clerk, paper.dossier, "park"),
        pack(world.record, world.vaulted, clerk, paper.dossier, ORIGIN),
    ):
        with pytest.raises(Forbidden):
            await call


async def test_park_and_resume(world: World) -> None:
    paper = await at_desk(world)
    await world.desk.act(OFFICER, paper.dossier, "park")
    await world.work()
    assert (await world.status(paper))["code"] == "parked"
    with pytest.raises(Conflict, match="not_open"):
        await decide(world, paper, "approve")
    with pytest.raises(Conflict, match="not_possible"):
        await world.desk.act(OFFICER, paper.dossier, "park")
    await world.desk.act(OFFICER, paper.dossier, "resume")
    assert await world.state(paper) == "forwarded"
    await decide(world, paper, "approve")


async def test_the_queue_by_due_date_with_search_and_pages(world: World) -> None:
    names = ["Nguyễn Thị Hoa", "Đỗ Văn Tuyển", "Lý Thị Mỵ"]
    papers = []
    for name in names:
        papers.append(await at_desk(world, full_name=name))
        world.clock.move(days=2)
    queue = await world.desk.queue(OFFICER)
    assert [item["name"] for item in queue["items"]] == names
    assert queue["counts"] == {"forwarded": 3}
    for text, expected in (
        ("do van tuyen", [names[1]]),
        ("ĐỖ", [names[1]]),
        ("my ly", [names[2]]),
        (papers[0].slip.lower(), [names[0]]),
        ((await world.dossier(papers[2])).code, [names[2]]),
        ("%", names),
        ("không có", []),
    ):
        found = await world.desk.queue(OFFICER, search=text)
        assert [item["name"] for item in found["items"]] == expected, text
    assert (await world.desk.queue(OFFICER, state="rejected"))["items"] == []
    with pytest.raises(InvalidInput):
        await world.desk.queue(OFFICER, state="lost")
    world.clock.move(days=30)
    assert all(item["overdue"] for item in (await world.desk.queue(OFFICER))["items"])


async def test_every_opening_is_journalled(world: World) -> None:
    paper = await at_desk(world)
    await world.desk.show(OFFICER, paper.dossier)
    photo = paper.photos[0]["id"]
    jpeg = await world.desk.photo(OFFICER, paper.dossier, photo)
    assert sealing.digest(jpeg) == paper.photos[0]["sha256"]
    mine = [e for e in await world.journal(paper, "opened") if e.actor == str(OFFICER)]
    assert [entry.detail["purpose"] for entry in mine] == ["desk", f"photo:{photo}"]
    with pytest.raises(NotFound):
        await world.desk.photo(OFFICER, paper.dossier, "0" * 32)


async def test_the_pack_proves_itself(world: World) -> None:
    paper = await at_desk(world)
    name, data = await pack(world.record, world.vaulted, OFFICER, paper.dossier, ORIGIN)
    assert name.endswith(".zip")
    archive = zipfile.ZipFile(io.BytesIO(data))
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, _, file = line.partition("  ")
        assert sealing.digest(archive.read(file)) == digest
    assert len(archive.namelist()) == 3 + len(paper.photos)
    form = json.loads(archive.read("dossier.json"))["form"]
    assert archive.read(form["file"]).startswith(b"%PDF-")
    assert sealing.digest(archive.read(form["file"])) == form["sha256"]
    assert json.loads(archive.read("dossier.json"))["answers"] == paper.answers


async def test_following_by_slip_and_birth_date(world: World) -> None:
    follow = Follow(world.record, world.keys, world.clock)
    part = world.paper()
    await world.send(part, leave_out=[part.chunks[0].id])
    paper = await at_desk(world)
    told = await follow.by_slip(f" {paper.slip[:4]}-{paper.slip[4:].lower()}", "1980-05-04")
    assert (told["group"], told["code"]) == ("accepted", "forwarded")
    assert (await follow.by_slip(part.slip, "1980-05-04"))["code"] == "incomplete"
    for slip, birth in ((paper.slip, "1980-05-05"), ("22222222", "1980-05-04"), ("?", "")):
        with pytest.raises(NotFound):
            await follow.by_slip(slip, birth)


async def test_the_post_away_lost_and_returned(world: World) -> None:
    world.post.script.failures.append(down("post"))
    world.post.lose_replies = 1
    paper = await at_desk(world)
    await decide(world, paper, "approve")
    await settle(world)
    assert await world.state(paper) == "produced"
    for _ in range(2):
        world.clock.move(minutes=1)
        await world.work()
    assert await world.state(paper) == "dispatched"
    assert len(world.post.booked) == 1
    world.post.events = [TrackingEvent(world.clock(), "in_transit")]
    world.clock.move(hours=1)
    await world.work()
    assert (await world.status(paper))["sealed"]["consignment"]["state"] == "in_transit"
    world.post.events.append(TrackingEvent(world.clock(), "returned"))
    world.clock.move(hours=1)
    await world.work()
    assert await world.state(paper) == "parked"


async def test_fetched_at_the_counter(world: World) -> None:
    paper = await at_desk(
        world,
        delivery_method="counter",
        delivery_point="bn-08",
        delivery_line=None,
        delivery_commune=None,
    )
    await decide(world, paper, "approve")
    await settle(world)
    assert await world.state(paper) == "produced"
    assert world.post.booked == {}
    await world.desk.act(OFFICER, paper.dossier, "collect")
    await world.work()
    assert (await world.status(paper))["code"] == "delivered"
