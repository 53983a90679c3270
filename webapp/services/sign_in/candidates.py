"""Whose password may be typed for an address: its account's, or that of what waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    LargeBinary,
    Select,
    SmallInteger,
    SQLColumnExpression,
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
from sqlalchemy.types import TypeEngine

from webapp.models import Account, Device, HashSettings, Leaving, Registration, RollEntry, Takeover
from webapp.models.base import Moment
from webapp.models.prepared import Prepared
from webapp.rules.factors import offered
from webapp.services.kernel import hash_settings, household, sessions
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices, second_factors


@dataclass(frozen=True)
class AccountFound:
    """The account of an address. `device_id`: of its trusted device that asks, if any; `ways`: the
    letters of its second factors (rules/factors.py); `status`: its space's; `roll_id`: its first
    member, `joined`: how many others."""

    account_id: int
    email: str
    password_hash: str
    terms_version: str
    epoch: int
    status: str
    roll_id: int
    joined: int
    device_id: int | None
    ways: str


@dataclass(frozen=True)
class WaitingFound:
    """What waits for an address; `status` is its member's."""

    roll_id: int
    password_hash: str
    password_tag: int | None
    status: str


@dataclass(frozen=True)
class RegistrationFound(WaitingFound):
    """A registration that is not confirmed yet."""

    registration_id: str


@dataclass(frozen=True)
class TakeoverFound(WaitingFound):
    """A newer letter's access, which opens at `opens_at`: to the space that it takes over, or to
    that of who leaves one of several."""

    opens_at: datetime


@dataclass(frozen=True)
class Candidates:
    """Whose password may be typed for an address: of its account, or of what waits, registrations
    first and the newest of them first. `in_use`: the settings of all hashes that may be checked."""

    account: AccountFound | None
    waiting: list[RegistrationFound | TakeoverFound]
    in_use: set[str]


class _Row(NamedTuple):
    """One row of whatever kind: what its kind has not is None."""

    kind: str
    account_id: int | None
    registration_id: str | None
    roll_id: int | None
    email: str | None
    password_hash: str
    password_tag: int | None
    terms_version: str | None
    epoch: int | None
    status: str | None
    joined: int | None
    device_id: int | None
    chosen_at: datetime | None
    opens_at: datetime | None
    has_passkey: bool
    has_app: bool
    has_codes: bool
    mail_off: bool


_COLUMNS: dict[str, type[TypeEngine[int] | TypeEngine[str] | TypeEngine[datetime]]] = {
    "account_id": Integer,
    "registration_id": String,
    "roll_id": Integer,
    "email": String,
    "password_hash": String,
    "password_tag": SmallInteger,
    "terms_version": String,
    "epoch": Integer,
    "status": String,
    "joined": Integer,
    "device_id": Integer,
    "chosen_at": Moment,
    "opens_at": Moment,
}
_FACTORS = second_factors.columns()


def _of(
    kind: str, *factors: ColumnElement[bool], **columns: SQLColumnExpression[object]
) -> Select[str]:
    """The rows of a kind: those columns that it has, nothing in the others. The account comes first
    and tells the types: psycopg reads a statement of more than 4096 characters anew each time."""
    first = bool(factors)
    factors = factors or tuple(false().label(each.key) for each in _FACTORS)
    cells = {
        name: columns.get(name, cast(null(), kept) if first else null())
        for name, kept in _COLUMNS.items()
    }
    return select(literal(kind).label("kind")).add_columns(
        *(cell.label(name) for name, cell in cells.items()), *factors
    )


def _newer_letter(
    kind: str,
    table: type[Takeover] | type[Leaving],
    whose: SQLColumnExpression[int],
    address: BindParameter[str],
) -> Select[str]:
    """What a newer letter began for an address and that waits for its day; the caller joins the
    member."""
    rows = _of(
        kind,
        roll_id=whose,
        email=table.email,
        password_hash=table.password_hash,
        password_tag=table.password_tag,
        status=RollEntry.status,
        opens_at=table.effective_at,
    )
    return rows.select_from(table).where(table.email_key == address, table.state == "waiting")


