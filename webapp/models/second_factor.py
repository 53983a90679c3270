"""Second steps of a member's own choice: passkeys, an authenticator app, printed recovery codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId


class Passkey(Base):
    """A WebAuthn credential: its id, its public key (COSE) and its signature counter.

    `handle` is what the device keeps in the place of a name, for years: stored, so that it outlives
    the key it was made with. The same for all passkeys of an account.
    """

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    handle: Mapped[bytes] = mapped_column(LargeBinary(64), default=b"")
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Authenticator(Base):
    """An authenticator app (TOTP, RFC 6238): one an account, in force from its first right code on.

    `secret` is sealed (AES-GCM, bound to `id`). `last_step` is the number of the last 30-second
    step that was used: no code serves twice. `epoch`: its account's when adding it began; while it
    is not confirmed, another one voids it.
    """

    __tablename__ = "authenticator"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), unique=True
    )
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(60))
    last_step: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A printed recovery code, as a keyed hash; good once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
