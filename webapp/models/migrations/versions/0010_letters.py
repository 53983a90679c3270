"""Paper letters are made in batches, and each has a life of its own."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import BigId, Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "ajoute les courriers et leurs lots, et l’adresse d’où un courrier est revenu"


def upgrade() -> None:
    # the version before goes on making letters without a batch: the roll still says what is good
    op.add_column("roll", sa.Column("returned_mac", sa.LargeBinary(), nullable=True))
    op.create_table(
        "letter_batch",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("operator", sa.String(length=120), nullable=False),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=False),
        sa.Column("portal", sa.String(length=2000), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("posted_at", Moment(), nullable=True),
        sa.Column("posted_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.create_index(op.f("ix_letter_batch_made_at"), "letter_batch", ["made_at"])
    op.create_table(
        "letter",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", BigId, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("roll_id", BigId, nullable=True),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("address_mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("returned_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["letter_batch.id"],
            name=op.f("fk_letter_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["roll_id"], ["roll.id"], name=op.f("fk_letter_roll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index("uq_letter_batch_id_sequence", "letter", ["batch_id", "sequence"], unique=True)
    op.create_index(op.f("ix_letter_roll_id"), "letter", ["roll_id"])


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_table("letter_batch")
    op.drop_column("roll", "returned_mac")
