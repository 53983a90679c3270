"""The session store, and in it the security codes of a sign-in under way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class StoredSession(Base):
    """A session. The cookie holds a random id, the row only its SHA-256.

    While `rank` is « code », `codes` holds the security codes sent (« keyed hash@expiry » pieces)
    and `tries_left` counts down; both are spent by single UPDATE statements, never read and
    written back. `browser_key` ties a double tap or a second password to the sign-in under way.
    `ways`: the second steps that its member had when the password was given (rules/factors.py).
    `proved_at`: when its member last gave the password (or a passkey), for sensitive acts.
    `epoch`: its account's when it was proved; under another one it opens nothing. None: without an
    account, or made by a release that did not count.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    rank: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[str | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    device_id: Mapped[int | None] = mapped_column(
        ForeignKey("device.id", ondelete="SET NULL"), index=True
    )
    browser_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    agent: Mapped[str] = mapped_column(String(80), default="")
    remember: Mapped[bool] = mapped_column(default=False)
    codes: Mapped[str] = mapped_column(default="")
    code_sent_at: Mapped[datetime | None]
    tries_left: Mapped[int] = mapped_column(default=0)
    ways: Mapped[str] = mapped_column(String(8), default="", server_default="")
    proved_at: Mapped[datetime | None]
    epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
