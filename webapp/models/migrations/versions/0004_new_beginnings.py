"""New beginnings counted, so that nothing begun under a former one opens anything; 8 bits that
spare a second password check; and the argon2 settings in use, so that time tells nothing."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

told = "les nouveaux départs sont comptés"

COUNTED = ("session", "device", "recovery", "address_change", "authenticator")
TAGGED = ("registration", "takeover")
_HEAD = len("$argon2id$v=19$")  # the settings follow, up to the next « $ »


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("epoch", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    for table in COUNTED:  # empty: what a release that does not count makes, while it still serves
        op.add_column(table, sa.Column("epoch", sa.BigInteger(), nullable=True))
    for table in TAGGED:
        op.add_column(table, sa.Column("password_tag", sa.SmallInteger(), nullable=True))
    made = op.create_table(
        "hash_settings",
        sa.Column("settings", sa.String(length=60), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("settings", name=op.f("pk_hash_settings")),
    )
    account = sa.table("account", sa.column("password_hash"), sa.column("created_at"))
    find = sa.func.strpos if op.get_bind().dialect.name == "postgresql" else sa.func.instr
    stored = account.c.password_hash
    until = _HEAD + find(sa.func.substr(stored, _HEAD + 1), "$") - 1
    settings = sa.func.substr(stored, 1, until)
    op.execute(
        sa.insert(made).from_select(
            ["settings", "since"],
            sa.select(settings, sa.func.min(account.c.created_at))
            .where(stored.like("$argon2id$v=19$%"))
            .group_by(settings),
        )
    )


def downgrade() -> None:
    op.drop_table("hash_settings")
    for table in TAGGED:
        op.drop_column(table, "password_tag")
    for table in ("account", *COUNTED):
        op.drop_column(table, "epoch")
