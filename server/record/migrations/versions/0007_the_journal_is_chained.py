"""The journal's lines are chained"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

START = "0" * 64
PAGE = 1000


def upgrade() -> None:
    op.add_column("journal", sa.Column("link", sa.Integer(), nullable=True))
    op.add_column("journal", sa.Column("hash", sa.String(length=64), nullable=True))
    _chain()
    op.create_index(op.f("ix_journal_link"), "journal", ["link"], unique=True)


def _chain() -> None:
    """The lines that are there, in the order in which they were written."""
    names = ("seq", "at", "actor", "action", "dossier", "detail")
    journal = sa.table("journal", *map(sa.column, (*names, "link", "hash")))
    lines = sa.select(*(journal.c[name] for name in names)).order_by(journal.c.seq).limit(PAGE)
    chain = sa.update(journal).where(journal.c.seq == sa.bindparam("of"))
    conn, seq, link, before = op.get_bind(), 0, 0, START
    while rows := conn.execute(lines.where(journal.c.seq > seq)).all():
        chained = []
        for row in rows:
            seq, link = row.seq, link + 1
            content = [before, link, *row]
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            before = hashlib.sha256(text.encode()).hexdigest()
            chained.append({"of": seq, "link": link, "hash": before})
        conn.execute(chain, chained)


def downgrade() -> None:
    op.drop_index(op.f("ix_journal_link"), "journal")
    with op.batch_alter_table("journal") as table:
        table.drop_column("hash")
        table.drop_column("link")
