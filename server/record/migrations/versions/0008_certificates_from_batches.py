"""Certificates from facilities' batches"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_certificates",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("licence_class", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("birth", sa.String(length=64), nullable=True),
        sa.Column("year", sa.String(length=64), nullable=False),
        sa.Column("facility", sa.String(length=5), nullable=False),
        sa.Column("concluded_on", sa.String(length=10), nullable=False),
        sa.Column("conclusion", sa.String(length=16), nullable=False),
        sa.Column("imported_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("number", "licence_class", name=op.f("pk_imported_certificates")),
    )
    name = op.f("ix_imported_certificates_imported_at")
    op.create_index(name, "imported_certificates", ["imported_at"])


def downgrade() -> None:
    op.drop_table("imported_certificates")
