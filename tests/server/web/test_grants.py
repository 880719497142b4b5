import pytest

from server.record.columns import iso
from server.web.device_kind import device_kind
from tests.server.authenticator import Passkey
from tests.server.surface import Browser, bearer, new_grant

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/148.0.0.0 Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"


def whoami(caller: Browser, secret: str) -> tuple[int, dict[str, str]]:
    answer = caller.get("/db/", **bearer(secret))
    return answer.status_code, answer.json()


def test_a_vault_makes_its_first_grant_itself(caller: Browser) -> None:
    secret, asked = new_grant()
    assert whoami(caller, secret) == (401, {"error": "unauthorized", "reason": "grant_unknown"})
    assert caller.post("/api/grants", asked).status_code == 201
    assert caller.post("/api/grants", asked).status_code == 200
    assert whoami(caller, secret)[0] == 200
    [line] = caller.journal("grant_made")
    assert line["actor"] == f"device:{asked['device']}"


@pytest.mark.parametrize("change", ["device", "hash", "owner"])
def test_a_known_owner_or_secret_gets_no_second_self_made_grant(
    caller: Browser, change: str
) -> None:
    _, asked = new_grant()
    caller.post("/api/grants", asked)
    answer = caller.post("/api/grants", asked | {change: new_grant()[1][change]})
    assert (answer.status_code, answer.json()["code"]) == (409, "owner_known")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"owner": None}, "owner", "required"),
        ({"owner": 7}, "owner", "bad_value"),
        ({"owner": "X" * 32}, "owner", "bad_value"),
        ({"device": "a" * 31}, "device", "bad_value"),
        ({"hash": "a" * 64 + "\n"}, "hash", "bad_value"),
        ({"role": "officer"}, "role", "unknown_field"),
    ],
)
def test_bad_fields_are_named(
    caller: Browser, change: dict[str, object], field: str, code: str
) -> None:
    answer = caller.post("/api/grants", new_grant()[1] | change)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["field"], body["code"]) == (field, code)
    assert body["type"] == f"urn:doibang:problem:{code}"
    assert body["message"]["vi"] and body["message"]["en"]


def test_too_many_first_grants_from_one_address(caller: Browser) -> None:
    for _ in range(300):
        caller.post("/api/grants", {})
    answer = caller.post("/api/grants", new_grant()[1])
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    caller.clock.forward(hours=1)
    assert caller.post("/api/grants", new_grant()[1]).status_code == 201


def test_adoption_needs_the_grant_and_a_session(caller: Browser) -> None:
    secret, asked = new_grant()
    caller.post("/api/grants", asked)
    owner = {"owner": asked["owner"]}
    answer = caller.post("/api/grants/adopt", owner, **bearer(secret))
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")
    caller.register()
    for headers in ({}, bearer(new_grant()[0]), {"authorization": "Basic x"}):
        answer = caller.post("/api/grants/adopt", owner, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "grant_needed")
    foreign, _ = caller.enrol()
    assert caller.post("/api/grants/adopt", owner, **bearer(foreign)).status_code == 403
    assert caller.post("/api/grants/adopt", owner, **bearer(secret)).status_code == 204
    assert caller.post("/api/grants/adopt", owner, **bearer(secret)).status_code == 204
    assert len(caller.journal("owner_adopted")) == 1
    caller.client.cookies.clear()
    caller.register()
    answer = caller.post("/api/grants/adopt", owner, **bearer(secret))
    assert (answer.status_code, answer.json()["code"]) == (409, "owner_adopted")


def adopted(caller: Browser) -> tuple[str, dict[str, str]]:
    secret, asked = caller.enrol()
    caller.register()
    caller.post("/api/grants/adopt", {"owner": asked["owner"]}, **bearer(secret))
    return secret, asked


def test_revoked_means_sign_in_and_renewing_resumes(caller: Browser) -> None:
    secret, asked = adopted(caller)
    [grant] = caller.get("/api/grants").json()
    assert (grant["owner"], grant["device"]) == (asked["owner"], asked["device"])
    assert caller.delete(f"/api/grants/{grant['id']}").status_code == 204
    assert whoami(caller, secret)[1]["reason"] == "grant_revoked"
    again = caller.post("/api/grants", asked)
    assert (again.status_code, again.json()["code"]) == (409, "owner_known")
    used = caller.post("/api/grants/renew", asked)
    assert (used.status_code, used.json()["code"]) == (409, "grant_used")
    fresh, renewed = new_grant()
    renewed |= {"owner": asked["owner"], "device": asked["device"]}
    assert caller.post("/api/grants/renew", renewed).status_code == 201
    assert caller.post("/api/grants/renew", renewed).status_code == 200
    assert whoami(caller, fresh)[0] == 200
    assert caller.journal("grant_revoked")[0]["detail"]["lost"] is False


def test_a_lost_device_is_told_so_and_gets_no_grant_again(caller: Browser) -> None:
    secret, asked = adopted(caller)
    [grant] = caller.get("/api/grants?role=applicant").json()
    assert caller.delete(f"/api/grants/{grant['id']}?lost=true").status_code == 204
    status, body = whoami(caller, secret)
    assert (status, body) == (401, {"error": "unauthorized", "reason": "device_lost"})
    renewed = new_grant()[1] | {"owner": asked["owner"], "device": asked["device"]}
    answer = caller.post("/api/grants/renew", renewed)
    assert (answer.status_code, answer.json()["code"]) == (403, "device_lost")


