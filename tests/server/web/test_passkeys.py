from typing import Any

import pytest

from tests.server.authenticator import Passkey
from tests.server.surface import Browser


def begin(browser: Browser, **asked: str) -> Any:
    return browser.post("/api/passkeys/registration", asked).json()


def finish(browser: Browser, begun: Any, credential: Any, **more: Any) -> Any:
    body = {"ceremony": begun["ceremony"], "credential": credential} | more
    return browser.post("/api/passkeys/registration/finish", body)


def test_options_ask_for_a_discoverable_verified_prf_credential(browser: Browser) -> None:
    options = begin(browser)["options"]
    assert options["rp"] == {"id": "localhost", "name": "Đổi Bằng"}
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert options["extensions"]["credProps"] is True
    salt = options["extensions"]["prf"]["eval"]["first"]
    asserting = browser.post("/api/passkeys/assertion", {"role": "applicant"}).json()["options"]
    assert asserting["extensions"]["prf"]["eval"]["first"] == salt
    assert asserting["userVerification"] == "required"
    assert asserting["challenge"] != options["challenge"]


def test_an_applicant_registers_without_anyones_approval(browser: Browser) -> None:
    answer = browser.register()
    assert answer.status_code == 200
    body = answer.json()
    assert (body["role"], body["point"], body["name"]) == ("applicant", None, None)
    assert browser.get("/api/session?role=applicant").json()["account"] == body["account"]
    assert browser.get("/api/session?role=officer").status_code == 401


def test_signing_in_again_gives_the_same_account(browser: Browser) -> None:
    passkey = Passkey()
    account = browser.register(passkey=passkey).json()["account"]
    browser.client.cookies.clear()
    passkey.count += 40  # used offline meanwhile
    assert browser.sign_in("applicant", passkey).json()["account"] == account


def test_a_ceremony_is_answered_once_and_in_time(browser: Browser) -> None:
    begun = begin(browser)
    credential = Passkey().create(begun["options"]["challenge"])
    assert finish(browser, begun, credential).status_code == 200
    for ceremony in (begun["ceremony"], "0" * 32):
        answer = finish(browser, {"ceremony": ceremony}, credential)
        assert (answer.status_code, answer.json()["code"]) == (404, "ceremony_over")
    late = begin(browser)
    browser.surface.clock.forward(minutes=5)
    answer = finish(browser, late, Passkey().create(late["options"]["challenge"]))
    assert answer.json()["code"] == "ceremony_over"


@pytest.mark.parametrize(
    "passkey",
    [
        Passkey(origin="https://doibang.example"),
        Passkey(rp_id="example.org"),
        Passkey(verified=False),
    ],
)
def test_other_sites_and_unverified_users_are_refused(browser: Browser, passkey: Passkey) -> None:
    begun = begin(browser)
    answer = finish(browser, begun, passkey.create(begun["options"]["challenge"]))
    assert (answer.status_code, answer.json()["code"]) == (400, "not_verified")
    assert not browser.client.cookies


def test_a_wrong_challenge_is_refused(browser: Browser) -> None:
    begun = begin(browser)
    answer = finish(browser, begun, Passkey().create())
    assert (answer.status_code, answer.json()["code"]) == (400, "not_verified")


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "AA", "rawId": "AA", "type": "public-key"},
        {"id": 3, "rawId": [], "type": None, "response": "x"},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "%"}},
    ],
)
def test_nonsense_credentials_are_a_field_error(
    browser: Browser, credential: dict[str, Any]
) -> None:
    for more in ({}, {"assertion": credential}):
        answer = finish(browser, begin(browser), credential, **more)
        assert (answer.status_code, answer.json()["code"]) == (400, "not_verified")
    begun = browser.post("/api/passkeys/assertion", {"role": "clerk"}).json()
    body = {"ceremony": begun["ceremony"], "credential": credential}
    answer = browser.post("/api/passkeys/assertion/finish", body)
    assert answer.status_code in (400, 401)


