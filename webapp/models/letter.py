"""Paper letters, and the batches in which they are made, printed and posted."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Identity, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class LetterBatch(Base):
    """A batch: whole from the moment that it is made.

    `skipped`: how many got no letter, by reason (rules/letters.py). `good_until`: the day printed
    on its letters. `recipe`: what made the bytes of its files, whose names and SHA-256 are `files`.
    `portal`: the address on the letters. `trial`: the one letter that opens nothing. `recipient`:
    the public key that its list is encrypted for when the desk hands it out, once: `downloaded_at`.
    """

    __tablename__ = "letter_batch"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    operator: Mapped[str] = mapped_column(String(120))
    letters: Mapped[int]
    skipped: Mapped[dict[str, int]] = mapped_column(JSON)
    good_until: Mapped[date]
    portal: Mapped[str] = mapped_column(String(2000))
    recipe: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[dict[str, str | int]]] = mapped_column(JSON)
    trial: Mapped[bool]
    posted_on: Mapped[date | None]
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(Text, default="", server_default="")
    downloaded_at: Mapped[datetime | None]
    downloaded_by: Mapped[str] = mapped_column(String(120), default="", server_default="")


class Letter(Base):
    """One letter of a batch; its state follows from all this (services/letters/states.py).

    `sealed`: all that is printed, the code too, until the batch is posted; bound to batch and
    sequence. `code_mac`: the keyed hash, as on the roll while the letter is good. `address_mac`: of
    the address that it went to. A trial letter is nobody's: `roll_id` is None.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("uq_letter_batch_id_sequence", "batch_id", "sequence", unique=True),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("letter_batch.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    roll_id: Mapped[int | None] = mapped_column(
        ForeignKey("roll.id", ondelete="CASCADE"), index=True
    )
    code_mac: Mapped[bytes]
    address_mac: Mapped[bytes]
    sealed: Mapped[bytes | None]
    used_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