def test_ending_a_grant_ends_all_that_its_device_holds(caller: Browser) -> None:
    secret, asked = adopted(caller)
    fresh, renewed = new_grant()
    renewed |= {"owner": asked["owner"], "device": asked["device"]}
    assert caller.post("/api/grants/renew", renewed).status_code == 201
    other, elsewhere = new_grant()
    elsewhere |= {"owner": asked["owner"]}
    assert caller.post("/api/grants/renew", elsewhere).status_code == 201
    ended = next(g for g in caller.get("/api/grants").json() if g["device"] == asked["device"])
    assert caller.delete(f"/api/grants/{ended['id']}").status_code == 204
    for held in (secret, fresh):
        assert whoami(caller, held)[1]["reason"] == "grant_revoked"
    assert whoami(caller, other)[0] == 200
    assert caller.delete(f"/api/grants/{ended['id']}?lost=true").status_code == 204
    for held in (secret, fresh):
        assert whoami(caller, held)[1]["reason"] == "device_lost"
    assert whoami(caller, other)[0] == 200
    listed = {
        g["device"]: (g["revoked_at"], g["lost_at"]) for g in caller.get("/api/grants").json()
    }
    assert listed[elsewhere["device"]] == (None, None)
    assert None not in listed[asked["device"]]


def test_the_list_says_when_a_device_was_last_in_contact(caller: Browser) -> None:
    secret, _ = adopted(caller)
    caller.clock.forward(minutes=59)
    assert whoami(caller, secret)[0] == 200
    [grant] = caller.get("/api/grants").json()
    assert grant["seen_at"] == grant["created_at"]
    caller.clock.forward(minutes=2)
    assert whoami(caller, secret)[0] == 200
    [later] = caller.get("/api/grants").json()
    assert later["seen_at"] == iso(caller.clock())


def test_a_device_is_named_by_its_kind_and_nothing_else_of_it_is_kept(caller: Browser) -> None:
    caller.client.headers["user-agent"] = f"{ANDROID} Nguyen Van A"
    adopted(caller)
    [grant] = caller.get("/api/grants").json()
    assert grant["kind"] == "chrome-android"
    assert set(grant) == {
        "id", "owner", "device", "kind",
        "created_at", "seen_at", "expires_at", "revoked_at", "lost_at",
    }  # fmt: skip
    assert "Nguyen" not in str(caller.journal("grant_made"))


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (ANDROID, "chrome-android"),
        (f"{ANDROID} EdgA/148.0.0.0", "edge-android"),
        (f"{ANDROID.replace('Chrome', 'SamsungBrowser/29.0 Chrome')}", "samsung-android"),
        (f"{ANDROID} Zalo android/12", "zalo-android"),
        (f"{IPHONE} Version/19.0 Mobile/15E148 Safari/604.1", "safari-iphone"),
        (f"{IPHONE} CriOS/148.0 Mobile/15E148 Safari/604.1", "chrome-iphone"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/ Firefox/150.0", "firefox-windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/148.0 Safari/537.36", "chrome-chromeos"),
        ("curl/9", "other-other"),
        ("", "other-other"),
    ],
)
def test_kinds(user_agent: str, kind: str) -> None:
    assert device_kind(user_agent) == kind


@pytest.mark.parametrize("lost", ["", "?lost=true"])
def test_an_ended_device_has_no_session_left_to_renew_by(caller: Browser, lost: str) -> None:
    secret, asked = caller.enrol()
    passkey = Passkey()
    caller.register(None, passkey)
    caller.post("/api/grants/adopt", {"owner": asked["owner"]}, **bearer(secret))
    elsewhere = dict(caller.client.cookies)
    caller.client.cookies.clear()
    assert caller.sign_in("applicant", passkey).status_code == 200
    [grant] = caller.get("/api/grants").json()
    assert caller.delete(f"/api/grants/{grant['id']}{lost}").status_code == 204
    assert caller.get("/api/grants").status_code == 200
    caller.client.cookies.clear()
    caller.client.cookies.update(elsewhere)
    assert caller.get("/api/grants").status_code == 401
    for device in (asked["device"], new_grant()[1]["device"]):
        fresh = new_grant()[1] | {"owner": asked["owner"], "device": device}
        answer = caller.post("/api/grants/renew", fresh)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_nobody_renews_or_ends_what_is_anothers(caller: Browser) -> None:
    _, asked = adopted(caller)
    [grant] = caller.get("/api/grants").json()
    caller.client.cookies.clear()
    assert caller.post("/api/grants/renew", asked).status_code == 401
    assert caller.get("/api/grants").status_code == 401
    assert caller.delete(f"/api/grants/{grant['id']}").status_code == 401
    caller.register()
    answer = caller.post("/api/grants/renew", new_grant()[1] | {"owner": asked["owner"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_owner")
    assert caller.get("/api/grants").json() == []
    assert caller.delete(f"/api/grants/{grant['id']}").status_code == 404
    assert caller.delete(f"/api/grants/{'0' * 32}").status_code == 404
    assert caller.delete("/api/grants/..%2f..").status_code in (400, 404)
    assert caller.delete(f"/api/grants/{grant['id']}?lost=yes").status_code == 400


def test_use_renews_a_grant_and_disuse_ends_it(caller: Browser) -> None:
    secret, _ = caller.enrol()
    for _ in range(3):
        caller.clock.forward(days=100)
        assert whoami(caller, secret)[0] == 200
    caller.clock.forward(days=180)
    assert whoami(caller, secret)[1]["reason"] == "grant_expired"


def test_the_clerks_owner_is_renewed_by_the_clerk(caller: Browser) -> None:
    secret, asked = caller.enrol()
    caller.register(caller.invite("clerk", "bn-08"), Passkey())
    body = {"owner": asked["owner"], "role": "clerk"}
    assert caller.post("/api/grants/adopt", body, **bearer(secret)).status_code == 204
    renewed = new_grant()[1] | {"owner": asked["owner"], "device": asked["device"]}
    assert caller.post("/api/grants/renew", renewed).status_code == 201
