"""Deeds that ask for a second operator: one asks, another agrees or refuses, within a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select, update

from webapp.models import Operator, TwoPersonRequest
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

Facts = Mapping[str, object]
Do = Callable[[Work, int | None, Facts, str], None]


@dataclass(frozen=True)
class TwoPersonDeed:
    """What asks for two: its French words, who may agree, and the service that does it."""

    key: str
    words: str
    do: Do
    agrees: tuple[Role, ...]


DEEDS: dict[str, TwoPersonDeed] = {}


def declare(
    key: str, words: str, do: Do, *, agrees: tuple[Role, ...] = (Role.SUPERVISOR,)
) -> TwoPersonDeed:
    """A deed that asks for two."""
    DEEDS[key] = TwoPersonDeed(key, words, do, agrees)
    return DEEDS[key]


class Request(NamedTuple):
    """What waits for a second operator. `mine`: this operator asked."""

    id: int
    deed: str
    words: str
    facts: Facts
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    mine: bool


def ask(work: Work, deed: str, roll_id: int | None, facts: Facts, reason: str) -> int:
    """Wait for a second operator, for a day; returns the request's id."""
    values = {
        "deed": DEEDS[deed].key, "roll_id": roll_id, "facts": dict(facts), "reason": reason,
        "state": "waiting", "asked_by": work.operator_id, "asked_at": work.now,
        "expires_at": work.now + lifetimes.SECOND_OPERATOR,
    }  # fmt: skip
    made = work.insert(TwoPersonRequest).values(values).returning(TwoPersonRequest.id)
    return int(work.db.execute(made).scalar_one())


def waiting(work: Work) -> list[Request]:
    """What waits, the oldest first."""
    asked = (
        select(TwoPersonRequest, Operator.name)
        .join(Operator, Operator.id == TwoPersonRequest.asked_by)
        .where(_waits(work), TwoPersonRequest.deed.in_(list(DEEDS)))
        .order_by(TwoPersonRequest.asked_at, TwoPersonRequest.id)
    )
    return [
        Request(
            row.id, row.deed, DEEDS[row.deed].words, row.facts, row.reason, row.name,
            row.asked_at, row.expires_at, row.asked_by == work.operator_id,
        )
        for row in work.db.execute(asked).all()
    ]  # fmt: skip


def agree(work: Work, request_id: int, answer: str = "") -> str:
    """Do it, in this transaction; returns the deed's key. Once, and never by who asked. Raises
    Refusal: desk_request_own, desk_request_over, and the deed's own: nothing is done then."""
    row = _answer(work, request_id, "agreed")
    try:
        DEEDS[row.deed].do(work, row.roll_id, row.facts, row.reason)
    except Refusal:
        work.undo()  # the answer with it
        raise
    return str(row.deed)


def refuse(work: Work, request_id: int, reason: str) -> bool:
    """Nothing is done; returns whether it was theirs. Raises Refusal as `agree` does."""
    _answer(work, request_id, "refused")
    return False


def _answer(work: Work, request_id: int, state: str) -> Any:
    own = TwoPersonRequest
    row = work.db.execute(
        update(own)
        .where(own.id == request_id, _waits(work), own.asked_by != work.operator_id)
        .values(state=state, answered_by=work.operator_id, answered_at=work.now)
        .returning(own.deed, own.roll_id, own.facts, own.reason)
    ).first()
    if row is None:
        mine = any(each.id == request_id and each.mine for each in waiting(work))
        raise Refusal("desk_request_own" if mine else "desk_request_over")
    return row


def _waits(work: Work) -> ColumnElement[bool]:
    return and_(TwoPersonRequest.state == "waiting", TwoPersonRequest.expires_at > work.now)
