"""The operators of the desk: who they are, their keys, their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Operator(Base):
    """Somebody of the mutual who may use the desk. Never deleted: the journal names them.

    `role`: one of rules/roles.py. `handle`: what their devices keep in the place of a name.
    `added_by`, `disabled_by`: the account of the machine, or the operator, who did it.
    `told_until`: up to when a supervisor has read what happened to operators.
    """

    __tablename__ = "operator"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(12))
    handle: Mapped[bytes] = mapped_column(LargeBinary(64))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    told_until: Mapped[datetime | None]


class Enrolment(Base):
    """A link that registers a passkey for an operator, good once until `expires_at`."""

    __tablename__ = "enrolment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator_id: Mapped[int] = mapped_column(
        ForeignKey("operator.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class OperatorPasskey(Base):
    """A WebAuthn credential of an operator, for the desk's own site."""

    __tablename__ = "operator_passkey"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    operator_id: Mapped[int] = mapped_column(
        ForeignKey("operator.id", ondelete="CASCADE"), index=True
    )
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[str] = mapped_column(String(80), default="")
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class OperatorSession(Base):
    """A session of the desk: the cookie holds a random id, the row only its SHA-256."""

    __tablename__ = "operator_session"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    operator_id: Mapped[int] = mapped_column(
        ForeignKey("operator.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
