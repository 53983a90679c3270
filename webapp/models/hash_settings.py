"""The argon2 settings that stored passwords were hashed with."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class HashSettings(Base):
    """One set of argon2 settings in use, as the head of a hash says it: « $argon2id$v=19$m=…$ »
    without what follows. Whoever signs in costs one check with each of them, known or not.
    """

    __tablename__ = "hash_settings"

    settings: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[datetime]
