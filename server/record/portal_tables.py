"""What the National Portal was told of each dossier. Nothing personal; it outlives an erasure."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from server.record.columns import Id, Instant, metadata

portal_syncs = Table(
    "portal_syncs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier", Id, nullable=False, unique=True),
    Column("n", Integer, nullable=False, server_default="0"),  # submission told, 0 none
    Column("seq", Integer, nullable=False, server_default="0"),  # journal line told last
    Column("code", String(2)),  # the portal's, told last
    Column("told_at", Instant),
    Column("since", Instant, index=True),  # what was not told yet waits since then
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("retry_at", Instant),
    Column("reason", Text),  # what the portal said last when it did not take it
)
