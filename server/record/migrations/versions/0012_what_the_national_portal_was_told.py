"""What the National Portal was told, and since when a job fails"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal_syncs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("told_at", sa.String(length=24), nullable=True),
        sa.Column("since", sa.String(length=24), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_syncs")),
        sa.UniqueConstraint("dossier", name=op.f("uq_portal_syncs_dossier")),
    )
    op.create_index(op.f("ix_portal_syncs_since"), "portal_syncs", ["since"])
    op.add_column("jobs", sa.Column("failing_since", sa.String(length=24), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "failing_since")
    op.drop_table("portal_syncs")
