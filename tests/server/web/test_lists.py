"""Following by slip, an applicant's open dossiers, a clerk's own list."""

import pytest

from tests.server.surface import Browser, bearer


def test_following_by_slip_and_birth_date_shows_the_state_only(caller: Browser) -> None:
    _, paper = caller.file()
    for slip in (paper.slip, f"{paper.slip[:4]}-{paper.slip[4:].lower()}"):
        answer = caller.post("/api/follow", {"slip": slip, "date_of_birth": "1980-05-04"})
        assert answer.status_code == 200
        assert answer.json() == {
            "group": "accepted",
            "code": "forwarded",
            "updated_at": "2026-11-22T08:00:00.000Z",
        }


def test_a_wrong_slip_and_a_wrong_birth_date_look_the_same(caller: Browser) -> None:
    _, paper = caller.file()
    other = "2" * 8 if paper.slip != "2" * 8 else "3" * 8
    wrong = [
        caller.post("/api/follow", {"slip": slip, "date_of_birth": born})
        for slip, born in ((paper.slip, "1980-05-05"), (other, "1980-05-04"))
    ]
    assert [answer.status_code for answer in wrong] == [404, 404]
    assert wrong[0].content == wrong[1].content


def test_guessing_birth_dates_of_one_slip_is_limited(caller: Browser) -> None:
    _, paper = caller.file()
    guesses = [{"slip": paper.slip, "date_of_birth": f"19{i:02}-01-01"} for i in range(11)]
    codes = [caller.post("/api/follow", guess).status_code for guess in guesses]
    assert codes == [404] * 10 + [429]
    right = {"slip": paper.slip, "date_of_birth": "1980-05-04"}
    assert caller.post("/api/follow", right).status_code == 429
    caller.clock.forward(hours=1)
    assert caller.post("/api/follow", right).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slip": "ABC", "date_of_birth": "1980-05-04"}, "slip"),
        ({"slip": "ABCDEFG1", "date_of_birth": "1980-05-04"}, "slip"),
        ({"slip": ["A"], "date_of_birth": "1980-05-04"}, "slip"),
        ({"slip": "ABCDEFGH" * 99, "date_of_birth": "1980"}, "slip"),
        ({"slip": "ABCDEFGH", "date_of_birth": "04/05/1980"}, "date_of_birth"),
        ({"slip": "ABCDEFGH"}, "date_of_birth"),
    ],
)
def test_bad_slips(caller: Browser, body: dict[str, object], field: str) -> None:
    answer = caller.post("/api/follow", body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_an_applicant_lists_open_dossiers_of_adopted_owners(caller: Browser) -> None:
    device, paper = caller.file()
    assert caller.get("/api/dossiers").status_code == 401
    caller.register()
    assert caller.get("/api/dossiers").json() == []
    grant = device.bearer["authorization"].partition(" ")[2]
    caller.post("/api/grants/adopt", {"owner": device.owner}, **bearer(grant))
    [row] = caller.get("/api/dossiers").json()
    assert (row["dossier"], row["owner"]) == (paper.dossier, device.owner)
    assert (row["slip"], row["state"]) == (paper.slip, "forwarded")
    caller.client.cookies.clear()
    caller.register()
    assert caller.get("/api/dossiers").json() == []


def test_a_clerk_lists_what_they_helped_with(caller: Browser) -> None:
    clerk = caller.register(caller.invite("clerk", "bn-08")).json()["account"]
    _, paper = caller.file(helper=clerk)
    caller.file()
    [row] = caller.get("/api/clerk/dossiers").json()
    assert (row["dossier"], row["name"]) == (paper.dossier, "Nguyễn Thị Hoa")
    caller.client.cookies.clear()
    assert caller.get("/api/clerk/dossiers").status_code == 401
    caller.register(caller.invite("clerk", "bn-08"))
    assert caller.get("/api/clerk/dossiers").json() == []
