"""All the wiring: what the server is made of, on one screen. The only place that names adapters."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from socket import gethostname
from typing import Final, Literal

import httpx2

from ocr.reader import FormReader, Reader
from server.auth.access import Vaulted
from server.auth.demo import Demo
from server.auth.gate import DossierGate, Pass
from server.auth.grants import Grants
from server.auth.invitations import Invitations
from server.auth.keys import KeyRing
from server.auth.limits import Limiter
from server.auth.passkeys import Passkeys
from server.auth.sessions import Sessions
from server.certificates.trust import TrustList
from server.certificates.trust import load as load_trust
from server.connectors.authority import Authority
from server.connectors.desk import Desk
from server.connectors.http import new_client
from server.connectors.national_portal import Portal
from server.connectors.oidc import OpenIdProvider
from server.connectors.post import Post
from server.connectors.registry import Registry
from server.connectors.signed_request import SignerKey
from server.connectors.signed_request import load as load_signers
from server.connectors.sms import Sms
from server.connectors.vietqr import VietQr
from server.connectors.vnpay import Vnpay
from server.connectors.webpush import WebPush, service_of
from server.connectors.zns import Zns
from server.dossier.codes import dossier_code
from server.dossier.retention import of_states
from server.flow.decide import DeskDecisions
from server.flow.identity import Identity
from server.flow.imported import BatchesFirst
from server.flow.notices import Notices
from server.flow.notify import Rules
from server.flow.pay import Pay
from server.flow.pushed import Pushed
from server.flow.stages import stages
from server.flow.worker import Worker
from server.ports import Clock, Notifier, PaymentGateway
from server.record.migrations import migrate
from server.record.store import Record
from server.sandbox.sandbox import Sandbox
from server.settings import Settings
from sync.couch_engine import CouchEngine
from sync.engine import Engine
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire

# Name and intake point of the trial's two accounts. bn-08: Điểm BĐ-VHX Vạn Ninh.
DEMO: Final[Mapping[Literal["clerk", "officer"], tuple[str, str | None]]] = {
    "clerk": ("Nhân viên dùng thử", "bn-08"),
    "officer": ("Cán bộ dùng thử", None),
}


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """One running server. `woken` is called after what leaves work for the worker; `requests`
    counts the answers by method and status, for /metrics."""

    settings: Settings
    clock: Clock
    record: Record
    documents: Engine
    keys: KeyRing
    vaulted: Vaulted
    sessions: Sessions
    grants: Grants
    passkeys: Passkeys
    invitations: Invitations
    identity: Identity
    demo: Demo
    limiter: Limiter
    wire: Wire[Pass]
    worker: Worker
    trust: TrustList
    pay: Pay
    pushed: Pushed
    notices: Notices
    gateway: PaymentGateway | None
    sandbox: Sandbox | None
    reader: FormReader
    client: httpx2.AsyncClient
    requests: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def woken(self) -> Callable[[], None]:
        return self.worker.wake

    async def demo_links(self) -> list[tuple[str, str]]:
        """(role, fresh one-time address) of the trial's accounts; none where it is not allowed."""
        if not self.settings.demo:
            return []
        return [(role, await self.demo.link(role, *DEMO[role])) for role in DEMO]

    async def close(self) -> None:
        """After the worker has ended."""
        await self.client.aclose()
        await asyncio.to_thread(self.reader.close)
        await self.documents.close()
        await asyncio.to_thread(self.record.close)


