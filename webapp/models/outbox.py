"""The outbox: mails written in the same transaction as the deed that they tell."""

from datetime import datetime

from sqlalchemy import Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId, partial_index

WAITS = "state IN ('ready', 'claimed')"  # the claim says it in the same words

RELAY_REFUSES = "relay"  # how `last_error` begins where it is not the member's address


class OutboxMail(Base):
    """A mail to send. `sealed` (recipient, subject, both bodies) is AES-GCM and wiped once sent.

    `id` is also the local part of the Message-ID. `to_key` is a keyed hash of the address, by which
    its mails are found; with `turn`, when it could first leave, notices are counted by it.
    `roll_id`: the one member whom it is about, None for a mail to the space; no foreign key, since
    this trace may outlive the entry. `waiter`: who waits for its code (services/mail/fates.py),
    None for most. `state`: ready, claimed, sent, failed, expired. `outcome` (failed, delayed,
    delivered), its `outcome_status` (« 5.1.1 ») and `outcome_at` are what a delivery report said
    later, None without one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index("ix_outbox_due", "priority", "not_before", where=WAITS),
        Index("ix_outbox_turn", "to_key", "turn"),
        partial_index("ix_outbox_waiter", "waiter", "created_at", where="waiter IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    to_key: Mapped[str | None] = mapped_column(String(64))
    turn: Mapped[datetime | None]
    roll_id: Mapped[int | None]
    waiter: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="ready")
    not_before: Mapped[datetime]
    best_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(40))
    last_error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    outcome_status: Mapped[str | None] = mapped_column(String(12))
    outcome_at: Mapped[datetime | None]


class DemoMail(Base):
    """What the demonstration's mailbox shows. Written in demo mode only, never otherwise."""

    __tablename__ = "demo_mail"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text_body: Mapped[str] = mapped_column(Text)
    html_body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
