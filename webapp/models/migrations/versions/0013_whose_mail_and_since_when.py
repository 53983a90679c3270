"""In a space of several, a mail of one of them is theirs; and who becomes its first member keeps
the day on which they joined it.

Nothing is copied: a mail from before is the space's, and a first member from before is the first
since the space began.
"""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "sait de qui est un mail dans un espace à plusieurs, et depuis quand chacun y est"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("roll_id", sa.BigInteger(), nullable=True))
    op.add_column("account", sa.Column("first_joined_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "first_joined_at")
    op.drop_column("outbox", "roll_id")
