"""What the server asks of the world outside, as Protocols and the values that cross them.

Every method of an outside system raises the four port errors of `server.errors` and nothing else:
Unavailable (retry), Throttled(after), Refused(reason) (final, shown), Duplicate (counts as done).
A repetition under the same key is always safe. Retries and backoff belong to the worker.
Times are aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Clock = Callable[[], datetime]
"""Now, aware, in UTC. Passed in everywhere, so that a journey can move the day."""


# The procedure's one decider


@dataclass(frozen=True)
class ForwardedPhoto:
    """One picture of a forwarded dossier. `kind` as in the submission (`licence_front`, …)."""

    id: str
    kind: str
    sha256: str
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True)
class Forwarding:
    """A whole dossier on its way to the decider. `key` is `dossier:stage:n` and makes a repetition
    harmless; `answers` has the shape of submission.schema.json's `answers`."""

    key: str
    dossier_code: str
    filed_at: datetime
    promised_on: date | None
    answers: Mapping[str, object] = field(repr=False)
    photos: Sequence[ForwardedPhoto] = field(repr=False)


@dataclass(frozen=True)
class Accepted:
    """The decider has the dossier. `reference` is its own number for it; `promised_on` is the day
    the decider promises, which stands over our own."""

    reference: str
    promised_on: date | None = None


@dataclass(frozen=True)
class CorrectionItem:
    """One thing to put right. `target` is a field name or `photo:<kind>`."""

    target: str
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Decided:
    """What the decider said. `reason` is a stable code, `text` its sentence, `law` the provision
    it names (a rejection must). `items` only when returned; the licence only when approved."""

    outcome: Literal["approved", "returned", "rejected"]
    at: datetime
    reason: str = ""
    text: str = ""
    law: str = ""
    items: Sequence[CorrectionItem] = ()
    licence_number: str | None = None


class ApprovalGateway(Protocol):
    """The procedure's one decider: our own desk, or the licensing authority."""

    def ready(self) -> None:
        """Raises Unavailable while the decider is known to be away, so that no dossier is opened
        for it in vain."""

    async def submit(self, forwarding: Forwarding) -> Accepted:
        """Hands the dossier over. Duplicate when this key was handed over before."""

    async def decision(self, key: str) -> Decided | None:
        """The decision on what was submitted under `key`; None while there is none.
        Refused("unknown") when the decider has never seen the key."""

    async def decided(self, since: date) -> Collection[str]:
        """Keys of what was submitted on or after that day in Vietnam and is decided by now. One
        question for all, so that `decision` need not be asked for each again and again."""


@dataclass(frozen=True)
class SignedRequest:
    """A request from outside, as it came. `target`: the whole address that it was sent to, as the
    outside knows it; `headers` by lower-case name."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class DecisionNotice:
    """What the decider told us of itself, its signature verified. `decided` None: it works on it;
    `nonce`: never the same twice."""

    key: str
    decided: Decided | None
    nonce: str


class DecisionNotices(Protocol):
    def notice(self, request: SignedRequest, now: datetime) -> DecisionNotice:
        """Refused(`signature_…`) when it was not the decider who wrote it, or not now; Unavailable
        when it is signed and makes no sense."""


# The health-certificate registry


@dataclass(frozen=True)
class Certificate:
    """A driver's health certificate (GKSKLX) as the registry holds it."""

    number: str
    facility: str
    concluded_on: date
    licence_class: str
    conclusion: Literal["fit", "unfit", "re_examine"]


@dataclass(frozen=True)
class Found:
    certificate: Certificate


@dataclass(frozen=True)
class NotYet:
    """The registry has no such number so far: facilities send in batches, hours or days late.
    This is waiting, never 'invalid'."""


@dataclass(frozen=True)
class Mismatch:
    """The number exists for somebody else. `fields`: which of `name`, `date_of_birth` differ."""

    fields: Sequence[str]


class HealthCertificateRegistry(Protocol):
    async def look_up(
        self, number: str, name: str, date_of_birth: str
    ) -> Found | NotYet | Mismatch:
        """`number` as NNNNN/GKSKLX/FFFFF/YY; `date_of_birth` YYYY-MM-DD, or YYYY where the papers
        give the year only."""


# The post


@dataclass(frozen=True)
class PostalOrder:
    """One card to one door. `key` makes a repetition harmless; `address` is one line without the
    commune, `commune` its five-digit code."""

    key: str
    dossier_code: str
    recipient: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    commune: str = field(repr=False)


@dataclass(frozen=True)
class Booked:
    """`number`: the UPU S10 identifier of the item, check digit verified."""

    number: str


TrackingState = Literal["booked", "in_transit", "delivered", "failed", "returned"]


@dataclass(frozen=True)
class TrackingEvent:
    at: datetime
    state: TrackingState
    place: str = ""


class DeliveryService(Protocol):
    async def book(self, order: PostalOrder) -> Booked:
        """Books the item. Duplicate(reference=number) when this key was booked before."""

    async def track(self, number: str) -> Sequence[TrackingEvent]:
        """What happened so far, oldest first. Refused("unknown") for a number never given."""


# The National Portal


@dataclass(frozen=True)
class PortalPaper:
    """One paper of a dossier. `id`: ours, never used again; `component`: which part of the
    dossier it is, in the portal's code; `name`: of the file, in ASCII; `sha256`: hexadecimal."""

    id: str
    component: str
    name: str
    sha256: str
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True)
class PortalDossier:
    """A dossier as the portal is told of it. `procedure`: its TTHC code; `channel`: counter,
    online or post; `point`: id of the point whose clerk helped, "" where nobody did; `status`: one
    of the ten codes; `fee`: whole VND. `papers` are all it has now; `dropped`: ids of those that a
    correction replaced."""

    code: str
    slip: str
    procedure: str
    procedure_name: str
    channel: str
    point: str
    status: int
    received_at: datetime
    promised_on: date | None
    fee: int | None
    fee_paid: bool
    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    phone: str = field(repr=False)
    papers: Sequence[PortalPaper] = field(default=(), repr=False)
    dropped: Collection[str] = ()


