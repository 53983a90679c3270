"""The member's own account: another address, second steps of one's own choice, a newer letter that
takes an account over, closing it, and proofs of terms that outlive it."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

told = "le compte de l’adhérent : deuxièmes étapes, adresse, conditions, fermeture"


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("former_email", sa.String(length=254), nullable=False),
        sa.Column("former_key", sa.String(length=254), nullable=False),
        sa.Column("codes", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("mailed_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_address_change_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    with op.batch_alter_table("address_change") as batch:
        batch.create_index(batch.f("ix_address_change_account_id"), ["account_id"], unique=False)
        batch.create_index(batch.f("ix_address_change_expires_at"), ["expires_at"], unique=False)
        batch.create_index(
            "uq_address_change_waiting",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "authenticator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_authenticator_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authenticator_account_id")),
    )
    op.create_table(
        "passkey",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("handle", sa.LargeBinary(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey") as batch:
        batch.create_index(batch.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recovery_code_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code") as batch:
        batch.create_index(batch.f("ix_recovery_code_account_id"), ["account_id"], unique=False)

    op.create_table(
        "takeover",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("terms_at", Moment(), nullable=False),
        sa.Column("terms_origin", sa.String(length=45), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("effective_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_takeover_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeover")),
        sa.UniqueConstraint("account_id", name=op.f("uq_takeover_account_id")),
    )
    with op.batch_alter_table("takeover") as batch:
        batch.create_index(batch.f("ix_takeover_effective_at"), ["effective_at"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(
            sa.Column("terms_version", sa.String(length=20), server_default="", nullable=False)
        )
        batch.add_column(
            sa.Column("mailed_code_off", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.add_column(sa.Column("closing_at", Moment(), nullable=True))
        batch.add_column(sa.Column("code_mac", sa.LargeBinary(), nullable=True))
        batch.create_index(batch.f("ix_account_closing_at"), ["closing_at"], unique=False)

    with op.batch_alter_table("registration") as batch:
        batch.add_column(sa.Column("code_mac", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("roll") as batch:
        batch.add_column(sa.Column("replaced_mac", sa.LargeBinary(), nullable=True))

    for table in ("account", "registration"):
        op.execute(
            f"UPDATE {table} SET code_mac ="  # noqa: S608  # nosec B608 - our own two names
            f" (SELECT code_mac FROM roll WHERE roll.id = {table}.roll_id)"
        )

    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("to_key", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("turn", Moment(), nullable=True))
        batch.drop_index("ix_outbox_due")
        waits = sa.text("state IN ('ready', 'claimed')")
        batch.create_index(
            "ix_outbox_due",
            ["priority", "not_before"],
            unique=False,
            sqlite_where=waits,
            postgresql_where=waits,
        )
        batch.create_index("ix_outbox_turn", ["to_key", "turn"], unique=False)

    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("proved_at", Moment(), nullable=True))
        batch.add_column(sa.Column("ways", sa.String(length=8), server_default="", nullable=False))

    with op.batch_alter_table("terms_acceptance") as batch:
        batch.add_column(
            sa.Column(
                "roll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch.add_column(sa.Column("kept_until", Moment(), nullable=True))
        batch.alter_column(
            "account_id",
            existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        )
        batch.create_index(batch.f("ix_terms_acceptance_roll_id"), ["roll_id"], unique=False)
        batch.drop_constraint(batch.f("fk_terms_acceptance_account_id"), type_="foreignkey")
        batch.create_foreign_key(
            batch.f("fk_terms_acceptance_account_id"),
            "account",
            ["account_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_foreign_key(
            batch.f("fk_terms_acceptance_roll_id"), "roll", ["roll_id"], ["id"], ondelete="SET NULL"
        )
    op.execute(
        "UPDATE terms_acceptance SET roll_id ="
        " (SELECT roll_id FROM account WHERE account.id = terms_acceptance.account_id)"
    )
    op.execute(
        "UPDATE account SET terms_version = COALESCE((SELECT max(version) FROM terms_acceptance"
        " WHERE terms_acceptance.account_id = account.id), '')"
    )


def downgrade() -> None:
    raise NotImplementedError("proofs without an account have no place in the former schema")
