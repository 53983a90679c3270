"""Registrations under way: a draft (step 1), one in waiting (terms accepted), one confirmed."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, partial_index


class Registration(Base):
    """A registration. At most one in waiting a roll entry; its link is `link_id`, sealed.

    `codes` holds the activation codes sent, as « keyed hash@expiry » pieces: see
    services/kernel/mailed_codes.py.
    `code_mac` is that of the paper letter that it was proved with: once the roll has another, it
    is void. Personal data are wiped when it is confirmed, the row when it is over. `password_tag`:
    8 bits of a keyed hash of its password (services/kernel/password_tags.py), None when none
    was made. `joins`: its mail said, or its confirmation found, that its address opens a space of
    somebody else, which it is to join (models/household.py); its password opens nothing then.
    """

    __tablename__ = "registration"
    __table_args__ = (
        partial_index("uq_registration_waiting", "roll_id", where="state = 'waiting'", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id", ondelete="CASCADE"), index=True)
    code_mac: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(10))  # draft, waiting, confirmed
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    password_tag: Mapped[int | None] = mapped_column(SmallInteger)
    link_id: Mapped[str] = mapped_column(String(32), unique=True)
    codes: Mapped[str] = mapped_column(default="")
    terms_version: Mapped[str] = mapped_column(String(20), default="")
    terms_hash: Mapped[str] = mapped_column(String(64), default="")
    terms_at: Mapped[datetime | None]
    terms_origin: Mapped[str] = mapped_column(String(45), default="")
    mailed_at: Mapped[datetime | None]
    letter_id: Mapped[str | None] = mapped_column(String(32))
    joins: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
