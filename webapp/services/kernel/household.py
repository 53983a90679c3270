"""Who shares a space: its first member (`Account.roll_id`), and those who joined it."""

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.rules.persons import Person
from webapp.rules.ranks import OfAccount
from webapp.rules.statuses import CLOSED_SPACE, SUSPENDED
from webapp.services.kernel.work import Work

_ROLL, _ACCOUNT, _JOINED = table(RollEntry), table(Account), table(JoinedMember)
_NAMED = ("number", "civility", "first_name", "last_name", "status")


def _all_persons() -> Prepared[Person]:
    whose: BindParameter[int] = bindparam("whose")
    who = (_ROLL.c.id.label("roll_id"), *(_ROLL.c[name] for name in _NAMED))
    first = (
        select(*who, _ACCOUNT.c.terms_version, _ACCOUNT.c.closing_at)
        .add_columns(cast(null(), Moment).label("since"))
        .join(_ACCOUNT, _ACCOUNT.c.roll_id == _ROLL.c.id)
        .where(_ACCOUNT.c.id == whose)
    )
    joined = (
        select(*who, _JOINED.c.terms_version, _JOINED.c.closing_at)
        .add_columns(_JOINED.c.joined_at.label("since"))
        .join(_JOINED, _JOINED.c.roll_id == _ROLL.c.id)
        .where(_JOINED.c.account_id == whose)
    )
    return Prepared(Person, union_all(first, joined))


_PERSONS = _all_persons()


def persons(work: Work, account_id: int) -> tuple[Person, ...]:
    """All who share this space, its first member first, then in the order in which they joined."""
    found = _PERSONS.all(work.db, {"whose": account_id})
    return tuple(sorted(found, key=_seniority))


def others(work: Work, account_id: int | None, roll_id: int) -> tuple[Person, ...]:
    """Those who share a member's space with them; nobody without a space (None)."""
    everybody = () if account_id is None else persons(work, account_id)
    return tuple(each for each in everybody if each.roll_id != roll_id)


def _seniority(person: Person) -> tuple[bool, datetime | int, int]:
    return person.since is not None, person.since or 0, person.roll_id


def is_since_joining(
    session: OfAccount, moment: SQLColumnExpression[datetime]
) -> ColumnElement[bool]:
    """SQL: whether this came once the member of whom the session speaks was in the space. Its first
    member may have joined it too, before another left."""
    if session.since is not None:
        return moment >= session.since
    own = _ACCOUNT.alias()
    return ~exists().where(own.c.id == session.account_id, own.c.first_joined_at > moment)


def account_of(roll_id: SQLColumnExpression[int]) -> ColumnElement[int]:
    """SQL: the account of the space that this entry of the roll is in, as its first member or
    joined to it; NULL for none."""
    own, beside = _ACCOUNT.alias(), _JOINED.alias()
    return func.coalesce(
        select(own.c.id).where(own.c.roll_id == roll_id).scalar_subquery(),
        select(beside.c.account_id).where(beside.c.roll_id == roll_id).scalar_subquery(),
    )


def mac_used_by(roll_id: SQLColumnExpression[int]) -> ColumnElement[bytes]:
    """SQL: the keyed hash of the letter that opened this member's space, or joined them to it."""
    own, beside = _ACCOUNT.alias(), _JOINED.alias()
    return func.coalesce(
        select(own.c.code_mac).where(own.c.roll_id == roll_id).scalar_subquery(),
        select(beside.c.code_mac).where(beside.c.roll_id == roll_id).scalar_subquery(),
    )


def is_here(status: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """SQL: whether this status of the roll is of somebody who neither left nor died."""
    return and_(*(status != literal(each) for each in sorted(CLOSED_SPACE)))


def status() -> ColumnElement[str]:
    """SQL, where Account and its first member's RollEntry are joined: the status of the space. One
    of several is open as long as one of its members is here; one that is suspended, for nobody."""
    beside, entry = _JOINED.alias(), _ROLL.alias()
    closed = or_(*(RollEntry.status == literal(each) for each in sorted(CLOSED_SPACE)))
    another = (
        select(func.min(entry.c.status))
        .join(beside, beside.c.roll_id == entry.c.id)
        .where(beside.c.account_id == Account.id)
        .where(is_here(entry.c.status))
        .scalar_subquery()
    )
    several = and_(Account.joined > 0, closed)
    return case(
        (Account.suspended_at.is_not(None), literal(SUSPENDED)),
        (several, func.coalesce(another, RollEntry.status)),
        else_=RollEntry.status,
    )


def is_suspended(roll_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """SQL: whether an operator suspended the space that this entry of the roll is in."""
    own, of, beside = _ACCOUNT.alias(), _ACCOUNT.alias(), _JOINED.alias()
    first = exists().where(own.c.roll_id == roll_id, own.c.suspended_at.is_not(None))
    joined = exists().where(
        beside.c.roll_id == roll_id, of.c.id == beside.c.account_id, of.c.suspended_at.is_not(None)
    )
    return or_(first, joined)


def member_status() -> ColumnElement[str]:
    """SQL, where RollEntry is asked: the member's status, or that their space is suspended."""
    return case((is_suspended(RollEntry.id), literal(SUSPENDED)), else_=RollEntry.status)
