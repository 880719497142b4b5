"""Passkeys (WebAuthn Level 3): discoverable credentials, user verification, no password anywhere.

The options' JSON carries the extensions `prf` (its result opens the phone's vault and never comes
here) and `credProps`, which the library has no argument for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from server.auth.invitations import INVITATION_OVER, INVITED_ROLES
from server.auth.sealing import unb64u
from server.auth.sessions import Sessions, SignedIn
from server.auth.tokens import new_id, token_hash
from server.errors import Conflict, DoiBangError, InvalidInput, Message, NotFound, SignInNeeded
from server.ports import Clock
from server.record import journal, people
from server.record.people import Account, Ceremony, Credential
from server.record.store import Connection, Record

CEREMONY_LIFE = timedelta(minutes=5)
PRF_SALT = "doibang/1/vault"
"""What the vault's PRF evaluates; public, and the same at every creation and use."""

CEREMONY_OVER = Message(
    "Phiên đăng nhập đã quá 5 phút hoặc đã dùng. Hãy thử lại.",
    "The ceremony is older than 5 minutes or was used. Try again.",
)
NOT_VERIFIED = Message(
    "Không xác nhận được khóa đăng nhập. Hãy thử lại với khóa đã đăng ký trên thiết bị này.",
    "The passkey could not be verified. Try again with one registered here.",
)
KNOWN = Message(
    "Khóa này đã đăng ký. Hãy đăng nhập.",
    "This passkey is registered already. Sign in with it.",
)


@dataclass(frozen=True)
class Begun:
    """`options`: the JSON of PublicKeyCredential.parse…OptionsFromJSON."""

    ceremony: str
    options: dict[str, Any]


