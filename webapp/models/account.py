"""The accounts, and the proof of the terms that each accepted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Account(Base):
    """A member's account: exactly one a roll entry, one an address. Born confirmed."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class TermsAcceptance(Base):
    """Who accepted which terms, when, from where: version and SHA-256 of the text shown."""

    __tablename__ = "terms_acceptance"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(45))
