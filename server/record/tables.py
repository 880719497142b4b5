"""Tables of dossiers and what happens to them. People's tables are named here too, so that
`tables.<name>` finds every one.

Readable without the record key (the README lists them): in `dossiers` name, search (the name
without accents), code, state, procedure, licence class, channel, point, helper, dates, fee and
the counts of findings; consignment numbers; reasons of refusal given by the authority. Answers,
readings, findings and the words of a decision are sealed with the dossier's data key, which is
kept only wrapped. `intakes` has name, slip and helper of what is still arriving, for the clerk.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from server.record.columns import Digest, Id, Instant, Json, metadata
from server.record.handover_tables import answered, claims, former_owners
from server.record.notice_tables import consents, notices, subscriptions
from server.record.payment_tables import payments
from server.record.people_tables import (
    accounts,
    ceremonies,
    credentials,
    grants,
    identity_attempts,
    identity_links,
    invitations,
    owners,
    rate_limits,
    sessions,
)
from server.record.portal_tables import portal_syncs
from server.record.queue_tables import queue_numbers

__all__ = [
    "accounts",
    "answered",
    "bindings",
    "ceremonies",
    "claims",
    "consents",
    "consignments",
    "credentials",
    "decisions",
    "dossiers",
    "draft_readings",
    "erased",
    "former_owners",
    "forwardings",
    "grants",
    "identity_attempts",
    "identity_links",
    "in_person",
    "intakes",
    "invitations",
    "jobs",
    "journal",
    "metadata",
    "notices",
    "offered",
    "owners",
    "payments",
    "photos",
    "portal_syncs",
    "queue_numbers",
    "rate_limits",
    "sequences",
    "sessions",
    "statuses",
    "submissions",
    "subscriptions",
    "touched",
]

DocId = String(96)

bindings = Table(
    "bindings",  # whose a dossier is: the first owner whose document was accepted, or who took it
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("owner", Id, nullable=False, index=True),
    Column("bound_at", Instant, nullable=False),
    Column(
        "wrapped_key", Text
    ),  # of a draft that changed hands: its documents name the owner before
)

touched = Table(
    "touched",  # noted before the acknowledgement, taken by intake
    metadata,
    Column("owner", Id, primary_key=True),
    Column("dossier", Id, primary_key=True),
    Column("at", Instant, nullable=False),
)

offered = Table(
    "offered",  # the submissions and requests of a dossier that were acknowledged
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("document", DocId, primary_key=True),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("parked_from", String(16)),
    Column("version", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("submission", DocId, nullable=False),
    Column("code", String(40), nullable=False, unique=True),
    Column("slip", String(8), nullable=False, index=True),
    Column("birth_hash", Digest),  # keyed: nobody without the record key can try dates
    Column("name", Text),
    Column("search", Text),
    Column("procedure", String(16), nullable=False),
    Column("licence_class", String(8)),
    Column("channel", String(16), nullable=False),
    Column("helper_account", String(64), index=True),
    Column("point", String(16)),
    Column("assurance", String(16), nullable=False),
    Column("approval", String(16), nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("due_on", String(10)),
    Column("first_due_on", String(10)),  # before an apology; lateness counts by it
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("wait", Json),
    Column("fee_amount", Integer),
    Column("fee_state", String(8)),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("warnings", Integer, nullable=False, server_default="0"),
    Column("wrapped_key", Text),
    Index(None, "state", "due_on", "id"),
    Index(None, "filed_at"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", DocId, primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("n", Integer, nullable=False),
    Column("digest", Digest, nullable=False),
    Column("accepted_at", Instant),
    Column("refused", String(32)),
    Column("device_time", String(32)),
    Column("assessment", Text),  # sealed: findings, readings, what the registry answered
)

draft_readings = Table(
    "draft_readings",  # what photos of drafts say, where their person asked to have them read
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("photo", Id, primary_key=True),
    Column("sealed", Text),  # with the dossier's data key; None: no draft names the photo yet
    Column("read_at", Instant, nullable=False),
)

photos = Table(
    "photos",
    metadata,
    Column("submission", DocId, ForeignKey("submissions.id"), primary_key=True),
    Column("photo", Id, primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("sha256", Digest, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("chunks", Json, nullable=False),  # SHA-256 of each sealed chunk
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("dossier", Id, index=True),
    Column("detail", Json, nullable=False),
    Column("link", Integer),  # its place in the hash chain (chain.py), given before the commit
    Column("hash", Digest),
    Index(None, "link", unique=True),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(24), nullable=False),
    Column("dossier", Id, index=True),
    Column("run_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("locked_by", String(64)),
    Column("locked_until", Instant),
    Column("last_error", Text),
    Column("parked_at", Instant),
    Column("payload", Json, nullable=False),
    Column("failing_since", Instant),
    Index(None, "parked_at", "run_at"),
    sqlite_autoincrement=True,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text),  # sealed: items, reason, law, text
    Column("by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("leaves_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # pending, done; an undone one is deleted
    UniqueConstraint("dossier", "n"),
)

forwardings = Table(
    "forwardings",
    metadata,
    Column("idempotency_key", String(80), primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # sending, retrying, accepted, refused, parked
    Column("since", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("retry_at", Instant),
    Column("reason", Text),
)

consignments = Table(
    "consignments",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("idempotency_key", String(80), nullable=False),
    Column("number", String(24), unique=True),
    Column("state", String(16), nullable=False),
    Column("booked_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("point", String(16)),  # where it is fetched instead
)

intakes = Table(
    "intakes",  # the transport side of a dossier: what arrived, what is missing, what was refused
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("owner", Id, nullable=False),
    Column("group", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("slip", String(8), index=True),
    Column("birth_hash", Digest),
    Column("name", Text),
    Column("helper_account", String(64), index=True),
    Column("detail", Json, nullable=False),
)

statuses = Table(
    "statuses",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("counter", Integer, nullable=False),
    Column("published", Integer, nullable=False, server_default="0"),
)

sequences = Table(
    "sequences",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("value", Integer, nullable=False),
)

erased = Table(
    "erased",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("at", Instant, nullable=False),
)

imported_certificates = Table(
    "imported_certificates",  # from facilities' batches; who is examined is known by keyed hashes
    metadata,
    Column("number", String(64), primary_key=True),
    Column("licence_class", String(8), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("birth", String(64)),
    Column("year", String(64), nullable=False),
    Column("facility", String(5), nullable=False),
    Column("concluded_on", String(10), nullable=False),
    Column("conclusion", String(16), nullable=False),
    Column("imported_at", Instant, nullable=False, index=True),
)
in_person = Table(
    "in_person",  # how many dossiers the counters received, imported for the monthly report
    metadata,
    Column("month", String(7), primary_key=True),
    Column("point", String(16), primary_key=True),  # "": the office's own counter
    Column("procedure", String(16), primary_key=True),
    Column("received", Integer, nullable=False),
    Column("imported_at", Instant, nullable=False),
)
