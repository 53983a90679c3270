"""Members who joined somebody else's space, those who ask to, and those who leave it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId
from webapp.models.takeover import NewerLetter


class JoinedMember(Base):
    """A member whose letter was joined to the space of the same mailbox, beside its first member
    (`Account.roll_id`). `account.joined` counts these rows, in the statement that changes them.

    `code_mac`, `terms_version` and `closing_at` are theirs, as an account has its first member's.
    """

    __tablename__ = "joined_member"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"), unique=True)
    code_mac: Mapped[bytes | None]
    terms_version: Mapped[str] = mapped_column(String(20))
    closing_at: Mapped[datetime | None] = mapped_column(index=True)
    joined_at: Mapped[datetime]


class JoinRequest(Base):
    """A confirmed registration whose address opens a space already: its owner is asked.

    `id` is that of the registration. At most one a roll entry. The letter (`code_mac`) serves once
    the owner agrees; after `expires_at` nothing was ever asked.
    """

    __tablename__ = "join_request"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id", ondelete="CASCADE"), unique=True)
    code_mac: Mapped[bytes]
    terms_version: Mapped[str] = mapped_column(String(20))
    terms_hash: Mapped[str] = mapped_column(String(64))
    terms_at: Mapped[datetime]
    terms_origin: Mapped[str] = mapped_column(String(45))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Leaving(NewerLetter, Base):
    """A member of a space of several who proved a newer letter with another address: a space of
    their own, a day later, unless the former address stops it.

    As a takeover, but of one member. `id` is that of the registration that it was confirmed with.
    At most one a roll entry.
    """

    __tablename__ = "leaving"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id", ondelete="CASCADE"), unique=True)
    email_key: Mapped[str] = mapped_column(String(254), index=True)
