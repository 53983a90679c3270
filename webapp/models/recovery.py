"""Requests for a new password."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Recovery(Base):
    """A mailed link that lets its account choose a new password, once.

    `fingerprint` is the keyed hash of the password and address it was made for: when either
    changes, the link is dead without anybody having to remember to kill it. `epoch`: its account's
    when it was asked for; None: by a release that did not count.
    """

    __tablename__ = "recovery"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
