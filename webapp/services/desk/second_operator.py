"""Deeds that ask for a second operator: one asks, another agrees or refuses, within a day.

Who asked never agrees: the statement that takes the request says so. The deed is done in the
transaction of who agrees, by its own service, which fails where things have changed meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, or_, select, text, update

from webapp.models import RollEntry
from webapp.models.base import Moment, table
from webapp.models.desk import TwoPersonRequest
from webapp.models.lists import Places, PreparedLists
from webapp.models.operator import Operator
from webapp.rules import lifetimes
from webapp.rules.full_name import full_name
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.operators.staff import of_one_hand

Facts = Mapping[str, object]
Do = Callable[[Work, int | None, Facts, str], None]
_OWN = table(TwoPersonRequest)
_AT_THE_DESK = "no operator is at work"


@dataclass(frozen=True)
class TwoPersonDeed:
    """What asks for two: its French words, who may agree, and the service that does it, given the
    entry of the roll (None for none), the facts that were asked for, and the reason."""

    key: str
    words: str
    do: Do
    agrees: tuple[Role, ...]


DEEDS: dict[str, TwoPersonDeed] = {}


def declare(
    key: str, words: str, do: Do, *, agrees: tuple[Role, ...] = (Role.SUPERVISOR,)
) -> TwoPersonDeed:
    """A deed that asks for two. Raises ValueError for a key that is taken."""
    if key in DEEDS:
        raise ValueError(f"two-person deed {key!r} is declared already")
    DEEDS[key] = TwoPersonDeed(key, words, do, agrees)
    return DEEDS[key]


class Request(NamedTuple):
    """What waits for a second operator. `number` and `names` of its member, "" where it is about
    none; `mine`: this operator asked; `may_agree`: their role and not being the one who asked."""

    id: int
    deed: str
    words: str
    roll_id: int | None
    number: str
    names: str
    facts: Facts
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    mine: bool
    may_agree: bool


class _Row(NamedTuple):
    id: int
    deed: str
    roll_id: int | None
    facts: Facts
    reason: str
    asked_by: int
    asked_at: datetime
    expires_at: datetime
    number: str | None
    civility: str | None
    first_name: str | None
    last_name: str | None
    name: str


def _waiting(places: Places) -> Select[*tuple[Any, ...]]:
    own, entry = TwoPersonRequest, RollEntry
    asked = (getattr(own, name) for name in _Row._fields[:8])
    of_whom = (entry.number, entry.civility, entry.first_name, entry.last_name)
    return (
        select(*asked, *of_whom, Operator.name)
        .join(Operator, Operator.id == own.asked_by)
        .outerjoin(entry, entry.id == own.roll_id)
        .where(own.state == "waiting", own.expires_at > bindparam("now", type_=Moment))
        .where(own.deed.in_(places["known"]))
        .where(
            or_(
                own.asked_by == bindparam("me"),
                own.deed.in_(places["agrees"]),
                own.roll_id == bindparam("roll_id", type_=BigInteger),  # of nobody, when NULL
            )
        )
        .order_by(own.asked_at, own.id)
    )


_WAITING = PreparedLists(_Row, _waiting, "known", "agrees")


def ask(work: Work, deed: str, roll_id: int | None, facts: Facts, reason: str) -> int:
    """Wait for a second operator, for a day; returns the request's id. Once: what waits already
    for this deed and member raises Refusal("desk_asked")."""
    values = {
        "facts": dict(facts),
        "reason": reason,
        "asked_by": _me(work),
        "asked_at": work.now,
        "expires_at": work.now + lifetimes.SECOND_OPERATOR,
    }
    row = work.insert(TwoPersonRequest).values(
        deed=DEEDS[deed].key, roll_id=roll_id, state="waiting", **values
    )
    made = work.db.execute(
        row.on_conflict_do_update(
            index_elements=["deed", "roll_id"],
            index_where=text("state = 'waiting'"),
            set_=values,
            where=_OWN.c.expires_at <= work.now,
        ).returning(_OWN.c.id)
    ).scalar()
    if made is None:
        raise Refusal("desk_asked")
    journal.write(work, "desk.second_asked", roll_id=roll_id, deed=deed, reason=reason)
    return int(made)


def waiting(work: Work, *, roll_id: int | None = None, role: str = "") -> list[Request]:
    """What this operator may see: their own requests, and those that their role may agree to, the
    oldest first; with `roll_id`, all about this member too, whose page they have open. `role`:
    theirs, where it is known."""
    me, role = _me(work), role or _role(work)
    lists = {"known": [*DEEDS], "agrees": _agreed_to_by(role)}
    values = {"me": me, "roll_id": roll_id, "now": work.now}
    return [
        Request(
            row.id, row.deed, DEEDS[row.deed].words, row.roll_id, row.number or "",
            full_name(row.civility or "", row.first_name or "", row.last_name or ""), row.facts,
            row.reason, row.name, row.asked_at, row.expires_at, row.asked_by == me,
            row.asked_by != me and role in DEEDS[row.deed].agrees,
        )
        for row in _WAITING.all(work.db, lists, values)
    ]  # fmt: skip


def count(work: Work) -> int:
    """How many this operator may agree to."""
    return sum(each.may_agree for each in waiting(work))


def agree(work: Work, request_id: int, answer: str = "") -> str:
    """Do it, in this transaction; returns the deed's key. `answer`: why they agree.

    Once, never by who asked, nor by somebody who may be the same person (`of_one_hand`). Raises
    Refusal: desk_request_own, desk_request_role, desk_request_newcomer, desk_request_over; and the
    deed's own where things have changed since it was asked: nothing is done then, and the request
    waits on.
    """
    role, one_hand = _role(work), of_one_hand(work)
    row = work.db.execute(
        update(_OWN)
        .where(_OWN.c.id == request_id, _OWN.c.state == "waiting", _OWN.c.expires_at > work.now)
        .where(_OWN.c.asked_by.not_in(one_hand), _OWN.c.deed.in_(_agreed_to_by(role)))
        .values(state="agreed", answered_by=work.operator_id, answered_at=work.now)
        .returning(_OWN.c.deed, _OWN.c.roll_id, _OWN.c.facts, _OWN.c.reason, _OWN.c.asked_by)
    ).first()
    if row is None:
        raise Refusal(_why_not(work, request_id))
    try:
        DEEDS[row.deed].do(work, row.roll_id, row.facts, row.reason)
    except Refusal:
        work.undo()  # the answer with it
        raise
    asked_by = work.db.execute(select(Operator.name).where(Operator.id == row.asked_by)).scalar()
    journal.write(
        work, "desk.second_agreed", roll_id=row.roll_id, deed=row.deed, asked_by=asked_by,
        reason=row.reason, answer=answer,
    )  # fmt: skip
    return str(row.deed)


def refuse(work: Work, request_id: int, reason: str) -> bool:
    """Nothing is done. Whoever asked takes their request back so; returns whether it was theirs.
    Once. Raises Refusal: desk_request_role, desk_request_over."""
    me, role = _me(work), _role(work)
    row = work.db.execute(
        update(_OWN)
        .where(_OWN.c.id == request_id, _OWN.c.state == "waiting", _OWN.c.expires_at > work.now)
        .where(or_(_OWN.c.asked_by == me, _OWN.c.deed.in_(_agreed_to_by(role))))
        .values(state="refused", answered_by=me, answered_at=work.now)
        .returning(_OWN.c.deed, _OWN.c.roll_id, _OWN.c.asked_by)
    ).first()
    if row is None:
        raise Refusal(_why_not(work, request_id))
    mine = bool(row.asked_by == me)
    journal.write(
        work, "desk.second_refused", roll_id=row.roll_id, deed=row.deed, taken_back=mine,
        reason=reason,
    )  # fmt: skip
    return mine


def _why_not(work: Work, request_id: int) -> str:
    asked = select(TwoPersonRequest.asked_by).where(TwoPersonRequest.id == request_id, _waits(work))
    asked_by = work.db.execute(asked).scalar()
    if asked_by is None:
        return "desk_request_over"
    if asked_by == work.operator_id:
        return "desk_request_own"
    return "desk_request_newcomer" if asked_by in of_one_hand(work) else "desk_request_role"


def _waits(work: Work) -> ColumnElement[bool]:
    return and_(TwoPersonRequest.state == "waiting", TwoPersonRequest.expires_at > work.now)


def _agreed_to_by(role: str) -> list[str]:
    return [each.key for each in DEEDS.values() if role in each.agrees]


def _me(work: Work) -> int:
    if work.operator_id is None:
        raise RuntimeError(_AT_THE_DESK)
    return work.operator_id


def _role(work: Work) -> str:
    asked = select(Operator.role).where(Operator.id == _me(work), Operator.disabled_at.is_(None))
    role: str | None = work.db.execute(asked).scalar()
    if role is None:
        raise RuntimeError(_AT_THE_DESK)
    return role
