"""What photos of drafts say"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_readings",
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("read_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "photo", name=op.f("pk_draft_readings")),
    )


def downgrade() -> None:
    op.drop_table("draft_readings")
