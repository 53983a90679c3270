"""Second steps younger than the last known good sign-in: shown at every new beginning, and removed
in the same act when the owner says so (docs/decisions/second-steps.md)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    SQLColumnExpression,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.models import Authenticator, JournalEntry, Passkey, RecoveryCode
from webapp.models.base import Moment
from webapp.rules import lifetimes
from webapp.rules.factors import Removed
from webapp.services.kernel.work import Work
from webapp.services.sign_in import second_factors
from webapp.services.sign_in.second_factors import OneAccount

ALL = "tout"  # the key that stands for every recent step, where none may be named
APP, CODES = "application", "codes"
_PASSKEY = re.compile(r"cle-([0-9]{1,18})")


@dataclass(frozen=True)
class RecentStep:
    """A second step as it is shown; `kind`: passkey, app, codes, or all of them. `key` is what a
    form sends back."""

    kind: str
    key: str
    name: str = ""
    at: datetime | None = None


Factor = type[Passkey] | type[Authenticator] | type[RecoveryCode]
FACTORS: tuple[Factor, ...] = (Passkey, Authenticator, RecoveryCode)
T = TypeVar("T")
EVERY = RecentStep("all", ALL)


def known_good(work: Work, account_id: OneAccount) -> ColumnElement[datetime]:
    """SQL: the last sign-in that is a week old and that nobody disputed, nor one before it while
    both stood. Without one, as far back as the journal goes."""
    dispute = aliased(JournalEntry)
    disputed = cast(dispute.facts["entry"].as_string(), BigInteger)
    doubtful = (
        select(dispute.id)
        .where(dispute.account_id == account_id, dispute.event == "sign_in.disputed")
        .where(JournalEntry.id.between(disputed, dispute.id))
        .correlate(JournalEntry)
        .exists()
    )
    last = (
        select(JournalEntry.at)
        .where(JournalEntry.account_id == account_id, JournalEntry.event == "sign_in.done")
        .where(JournalEntry.at > work.now - lifetimes.JOURNAL)
        .where(JournalEntry.at <= work.now - lifetimes.KNOWN_GOOD, ~doubtful)
        .order_by(JournalEntry.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(last, literal(work.now - lifetimes.JOURNAL, Moment), type_=Moment)


def some(work: Work, account_id: OneAccount) -> ColumnElement[bool]:
    """SQL: whether the account has a recent second step."""
    return or_(*(exists().where(*_recent(work, table, account_id)) for table in FACTORS))


class _Row(NamedTuple):
    kind: str
    id: int
    name: str
    at: datetime


def listed(work: Work, account_id: int) -> tuple[RecentStep, ...]:
    """The recent second steps of this account, the newest first and codes last, in one
    statement."""
    columns = (literal("passkey").label("kind"), Passkey.id, Passkey.name, Passkey.created_at)
    passkeys = select(*columns).where(*_recent(work, Passkey, account_id))
    app = select(literal("app"), literal(0), Authenticator.name, Authenticator.confirmed_at).where(
        *_recent(work, Authenticator, account_id)
    )
    made = func.max(RecoveryCode.created_at, type_=Moment)
    codes = (
        select(literal("codes"), literal(0), literal(""), made)
        .where(*_recent(work, RecoveryCode, account_id), RecoveryCode.used_at.is_(None))
        .having(func.count() > 0)
    )
    found: CompoundSelect[*tuple[object, ...]] = union_all(passkeys, app, codes)
    rows = [_Row._make(row) for row in work.db.execute(found)]
    newest = sorted(rows, key=lambda row: (row.at, row.id), reverse=True)
    ordered = sorted(newest, key=lambda row: row.kind == "codes")
    return tuple(_step(*row) for row in ordered)


def _step(kind: str, row_id: int, name: str, at: datetime) -> RecentStep:
    key = {"app": APP, "codes": CODES}.get(kind, f"cle-{row_id}")
    return RecentStep(kind, key, name, at)


def remove(
    work: Work, account_id: int, keys: Collection[str], *, email: str
) -> tuple[Removed, ...]:
    """The steps of these keys open nothing any more, where they are this account's and recent; what
    was removed. Its owner is told at `email`, as of every removal.

    After the new beginning was counted: the account's row is held, and none is added beside it.
    """
    if not keys:
        return ()
    found = [_PASSKEY.fullmatch(key) for key in keys]
    ids = [int(each[1]) for each in found if each]
    passkeys = () if ALL in keys else (Passkey.id.in_(ids),)
    gone: list[Removed] = []
    if ids or ALL in keys:
        gone += [
            Removed("passkey", name)
            for name in _delete(work, Passkey, account_id, Passkey.name, *passkeys)
        ]
    if APP in keys or ALL in keys:
        names = _delete(work, Authenticator, account_id, Authenticator.name)
        gone += [Removed("app", name) for name in names]
    if (CODES in keys or ALL in keys) and _delete(work, RecoveryCode, account_id, RecoveryCode.id):
        gone.append(Removed("codes"))
    if gone:
        second_factors.removed(work, account_id, gone, email=email)
    return tuple(gone)


def _delete(
    work: Work,
    table: Factor,
    account_id: int,
    column: InstrumentedAttribute[T],
    *which: ColumnElement[bool],
) -> list[T]:
    """Delete the recent ones of these rows; returns this column of each."""
    recent = delete(table).where(*_recent(work, table, account_id), *which)
    return list(work.db.execute(recent.returning(column)).scalars())


def _recent(work: Work, table: Factor, account_id: OneAccount) -> tuple[ColumnElement[bool], ...]:
    """An app counts from its first right code on; one being added is in no list."""
    begun: SQLColumnExpression[datetime | None] = (
        Authenticator.confirmed_at if table is Authenticator else table.created_at
    )
    return table.account_id == account_id, begun >= known_good(work, account_id)
