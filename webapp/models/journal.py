"""The journal (audit trail): rows are added, never changed; the purge ends their year."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId, partial_index


class JournalEntry(Base):
    """An event with its declared facts (rules/events.py), its account or roll entry, its origin.

    `operator_id`: the operator of the desk who did it. Operators are never deleted, so that no row
    of the journal has to follow.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_account", "account_id", "event", "at"),
        partial_index("ix_journal_roll_id", "roll_id", where="roll_id IS NOT NULL"),
        partial_index("ix_journal_operator", "operator_id", "at", where="operator_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    roll_id: Mapped[int | None] = mapped_column(ForeignKey("roll.id", ondelete="SET NULL"))
    operator_id: Mapped[int | None] = mapped_column(BigId)
    origin: Mapped[str] = mapped_column(String(45))
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
