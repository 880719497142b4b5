"""Agreements by purpose, and what is told outside the app. The push address of a device is sealed
with the record key; a phone number is not kept here at all, the dossier has it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from server.record.columns import Digest, Id, Instant, metadata

consents = Table(
    "consents",  # outlive an erasure: that somebody agreed must stay provable
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("purpose", String(24), nullable=False),
    Column("version", String(16), nullable=False),
    Column("digest", Digest),  # of the text; none for a version whose text is not known here
    Column("given_at", Instant, nullable=False),
    Column("given_by", String(64), nullable=False),  # as the journal names who acts
    Column("helper", String(64)),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", String(64)),
)

subscriptions = Table(
    "subscriptions",  # to which address a dossier's news goes
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("channel", String(8), nullable=False),
    Column("device", String(64), nullable=False),  # whose push address; "" for the phone number
    Column("address", Text),  # sealed; none: the phone number in the dossier
    Column("language", String(2), nullable=False),
    Column("consent", Id, ForeignKey("consents.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "dossier", "channel", "device", unique=True),
)

notices = Table(
    "notices",  # one a subscription and occasion: nothing is told twice
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("subscription", Id, ForeignKey("subscriptions.id"), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("dossier", Id, nullable=False, index=True),
    Column("about", String(16), nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("begun_at", Instant),
    Column("settled_at", Instant, index=True),
    Column("outcome", String(40)),  # told, overtaken, stale, refused:<reason>
    Index(None, "subscription", "occasion", unique=True),
    sqlite_autoincrement=True,
)
