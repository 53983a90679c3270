"""What a caller is asked before a member's details show: what the roll has, and callers know.

What was searched with counts for nothing: an operator may have read it anywhere. Nobody is told
which of the answers was wrong, nor what would be right.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.rules import limits, postal
from webapp.rules.full_name import full_name
from webapp.rules.refusals import Refusal
from webapp.services.desk import looks
from webapp.services.kernel import household, journal
from webapp.services.kernel.work import Work

BIRTH_DATE, POSTAL_CODE = "birth_date", "postal_code"


class Caller(NamedTuple):
    """Whom the caller says they are, and what they are asked: BIRTH_DATE, POSTAL_CODE, nothing
    where the roll has neither."""

    names: str
    number: str
    status: str
    asked: tuple[str, ...]


class _Entry(NamedTuple):
    caller: Caller
    answers: Mapping[str, object]
    account_id: int | None


def caller(work: Work, roll_id: int) -> Caller:
    """Raises LookupError for no such entry."""
    return _entry(work, roll_id).caller


def answer(work: Work, operator_id: int, roll_id: int, given: Mapping[str, object]) -> None:
    """The caller answered: details show from now on. Raises Refusal: desk_answers_wrong, and
    desk_answers_over for the last wrong one, which closes the page and which the member reads."""
    used = looks.spend_answer(work, operator_id, roll_id)
    if not used:
        found = looks.opened(work, operator_id, roll_id)
        if found is not None and found.checked:
            return  # by the first press of the same button
        raise Refusal("desk_answers_over")
    entry = _entry(work, roll_id)
    asked = entry.caller.asked
    if asked and all(given.get(each) == entry.answers[each] for each in asked):
        looks.check(work, operator_id, roll_id)
        return
    if used < limits.DESK_ANSWERS:
        raise Refusal("desk_answers_wrong")
    looks.close(work, operator_id, roll_id)
    journal.write(work, "desk.answers_wrong", account_id=entry.account_id, roll_id=roll_id)
    raise Refusal("desk_answers_over")


def go_on_unasked(work: Work, operator_id: int, roll_id: int, reason: str) -> None:
    """The roll has nothing to ask: a supervisor answers for it that details show, which the member
    reads. Raises LookupError where there is something to ask."""
    entry = _entry(work, roll_id)
    if entry.caller.asked:
        raise LookupError(roll_id)
    looks.check(work, operator_id, roll_id)
    journal.write(work, "desk.unasked", account_id=entry.account_id, roll_id=roll_id, reason=reason)


def _entry(work: Work, roll_id: int) -> _Entry:
    row = work.db.execute(
        select(
            RollEntry.civility, RollEntry.first_name, RollEntry.last_name, RollEntry.number,
            RollEntry.status, RollEntry.birth_date, RollEntry.address,
            household.account_of(RollEntry.id).label("account_id"),
        ).where(RollEntry.id == roll_id)
    ).first()  # fmt: skip
    if row is None:
        raise LookupError(roll_id)
    answers = {BIRTH_DATE: row.birth_date, POSTAL_CODE: postal.postal_code(row.address)}
    names = full_name(row.civility, row.first_name, row.last_name)
    asked = tuple(name for name, right in answers.items() if right is not None)
    return _Entry(Caller(names, row.number, row.status, asked), answers, row.account_id)
