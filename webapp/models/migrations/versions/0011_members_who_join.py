"""Several members in the space of one mailbox: who joined, who asks to, who leaves.

Nothing is copied: a space of one member has no row in these tables, and `account.joined` is 0.
"""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import BigId, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "permet à plusieurs adhérents d’une même boîte mail de partager un espace"


def _terms() -> list[sa.Column[str] | sa.Column[object]]:
    return [
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("terms_at", Moment(), nullable=False),
        sa.Column("terms_origin", sa.String(length=45), nullable=False),
    ]


def _whose(table: str, *, goes_with: str | None = "CASCADE") -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=f"fk_{table}_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["roll_id"], ["roll.id"], name=f"fk_{table}_roll_id", ondelete=goes_with
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("roll_id", name=f"uq_{table}_roll_id"),
    ]


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("joined", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "registration", sa.Column("joins", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "joined_member",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("roll_id", BigId, nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=True),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("closing_at", Moment(), nullable=True),
        sa.Column("joined_at", Moment(), nullable=False),
        *_whose("joined_member", goes_with=None),
    )
    op.create_index("ix_joined_member_account_id", "joined_member", ["account_id"])
    op.create_index("ix_joined_member_closing_at", "joined_member", ["closing_at"])
    op.create_table(
        "join_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("roll_id", BigId, nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        *_terms(),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        *_whose("join_request"),
    )
    op.create_index("ix_join_request_account_id", "join_request", ["account_id"])
    op.create_index("ix_join_request_expires_at", "join_request", ["expires_at"])
    op.create_table(
        "leaving",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("roll_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("password_tag", sa.SmallInteger(), nullable=True),
        *_terms(),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("effective_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        *_whose("leaving"),
    )
    op.create_index("ix_leaving_account_id", "leaving", ["account_id"])
    op.create_index("ix_leaving_email_key", "leaving", ["email_key"])
    op.create_index("ix_leaving_effective_at", "leaving", ["effective_at"])


def downgrade() -> None:
    op.drop_table("leaving")
    op.drop_table("join_request")
    op.drop_table("joined_member")
    op.drop_column("registration", "joins")
    op.drop_column("account", "joined")
