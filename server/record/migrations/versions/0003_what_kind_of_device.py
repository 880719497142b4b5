"""What kind of device holds a grant"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grants") as table:
        table.add_column(sa.Column("kind", sa.String(length=24), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("grants") as table:
        table.drop_column("kind")
