"""The roll says who left and where letters go; an import is kept, and can be undone."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import BigId, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "ajoute au fichier des adhérents statut et adresse postale, et garde chaque import"


def upgrade() -> None:
    # defaults of the database: the version before goes on adding members, who are active
    op.add_column(
        "roll", sa.Column("status", sa.String(length=10), nullable=False, server_default="active")
    )
    op.add_column(
        "roll", sa.Column("address", sa.String(length=726), nullable=False, server_default="")
    )
    op.add_column("roll", sa.Column("missing_since", Moment(), nullable=True))
    op.add_column("roll", sa.Column("added_by", sa.BigInteger(), nullable=True))
    op.create_table(
        "roll_import",
        sa.Column("id", BigId, sa.Identity(always=False), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("operator", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.JSON(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_import")),
    )
    op.create_index(op.f("ix_roll_import_at"), "roll_import", ["at"])
    op.create_table(
        "roll_former",
        sa.Column("import_id", BigId, nullable=False),
        sa.Column("roll_id", BigId, nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roll_import.id"],
            name=op.f("fk_roll_former_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["roll_id"], ["roll.id"], name=op.f("fk_roll_former_roll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "roll_id", name=op.f("pk_roll_former")),
    )
    op.create_index(op.f("ix_roll_former_roll_id"), "roll_former", ["roll_id"])


def downgrade() -> None:
    op.drop_table("roll_former")
    op.drop_table("roll_import")
    for column in ("added_by", "missing_since", "address", "status"):
        op.drop_column("roll", column)
