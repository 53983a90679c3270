"""Tries counted: one row a limit and subject."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Throttle(Base):
    """`used` tries since the window opened; closed until `closed_until`. Keys are keyed hashes."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int]
    window_ends: Mapped[datetime] = mapped_column(index=True)
    closed_until: Mapped[datetime]