class Passkeys:
    """`origin` names the relying party: its host is the rp id."""

    def __init__(self, record: Record, sessions: Sessions, clock: Clock, origin: str) -> None:
        self._record = record
        self._sessions = sessions
        self._clock = clock
        self._origin = origin
        self._rp_id = urlsplit(origin).hostname or ""

    async def begin_registration(self, invitation: str | None, name: str | None) -> Begun:
        """An applicant's registration, or with an invitation's token a staff member's.
        `NotFound` when the invitation cannot be used."""
        now, hashed = self._clock(), token_hash(invitation) if invitation else None

        def work(conn: Connection) -> Ceremony:
            offered = people.invitation(conn, hashed, now) if hashed else None
            if invitation and (offered is None or offered.role not in INVITED_ROLES):
                raise NotFound("invitation_over", INVITATION_OVER)
            ceremony = Ceremony(
                id=new_id(),
                challenge=webauthn.helpers.generate_challenge(),
                purpose="registration",
                role=offered.role if offered else "applicant",
                account=new_id(),
                name=name or (offered.name if offered else None),
                invitation=hashed,
                expires_at=now + CEREMONY_LIFE,
            )
            people.start_ceremony(conn, ceremony, now)
            return ceremony

        ceremony = await self._record.run(work)
        options = self._creation(ceremony.account or "", ceremony.name, ceremony.challenge, [])
        return Begun(ceremony.id, options)

    async def finish_registration(
        self, ceremony_id: str, credential: dict[str, Any], assertion: dict[str, Any] | None
    ) -> tuple[str, SignedIn]:
        """Makes the account and its session. With `assertion` the credential was made offline:
        then only the assertion answers the server's challenge.
        `NotFound` ceremony_over, `InvalidInput` not_verified, `Conflict` passkey_known."""
        ceremony = await self._take(ceremony_id, "registration")
        challenge = _own_challenge(credential) if assertion else ceremony.challenge
        made = self._verified(credential, challenge)
        count = made.sign_count
        if assertion:
            if assertion.get("id") != credential.get("id"):
                raise InvalidInput("assertion", "not_verified", NOT_VERIFIED)
            count = self._asserted(assertion, ceremony.challenge, made.credential_public_key, count)

        def work(conn: Connection) -> tuple[str, SignedIn]:
            now = self._clock()
            point = None
            if ceremony.invitation:
                offered = people.invitation(conn, ceremony.invitation, now)
                if offered is None or not people.use_invitation(conn, ceremony.invitation, now):
                    raise NotFound("invitation_over", INVITATION_OVER)
                point = offered.point
            account = Account(ceremony.account or "", ceremony.role, ceremony.name, point)
            people.create_account(conn, account, now)
            key = Credential(made.credential_id, account.id, made.credential_public_key, count)
            if not people.add_credential(conn, key, now):
                raise Conflict("passkey_known", KNOWN)
            journal.write(conn, now, f"{account.role}:{account.id}", "registered")
            return self._sessions.start(conn, account)

        return await self._record.run(work)

    async def begin_another(self, account: Account) -> Begun:
        """One more passkey for an account, on an authenticator that holds none of it."""
        now = self._clock()
        challenge = webauthn.helpers.generate_challenge()
        ceremony = Ceremony(
            new_id(), challenge, "another", account.role, now + CEREMONY_LIFE, account.id
        )

        def work(conn: Connection) -> list[bytes]:
            people.start_ceremony(conn, ceremony, now)
            return [key for key, _ in people.credentials_of(conn, account.id)]

        known = await self._record.run(work)
        options = self._creation(account.id, account.name, challenge, known)
        return Begun(ceremony.id, options)

    async def finish_another(
        self, ceremony_id: str, credential: dict[str, Any], account: Account
    ) -> None:
        """`NotFound` ceremony_over; `InvalidInput` not_verified; `Conflict` passkey_known."""
        ceremony = await self._take(ceremony_id, "another")
        if ceremony.account != account.id:
            raise NotFound("ceremony_over", CEREMONY_OVER)
        made = self._verified(credential, ceremony.challenge)

        def work(conn: Connection) -> None:
            now = self._clock()
            public = made.credential_public_key
            key = Credential(made.credential_id, account.id, public, made.sign_count)
            if not people.add_credential(conn, key, now):
                raise Conflict("passkey_known", KNOWN)
            journal.write(conn, now, f"{account.role}:{account.id}", "passkey_added")

        await self._record.run(work)

    async def of_account(self, account: Account) -> list[datetime]:
        """Since when each of an account's passkeys is registered."""
        found = await self._record.read(lambda conn: people.credentials_of(conn, account.id))
        return [since for _, since in found]

    async def begin_assertion(self, role: str) -> Begun:
        """Signing in, with whichever passkey of this site the device offers."""
        now = self._clock()
        challenge = webauthn.helpers.generate_challenge()
        ceremony = Ceremony(new_id(), challenge, "assertion", role, now + CEREMONY_LIFE)
        await self._record.run(lambda conn: people.start_ceremony(conn, ceremony, now))
        options = webauthn.generate_authentication_options(
            rp_id=self._rp_id,
            challenge=challenge,
            timeout=int(CEREMONY_LIFE.total_seconds() * 1000),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return Begun(ceremony.id, options_to_json_dict(options))

    async def finish_assertion(
        self, ceremony_id: str, credential: dict[str, Any]
    ) -> tuple[str, SignedIn]:
        """A session for the passkey's account. `NotFound` ceremony_over; `SignInNeeded`
        passkey_unknown, wrong_role; `InvalidInput` not_verified."""
        ceremony = await self._take(ceremony_id, "assertion")
        try:
            known, account, count = await self._proven(ceremony, credential)
        except (SignInNeeded, InvalidInput) as refusal:
            detail, now = {"role": ceremony.role, "code": refusal.code}, self._clock()
            actor = "system:passkeys"
            await self._record.run(
                lambda conn: journal.write(conn, now, actor, "sign_in_refused", None, detail)
            )
            raise

        def work(conn: Connection) -> tuple[str, SignedIn]:
            people.used_credential(conn, known.id, count)
            return self._sessions.start(conn, account)

        return await self._record.run(work)

    async def _proven(
        self, ceremony: Ceremony, credential: dict[str, Any]
    ) -> tuple[Credential, Account, int]:
        """Whose passkey answered the challenge, and its new signature count."""
        raw_id = _raw_id(credential)

        def find(conn: Connection) -> tuple[Credential, Account] | None:
            known = people.credential(conn, raw_id)
            account = people.account(conn, known.account) if known else None
            return (known, account) if known and account else None

        found = await self._record.read(find)
        if found is None:
            raise SignInNeeded("passkey_unknown", NOT_VERIFIED)
        known, account = found
        count = self._asserted(credential, ceremony.challenge, known.public_key, known.sign_count)
        if account.role != ceremony.role:
            raise SignInNeeded("wrong_role", NOT_VERIFIED)
        return known, account, count

    def _creation(
        self, account: str, name: str | None, challenge: bytes, known: list[bytes]
    ) -> dict[str, Any]:
        options = webauthn.generate_registration_options(
            rp_id=self._rp_id,
            rp_name="Đổi Bằng",
            user_name=name or "Đổi Bằng",
            user_id=bytes.fromhex(account),
            challenge=challenge,
            timeout=int(CEREMONY_LIFE.total_seconds() * 1000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(key) for key in known],
        )
        return _extended(options_to_json_dict(options))

    async def _take(self, ceremony_id: str, purpose: str) -> Ceremony:
        found = await self._record.run(
            lambda conn: people.take_ceremony(conn, ceremony_id, purpose, self._clock())
        )
        if found is None:
            raise NotFound("ceremony_over", CEREMONY_OVER)
        return found

    def _verified(self, credential: dict[str, Any], challenge: bytes) -> VerifiedRegistration:
        try:
            return webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception as error:  # the library lets parsers' own errors through
            raise InvalidInput("credential", "not_verified", NOT_VERIFIED) from error

    def _asserted(
        self, credential: dict[str, Any], challenge: bytes, public_key: bytes, count: int
    ) -> int:
        """The authenticator's new signature count, after everything was checked."""
        try:
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=public_key,
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        except Exception as error:  # the library lets parsers' own errors through
            raise InvalidInput("credential", "not_verified", NOT_VERIFIED) from error
        return verified.new_sign_count


def _extended(options: dict[str, Any]) -> dict[str, Any]:
    """For a registration only: browsers refuse an assertion that asks for `credProps`."""
    salt = webauthn.helpers.bytes_to_base64url(PRF_SALT.encode())
    extensions = {"prf": {"eval": {"first": salt}}, "credProps": True}
    return options | {"extensions": extensions}


def _raw_id(credential: dict[str, Any]) -> bytes:
    try:
        return unb64u(credential.get("rawId"))
    except DoiBangError as error:
        raise InvalidInput("credential", "not_verified", NOT_VERIFIED) from error


def _own_challenge(credential: dict[str, Any]) -> bytes:
    """The challenge that an offline device made for itself; it proves nothing."""
    try:
        raw = unb64u(credential["response"]["clientDataJSON"])
        return parse_client_data_json(raw).challenge
    except Exception as error:
        raise InvalidInput("credential", "not_verified", NOT_VERIFIED) from error
