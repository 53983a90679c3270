"""What became of a mail after the relay took it, where a delivery report said so."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

told = "ce que deviennent les mails une fois partis"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("outcome", sa.String(length=10), nullable=True))
    op.add_column("outbox", sa.Column("outcome_status", sa.String(length=12), nullable=True))
    op.add_column("outbox", sa.Column("outcome_at", Moment(), nullable=True))


def downgrade() -> None:
    for column in ("outcome_at", "outcome_status", "outcome"):
        op.drop_column("outbox", column)
