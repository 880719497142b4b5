"""The one table from job kind to stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from server.auth.access import Vaulted
from server.auth.keys import KeyRing
from server.certificates.trust import TrustList
from server.flow.apologise import Apologise
from server.flow.certificate import CertificateLook
from server.flow.collect import Refund, Requery
from server.flow.decide import Decide
from server.flow.deliver import Deliver
from server.flow.erase import Erase
from server.flow.forward import Forward
from server.flow.intake import Intake, Numbering
from server.flow.move import Move
from server.flow.moved import ClearOut, GiveBack
from server.flow.notify import Notify, Rules
from server.flow.outcome import Stage
from server.flow.poll import Poll
from server.flow.portal import TellPortal
from server.flow.publish import Publish
from server.flow.read_photos import ReadPhotos
from server.flow.retention import Retention
from server.flow.validate import Validate
from server.ports import (
    ApprovalGateway,
    Clock,
    DeliveryService,
    HealthCertificateRegistry,
    LicenceReader,
    NationalPortal,
    Notifier,
    PaymentGateway,
)
from server.record.store import Record
from sync.engine import Engine


def stages(
    record: Record,
    documents: Engine,
    keys: KeyRing,
    vaulted: Vaulted,
    clock: Clock,
    *,
    registry: HealthCertificateRegistry,
    trust: TrustList,
    reader: LicenceReader,
    gateways: Mapping[str, ApprovalGateway],
    post: DeliveryService,
    payments: PaymentGateway | None,
    notifiers: Mapping[str, Notifier],
    telling: Rules,
    numbering: Numbering,
    approval: Callable[[], str],
    keep: Mapping[str, timedelta],
    portal: NationalPortal | None = None,
) -> dict[str, Stage]:
    """`trust`: whose signatures on health certificates are believed.
    `gateways`: {"desk": …, "authority": …}. `numbering`: (day in Vietnam, n) → dossier code.
    `approval`: which of the gateways decides the dossiers accepted from now on. `keep`: ended
    state → how long a dossier stays in it. `notifiers`: by channel; `telling`: at which hours
    and how often.
    `portal` None: it is told nothing."""
    move = Move(record, documents, keys, clock)
    look = CertificateLook(registry, trust, clock)
    return {
        "intake": Intake(record, documents, keys, clock, numbering=numbering, approval=approval),
        "read_photos": ReadPhotos(record, documents, keys, look, reader, clock),
        "validate": Validate(record, vaulted, look, reader, clock),
        "forward": Forward(record, vaulted, gateways, clock),
        "poll": Poll(record, gateways, clock),
        "decide": Decide(record, vaulted, gateways, clock),
        "deliver": Deliver(record, vaulted, post, clock),
        "payment": Requery(record, payments, clock),
        "refund": Refund(record, payments, clock),
        "apologise": Apologise(record, clock),
        "notify": Notify(record, vaulted, keys, notifiers, telling, clock),
        "portal": TellPortal(record, vaulted, portal, clock),
        "publish": Publish(record, documents, keys, vaulted, clock, tell_portal=portal is not None),
        "clear_out": ClearOut(record, documents, move, clock),
        "give_back": GiveBack(record, move, clock),
        "erase": Erase(record, documents, clock),
        "sweep": Retention(record, documents, clock, keep),
    }
