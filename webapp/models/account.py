"""The accounts, and the proofs of the terms that each accepted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Account(Base):
    """A space: its address, its password, its first member (`roll_id`). Born confirmed.

    `joined`: how many other members share it (models/household.py); nobody is in two spaces.
    `first_joined_at`: when its first member joined it, where another was the first before them.

    An empty `password_hash` matches nothing: another password must be chosen first. `terms_version`
    is the version accepted last. `closing_at`: when the account will be erased, unless its owner
    changes their mind. `code_mac` is that of the paper letter last used for it: on the roll
    another one is a newer letter. `suspended_at`: since when an operator keeps everybody out.
    `epoch` counts its new beginnings (services/kernel/new_beginning.py): what was opened or begun
    under a former one is dead.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    terms_version: Mapped[str] = mapped_column(String(20), default="", server_default="")
    mailed_code_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    closing_at: Mapped[datetime | None] = mapped_column(index=True)
    code_mac: Mapped[bytes | None]
    suspended_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(server_default=text("0"))
    joined: Mapped[int] = mapped_column(server_default=text("0"))
    first_joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TermsAcceptance(Base):
    """Who accepted which terms, when, from where: version and SHA-256 of the text shown.

    Once the account is erased the proof is kept until `kept_until`, tied to the roll entry alone.
    """

    __tablename__ = "terms_acceptance"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    roll_id: Mapped[int | None] = mapped_column(
        ForeignKey("roll.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(45))
    kept_until: Mapped[datetime | None]
