from typing import Any

import pytest

from tests.server.authenticator import Passkey
from tests.server.surface import Browser


def begin(caller: Browser, **asked: str) -> Any:
    return caller.post("/api/passkeys/registration", asked).json()


def finish(caller: Browser, begun: Any, credential: Any, **more: Any) -> Any:
    body = {"ceremony": begun["ceremony"], "credential": credential} | more
    return caller.post("/api/passkeys/registration/finish", body)


def test_options_ask_for_a_discoverable_verified_prf_credential(caller: Browser) -> None:
    options = begin(caller)["options"]
    assert options["rp"] == {"id": "localhost", "name": "Đổi Bằng"}
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert options["extensions"]["credProps"] is True
    assert options["extensions"]["prf"]["eval"]["first"]
    asserting = caller.post("/api/passkeys/assertion", {"role": "applicant"}).json()["options"]
    assert "extensions" not in asserting  # browsers refuse `credProps` there
    assert asserting["userVerification"] == "required"
    assert asserting["challenge"] != options["challenge"]


def test_an_applicant_registers_without_anyones_approval(caller: Browser) -> None:
    answer = caller.register()
    assert answer.status_code == 200
    body = answer.json()
    assert (body["role"], body["point"], body["name"]) == ("applicant", None, None)
    assert caller.get("/api/session?role=applicant").json()["account"] == body["account"]
    assert caller.get("/api/session?role=officer").status_code == 401


def test_signing_in_again_gives_the_same_account(caller: Browser) -> None:
    passkey = Passkey()
    account = caller.register(passkey=passkey).json()["account"]
    caller.client.cookies.clear()
    passkey.count += 40  # used offline meanwhile
    assert caller.sign_in("applicant", passkey).json()["account"] == account


def test_a_ceremony_is_answered_once_and_in_time(caller: Browser) -> None:
    begun = begin(caller)
    credential = Passkey().create(begun["options"]["challenge"])
    assert finish(caller, begun, credential).status_code == 200
    for ceremony in (begun["ceremony"], "0" * 32):
        answer = finish(caller, {"ceremony": ceremony}, credential)
        assert (answer.status_code, answer.json()["code"]) == (404, "ceremony_over")
    late = begin(caller)
    caller.clock.forward(minutes=5)
    answer = finish(caller, late, Passkey().create(late["options"]["challenge"]))
    assert answer.json()["code"] == "ceremony_over"


@pytest.mark.parametrize(
    "passkey",
    [
        Passkey(origin="https://doibang.example"),
        Passkey(rp_id="example.org"),
        Passkey(verified=False),
    ],
)
def test_other_sites_and_unverified_users_are_refused(caller: Browser, passkey: Passkey) -> None:
    begun = begin(caller)
    answer = finish(caller, begun, passkey.create(begun["options"]["challenge"]))
    assert (answer.status_code, answer.json()["code"]) == (400, "not_verified")
    assert not caller.client.cookies


def test_a_wrong_challenge_is_refused(caller: Browser) -> None:
    begun = begin(caller)
    answer = finish(caller, begun, Passkey().create())
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
    caller: Browser, credential: dict[str, Any]
) -> None:
    for more in ({}, {"assertion": credential}):
        answer = finish(caller, begin(caller), credential, **more)
        assert (answer.status_code, answer.json()["code"]) == (400, "not_verified")
    begun = caller.post("/api/passkeys/assertion", {"role": "clerk"}).json()
    body = {"ceremony": begun["ceremony"], "credential": credential}
    answer = caller.post("/api/passkeys/assertion/finish", body)
    assert answer.status_code in (400, 401)


def test_a_passkey_made_offline_counts_by_its_assertion_only(caller: Browser) -> None:
    passkey = Passkey()
    made = passkey.create()
    begun = begin(caller)
    stale = finish(caller, begun, made, assertion=passkey.get("AAAA"))
    assert (stale.status_code, stale.json()["code"]) == (400, "not_verified")
    begun = begin(caller)
    other = Passkey().get(begun["options"]["challenge"])
    assert finish(caller, begun, made, assertion=other).status_code == 400
    begun = begin(caller)
    proof = passkey.get(begun["options"]["challenge"])
    answer = finish(caller, begun, made, assertion=proof)
    assert answer.status_code == 200
    caller.client.cookies.clear()
    again = caller.sign_in("applicant", passkey)
    assert again.json()["account"] == answer.json()["account"]


def test_one_passkey_is_registered_once(caller: Browser) -> None:
    passkey = Passkey()
    caller.register(passkey=passkey)
    answer = caller.register(passkey=passkey)
    assert (answer.status_code, answer.json()["code"]) == (409, "passkey_known")


