"""What the counters received, and a month's dossiers at once"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "in_person",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("point", sa.String(length=16), nullable=False),
        sa.Column("procedure", sa.String(length=16), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("month", "point", "procedure", name=op.f("pk_in_person")),
    )
    op.create_index(op.f("ix_dossiers_filed_at"), "dossiers", ["filed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_dossiers_filed_at"), "dossiers")
    op.drop_table("in_person")
