"""Attempts to pay a fee. No name, no account number: they outlive an erasure, as books do."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from server.record.columns import Id, Instant, metadata

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("reference", String(64), nullable=False, unique=True),  # ours at the gateway
    Column("provider", String(16), nullable=False),
    Column("amount", Integer, nullable=False),  # whole VND
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("settled_at", Instant),
    Column("paid_at", Instant, index=True),
    Column("number", String(32)),  # the gateway's
    Column("bank", String(32)),
    Column("code", String(8)),  # the gateway's answer
)
