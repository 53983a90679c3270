"""Two members whose numbers only look alike are two: « 123450 » and « 12345.0 ».

`number_key`, the normal form of what is typed, stays the salt of the access codes, but is no longer
one member's alone. Together with `spelling` it is: the number as the mutual writes it, without
spaces and in capitals (`identity`, rules/credentials.py), where that is not the normal form.

The database works `spelling` out of `number`, so that it is right for what a former process writes
too. Such a process goes on: it looks numbers up by `number_key`, which the new index still begins
with, and finds one of two that look alike, whose space the other's code does not open. Its
import still takes the two for one; where both are on the roll already, the index refuses one
spelling for two (an error, nothing imported). Import with the newer version.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "deux numéros d’adhérent qui se ressemblent ne sont plus un seul adhérent"

WHITE = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
KEPT = "CASE WHEN number = number_key THEN '' ELSE coalesce(nullif({written}, number_key), '') END"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _in_a_new_table()
    else:
        op.execute("SET LOCAL statement_timeout = 0")  # all rows are written anew
        op.add_column("roll", _spelling(f"upper(translate(number, '{WHITE}', '') COLLATE \"C\")"))
        op.drop_constraint("uq_roll_number_key", "roll", type_="unique")
        op.create_index("uq_roll_identity", "roll", ["number_key", "spelling"], unique=True)


def _in_a_new_table() -> None:
    """SQLite drops no constraint. With foreign keys on, it would empty or refuse the tables that
    hang on the former one (models/sqlite.py turns them off for a migration)."""
    bind = op.get_bind()
    if bind.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise RuntimeError("foreign keys are on")
    written = "number"
    for sign in WHITE:
        written = f"replace({written}, '{sign}', '')"
    with op.batch_alter_table("roll", recreate="always") as batch:
        batch.drop_constraint("uq_roll_number_key", type_="unique")
        batch.add_column(_spelling(f"upper({written})"))
        batch.create_index("uq_roll_identity", ["number_key", "spelling"], unique=True)
    if bind.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a foreign key leads nowhere")


def _spelling(written: str) -> sa.Column[str]:
    """`upper` knows ASCII alone on both databases."""
    derived = sa.Computed(KEPT.format(written=written), persisted=True)
    return sa.Column("spelling", sa.String(64), derived, nullable=False)


def downgrade() -> None:
    raise NotImplementedError("the former schema has no room for numbers that look alike")
