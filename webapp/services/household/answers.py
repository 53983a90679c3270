"""The owner of a space agrees that somebody joins it, or refuses. Silence for a week refuses too.

The account is locked first, then the entry of the roll of who joins, then their request
(services/household/joining.py); only then is it asked whether they may still join.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    bindparam,
    delete,
    exists,
    func,
    literal,
    not_,
    select,
    update,
)

from webapp.models import Account, JoinedMember, JoinRequest, Registration, RollEntry
from webapp.models.base import Moment
from webapp.models.prepared import Prepared
from webapp.rules.full_name import full_name
from webapp.rules.ranks import Member
from webapp.rules.refusals import Refusal
from webapp.services.account import terms
from webapp.services.household.joinable import in_no_space
from webapp.services.kernel import journal, membership, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices

_NOW = bindparam("now", type_=Moment)


class Asking(NamedTuple):
    """Somebody who asks to join a space."""

    id: str
    roll_id: int
    number: str
    civility: str
    first_name: str
    last_name: str
    asked_at: datetime
    expires_at: datetime

    @property
    def name(self) -> str:
        """« M. Gérard Exemple », as far as the roll says it; else the number."""
        return full_name(self.civility, self.first_name, self.last_name) or self.number


_FIELDS = (
    JoinRequest.id,
    JoinRequest.roll_id,
    RollEntry.number,
    RollEntry.civility,
    RollEntry.first_name,
    RollEntry.last_name,
    JoinRequest.asked_at,
    JoinRequest.expires_at,
)


def _still_good(account_id: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """Where JoinRequest and RollEntry are joined: a request of this space that can be agreed to."""
    return [
        JoinRequest.account_id == account_id,
        JoinRequest.expires_at > _NOW,
        JoinRequest.code_mac == RollEntry.code_mac,
        membership.goes_on(),
    ]


_WAITING = Prepared(
    Asking,
    select(*_FIELDS)
    .join(RollEntry, RollEntry.id == JoinRequest.roll_id)
    .where(*_still_good(bindparam("whose"))),
)


def waiting(work: Work, session: Member) -> list[Asking]:
    """Who asks to join this session's space, who asked first at the head."""
    found = _WAITING.all(work.db, {"whose": session.account_id, "now": work.now})
    return sorted(found, key=lambda each: (each.asked_at, each.id))


def how_many(account_id: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """SQL, with the parameter `now`: how many ask to join this space."""
    return (
        select(func.count(JoinRequest.id))
        .join(RollEntry, RollEntry.id == JoinRequest.roll_id)
        .where(*_still_good(account_id))
        .correlate(Account)
        .scalar_subquery()
    )


def agree(work: Work, session: Member, request_id: str) -> Asking:
    """« Autoriser »: who asked is a member of this space from now on; their letter is used up.

    Once. Raises Refusal: session_over, join_closing (the space itself closes), join_over (the
    request is over, was answered, or its letter was replaced).
    """
    email = _counted(work, session)
    asking = _locked(work, session, request_id)
    accepted = asking and _put_in(work, session, asking)
    if asking is None or accepted is None:
        work.undo()  # the count with it
        raise Refusal("join_over")
    terms.keep_proof(work, session.account_id, accepted)
    notices.tell(work, "join_agreed", to=email, who=asking.name)
    journal.write(work, "household.agreed", account_id=session.account_id)
    journal.write(work, "household.joined", account_id=session.account_id, roll_id=asking.roll_id)
    return asking


def refuse(work: Work, session: Member, request_id: str) -> Asking:
    """« Refuser »: who asked does not join, and their letter stays good.

    Once. Raises Refusal("join_over") when the request is over or was answered.
    """
    asking = next((each for each in waiting(work, session) if each.id == request_id), None)
    own = exists().where(new_beginning.still(session))
    gone = delete(JoinRequest).where(
        JoinRequest.id == request_id, JoinRequest.account_id == session.account_id, own
    )
    if asking is None or work.db.execute(gone).rowcount != 1:
        raise Refusal("join_over")
    notices.tell(work, "join_refused", to=session.email, who=asking.name)
    journal.write(work, "household.refused", account_id=session.account_id)
    journal.write(work, "registration.join_refused", roll_id=asking.roll_id)
    return asking


def _counted(work: Work, session: Member) -> str:
    """One member more, and the account's row lock with it; returns the space's address."""
    account = work.db.execute(
        update(Account)
        .where(new_beginning.still(session))
        .values(joined=Account.joined + 1)
        .returning(Account.email, Account.closing_at)
    ).first()
    if account is None:
        raise Refusal("session_over")
    if account.closing_at is not None:
        work.undo()
        raise Refusal("join_closing")
    return str(account.email)


def _locked(work: Work, session: Member, request_id: str) -> Asking | None:
    row = work.db.execute(
        select(*_FIELDS)
        .join(RollEntry, RollEntry.id == JoinRequest.roll_id)
        .where(JoinRequest.id == request_id, *_still_good(literal(session.account_id)))
        .with_for_update(of=[RollEntry, JoinRequest], key_share=True),
        {"now": work.now},
    ).first()
    return Asking(*row) if row else None


class _Accepted(NamedTuple):
    roll_id: int
    terms_version: str
    terms_hash: str
    terms_at: datetime
    terms_origin: str


def _put_in(work: Work, session: Member, asking: Asking) -> _Accepted | None:
    """The request becomes a member of the space, with the roll's entry locked: a statement of its
    own sees what others did until then. Returns the terms that were accepted; None where the member
    is in a space meanwhile, or registers anew."""
    anew = exists().where(
        Registration.roll_id == JoinRequest.roll_id, Registration.state == "waiting"
    )
    joins = select(
        literal(session.account_id),
        JoinRequest.roll_id,
        JoinRequest.code_mac,
        JoinRequest.terms_version,
        literal(work.now, Moment),
    ).where(JoinRequest.id == asking.id, in_no_space(JoinRequest.roll_id), not_(anew))
    columns = ["account_id", "roll_id", "code_mac", "terms_version", "joined_at"]
    into = work.insert(JoinedMember).from_select(columns, joins).on_conflict_do_nothing()
    if work.db.execute(into.returning(JoinedMember.id)).first() is None:
        return None
    kept = (getattr(JoinRequest, name) for name in _Accepted._fields)
    done = delete(JoinRequest).where(JoinRequest.id == asking.id).returning(*kept)
    row = work.db.execute(done).first()
    return _Accepted(*row) if row else None