def build(settings: Settings, clock: Clock = utc_now, role: str = "serve") -> Parts:
    """Migrates and opens the stores. Raises what they raise when they cannot be opened. Host, port
    and `role` tell this process from the others on the same record."""
    record = open_record(settings)
    documents = open_documents(settings)
    keys = KeyRing(settings.keys, clock)
    vaulted = Vaulted(record, documents, keys, clock)
    sessions = Sessions(record, clock, settings.origin)
    demo = Demo(record, sessions, clock, settings.origin, settings.demo)

    async def demo_link(role: Literal["clerk", "officer"]) -> str:
        return await demo.link(role, *DEMO[role])

    sandbox = Sandbox(settings, clock, demo_link) if settings.sandbox else None

    def decider() -> str:
        """Who decides the dossiers that come in from now on."""
        return sandbox.switches.decider if sandbox else settings.approval

    def numbering(day: date, number: int) -> str:
        return dossier_code(day, number, trial=settings.sandbox, prefix=settings.agency)

    trust = TrustList(
        [*load_trust(settings.certificate_keys), *(sandbox.facility_keys if sandbox else ())]
    )
    client = new_client()
    vnpay = _vnpay(settings, client)
    signers = authority_signers(settings, sandbox)
    authority = _authority(settings, client, signers)
    notifiers = _notifiers(settings, keys, client, clock)
    reader = FormReader(Reader())
    table = stages(
        record,
        documents,
        keys,
        vaulted,
        clock,
        registry=BatchesFirst(record, keys, _registry(settings, client)),
        trust=trust,
        reader=reader,
        gateways={
            "desk": Desk(DeskDecisions(record, vaulted)),
            "authority": authority,
        },
        post=Post(settings.post_url, settings.post_token, client),
        payments=vnpay,
        notifiers=notifiers,
        telling=Rules(settings.quiet_hours, settings.notices_a_day),
        numbering=numbering,
        approval=decider,
        keep=of_states(settings.keep_days),
        portal=_portal(settings, client),
    )
    worker = Worker(record, table, clock, name=f"{gethostname()[-40:]}:{settings.port}/{role}")
    gate = DossierGate(record, documents, settings.limits.quota, clock, worker.wake)
    limits = settings.limits
    back = f"{settings.origin}/api/payments/vnpay/return"
    return Parts(
        settings=settings,
        clock=clock,
        record=record,
        documents=documents,
        keys=keys,
        vaulted=vaulted,
        sessions=sessions,
        grants=Grants(record, clock),
        passkeys=Passkeys(record, sessions, clock, settings.origin),
        invitations=Invitations(record, clock, settings.origin),
        identity=Identity(record, keys, clock, _identity(settings, client, clock)),
        demo=demo,
        limiter=Limiter(record, clock),
        wire=Wire(
            documents,
            gate,
            Limits(limits.document, limits.attachment, limits.request, terse=True),
        ),
        worker=worker,
        trust=trust,
        pay=Pay(record, vnpay, _transfer(settings), clock, worker.wake, back),
        pushed=Pushed(record, vaulted, authority, clock, worker.wake),
        notices=Notices(
            record, keys, clock, list(notifiers), _push_endpoint(settings), settings.quiet_hours
        ),
        gateway=vnpay,
        sandbox=sandbox,
        reader=reader,
        client=client,
    )


def open_record(settings: Settings) -> Record:
    """The record that the settings name, in its newest shape."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.record_url)
    return Record(settings.record_url)


def open_documents(settings: Settings) -> Engine:
    """The document store that the settings name."""
    if isinstance(settings.documents, Path):
        return SqliteEngine(settings.documents)
    return CouchEngine(*settings.couchdb())


def authority_signers(settings: Settings, sandbox: Sandbox | None = None) -> list[SignerKey]:
    """Whose pushed decisions are believed. Raises BadSettings for a wrong list."""
    keys = load_signers(settings.authority_keys, "DOIBANG_AUTHORITY_KEYS")
    if sandbox:
        keys += [SignerKey(*sandbox.authority.signer, valid_from=date.min)]
    return keys


def _authority(
    settings: Settings, client: httpx2.AsyncClient, signers: list[SignerKey]
) -> Authority:
    user, password = settings.authority_user, settings.authority_password
    unit = settings.authority_unit
    return Authority(settings.authority_url, user, password, unit, client, signers)


def _registry(settings: Settings, client: httpx2.AsyncClient) -> Registry:
    user, password = settings.registry_user, settings.registry_password
    return Registry(settings.registry_url, user, password, client)


def _portal(settings: Settings, client: httpx2.AsyncClient) -> Portal | None:
    if not settings.portal_url:
        return None
    login = settings.portal_client, settings.portal_secret
    return Portal(settings.portal_url, *login, settings.portal_unit or settings.agency, client)


def _identity(
    settings: Settings, client: httpx2.AsyncClient, clock: Clock
) -> OpenIdProvider | None:
    if not settings.oidc_issuer:
        return None
    login = settings.oidc_client, settings.oidc_secret
    back = f"{settings.origin}/api/identity/callback"
    return OpenIdProvider(settings.oidc_issuer, *login, settings.oidc_claim, back, client, clock)


def _vnpay(settings: Settings, client: httpx2.AsyncClient) -> Vnpay | None:
    terminal, secret = settings.vnpay_terminal, settings.vnpay_secret
    if not terminal:
        return None
    return Vnpay(settings.vnpay_page, settings.vnpay_api, terminal, secret, client)


def _transfer(settings: Settings) -> VietQr | None:
    return VietQr(*settings.vietqr.split("/")) if settings.vietqr else None


def _notifiers(
    settings: Settings, keys: KeyRing, client: httpx2.AsyncClient, clock: Clock
) -> dict[str, Notifier]:
    """By channel, those that are set up."""
    found: dict[str, Notifier] = {}
    if services := settings.push_services.split():
        found["push"] = WebPush(keys.push, settings.push_contact, services, client, clock)
    if settings.sms_url:
        found["sms"] = Sms(settings.sms_url, settings.sms_token, settings.sms_brand, client)
    if settings.zns_url:
        ids = dict(zip(("news", "act"), settings.zns_templates.split("/"), strict=True))
        found["zns"] = Zns(settings.zns_url, settings.zns_token_file, ids, client)
    return found


def _push_endpoint(settings: Settings) -> Callable[[str], bool]:
    """Tells whether messages may be sent to an endpoint that a browser names."""
    services = settings.push_services.split()
    return lambda endpoint: service_of(endpoint, services) is not None
