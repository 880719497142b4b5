"""Numbers of the queues at the points. No name: a number leads at most to a dossier's random id."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from server.record.columns import Id, Instant, metadata

queue_numbers = Table(
    "queue_numbers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("point", String(16), nullable=False),
    Column("day", String(10), nullable=False),  # in Vietnam
    Column("number", Integer, nullable=False),
    Column("slot", String(5), nullable=False),  # HH:MM
    Column("slot_end", String(5), nullable=False),
    Column("turn", String(5), nullable=False),  # the slot, or a later time after a no-show
    Column("state", String(16), nullable=False),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("counter", String(8)),
    Column("source", String(8), nullable=False),  # phone, counter
    Column("dossier", Id, index=True),
    Column("owner", Id),
    Column("request", String(96)),
    Column("taken_at", Instant, nullable=False),
    Column("called_at", Instant),
    Column("ended_at", Instant),
    UniqueConstraint("point", "day", "number"),
    Index("ix_queue_numbers_owner_day", "owner", "day"),
)
