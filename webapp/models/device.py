"""Devices that a member chose to be remembered on."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Device(Base):
    """A browser that holds a secret of ours; the row holds only its SHA-256.

    `trusted` false (TRUSTED_DEVICE_DAYS=0): it only fills in the e-mail. `epoch`: its account's
    when it was chosen; None: by a release that did not count.
    """

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    trusted: Mapped[bool]
    agent: Mapped[str] = mapped_column(String(80), default="")
    epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
