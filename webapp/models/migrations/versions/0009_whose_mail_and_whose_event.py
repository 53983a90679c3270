"""The journal finds what it says of one member, and the outbox the mail that somebody waits for.

Who answers the telephone reads a member's last events; and an entry that leaves the roll, when an
import is undone, would otherwise have the whole journal read for it. A screen that waits for a
mailed code reads what became of its mail, whose address has a key of its own (`to_key`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "retrouve vite ce que le journal et les mails disent d’un adhérent"


def upgrade() -> None:
    whose = sa.text("roll_id IS NOT NULL")
    op.create_index(
        "ix_journal_roll_id", "journal", ["roll_id"], sqlite_where=whose, postgresql_where=whose
    )

    op.add_column("outbox", sa.Column("waiter", sa.String(length=64), nullable=True))
    waited_for = sa.text("waiter IS NOT NULL")
    op.create_index(
        "ix_outbox_waiter",
        "outbox",
        ["waiter", "created_at"],
        sqlite_where=waited_for,
        postgresql_where=waited_for,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_waiter", "outbox")
    op.drop_column("outbox", "waiter")
    op.drop_index("ix_journal_roll_id", "journal")
