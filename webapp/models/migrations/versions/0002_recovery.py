"""Forgotten passwords: the requests for a new one."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

told = "les demandes d’un nouveau mot de passe"


def upgrade() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recovery_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
    )
    with op.batch_alter_table("recovery") as batch:
        batch.create_index(batch.f("ix_recovery_account_id"), ["account_id"])
        batch.create_index(batch.f("ix_recovery_expires_at"), ["expires_at"])


def downgrade() -> None:
    op.drop_table("recovery")
