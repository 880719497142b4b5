"""The OpenID provider: what is asked, what is believed, and what is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from server.connectors.oidc import OpenIdProvider
from server.errors import PortError, Refused, Unavailable
from tests.server.connectors.conftest import Clock, Outside
from tests.server.connectors.messages import REQUEST

pytestmark = pytest.mark.anyio

ISSUER = "https://id.example"
NUMBER = "027180001234"
NOW = int(Clock().now.timestamp())
Key = RSAKey | ECKey | OKPKey


def key(alg: str, kid: str = "first") -> Key:
    return _made(alg, kid)


@cache
def _made(alg: str, kid: str) -> Key:
    said: Any = {"kid": kid, "use": "sig", "alg": alg}
    match alg:
        case "RS256":
            return RSAKey.generate_key(2048, said)
        case "ES256":
            return ECKey.generate_key("P-256", said)
        case _:
            return OKPKey.generate_key("Ed25519", said)


def claims(**changes: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "sub": "somebody",
        "aud": "us",
        "iat": NOW,
        "exp": NOW + 300,
        "nonce": REQUEST.nonce,
        "identity_number": NUMBER,
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def signed(said: Mapping[str, Any], alg: str = "ES256", kid: str = "first") -> str:
    return jwt.encode({"alg": alg, "kid": kid}, dict(said), key(alg, kid), algorithms=[alg])


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Played:
    """A provider that answers as a test wants. `token`: the ID token; `reply`: instead of it."""

    def __init__(self, token: str = "", keys: list[Key] | None = None, **described: Any) -> None:
        self.token = token
        self.keys = keys or [key("ES256")]
        self.reply: tuple[int, Any] | None = None
        self.asked: list[str] = []
        self.described = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?tenant=vn",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        } | described
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))
        self.provider = OpenIdProvider(
            ISSUER, "us", "a:b", "identity_number", "https://us.example/back", client, Clock()
        )

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/jwks":
            return httpx2.Response(200, json=KeySet(list(self.keys)).as_dict())
        if request.url.path != "/token":
            return httpx2.Response(200, json=self.described)
        self.sent = dict(parse_qsl(request.content.decode()))
        self.login = request.headers["authorization"]
        if self.reply:
            return httpx2.Response(self.reply[0], json=self.reply[1])
        return httpx2.Response(200, json={"id_token": self.token})

    async def refusal(self) -> PortError:
        with pytest.raises(PortError) as refused:
            await self.provider.proven("code", REQUEST)
        return refused.value


async def test_a_person_is_asked_with_pkce_state_and_nonce() -> None:
    played = Played()
    address = urlsplit(await played.provider.address(REQUEST))
    asked = parse_qs(address.query)
    assert (address.hostname, asked["tenant"]) == ("id.example", ["vn"])
    assert asked["state"] == [REQUEST.state]
    assert asked["nonce"] == [REQUEST.nonce]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"] == [b64(hashlib.sha256(REQUEST.verifier.encode()).digest())]
    assert REQUEST.verifier not in address.query


# The name EdDSA is deprecated in favour of Ed25519 (RFC 9864), and in use everywhere.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA", "Ed25519"])
async def test_what_is_signed_rightly_is_believed(alg: str) -> None:
    played = Played(signed(claims(), alg), [key(alg)])
    proven = await played.provider.proven("code", REQUEST)
    assert (proven.issuer, proven.subject, proven.identity_number) == (ISSUER, "somebody", NUMBER)
    assert played.sent["code_verifier"] == REQUEST.verifier
    assert played.sent["redirect_uri"] == "https://us.example/back"
    assert base64.b64decode(played.login.removeprefix("Basic ")) == b"us:a%3Ab"
    assert NUMBER not in repr(proven)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": f"{ISSUER}/"}, "iss"),
        ({"aud": "them"}, "aud"),
        ({"aud": ["them"]}, "aud"),
        ({"aud": ["us", "them"]}, "azp"),
        ({"aud": ["us", "them"], "azp": "them"}, "azp"),
        ({"azp": "them"}, "azp"),
        ({"nonce": "4" * 64}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 3600}, "iat"),
        ({"iat": None}, "iat"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
    ],
)
async def test_a_claim_that_is_wrong_proves_nothing(changes: dict[str, Any], why: str) -> None:
    refusal = await Played(signed(claims(**changes))).refusal()
    assert isinstance(refusal, Unavailable)
    assert refusal.detail == f"malformed reply: id_token {why}"


async def test_clocks_may_be_a_minute_apart_and_an_audience_may_be_a_list() -> None:
    said = claims(iat=NOW + 59, exp=NOW - 59, aud=["us", "them"], azp="us")
    assert (await Played(signed(said)).provider.proven("code", REQUEST)).subject == "somebody"


def unsigned(alg: str) -> str:
    head = b64(json.dumps({"alg": alg, "kid": "first"}).encode())
    return f"{head}.{b64(json.dumps(claims()).encode())}"


def with_public_key(alg: str, made: Key) -> str:
    """An HMAC whose secret is the public key that anybody can fetch."""
    text = unsigned("HS256")
    secret = made.as_pem(private=False)
    return f"{text}.{b64(hmac.new(secret, text.encode(), 'sha256').digest())}"


@pytest.mark.parametrize(
    "token",
    [
        unsigned("none") + ".",
        unsigned("None") + ".",
        unsigned("ES256") + ".",
        with_public_key("HS256", key("ES256")),
        with_public_key("HS256", key("RS256")),
        signed(claims()).rpartition(".")[0] + "." + b64(bytes(64)),
        signed(claims(), "RS256"),  # of another key, under a known name
        "a.b",
        "",
        "é.é.é",
        ".".join([b64(b"[]"), b64(b"{}"), ""]),
    ],
)
async def test_what_is_not_signed_by_the_provider_is_not_read(token: str) -> None:
    refusal = await Played(token).refusal()
    assert isinstance(refusal, Unavailable)
    assert refusal.detail == "malformed reply: id_token"


async def test_an_unknown_key_is_looked_for_once() -> None:
    played = Played(signed(claims()))
    await played.provider.proven("code", REQUEST)
    played.token, played.keys = signed(claims(), kid="second"), [key("ES256", "second")]
    played.asked.clear()
    await played.provider.proven("code", REQUEST)
    assert played.asked == ["/token", "/jwks"]
    played.token = signed(claims(), kid="never-published")
    played.asked.clear()
    assert isinstance(await played.refusal(), Unavailable)
    assert played.asked == ["/token", "/jwks"]


@pytest.mark.parametrize("number", [None, "", "123", 27180001234, "027180001234\n", "٠" * 12])
async def test_without_a_citizen_s_number_there_is_nothing_to_link(number: Any) -> None:
    refusal = await Played(signed(claims(identity_number=number))).refusal()
    assert isinstance(refusal, Refused)
    assert refusal.reason == "identity_number"


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (400, {"error": "invalid_grant"}, Refused, "code"),
        (400, {"error": "invalid_client"}, Unavailable, "credentials"),
        (401, {"error": "invalid_client"}, Unavailable, "credentials"),
        (400, {"error": "unsupported_grant_type"}, Unavailable, "HTTP 400"),
        (404, {}, Unavailable, "HTTP 404"),
        (200, {}, Unavailable, "id_token"),
        (200, {"id_token": 7}, Unavailable, "id_token"),
    ],
)
async def test_what_its_replies_mean(
    status: int, body: Any, kind: type[PortError], says: str
) -> None:
    played = Played()
    played.reply = status, body
    refusal = await played.refusal()
    assert type(refusal) is kind
    assert says in str(refusal)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://id.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
    ],
)
async def test_a_description_of_somebody_else_is_not_followed(described: dict[str, Any]) -> None:
    with pytest.raises(Unavailable, match="malformed"):
        await Played(**described).provider.address(REQUEST)


@pytest.mark.parametrize(
    "keys", [[], [{"kty": "oct", "k": "AA"}], [{"kty": "EC"}], [{"kty": "EC", "crv": 7, "x": ""}]]
)
async def test_keys_that_are_none_verify_nothing(keys: list[Any]) -> None:
    played = Played(signed(claims()))

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/jwks":
            return httpx2.Response(200, json={"keys": keys})
        return played._answer(request)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    provider = OpenIdProvider(ISSUER, "us", "s", "identity_number", "back", client, Clock())
    with pytest.raises(Unavailable, match="malformed"):
        await provider.proven("code", REQUEST)


async def agree(outside: Outside, choice: str = "agree") -> dict[str, str]:
    """What the twin's page sends the browser back with."""
    asked = urlsplit(await outside.identity().address(REQUEST)).query
    page = f"{outside.address}/sandbox/twins/identity/authorize?{asked}"
    assert "VNeID" in (await outside.client.get(page)).text
    form = {"number": NUMBER, "choice": choice}
    answer = await outside.client.post(page, data=form, follow_redirects=False)
    assert answer.status_code == 303
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def test_the_twin_says_who_agreed_and_takes_a_code_once(outside: Outside) -> None:
    told = await agree(outside)
    assert told["state"] == REQUEST.state
    provider = outside.identity()
    proven = await provider.proven(told["code"], REQUEST)
    assert proven.identity_number == NUMBER
    with pytest.raises(Refused):
        await provider.proven(told["code"], REQUEST)
    outside.sandbox.identity.renew()
    again = await provider.proven((await agree(outside))["code"], REQUEST)
    assert again == proven
    assert await agree(outside, "refuse") == {"state": REQUEST.state, "error": "access_denied"}


async def test_the_twin_fails_as_a_provider_does(outside: Outside) -> None:
    outside.sandbox.switches.set({"identity": "forged"})
    with pytest.raises(Unavailable, match="id_token"):
        await outside.identity().proven((await agree(outside))["code"], REQUEST)
    outside.sandbox.switches.set({"identity": "cut"})
    code = (await agree(outside))["code"]
    with pytest.raises(Unavailable, match="RemoteProtocolError"):
        await outside.identity().proven(code, REQUEST)
    outside.sandbox.switches.set({"identity": "works"})
    with pytest.raises(Refused):  # it was spent: the person begins anew
        await outside.identity().proven(code, REQUEST)
    outside.sandbox.switches.set({"identity": "down"})
    with pytest.raises(Unavailable, match="503"):
        await outside.identity().address(REQUEST)


async def test_the_twin_wants_the_verifier_of_whoever_asked(outside: Outside) -> None:
    code = (await agree(outside))["code"]
    other = type(REQUEST)(REQUEST.state, REQUEST.nonce, "9" * 64)
    with pytest.raises(Refused):
        await outside.identity().proven(code, other)
