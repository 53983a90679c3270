"""Alembic's entry: it runs on the connection that `models/schema.py` hands over."""

from alembic import context
from sqlalchemy import text

from webapp.models import Base

FIRST_TO_SAY = "0006"  # the migration that makes the column
SAY = text("UPDATE alembic_version SET oldest_code = :oldest")


def say_oldest_code(*, ctx, step, heads, run_args) -> None:  # type: ignore[no-untyped-def]
    """After each migration: the oldest code that may serve what it made; None, no other one."""
    if step.is_upgrade and step.up_revision_id >= FIRST_TO_SAY:
        oldest = getattr(step.up_revision.module, "oldest_code", None)
        ctx.connection.execute(SAY, {"oldest": oldest})


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    on_version_apply=say_oldest_code,
)
with context.begin_transaction():
    context.run_migrations()
