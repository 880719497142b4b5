"""A small server for the stages: the real record, engine, keys and worker; doubles for the ports
that can fail in every way the real ones do; a clock that is moved by hand."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from server.auth import sealing
from server.auth.access import Vaulted
from server.auth.keys import KeyRing
from server.certificates.trust import TrustList
from server.connectors.desk import Desk as DeskGateway
from server.connectors.vietqr import VietQr
from server.dossier.codes import dossier_code
from server.dossier.notices import QuietHours
from server.dossier.retention import of_states
from server.errors import Duplicate, Refused, Throttled, Unavailable
from server.flow.decide import DeskDecisions
from server.flow.desk import Desk
from server.flow.hand_out import HandOut
from server.flow.notices import Notices
from server.flow.notify import Rules
from server.flow.pay import Pay
from server.flow.stages import stages
from server.flow.worker import Worker
from server.ports import (
    Accepted,
    Booked,
    Certificate,
    Decided,
    Forwarding,
    Found,
    Mismatch,
    Notice,
    NotYet,
    PaymentNotice,
    PaymentOrder,
    PaymentOutcome,
    PortalDossier,
    PortalStatus,
    PostalOrder,
    RefundOrder,
    TrackingEvent,
)
from server.record import bindings, dossiers, journal, workload
from server.record.dossiers import Dossier
from server.record.journal import JournalEntry
from server.record.migrations import migrate
from server.record.store import Record
from server.sandbox.paper import Paper, Picture, Said, reseal
from sync.model import Edit, NewAttachment
from sync.sqlite_engine import SqliteEngine
from tests.server.fresh import record_file

T = TypeVar("T")
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Vietnam
Failure = Exception | None

ANSWERS: dict[str, Any] = {
    "procedure": "doi",
    "licence_held": "card",
    "reason": "expiring",
    "full_name": "Nguyễn Thị Hoa",
    "date_of_birth": "1980-05-04",
    "sex": "female",
    "nationality": "Việt Nam",
    "identity_number": "027180001234",
    "residence_line": "Thôn Cầu Đào",
    "residence_commune": "09466",
    "residence_province": "24",
    "phone": "+84912345678",
    "licence_number": "270812345678",
    "licence_regime": "2025",
    "licence_class": "B",
    "licence_issue_date": "2025-03-10",
    "licence_expiry": "2027-01-10",
    "requested_class": "B",
    "revoked": False,
    "licence_issue_place": "Bắc Ninh",
    "certificate_number": "00001/GKSKLX/27001/26",
    "certificate_date": "2026-11-02",
    "delivery_method": "post",
    "delivery_line": "Thôn Cầu Đào",
    "delivery_commune": "09466",
}
PICTURES = [
    Picture("licence_front", b"\xff\xd8front" + bytes(70_000), 1600, 1000),
    Picture("licence_back", b"\xff\xd8back" + bytes(40_000), 1600, 1000),
    Picture("portrait", b"\xff\xd8portrait" + bytes(100), 900, 1200),
    Picture("health_certificate", b"\xff\xd8health" + bytes(33_000), 1600, 1000),
]
CERTIFICATE = Certificate("00001/GKSKLX/27001/26", "27001", date(2026, 11, 2), "B", "fit")


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Script:
    """What a double does, call by call; then `settled` for ever."""

    failures: deque[Failure] = field(default_factory=deque)
    down: bool = False

    def check(self, system: str) -> None:
        if self.down:
            raise Unavailable(system, "connection refused")
        if self.failures and (failure := self.failures.popleft()):
            raise failure


@dataclass
class Authority:
    """Keeps what it was given by key. `lose_replies`: it does what is asked, then nothing is
    heard; the repetition is a Duplicate."""

    clock: Clock
    script: Script = field(default_factory=Script)
    lose_replies: int = 0
    refuse: Refused | None = None
    taken: dict[str, Forwarding] = field(default_factory=dict)
    calls: int = 0
    decisions: dict[str, Decided] = field(default_factory=dict)
    resting: bool = False
    asked_since: list[date] = field(default_factory=list)

    def ready(self) -> None:
        if self.resting:
            raise Unavailable("authority", "resting after failures")

    async def submit(self, forwarding: Forwarding) -> Accepted:
        self.calls += 1
        self.script.check("authority")
        if self.refuse:
            raise self.refuse
        if forwarding.key in self.taken:
            raise Duplicate("authority", "A-1")
        self.taken[forwarding.key] = forwarding
        if self.lose_replies:
            self.lose_replies -= 1
            raise Unavailable("authority", "no answer")
        return Accepted("A-1")

    async def decision(self, key: str) -> Decided | None:
        self.script.check("authority")
        return self.decisions.get(key)

    async def decided(self, since: date) -> Collection[str]:
        self.script.check("authority")
        self.asked_since.append(since)
        return set(self.decisions)


@dataclass
class Registry:
    answer: Found | NotYet | Mismatch = field(default_factory=lambda: Found(CERTIFICATE))
    script: Script = field(default_factory=Script)
    calls: int = 0

    async def look_up(
        self, number: str, name: str, date_of_birth: str
    ) -> Found | NotYet | Mismatch:
        self.calls += 1
        self.script.check("registry")
        return self.answer


@dataclass
class Post:
    clock: Clock
    script: Script = field(default_factory=Script)
    lose_replies: int = 0
    booked: dict[str, PostalOrder] = field(default_factory=dict)
    events: list[TrackingEvent] = field(default_factory=list)

    async def book(self, order: PostalOrder) -> Booked:
        self.script.check("post")
        if order.key in self.booked:
            raise Duplicate("post", "EE123456785VN")
        self.booked[order.key] = order
        if self.lose_replies:
            self.lose_replies -= 1
            raise Unavailable("post", "no answer")
        return Booked("EE123456785VN")

    async def track(self, number: str) -> Sequence[TrackingEvent]:
        self.script.check("post")
        return self.events


@dataclass
class Portal:
    """Keeps what it was told, in order."""

    script: Script = field(default_factory=Script)
    dossiers: list[PortalDossier] = field(default_factory=list)
    statuses: list[PortalStatus] = field(default_factory=list)

    def ready(self) -> None:
        """Always."""

    async def put_dossier(self, dossier: PortalDossier) -> None:
        self.script.check("portal")
        self.dossiers.append(dossier)

    async def put_status(self, status: PortalStatus) -> None:
        self.script.check("portal")
        self.statuses.append(status)


@dataclass
class Gateway:
    """A payment gateway whose answers are set: `stands` by reference, else it knows nothing.
    `lose_replies`: it gives back, then nothing is heard."""

    stands: dict[str, PaymentNotice] = field(default_factory=dict)
    script: Script = field(default_factory=Script)
    given_back: list[RefundOrder] = field(default_factory=list)
    lose_replies: int = 0
    refuse: Refused | None = None
    queries: int = 0

    def pay_url(self, order: PaymentOrder) -> str:
        return f"https://pay.invalid/{order.reference}"

    def notice(self, query: Mapping[str, str]) -> PaymentNotice:
        if query.get("by") != "gateway":
            raise Refused("gateway", "signature")
        outcome: PaymentOutcome = query["outcome"]  # type: ignore[assignment]
        return PaymentNotice(
            query["reference"], int(query["amount"]), outcome, query.get("code", "00"), "14000001"
        )

    async def query(self, reference: str, created_at: datetime) -> PaymentNotice:
        self.queries += 1
        self.script.check("gateway")
        if reference not in self.stands:
            raise Refused("gateway", "unknown")
        return self.stands[reference]

    async def refund(self, order: RefundOrder) -> None:
        self.script.check("gateway")
        if self.refuse:
            raise self.refuse
        self.given_back.append(order)
        stood = self.stands[order.reference]
        self.stands[order.reference] = replace(stood, outcome="refunded", code="05")
        if self.lose_replies:
            self.lose_replies -= 1
            raise Unavailable("gateway", "no answer")


@dataclass
class Messenger:
    """A channel to tell people by; keeps what was told under its key."""

    script: Script = field(default_factory=Script)
    lose_replies: int = 0
    refuse: Refused | None = None
    told: dict[str, Notice] = field(default_factory=dict)

    async def send(self, notice: Notice) -> None:
        self.script.check("messages")
        if self.refuse:
            raise self.refuse
        if notice.key in self.told:
            raise Duplicate("messages")
        self.told[notice.key] = notice
        if self.lose_replies:
            self.lose_replies -= 1
            raise Unavailable("messages", "no answer")


@dataclass(frozen=True)
class Field:
    field: str
    value: str
    confidence: float = 0.9
    source: str = "qr"
    box: tuple[int, int, int, int] = (10, 20, 200, 40)


@dataclass(frozen=True)
class Read:
    readings: Sequence[Field] = ()
    retake: str | None = None


@dataclass
class Reader:
    """Reads by kind; a text is why that photo should be taken again."""

    says: dict[str, Sequence[Field] | str] = field(default_factory=dict)
    reads: int = 0

    def read(self, image: bytes, kind: str) -> Read:
        self.reads += 1
        said = self.says.get(kind, ())
        return Read(retake=said) if isinstance(said, str) else Read(said)


class World:
    def __init__(self, folder: Path, url: str = "") -> None:
        self.clock = Clock()
        self.approval = "desk"
        if url:
            migrate(url)
        self.record = Record(url or record_file(folder / "record.db"))
        self.documents = SqliteEngine(folder / "documents")
        self.keys = KeyRing(folder / "keys", self.clock)
        self.vaulted = Vaulted(self.record, self.documents, self.keys, self.clock)
        self.authority = Authority(self.clock)
        self.registry = Registry()
        self.trust = TrustList()
        self.post = Post(self.clock)
        self.gateway = Gateway()
        self.messengers = {channel: Messenger() for channel in ("push", "sms", "zns")}
        self.portal: Portal | None = None
        self.reader = Reader()
        self.owner, self.device = secrets.token_hex(16), secrets.token_hex(16)
        self.worker = self.fresh_worker()
        self.pay = Pay(
            self.record,
            self.gateway,
            VietQr("970436", "0000000000"),
            self.clock,
            self.worker.wake,
            "https://doibang.invalid/api/payments/vnpay/return",
        )
        self.notices = Notices(
            self.record, self.keys, self.clock, list(self.messengers), is_push, QuietHours()
        )
        self.hand_out = HandOut(self.record, self.clock, self.worker.wake)
        self.desk = Desk(self.record, self.vaulted, self.clock, self.worker.wake)

    def fresh_worker(self) -> Worker:
        """As after a restart: nothing but the stores is kept."""
        table = stages(
            self.record,
            self.documents,
            self.keys,
            self.vaulted,
            self.clock,
            registry=self.registry,
            trust=self.trust,
            reader=self.reader,
            gateways={
                "desk": DeskGateway(DeskDecisions(self.record, self.vaulted)),
                "authority": self.authority,
            },
            post=self.post,
            payments=self.gateway,
            notifiers=self.messengers,
            telling=Rules(QuietHours(), 3),
            numbering=lambda day, n: dossier_code(day, n, trial=True),
            approval=lambda: self.approval,
            keep=of_states(),
            portal=self.portal,
        )
        self.worker = Worker(self.record, table, self.clock)
        return self.worker

    async def close(self) -> None:
        await self.documents.close()
        self.record.close()

    # the device

    def intake_key(self) -> tuple[str, bytes]:
        key = self.keys.rotate_if_due()
        return key.kid, key.public

    def paper(self, owner: str | None = None, said: Said | None = None, **answers: Any) -> Paper:
        merged = {k: v for k, v in (ANSWERS | answers).items() if v is not None}
        return Paper.seal(
            owner or self.owner,
            self.device,
            self.intake_key(),
            self.clock(),
            merged,
            PICTURES,
            said,
        )

    def corrected(self, paper: Paper, pictures: Sequence[Picture] = (), **answers: Any) -> Paper:
        key = self.intake_key()
        return reseal(paper, self.owner, self.device, key, self.clock(), answers, pictures)

    async def send(self, paper: Paper, leave_out: Sequence[str] = ()) -> None:
        """Everything of a paper but the chunks named in `leave_out`."""
        chunks = [c.document for c in paper.chunks if c.id not in leave_out]
        sealed = {c.id: c.sealed for c in paper.chunks}
        await self.write([paper.submission, *chunks], sealed)

    async def write(
        self,
        documents: Sequence[dict[str, Any]],
        attachments: dict[str, bytes] | None = None,
        owner: str | None = None,
    ) -> None:
        """As the gate lets in: durable documents first, then the note for intake."""
        owner, db = owner or self.owner, f"drafts-{owner or self.owner}"
        await self.documents.create(db)
        edits = []
        for document in documents:
            body = {k: v for k, v in document.items() if not k.startswith("_")}
            data = (attachments or {}).get(document["_id"])
            files = {"c": NewAttachment("application/octet-stream", data)} if data else {}
            edits.append(Edit(document["_id"], body, (document["_rev"],), False, files))
        for result in await self.documents.write(db, edits, new_edits=False):
            assert result.ok, result.failure
        names = sorted({document["_id"].split(":")[1] for document in documents})
        now = self.clock()
        for name in names:
            await self.record.run(partial(bindings.bind, dossier=name, owner=owner, now=now))
        await self.record.run(lambda conn: bindings.note_touched(conn, owner, names, now))

    async def status(self, paper: Paper) -> dict[str, Any]:
        """The clear part, with `sealed` opened as the phone does."""
        doc_id = f"status:{paper.dossier}"
        body = dict((await self.documents.get(f"drafts-{self.owner}", doc_id)).body)
        if "sealed" in body:
            body["sealed"] = sealing.open_json(paper.key, doc_id, "status/1", body["sealed"])
        return body

    # looking

    async def work(self) -> int:
        return await self.worker.run_once()

    async def dossier(self, paper: Paper) -> Dossier:
        return await self.record.read(lambda conn: dossiers.load(conn, paper.dossier))

    async def maybe(self, paper: Paper) -> Dossier | None:
        return await self.record.read(lambda conn: dossiers.find(conn, paper.dossier))

    async def state(self, paper: Paper) -> str:
        return (await self.dossier(paper)).state

    async def journal(self, paper: Paper, action: str = "") -> list[JournalEntry]:
        lines = await self.record.read(lambda conn: journal.entries(conn, paper.dossier))
        return [line for line in lines if action in ("", line.action)]

    async def job_counts(self) -> dict[str, int]:
        return dict((await self.record.read(workload.measure)).jobs)


def is_push(endpoint: str) -> bool:
    return endpoint.startswith("https://push.invalid/")


def down(system: str = "authority", detail: str = "HTTP 503") -> Unavailable:
    return Unavailable(system, detail)


def throttled(after: float) -> Throttled:
    return Throttled("authority", after)
