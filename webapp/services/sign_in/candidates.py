"""Whose password may be typed for an address: its account's, or that of what waits for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    LargeBinary,
    Select,
    SmallInteger,
    String,
    and_,
    bindparam,
    cast,
    false,
    literal,
    null,
    select,
    union_all,
)

from webapp.models import Account, Device, HashSettings, Registration, Takeover
from webapp.models.base import Moment
from webapp.models.prepared import Prepared
from webapp.services.kernel import hash_settings, new_beginning, sessions
from webapp.services.kernel.work import AnyRow, Work
from webapp.services.sign_in import second_factors

_COLUMNS: dict[str, Any] = {
    "account_id": Integer,
    "registration_id": String,
    "roll_id": Integer,
    "email": String,
    "password_hash": String,
    "password_tag": SmallInteger,
    "terms_version": String,
    "epoch": Integer,
    "device_id": Integer,
    "chosen_at": Moment,
    "opens_at": Moment,
}


@dataclass(frozen=True)
class Candidates:
    """Whose password may be typed for an address: of its account, or of what waits, registrations
    first and the newest of them first. `in_use`: the settings of all hashes that may be checked."""

    account: AnyRow | None
    waiting: list[AnyRow]
    in_use: set[str]


def _of(kind: str, *own: Any, **columns: Any) -> Select[Any]:
    """The rows of a kind: those columns that it has, nothing in the others."""
    own = own or tuple(false().label(f"own_{at}") for at, _ in enumerate(second_factors.columns()))
    cells = {name: columns.get(name, cast(null(), kept)) for name, kept in _COLUMNS.items()}
    return select(literal(kind).label("kind"), *(c.label(name) for name, c in cells.items()), *own)


def _all_candidates() -> CompoundSelect[Any]:
    address = bindparam("address", type_=String)
    now = bindparam("now", type_=Moment)
    account = (
        _of(
            "account",
            *second_factors.columns(),
            account_id=Account.id,
            email=Account.email,
            password_hash=Account.password_hash,
            terms_version=Account.terms_version,
            epoch=Account.epoch,
            device_id=Device.id,
        )
        .select_from(Account)
        .outerjoin(
            Device,
            and_(
                Device.account_id == Account.id,
                Device.secret_hash == bindparam("held", type_=LargeBinary),
                Device.trusted,
                Device.expires_at > now,
                new_beginning.current(Device.epoch),
            ),
        )
        .where(Account.email_key == address)
    )
    waiting = (
        _of(
            "waiting",
            registration_id=Registration.id,
            roll_id=Registration.roll_id,
            email=Registration.email,
            password_hash=Registration.password_hash,
            password_tag=Registration.password_tag,
            chosen_at=Registration.terms_at,
        )
        .where(Registration.email_key == address, Registration.state == "waiting")
        .where(Registration.expires_at > now)
    )
    taking_over = (
        _of(
            "takeover",
            roll_id=Account.roll_id,
            email=Takeover.email,
            password_hash=Takeover.password_hash,
            password_tag=Takeover.password_tag,
            opens_at=Takeover.effective_at,
        )
        .select_from(Takeover)
        .join(Account, Account.id == Takeover.account_id)
        .where(Takeover.email_key == address, Takeover.state == "waiting")
    )
    settings = _of("settings", password_hash=HashSettings.settings)
    return union_all(account, waiting, taking_over, settings)


_CANDIDATES = Prepared(_all_candidates())


def find(work: Work, key: str, device_secret: str | None) -> Candidates:
    """All that an address may open, and the argon2 settings in use, in one statement.

    Without trusted devices (TRUSTED_DEVICE_DAYS=0) those of former settings count for nothing.
    """
    trusting = work.world.trusted_device_days > 0
    held = sessions.hashed(device_secret) if device_secret and trusting else b""
    rows = _CANDIDATES.all(work.db, {"address": key, "held": held, "now": work.now})
    of: dict[str, list[AnyRow]] = {"account": [], "waiting": [], "takeover": [], "settings": []}
    for row in rows:
        of[row.kind].append(row)
    in_use, todays = {row.password_hash for row in of["settings"]}, work.world.hasher.settings
    if todays not in in_use:
        hash_settings.note(work)
    account = of["account"][0] if of["account"] else None
    newest_first = sorted(of["waiting"], key=lambda row: row.chosen_at, reverse=True)
    return Candidates(account, newest_first + of["takeover"], in_use | {todays})
