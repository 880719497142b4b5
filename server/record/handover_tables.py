"""Tables of dossiers that change hands: the codes that allow it, and whose they were before."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from server.record.columns import Digest, Id, Instant, Json, metadata

claims = Table(
    "claims",
    metadata,
    Column("secret", Digest, primary_key=True),  # SHA-256 of the 128 bits in the QR code
    Column("typed", Digest, nullable=False, index=True),  # keyed hash of the 8 characters
    Column("birth", Digest),  # keyed hash of the birth date that goes with them; None: QR only
    Column("dossier", Id, nullable=False, index=True),
    Column("owner", Id, nullable=False),  # whose it was when the code was made
    Column("kind", String(16), nullable=False),  # hand_over, lend, recover
    Column("request", String(96)),  # the document that asked for it; None: made at the counter
    Column("good_from", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),  # wrong birth dates
    Column("void_at", Instant),  # a newer code took its place, or too many tries
    Column("used_by", Id),
)

answered = Table(
    "answered",  # requests that were done; those that were not are in the status
    metadata,
    Column("document", String(96), primary_key=True),
    Column("dossier", Id, nullable=False, index=True),
    Column("kind", String(16)),  # of a request that was answered with words
    Column("at", Instant),
    Column("answer", Json),  # no personal data: codes, points, days
)

former_owners = Table(
    "former_owners",
    metadata,
    Column("dossier", Id, primary_key=True),
    Column("owner", Id, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),  # lent: it comes back then
)
