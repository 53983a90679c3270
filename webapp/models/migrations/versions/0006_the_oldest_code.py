"""The database says which former code may still serve it: an upgrade can be gone back on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

oldest_code = "0006"  # the first that asks
told = "note dans la base quelles versions du portail peuvent encore la servir"


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("oldest_code", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("alembic_version", "oldest_code")