def test_signing_in_fails_for_strangers_other_roles_and_copies(caller: Browser) -> None:
    passkey = Passkey()
    caller.register(passkey=passkey)
    assert caller.sign_in("applicant", Passkey()).json()["code"] == "passkey_unknown"
    assert caller.sign_in("officer", passkey).json()["code"] == "wrong_role"
    forged = Passkey(id=passkey.id)
    assert caller.sign_in("applicant", forged).json()["code"] == "not_verified"
    assert caller.sign_in("applicant", passkey).status_code == 200
    passkey.count = 0  # a copied authenticator lags behind
    assert caller.sign_in("applicant", passkey).json()["code"] == "not_verified"


def test_an_invitation_makes_one_clerk_of_one_point(caller: Browser) -> None:
    token = caller.invite("clerk", "bn-08")
    for _ in range(2):
        offer = caller.post("/api/invitations/inspect", {"token": token}).json()
    assert offer["role"] == "clerk"
    assert offer["point"] == {"id": "bn-08", "name": offer["point"]["name"]}
    assert offer["point"]["name"] != "bn-08"
    assert offer["expires_at"] == "2026-11-23T08:00:00.000Z"
    body = caller.register(token).json()
    assert (body["role"], body["point"]["id"]) == ("clerk", "bn-08")
    assert body["name"] == "Nhân viên thử"
    for path, asked in (
        ("/api/invitations/inspect", {"token": token}),
        ("/api/passkeys/registration", {"invitation": token}),
    ):
        answer = caller.post(path, asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "invitation_over")


def test_two_people_race_for_one_invitation(caller: Browser) -> None:
    token = caller.invite("officer")
    first, second = begin(caller, invitation=token), begin(caller, invitation=token)
    assert finish(caller, first, Passkey().create(first["options"]["challenge"])).status_code == 200
    answer = finish(caller, second, Passkey().create(second["options"]["challenge"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_over")
    assert len(caller.journal("registered")) == 1


def test_an_invitation_lasts_24_hours(caller: Browser) -> None:
    token = caller.invite("officer")
    caller.clock.forward(hours=24)
    assert caller.post("/api/invitations/inspect", {"token": token}).status_code == 404


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
def test_bad_fields_are_named(caller: Browser, path: str, body: dict[str, Any], field: str) -> None:
    answer = caller.post(f"/api/passkeys/{path}", body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def another(caller: Browser, passkey: Passkey, role: str = "applicant") -> Any:
    begun = caller.post("/api/passkeys/another", {"role": role})
    if begun.status_code != 200:
        return begun
    made = passkey.create(begun.json()["options"]["challenge"])
    body = {"role": role, "ceremony": begun.json()["ceremony"], "credential": made}
    return caller.post("/api/passkeys/another/finish", body)


def test_a_second_passkey_opens_the_same_account(caller: Browser) -> None:
    first, second = Passkey(), Passkey()
    account = caller.register(passkey=first).json()["account"]
    assert len(caller.get("/api/passkeys?role=applicant").json()) == 1
    begun = caller.post("/api/passkeys/another", {"role": "applicant"}).json()
    excluded = [each["id"] for each in begun["options"]["excludeCredentials"]]
    assert excluded == [first.create()["id"]]
    assert another(caller, second).status_code == 204
    assert another(caller, second).json()["code"] == "passkey_known"
    caller.clock.forward(hours=1)
    assert len(caller.get("/api/passkeys?role=applicant").json()) == 2
    caller.client.cookies.clear()
    assert another(caller, Passkey()).status_code == 401
    assert caller.sign_in("applicant", second).json()["account"] == account
    assert [line["actor"] for line in caller.journal("passkey_added")] == [f"applicant:{account}"]


def test_another_account_cannot_finish_what_one_began(caller: Browser) -> None:
    caller.register()
    begun = caller.post("/api/passkeys/another", {"role": "applicant"}).json()
    caller.register()  # somebody else in the same browser
    made = Passkey().create(begun["options"]["challenge"])
    body = {"role": "applicant", "ceremony": begun["ceremony"], "credential": made}
    answer = caller.post("/api/passkeys/another/finish", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "ceremony_over")


def test_who_signs_in_in_vain_leaves_a_line(caller: Browser) -> None:
    caller.register(passkey=Passkey())
    caller.client.cookies.clear()
    assert caller.sign_in("applicant", Passkey()).json()["code"] == "passkey_unknown"
    lines = [(line["actor"], line["detail"]) for line in caller.journal("sign_in_refused")]
    assert lines == [("system:passkeys", {"role": "applicant", "code": "passkey_unknown"})]
