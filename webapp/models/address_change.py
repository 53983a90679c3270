"""Changes of address: asked for in the space, confirmed by mail, undone from the former address."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, partial_index


class AddressChange(Base):
    """A change of address. `state`: waiting, done, undone.

    At most one waits an account. `codes` holds « keyed hash@expiry » pieces
    (services/kernel/mailed_codes.py).
    While it waits `expires_at` is the life of its link and code; once done, of its undoing.
    `epoch`: its account's when it was asked for; None: by a release that did not count.
    """

    __tablename__ = "address_change"
    __table_args__ = (
        partial_index(
            "uq_address_change_waiting", "account_id", where="state = 'waiting'", unique=True
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    former_email: Mapped[str] = mapped_column(String(254))
    former_key: Mapped[str] = mapped_column(String(254))
    codes: Mapped[str] = mapped_column(default="")
    epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    mailed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
