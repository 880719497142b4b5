"""Who an account was proven to be"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_links",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_identity_links_account")
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_identity_links")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_links_issuer_subject")),
    )
    op.create_table(
        "identity_attempts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_identity_attempts_account")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_identity_attempts")),
    )


def downgrade() -> None:
    op.drop_table("identity_attempts")
    op.drop_table("identity_links")
