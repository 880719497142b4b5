"""Tables of who may do what: accounts, passkeys, sessions, invitations, grants, owners."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.record.columns import Digest, Id, Instant, Json, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("name", Text),
    Column("point", String(16)),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Json),
    Column("created_at", Instant, nullable=False),
)

ceremonies = Table(
    "ceremonies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("account", Id),
    Column("name", Text),
    Column("invitation", Digest),
    Column("expires_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("point", String(16)),
    Column("name", Text),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("by", Text),
)

owners = Table(
    "owners",
    metadata,
    Column("owner", Id, primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("first_accepted_at", Instant),
    Column("bytes_received", BigInteger, nullable=False, server_default="0"),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, ForeignKey("owners.owner"), nullable=False, index=True),
    Column("device", Id, nullable=False),
    Column("hash", Digest, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("lost_at", Instant),
    Column("kind", String(24)),
)

identity_links = Table(
    "identity_links",  # whom an account was proven to be, as keyed hashes only
    metadata,
    Column("account", Id, ForeignKey("accounts.id"), primary_key=True),
    Column("issuer", String(255), nullable=False),
    Column("subject", Digest, nullable=False),
    Column("number", Digest, nullable=False),
    Column("linked_at", Instant, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

identity_attempts = Table(
    "identity_attempts",  # browsers that were sent to the identity provider
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False),
    Column("code", Text),  # good for nothing without the secret whose hash this row has
    Column("expires_at", Instant, nullable=False),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("window_start", Instant, nullable=False),
    Column("count", Integer, nullable=False),
)
