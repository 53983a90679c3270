"""What is stuck: counts for everybody who works at it; members' numbers ten at a time, each ten a
look of the operator's hour. Never a name."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from webapp.models import Letter, OutboxMail, Registration, RollEntry
from webapp.models.desk import RollUpload, TwoPersonRequest
from webapp.rules import letters
from webapp.rules.delivery_reports import Outcome
from webapp.services.desk import looks, names
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.letters import states

AT_ONCE = 10  # numbers for one look
SLOW = timedelta(hours=1)  # a registration that waits longer for its confirmation is stalled
KINDS = ("refused", "stalled", "expired", "returned")


def counts(work: Work) -> Mapping[str, int]:
    """How many of each kind: mails that did not arrive, uploads and requests that wait too."""
    of_letters = states.counts(work)
    return {
        "mails": _count(work, select(func.count()).where(_lost())),
        "refused": _count(work, _counted(_refused())),
        "stalled": _count(work, _counted(_stalled(work))),
        "expired": of_letters[letters.EXPIRED],
        "returned": of_letters[letters.RETURNED],
        "uploads": _count(work, select(func.count()).where(*_uploads(work))),
        "requests": _count(work, select(func.count()).where(*_requests(work))),
    }


def numbers(work: Work, kind: str, after: int = 0) -> tuple[list[str], int | None]:
    """The next ten members of a kind, by their numbers, and where to go on; None at the end. It
    costs a look. Raises Refusal("desk_looks_closed"), LookupError for no such kind."""
    asked = _BY_KIND[kind](work)
    looks.spend(work, work.operator_id or 0)
    found = asked.where(RollEntry.id > after).order_by(RollEntry.id).limit(AT_ONCE + 1)
    rows = work.db.execute(found.distinct()).all()
    shown = rows[:AT_ONCE]
    journal.write(
        work, "desk.stuck_shown", kind=kind, members=len(shown), operator=names.at_work(work)
    )
    more = shown[-1].id if len(rows) > AT_ONCE else None
    return [row.number for row in shown], more


def _lost() -> ColumnElement[bool]:
    """SQL: a mail that did not arrive."""
    return or_(OutboxMail.state == "failed", OutboxMail.outcome == Outcome.FAILED.value)


def _members() -> Select[*tuple[Any, ...]]:
    return select(RollEntry.id, RollEntry.number)


def _registering(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    own = and_(Registration.roll_id == RollEntry.id, Registration.state == "waiting")
    return _members().join(Registration, own).where(*which)


def _refused() -> Select[*tuple[Any, ...]]:
    """Whose mail with the activation code did not arrive."""
    return _registering().join(OutboxMail, OutboxMail.id == Registration.letter_id).where(_lost())


def _stalled(work: Work) -> Select[*tuple[Any, ...]]:
    return _registering(Registration.created_at <= work.now - SLOW)


def _in_state(work: Work, state: str) -> Select[*tuple[Any, ...]]:
    found = states.of_letters(select(RollEntry.id, RollEntry.number))
    return found.where(states.state(work.now) == state, Letter.roll_id.is_not(None))


def _uploads(work: Work) -> tuple[ColumnElement[bool], ...]:
    return RollUpload.state == "waiting", RollUpload.expires_at > work.now


def _requests(work: Work) -> tuple[ColumnElement[bool], ...]:
    return TwoPersonRequest.state == "waiting", TwoPersonRequest.expires_at > work.now


def _counted(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return select(func.count()).select_from(asked.subquery())


def _count(work: Work, asked: Select[*tuple[Any, ...]]) -> int:
    return int(work.db.scalar(asked) or 0)


_BY_KIND: Mapping[str, Callable[[Work], Select[*tuple[Any, ...]]]] = {
    "refused": lambda _: _refused(),
    "stalled": _stalled,
    "expired": lambda work: _in_state(work, letters.EXPIRED),
    "returned": lambda work: _in_state(work, letters.RETURNED),
}
