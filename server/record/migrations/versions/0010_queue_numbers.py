"""Queue numbers of the points, and answers to what is asked of them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_numbers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("point", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=5), nullable=False),
        sa.Column("slot_end", sa.String(length=5), nullable=False),
        sa.Column("turn", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counter", sa.String(length=8), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("request", sa.String(length=96), nullable=True),
        sa.Column("taken_at", sa.String(length=24), nullable=False),
        sa.Column("called_at", sa.String(length=24), nullable=True),
        sa.Column("ended_at", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_numbers")),
        sa.UniqueConstraint(
            "point", "day", "number", name=op.f("uq_queue_numbers_point_day_number")
        ),
    )
    op.create_index(op.f("ix_queue_numbers_dossier"), "queue_numbers", ["dossier"])
    op.create_index(op.f("ix_queue_numbers_owner_day"), "queue_numbers", ["owner", "day"])
    op.add_column("answered", sa.Column("kind", sa.String(length=16), nullable=True))
    op.add_column("answered", sa.Column("at", sa.String(length=24), nullable=True))
    op.add_column("answered", sa.Column("answer", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("answered", "answer")
    op.drop_column("answered", "at")
    op.drop_column("answered", "kind")
    op.drop_table("queue_numbers")
