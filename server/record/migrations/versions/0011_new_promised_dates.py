"""A new promised date keeps the first one"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("first_due_on", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("dossiers", "first_due_on")
