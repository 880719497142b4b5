"""Agreements by purpose, and notices outside the app"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("given_at", sa.String(length=24), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("helper", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_at", sa.String(length=24), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_dossier"), "consents", ["dossier"])
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent"], ["consents.id"], name=op.f("fk_subscriptions_consent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_dossier"), "subscriptions", ["dossier"])
    one_each = ["dossier", "channel", "device"]
    name = op.f("ix_subscriptions_dossier_channel_device")
    op.create_index(name, "subscriptions", one_each, unique=True)
    op.create_table(
        "notices",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subscription", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("dossier", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("noted_at", sa.String(length=24), nullable=False),
        sa.Column("begun_at", sa.String(length=24), nullable=True),
        sa.Column("settled_at", sa.String(length=24), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_notices_subscription")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notices_dossier"), "notices", ["dossier"])
    op.create_index(op.f("ix_notices_settled_at"), "notices", ["settled_at"])
    once = op.f("ix_notices_subscription_occasion")
    op.create_index(once, "notices", ["subscription", "occasion"], unique=True)


def downgrade() -> None:
    for table in ("notices", "subscriptions", "consents"):
        op.drop_table(table)
