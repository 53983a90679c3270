"""The terms: the proofs of what a member accepted, and new ones to accept after signing in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from webapp.models import Account, JoinedMember, RollEntry, StoredSession, TermsAcceptance
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules.ranks import SIGNED_IN, Member, Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_beginning, sessions
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Proof:
    """Who accepted which text, when and from where."""

    number: str
    civility: str
    first_name: str
    last_name: str
    version: str
    text_hash: str
    accepted_at: datetime
    origin: str


def proof(work: Work, session: Member, acceptance_id: int) -> Proof | None:
    """A proof of this member, None for somebody else's; those of a former space are theirs too."""
    row = work.db.execute(
        select(
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
            TermsAcceptance.version,
            TermsAcceptance.text_hash,
            TermsAcceptance.accepted_at,
            TermsAcceptance.origin,
        )
        .select_from(RollEntry)
        .join(TermsAcceptance, proved_by(session))
        .where(RollEntry.id == session.roll_id, TermsAcceptance.id == acceptance_id)
    ).first()
    return Proof(*row) if row else None


def proved_by(session: Member) -> ColumnElement[bool]:
    """SQL: which proofs are of the member of whom this session speaks, and of nobody who shares
    their space; those of a former space are theirs too."""
    of_nobody_else = and_(
        TermsAcceptance.account_id == session.account_id, TermsAcceptance.roll_id.is_(None)
    )
    return or_(TermsAcceptance.roll_id == session.roll_id, of_nobody_else)


class Accepted(Protocol):
    """What was accepted with a registration."""

    @property
    def roll_id(self) -> int: ...
    @property
    def terms_version(self) -> str: ...
    @property
    def terms_hash(self) -> str: ...
    @property
    def terms_at(self) -> datetime | None: ...
    @property
    def terms_origin(self) -> str: ...


_KEEP = PreparedChange(insert(table(TermsAcceptance)))


def keep_proof(work: Work, account_id: int, row: Accepted) -> None:
    """The proof of what was accepted with a registration, which `row` holds, for its account."""
    values = {
        "account_id": account_id,
        "roll_id": row.roll_id,
        "version": row.terms_version,
        "text_hash": row.terms_hash,
        "accepted_at": row.terms_at,
        "origin": row.terms_origin,
    }
    _KEEP.run(work.db, values)


def accept(work: Work, session: Member, *, version: str) -> tuple[str, Member]:
    """The terms shown (`version`) are accepted: proof kept, the former ones too; the session comes
    into the space under a new id. Of two taps one comes through.

    In a space of several each accepts their own, whatever the others did.

    Raises Refusal: terms_newer (other terms came meanwhile), terms_over (accepted already).
    """
    terms = work.world.terms
    if version != terms.version:
        raise Refusal("terms_newer")
    token = work.world.chance.token()
    roll_id = _sign(work, session)
    if roll_id is None and session.persons:
        raise Refusal("terms_over")
    entered = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id)
        .where(StoredSession.rank.in_(SIGNED_IN if session.persons else (Rank.TERMS,)))
        .values(
            id_hash=sessions.hashed(token),
            # of a space of several, the row's rank is the first member's
            rank=Rank.MEMBER if session.since is None else StoredSession.rank,
            codes="",
            code_sent_at=None,
            tries_left=0,
        )
    )
    if entered.rowcount != 1:
        work.undo()  # nothing is accepted without its proof
        raise Refusal("terms_over")
    if roll_id is not None:  # else another browser of the same member was faster: one proof
        values = {
            "account_id": session.account_id,
            "roll_id": roll_id,
            "version": terms.version,
            "text_hash": terms.text_hash,
            "accepted_at": work.now,
            "origin": work.origin,
        }
        _KEEP.run(work.db, values)
        journal.write(work, "terms.accepted", **_whose(session), terms=terms.version)
    return token, replace(
        session,
        rank=Rank.MEMBER,
        codes="",
        terms_version=terms.version,
        persons=tuple(
            each._replace(terms_version=terms.version) if each.roll_id == session.roll_id else each
            for each in session.persons
        ),
    )


def decline(work: Work, session: Member) -> None:
    """« Je n’accepte pas »: nothing changes but the journal; accepting later stays possible."""
    version = work.world.terms.version
    journal.write(work, "terms.declined", **_whose(session), terms=version)


def _sign(work: Work, session: Member) -> int | None:
    """Write the version on the account, or on who joined it; their roll entry, None where it stands
    there already. The account is locked first, as in services/kernel/new_beginning.py."""
    version, still = work.world.terms.version, new_beginning.still(session)
    if session.since is None:
        return work.db.execute(
            update(Account)
            .where(still, Account.roll_id == session.roll_id, Account.terms_version != version)
            .values(terms_version=version)
            .returning(Account.roll_id)
        ).scalar()
    return work.db.execute(
        update(JoinedMember)
        .where(JoinedMember.account_id == new_beginning.held(still))
        .where(JoinedMember.roll_id == session.roll_id, JoinedMember.terms_version != version)
        .values(terms_version=version)
        .returning(JoinedMember.roll_id)
    ).scalar()


def _whose(session: Member) -> dict[str, int | None]:
    return {"account_id": session.account_id, "roll_id": session.person_id}