def _all_candidates() -> CompoundSelect[str]:
    address = bindparam("address", type_=String)
    now = bindparam("now", type_=Moment)
    account = (
        _of(
            "account",
            *_FACTORS,
            account_id=Account.id,
            email=Account.email,
            password_hash=Account.password_hash,
            terms_version=Account.terms_version,
            epoch=Account.epoch,
            status=household.status(),
            roll_id=Account.roll_id,
            joined=Account.joined,
            device_id=Device.id,
        )
        .select_from(Account)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .outerjoin(
            Device,
            and_(
                Device.account_id == Account.id,
                Device.secret_hash == bindparam("held", type_=LargeBinary),
                *devices.live(now),
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
            status=RollEntry.status,
            chosen_at=Registration.terms_at,
        )
        .select_from(Registration)
        .join(RollEntry, RollEntry.id == Registration.roll_id)
        .where(Registration.email_key == address, Registration.state == "waiting")
        .where(Registration.expires_at > now)
    )
    taking_over = (
        _newer_letter("takeover", Takeover, Account.roll_id, address)
        .join(Account, Account.id == Takeover.account_id)
        .join(RollEntry, RollEntry.id == Account.roll_id)
    )
    leaving = _newer_letter("leaving", Leaving, Leaving.roll_id, address).join(
        RollEntry, RollEntry.id == Leaving.roll_id
    )
    settings = _of("settings", password_hash=HashSettings.settings)
    return union_all(account, waiting, taking_over, leaving, settings)


_KINDS = ("account", "waiting", "takeover", "leaving", "settings")
_CANDIDATES = Prepared(_Row, _all_candidates())


def find(work: Work, key: str, device_secret: str | None) -> Candidates:
    """All that an address may open, and the argon2 settings in use, in one statement.

    Without trusted devices (TRUSTED_DEVICE_DAYS=0) those of former settings count for nothing.
    """
    trusting = work.world.trusted_device_days > 0
    held = sessions.hashed(device_secret) if device_secret and trusting else b""
    rows = _CANDIDATES.all(work.db, {"address": key, "held": held, "now": work.now})
    of: dict[str, list[_Row]] = {each: [] for each in _KINDS}
    for row in rows:
        of[row.kind].append(row)
    in_use, todays = {row.password_hash for row in of["settings"]}, work.world.hasher.settings
    if todays not in in_use:
        hash_settings.note(work)
    newest_first = sorted(of["waiting"], key=_chosen_at, reverse=True)
    return Candidates(
        _account(of["account"][0]) if of["account"] else None,
        [_waiting(row) for row in newest_first + of["takeover"] + of["leaving"]],
        in_use | {todays},
    )


def _account(row: _Row) -> AccountFound:
    account_id, email, terms, epoch = row.account_id, row.email, row.terms_version, row.epoch
    status, roll_id, joined = row.status, row.roll_id, row.joined
    if account_id is None or email is None or terms is None or epoch is None:
        raise ValueError("an account without its number, address, terms or count")
    if status is None or roll_id is None or joined is None:
        raise ValueError("an account without its member")
    ways = offered(
        passkey=row.has_passkey, app=row.has_app, codes=row.has_codes, mail_off=row.mail_off
    )
    own = (account_id, email, row.password_hash, terms, epoch, status, roll_id, joined)
    return AccountFound(*own, row.device_id, ways)


def _waiting(row: _Row) -> RegistrationFound | TakeoverFound:
    if row.roll_id is None or row.status is None:
        raise ValueError("what waits has no entry of the roll")
    own = (row.roll_id, row.password_hash, row.password_tag, row.status)
    if row.opens_at is not None:
        return TakeoverFound(*own, row.opens_at)
    if row.registration_id is None:
        raise ValueError("what waits is neither a registration nor a takeover")
    return RegistrationFound(*own, row.registration_id)


def _chosen_at(row: _Row) -> datetime:
    if row.chosen_at is None:
        raise ValueError("a registration waits whose terms were never accepted")
    return row.chosen_at
