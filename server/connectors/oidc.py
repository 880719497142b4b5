"""An OpenID provider (VNeID, the National Portal): who sits at the browser. Messages: README.md.

OpenID Connect Core 1.0, code flow with PKCE (RFC 7636, S256); ID tokens as RFC 9700 asks.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from server.connectors.http import System
from server.errors import Refused, Unavailable
from server.ports import Clock, IdentityRequest, ProvenIdentity

NAME: Final = "định danh điện tử"
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Never `none`, never an HMAC: whoever knows our public settings must not be able to sign."""
LEEWAY: Final = 60
"""Seconds that the two clocks may be apart."""
OLDEST: Final = 600
"""Seconds: a token is made when the code is spent, an attempt lives ten minutes."""
NUMBER: Final = re.compile(r"[0-9]{12}")


class OpenIdProvider:
    """IdentityProvider over HTTP. The provider's description and keys are asked for once; keys once
    more when a token names one that is not known. `claim` holds the citizen's number; `back` is
    the address that the provider sends browsers back to."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        claim: str,
        back: str,
        client: httpx2.AsyncClient,
        clock: Clock,
    ) -> None:
        self._system = System(NAME, "", client)
        self._issuer = issuer
        self._client_id = client_id
        self._login = _basic(client_id, secret)
        self._claim = claim
        self._back = back
        self._clock = clock
        self._described: Mapping[str, str] | None = None
        self._keys: KeySet | None = None

    async def address(self, request: IdentityRequest) -> str:
        where = (await self._description())["authorization_endpoint"]
        hashed = hashlib.sha256(request.verifier.encode("ascii")).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": "openid",
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
        }
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def proven(self, code: str, request: IdentityRequest) -> ProvenIdentity:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": request.verifier,
        }
        where = (await self._description())["token_endpoint"]
        reply = await self._system.exchange("POST", where, headers=self._login, form=form)
        if reply.status == 400:  # RFC 6749 §5.2
            said = self._system.text(reply.body, "error")
            if said == "invalid_grant":
                raise Refused(NAME, "code")
            if said in ("invalid_client", "unauthorized_client"):
                raise self._system.credentials()
        if reply.status != 200:
            raise Unavailable(NAME, f"HTTP {reply.status}")
        claims = await self._verified(self._system.text(reply.body, "id_token"))
        self._check(claims, request.nonce)
        number = claims.get(self._claim)
        if not isinstance(number, str) or not NUMBER.fullmatch(number):
            raise Refused(NAME, "identity_number")
        return ProvenIdentity(self._issuer, claims["sub"], number)

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims, signed by the provider; nothing of them is checked yet."""
        keys = self._keys
        try:
            if keys is not None:
                return _claims(token, keys)
        except InvalidKeyIdError:
            pass  # the provider may have new keys
        except (JoseError, ValueError):
            raise self._system.malformed("id_token") from None
        try:
            return _claims(token, await self._fresh_keys())
        except (JoseError, ValueError):
            raise self._system.malformed("id_token") from None

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """OpenID Connect Core 1.0 §3.1.3.7."""
        audience, subject = claims.get("aud"), claims.get("sub")
        audiences = audience if isinstance(audience, list) else [audience]
        now = self._clock().timestamp()
        made, over = _time(claims, "iat"), _time(claims, "exp")
        right = {
            "iss": claims.get("iss") == self._issuer,
            "aud": self._client_id in audiences,
            "azp": claims.get("azp", None if len(audiences) > 1 else self._client_id)
            == self._client_id,
            "nonce": claims.get("nonce") == nonce,
            "sub": isinstance(subject, str) and 0 < len(subject) <= 255,
            "exp": now < over + LEEWAY,
            "iat": now - OLDEST - LEEWAY <= made <= now + LEEWAY,
        }
        for claim, holds in right.items():
            if not holds:
                raise self._system.malformed(f"id_token {claim}")

    async def _description(self) -> Mapping[str, str]:
        """OpenID Connect Discovery 1.0 §4: what it says of itself must name the issuer we trust."""
        if self._described is None:
            where = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            reply = await self._system.exchange("GET", where)
            if reply.status != 200:
                raise Unavailable(NAME, f"HTTP {reply.status}")
            if reply.body.get("issuer") != self._issuer:
                raise self._system.malformed("issuer")
            named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            self._described = {name: self._endpoint(reply.body, name) for name in named}
        return self._described

    def _endpoint(self, body: Mapping[str, object], name: str) -> str:
        """In the clear only where the issuer itself is, which the settings allow on loopback."""
        where = self._system.text(body, name)
        parts = urlsplit(where)
        if parts.scheme not in ("https", urlsplit(self._issuer).scheme) or not parts.hostname:
            raise self._system.malformed(name)
        return where

    async def _fresh_keys(self) -> KeySet:
        reply = await self._system.exchange("GET", (await self._description())["jwks_uri"])
        if reply.status != 200:
            raise Unavailable(NAME, f"HTTP {reply.status}")
        rows: Sequence[Mapping[str, object]] = self._system.rows(reply.body, "keys")
        signing = [
            row for row in rows if row.get("use", "sig") == "sig" and row.get("kty") != "oct"
        ]
        try:
            self._keys = KeySet.import_key_set(cast(Any, {"keys": signing}))
        except (JoseError, ValueError, TypeError, KeyError):
            raise self._system.malformed("keys") from None
        return self._keys


def _claims(token: str, keys: KeySet) -> dict[str, Any]:
    return jwt.decode(token, keys, algorithms=ALGORITHMS).claims


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970; never a time where it is none."""
    value = claims.get(name)
    return value if isinstance(value, int | float) else math.nan


def _basic(client_id: str, secret: str) -> dict[str, str]:
    """client_secret_basic, each half form-encoded first (RFC 6749 §2.3.1)."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"}
