"""Dossiers change hands"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("typed", sa.String(length=64), nullable=False),
        sa.Column("birth", sa.String(length=64), nullable=True),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("request", sa.String(length=96), nullable=True),
        sa.Column("good_from", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("void_at", sa.String(length=24), nullable=True),
        sa.Column("used_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("secret", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_dossier"), "claims", ["dossier"])
    op.create_index(op.f("ix_claims_typed"), "claims", ["typed"])
    op.create_table(
        "answered",
        sa.Column("document", sa.String(length=96), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_answered")),
    )
    op.create_index(op.f("ix_answered_dossier"), "answered", ["dossier"])
    op.create_table(
        "former_owners",
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("since", sa.String(length=24), nullable=False),
        sa.Column("until", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("dossier", "owner", name=op.f("pk_former_owners")),
    )
    with op.batch_alter_table("bindings") as table:
        table.add_column(sa.Column("wrapped_key", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bindings") as table:
        table.drop_column("wrapped_key")
    op.drop_table("former_owners")
    op.drop_table("answered")
    op.drop_table("claims")