def test_a_passkey_made_offline_counts_by_its_assertion_only(browser: Browser) -> None:
    passkey = Passkey()
    made = passkey.create()
    begun = begin(browser)
    stale = finish(browser, begun, made, assertion=passkey.get("AAAA"))
    assert (stale.status_code, stale.json()["code"]) == (400, "not_verified")
    begun = begin(browser)
    other = Passkey().get(begun["options"]["challenge"])
    assert finish(browser, begun, made, assertion=other).status_code == 400
    begun = begin(browser)
    proof = passkey.get(begun["options"]["challenge"])
    answer = finish(browser, begun, made, assertion=proof)
    assert answer.status_code == 200
    browser.client.cookies.clear()
    again = browser.sign_in("applicant", passkey)
    assert again.json()["account"] == answer.json()["account"]


def test_one_passkey_is_registered_once(browser: Browser) -> None:
    passkey = Passkey()
    browser.register(passkey=passkey)
    answer = browser.register(passkey=passkey)
    assert (answer.status_code, answer.json()["code"]) == (409, "passkey_known")


def test_signing_in_fails_for_strangers_other_roles_and_copies(browser: Browser) -> None:
    passkey = Passkey()
    browser.register(passkey=passkey)
    assert browser.sign_in("applicant", Passkey()).json()["code"] == "passkey_unknown"
    assert browser.sign_in("officer", passkey).json()["code"] == "wrong_role"
    forged = Passkey(id=passkey.id)
    assert browser.sign_in("applicant", forged).json()["code"] == "not_verified"
    assert browser.sign_in("applicant", passkey).status_code == 200
    passkey.count = 0  # a copied authenticator lags behind
    assert browser.sign_in("applicant", passkey).json()["code"] == "not_verified"


def test_an_invitation_makes_one_clerk_of_one_point(browser: Browser) -> None:
    token = browser.invite("clerk", "bn-08")
    for _ in range(2):
        offer = browser.post("/api/invitations/inspect", {"token": token}).json()
    assert offer["role"] == "clerk"
    assert offer["point"] == {"id": "bn-08", "name": offer["point"]["name"]}
    assert offer["point"]["name"] != "bn-08"
    assert offer["expires_at"] == "2026-11-23T08:00:00.000Z"
    body = browser.register(token).json()
    assert (body["role"], body["point"]["id"]) == ("clerk", "bn-08")
    assert body["name"] == "Nhân viên thử"
    for path, asked in (
        ("/api/invitations/inspect", {"token": token}),
        ("/api/passkeys/registration", {"invitation": token}),
    ):
        answer = browser.post(path, asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "invitation_over")


def test_two_people_race_for_one_invitation(browser: Browser) -> None:
    token = browser.invite("officer")
    first, second = begin(browser, invitation=token), begin(browser, invitation=token)
    assert (
        finish(browser, first, Passkey().create(first["options"]["challenge"])).status_code == 200
    )
    answer = finish(browser, second, Passkey().create(second["options"]["challenge"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_over")
    assert len(browser.surface.journal("registered")) == 1


def test_an_invitation_lasts_24_hours(browser: Browser) -> None:
    token = browser.invite("officer")
    browser.surface.clock.forward(hours=24)
    assert browser.post("/api/invitations/inspect", {"token": token}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("registration", {"name": "x" * 61}, "name"),
        ("registration", {"name": "a\u202eb"}, "name"),
        ("registration", {"invitation": "abc"}, "invitation"),
        ("registration/finish", {"ceremony": "x", "credential": {}}, "ceremony"),
        ("registration/finish", {"ceremony": "0" * 32, "credential": []}, "credential"),
        ("assertion", {"role": "system"}, "role"),
        ("assertion", {}, "role"),
        ("assertion/finish", {"ceremony": "0" * 32}, "credential"),
    ],
)
def test_bad_fields_are_named(
    browser: Browser, path: str, body: dict[str, Any], field: str
) -> None:
    answer = browser.post(f"/api/passkeys/{path}", body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
