"""Accounts that a newer paper letter takes over, a day later."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class NewerLetter:
    """What a newer letter brings, and when: a new address and password, proved by it.

    `state`: waiting, stopped, done. It takes effect at `effective_at`, unless the former address
    stopped it; the personal data are wiped when it ends. `password_tag` is its registration's.
    """

    state: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    password_tag: Mapped[int | None] = mapped_column(SmallInteger)
    terms_version: Mapped[str] = mapped_column(String(20))
    terms_hash: Mapped[str] = mapped_column(String(64))
    terms_at: Mapped[datetime]
    terms_origin: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime]
    effective_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Takeover(NewerLetter, Base):
    """A new address and password for an account, proved by a newer letter.

    `id` is that of the registration that it was confirmed with. At most one an account.
    """

    __tablename__ = "takeover"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), unique=True
    )
