"""What operators do at the desk that outlives a request."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Identity, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId, partial_index


class Look(Base):
    """An operator has a member's page open, for `reason`, until `open_until`.

    `checked_at`: when the caller had answered the questions, after which details show; None before.
    `misses`: wrong answers. The journal keeps what was looked at; this row is the open page alone.
    """

    __tablename__ = "look"
    __table_args__ = (Index("uq_look_operator_id_roll_id", "operator_id", "roll_id", unique=True),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"))
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    open_until: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    misses: Mapped[int]


class TwoPersonRequest(Base):
    """A deed that waits for a second operator.

    `deed`: its key (services/desk/second_operator.py); `facts`: what it needs to be done, never a
    secret. `state`: waiting, agreed, refused. Void after `expires_at`. One at
    most waits for a deed and a member.
    """

    __tablename__ = "two_person_request"
    __table_args__ = (
        partial_index(
            "uq_two_person_request_waiting", "deed", "roll_id",
            where="state = 'waiting'", unique=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    deed: Mapped[str] = mapped_column(String(30))
    roll_id: Mapped[int | None] = mapped_column(
        ForeignKey("roll.id", ondelete="CASCADE"), index=True
    )
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    answered_at: Mapped[datetime | None]


class WantedLetter(Base):
    """A member who gets a letter in the next batch, because an operator asked. At most one each;
    the batch that makes the letter takes the row away."""

    __tablename__ = "wanted_letter"

    roll_id: Mapped[int] = mapped_column(
        ForeignKey("roll.id", ondelete="CASCADE"), primary_key=True
    )
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    reason: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]


class RollUpload(Base):
    """A roll that an operator uploaded, waiting for a second one to import it.

    `content`: the file, sealed and bound to `id`; wiped once it was imported or dropped. `options`:
    how it is to be read and which guards were accepted. `found`: what an import would do, as
    counts and sentences. `state`: waiting, importing (`done_rows` of `rows`), imported, dropped.
    """

    __tablename__ = "roll_upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    options: Mapped[dict[str, object]] = mapped_column(JSON)
    found: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    done_rows: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    decided_at: Mapped[datetime | None]
    import_id: Mapped[int | None]
