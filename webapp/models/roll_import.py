"""Imports of the roll, and what the entries said before them: an import can be undone."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class RollImport(Base):
    """One import: whose, of which file, what it did. `accepted` are the guards let pass.

    Its number is never given twice, for entries remember what added them (`RollEntry.added_by`):
    the purge leaves the last one, after which both databases count on.
    """

    __tablename__ = "roll_import"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    operator: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    accepted: Mapped[list[str]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(120))


class RollFormer(Base):
    """What an import changed in one entry: JSON of the columns' former values.

    Days and moments stand in ISO form, bytes in hexadecimal. Kept for 30 days.
    """

    __tablename__ = "roll_former"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("roll_import.id", ondelete="CASCADE"), primary_key=True
    )
    roll_id: Mapped[int] = mapped_column(
        ForeignKey("roll.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    former: Mapped[str] = mapped_column(Text)
