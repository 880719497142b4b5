"""A card that is fetched at a point"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consignments", sa.Column("point", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("consignments", "point")
