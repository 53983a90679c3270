"""The desk: its operators with their keys and sessions, what they do, and whom the journal names.

A space can be suspended, the journal says which operator did what, and members are found by their
birth date. A batch of letters has the recipient of its list, and when that was downloaded. Nothing
of what there is changes: empty tables, empty columns and two indexes.
"""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import BigId, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

oldest_code = "0006"
told = "ajoute le guichet : opérateurs, consultations, demandes à deux, fichiers déposés"


def _id() -> sa.Column[int]:
    return sa.Column("id", BigId, sa.Identity(always=False), nullable=False)


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Moment(), nullable=False) for name in names]


def _perhaps(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Moment(), nullable=True) for name in names]


def _of(
    table: str, column: str, other: str, goes_with: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete=goes_with
    )


def upgrade() -> None:
    _operators()
    _deeds()
    op.add_column("account", sa.Column("suspended_at", Moment(), nullable=True))
    op.add_column("journal", sa.Column("operator_id", BigId, nullable=True))
    named = sa.text("operator_id IS NOT NULL")
    op.create_index(
        "ix_journal_operator", "journal", ["operator_id", "at"],
        sqlite_where=named, postgresql_where=named,
    )  # fmt: skip
    op.create_index("ix_roll_birth_date", "roll", ["birth_date"])
    op.add_column("letter_batch", _empty("recipient", sa.Text()))
    op.add_column("letter_batch", *_perhaps("downloaded_at"))
    op.add_column("letter_batch", _empty("downloaded_by", sa.String(length=120)))


def _empty(name: str, kind: sa.types.TypeEngine[str]) -> sa.Column[str]:
    return sa.Column(name, kind, server_default="", nullable=False)


def _operators() -> None:
    op.create_table(
        "operator",
        _id(),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("handle", sa.LargeBinary(), nullable=False),
        *_moments("added_at"),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        *_perhaps("disabled_at"),
        sa.Column("disabled_by", sa.String(length=120), server_default="", nullable=False),
        *_perhaps("told_until"),
        sa.PrimaryKeyConstraint("id", name="pk_operator"),
        sa.UniqueConstraint("name", name="uq_operator_name"),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator_id", BigId, nullable=False),
        *_moments("made_at"),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        *_moments("expires_at"),
        *_perhaps("used_at"),
        _of("enrolment", "operator_id", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
    )
    op.create_index("ix_enrolment_operator_id", "enrolment", ["operator_id"])
    op.create_index("ix_enrolment_expires_at", "enrolment", ["expires_at"])
    op.create_table(
        "operator_passkey",
        _id(),
        sa.Column("operator_id", BigId, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(length=80), nullable=False),
        *_moments("added_at"),
        *_perhaps("last_used_at"),
        _of("operator_passkey", "operator_id", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_operator_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_operator_passkey_credential_id"),
    )
    op.create_index("ix_operator_passkey_operator_id", "operator_passkey", ["operator_id"])
    op.create_table(
        "operator_session",
        _id(),
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", BigId, nullable=False),
        *_moments("began_at", "seen_at", "idle_until", "ends_at"),
        _of("operator_session", "operator_id", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_operator_session"),
        sa.UniqueConstraint("id_hash", name="uq_operator_session_id_hash"),
    )
    op.create_index("ix_operator_session_operator_id", "operator_session", ["operator_id"])
    op.create_index("ix_operator_session_idle_until", "operator_session", ["idle_until"])


def _deeds() -> None:
    op.create_table(
        "look",
        _id(),
        sa.Column("operator_id", BigId, nullable=False),
        sa.Column("roll_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        *_moments("opened_at", "open_until"),
        *_perhaps("checked_at"),
        sa.Column("misses", sa.BigInteger(), nullable=False),
        _of("look", "operator_id", "operator"),
        _of("look", "roll_id", "roll"),
        sa.PrimaryKeyConstraint("id", name="pk_look"),
    )
    op.create_index("uq_look_operator_id_roll_id", "look", ["operator_id", "roll_id"], unique=True)
    op.create_index("ix_look_roll_id", "look", ["roll_id"])
    op.create_index("ix_look_open_until", "look", ["open_until"])
    op.create_table(
        "two_person_request",
        _id(),
        sa.Column("deed", sa.String(length=30), nullable=False),
        sa.Column("roll_id", BigId, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        *_moments("asked_at", "expires_at"),
        sa.Column("answered_by", BigId, nullable=True),
        *_perhaps("answered_at"),
        _of("two_person_request", "roll_id", "roll"),
        _of("two_person_request", "asked_by", "operator", None),
        _of("two_person_request", "answered_by", "operator", None),
        sa.PrimaryKeyConstraint("id", name="pk_two_person_request"),
    )
    op.create_index("ix_two_person_request_roll_id", "two_person_request", ["roll_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_two_person_request_waiting", "two_person_request", ["deed", "roll_id"], unique=True,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_index("ix_two_person_request_expires_at", "two_person_request", ["expires_at"])
    op.create_table(
        "wanted_letter",
        sa.Column("roll_id", BigId, autoincrement=False, nullable=False),
        sa.Column("operator_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        *_moments("asked_at"),
        _of("wanted_letter", "roll_id", "roll"),
        _of("wanted_letter", "operator_id", "operator", None),
        sa.PrimaryKeyConstraint("roll_id", name="pk_wanted_letter"),
    )
    op.create_table(
        "roll_upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("done_rows", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", BigId, nullable=False),
        *_moments("uploaded_at", "expires_at"),
        sa.Column("decided_by", BigId, nullable=True),
        *_perhaps("decided_at"),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        _of("roll_upload", "uploaded_by", "operator", None),
        _of("roll_upload", "decided_by", "operator", None),
        sa.PrimaryKeyConstraint("id", name="pk_roll_upload"),
    )
    op.create_index("ix_roll_upload_expires_at", "roll_upload", ["expires_at"])


def downgrade() -> None:
    for column in ("recipient", "downloaded_at", "downloaded_by"):
        op.drop_column("letter_batch", column)
    op.drop_index("ix_roll_birth_date", "roll")
    op.drop_index("ix_journal_operator", "journal")
    op.drop_column("journal", "operator_id")
    op.drop_column("account", "suspended_at")
    for table in (
        "roll_upload", "wanted_letter", "two_person_request", "look",
        "operator_session", "operator_passkey", "enrolment", "operator",
    ):  # fmt: skip
        op.drop_table(table)