@dataclass(frozen=True)
class PortalStatus:
    """A dossier reached one of the ten codes. `by`: whose work it was, no name; `text`: its words
    in Vietnamese."""

    code: str
    status: int
    at: datetime
    by: str
    text: str
    received_at: datetime
    promised_on: date | None


class NationalPortal(Protocol):
    """Both calls may be repeated: the portal keeps one dossier a code, one file a digest of it and
    one line a status and time."""

    def ready(self) -> None:
        """Raises Unavailable while the portal is known to be away."""

    async def put_dossier(self, dossier: PortalDossier) -> None: ...

    async def put_status(self, status: PortalStatus) -> None: ...


# Paying the fee


@dataclass(frozen=True)
class PaymentOrder:
    """One attempt to pay. `reference` is ours and never used again; `amount` in whole VND; `text`
    is ASCII and names nobody; `address` is the payer's; the payer's browser comes back to
    `return_url`."""

    reference: str
    amount: int
    text: str
    created_at: datetime
    expires_at: datetime
    return_url: str
    address: str = field(repr=False)
    language: Literal["vi", "en"] = "vi"


PaymentOutcome = Literal["paid", "failed", "pending", "held", "refunded"]
"""`pending`: nothing was paid so far. `held`: money may have moved and the gateway has not decided
(reversed at the bank, suspected)."""


@dataclass(frozen=True)
class PaymentNotice:
    """What the gateway says of one attempt, its signature verified. `amount` in whole VND; `code`
    and `number` are the gateway's own."""

    reference: str
    amount: int
    outcome: PaymentOutcome
    code: str
    number: str = ""
    bank: str = ""
    paid_at: datetime | None = None


@dataclass(frozen=True)
class RefundOrder:
    """The whole amount of one attempt back. `key` makes a repetition harmless; `created_at` is the
    attempt's, `number` the gateway's for it; `by` is who decided, no name."""

    key: str
    reference: str
    amount: int
    number: str
    created_at: datetime
    by: str


class PaymentGateway(Protocol):
    def pay_url(self, order: PaymentOrder) -> str:
        """The address at which a person pays. Computed here: nothing is sent."""

    def notice(self, query: Mapping[str, str]) -> PaymentNotice:
        """What the gateway told us in the query of a request. Refused("signature") when it was not
        the gateway who wrote it."""

    async def query(self, reference: str, created_at: datetime) -> PaymentNotice:
        """Where an attempt stands. Refused("unknown") when the gateway never saw it."""

    async def refund(self, order: RefundOrder) -> None:
        """Gives the money back. Duplicate when this was asked before."""


class TransferCode(Protocol):
    def text(self, amount: int, note: str) -> str:
        """The text of the QR code with which a bank's app fills in a transfer. `amount` in whole
        VND; `note`: at most 25 ASCII characters."""


# Telling people to open the app


@dataclass(frozen=True)
class Notice:
    """One message: that there is news of a dossier (`news`), or something to do (`act`). The words
    are data (dossier/notices.py), `code` all that is filled in. `key` makes a repetition harmless.
    `to`: {"phone"} in E.164, or a push subscription's {"endpoint", "p256dh", "auth"}."""

    key: str
    kind: Literal["news", "act"]
    language: str
    dossier: str
    code: str
    to: Mapping[str, str] = field(repr=False)


class Notifier(Protocol):
    async def send(self, notice: Notice) -> None:
        """Duplicate when this key was told before. Refused("gone"): there is nobody under this
        address any more. Refused("unsure"): it may have been told, and a repetition would not be
        recognised."""


# Who somebody is


@dataclass(frozen=True)
class IdentityRequest:
    """One question to the identity provider who sits at the browser. `state` and `nonce` come back
    with the answer; `verifier` (RFC 7636) is shown only when the code is spent."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class ProvenIdentity:
    """Whom the provider knows: `issuer` and `subject` together name one person for good."""

    issuer: str
    subject: str = field(repr=False)
    identity_number: str = field(repr=False)


class IdentityProvider(Protocol):
    """OpenID Connect Core 1.0, authorization code flow with PKCE."""

    async def address(self, request: IdentityRequest) -> str:
        """Where the person's browser is sent to be asked."""

    async def proven(self, code: str, request: IdentityRequest) -> ProvenIdentity:
        """What the code says, which can be spent once: after Unavailable begin anew.
        Refused("code") for a code that is over; Refused("identity_number") when the provider does
        not say the citizen's number; Unavailable for an answer that does not prove itself."""


# Reading photographs


class Reading(Protocol):
    """What a picture says about one field. `confidence` 0…1; `source`: `qr` or `print`; `box`:
    left, top, width, height in pixels of the upright picture."""

    @property
    def field(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def source(self) -> str: ...
    @property
    def box(self) -> tuple[int, int, int, int]: ...


class PhotoReading(Protocol):
    """What one photo says. `retake`: why it should be taken again, as
    `server.dossier.readings.retake_code` knows it; None for a photo that is good as it is, also
    where it says nothing."""

    @property
    def readings(self) -> Sequence[Reading]: ...
    @property
    def retake(self) -> str | None: ...


class LicenceReader(Protocol):
    def read(self, image: bytes, kind: str) -> PhotoReading:
        """Reads one photo of the given kind. Takes CPU time: call it in a thread. Never raises for
        what the bytes are."""
