"""Twin of an OpenID provider: description, keys, a page that asks, tokens (OpenID Connect 1.0).

Asks for a number in place of a login, so that whoever tries it can be any sample person. Codes
live a minute and are spent once; a second use is refused, as RFC 6749 §4.1.2 asks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, unquote, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.page import HEADERS
from server.sandbox.people import invent
from server.sandbox.switches import Switches
from server.sandbox.twins.wire import CutReply, down

CODE_LIFE = timedelta(minutes=1)
ASKED = ("redirect_uri", "state", "nonce", "code_challenge")
_HERE = Path(__file__).parent.parent


class IdentityProvider:
    """The issuer is the address under which this twin is asked; people open its page at `origin`.
    Browsers are sent back to our own origin only."""

    def __init__(
        self, switches: Switches, clock: Clock, origin: str, client_id: str, secret: str
    ) -> None:
        self._switches = switches
        self._clock = clock
        self._origin = origin
        self._client_id = client_id
        self._secret = secret
        self._codes: dict[str, tuple[datetime, dict[str, str]]] = {}
        self._template = Template((_HERE / "identity.html").read_text("utf-8"))
        self._words: dict[str, str] = json.loads((_HERE / "words.json").read_text("utf-8"))["vi"]
        self.renew()

    def renew(self) -> None:
        """A new signing key in place of the one before."""
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
        self._key.ensure_kid()

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._described, methods=["GET"]),
            Route("/jwks", self._jwks, methods=["GET"]),
            Route("/authorize", self._page, methods=["GET"]),
            Route("/authorize", self._choose, methods=["POST"]),
            Route("/token", self._token, methods=["POST"]),
        ]

    async def _described(self, request: Request) -> Response:
        if self._switches.identity == "down":
            return down()
        issuer = _issuer(request)
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{self._origin}/sandbox/twins/identity/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        }
        return JSONResponse(said)

    async def _jwks(self, request: Request) -> Response:
        if self._switches.identity == "down":
            return down()
        return JSONResponse(KeySet([self._key]).as_dict())

    # The page

    async def _page(self, request: Request) -> Response:
        if self._asked(request) is None:
            return self._html("identity_bad", 400)
        return self._html("identity_intro")

    async def _choose(self, request: Request) -> Response:
        asked = self._asked(request)
        fields = dict(parse_qsl((await request.body())[:4096].decode("utf-8", "replace")))
        number = fields.get("number", "")
        if asked is None or not re.fullmatch("[0-9]{12}", number):
            return self._html("identity_bad", 400)
        answer = {"state": asked["state"]}
        if fields.get("choice") == "agree":
            code = secrets.token_urlsafe(24)
            self._codes[code] = self._clock() + CODE_LIFE, asked | {"number": number}
            answer["code"] = code
        else:
            answer["error"] = "access_denied"
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303, HEADERS)

    def _asked(self, request: Request) -> dict[str, str] | None:
        """What the client wants; None where it is not our client's request."""
        said = request.query_params
        kept = {name: said.get(name, "") for name in ASKED}
        fits = (
            said.get("client_id") == self._client_id
            and said.get("response_type") == "code"
            and "openid" in said.get("scope", "").split()
            and said.get("code_challenge_method") == "S256"
            and kept["redirect_uri"] == f"{self._origin}/api/identity/callback"
        )
        return kept if fits and all(kept.values()) else None

    def _html(self, said: str, status: int = 200) -> Response:
        sample = invent(1, self._clock().date()).identity_number
        shown = self._words | {"said": self._words[said], "number": sample}
        html = self._template.substitute({key: escape(text) for key, text in shown.items()})
        return Response(html, status, HEADERS, "text/html")

    # Server to server

    async def _token(self, request: Request) -> Response:
        if self._switches.identity == "down":
            return down()
        pair = f"{self._client_id}:{self._secret}"
        if not hmac.compare_digest(_credentials(request).encode(), pair.encode()):
            return JSONResponse({"error": "invalid_client"}, 401)
        form = dict(parse_qsl((await request.body())[:8192].decode("utf-8", "replace")))
        until, asked = self._codes.pop(form.get("code", ""), (self._clock(), {}))
        if until <= self._clock() or not _fits(form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        said = {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self._id_token(_issuer(request), asked),
        }
        return (CutReply if self._switches.identity == "cut" else JSONResponse)(said)

    def _id_token(self, issuer: str, asked: Mapping[str, str]) -> str:
        now, key = int(self._clock().timestamp()), self._key
        claims = {
            "iss": issuer,
            "sub": hashlib.sha256(f"twin:{asked['number']}".encode()).hexdigest()[:32],
            "aud": self._client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "identity_number": asked["number"],
        }
        header = {"alg": "ES256", "kid": key.kid or ""}
        if self._switches.identity == "forged":
            key = ECKey.generate_key("P-256")
        return jwt.encode(header, claims, key, algorithms=["ES256"])


def _issuer(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


def _credentials(request: Request) -> str:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(text, validate=True).decode() if kind == "Basic" else ""
    except ValueError:
        return ""
    return unquote(pair)


def _fits(form: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """The code belongs to whoever knows the verifier (RFC 7636 §4.6)."""
    hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
    return (
        form.get("grant_type") == "authorization_code"
        and form.get("redirect_uri") == asked.get("redirect_uri")
        and hmac.compare_digest(challenge, asked.get("code_challenge", ""))
    )
