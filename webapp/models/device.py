"""Devices that a member chose to be remembered on."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Device(Base):
    """A browser that holds a secret of ours; the row holds only its SHA-256.

    `trusted` false (TRUSTED_DEVICE_DAYS=0): it only fills in the e-mail.
    """

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    trusted: Mapped[bool]
    agent: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
