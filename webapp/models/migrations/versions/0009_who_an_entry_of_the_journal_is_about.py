"""The journal finds what it says of one member of the roll.

Who answers the telephone reads a member's last events; and an entry that leaves the roll, when an
import is undone, would otherwise have the whole journal read for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "retrouve vite, dans le journal, ce qui touche un adhérent"


def upgrade() -> None:
    whose = sa.text("roll_id IS NOT NULL")
    op.create_index(
        "ix_journal_roll_id", "journal", ["roll_id"], sqlite_where=whose, postgresql_where=whose
    )


def downgrade() -> None:
    op.drop_index("ix_journal_roll_id", "journal")
