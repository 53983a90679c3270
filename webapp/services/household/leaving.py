"""A member of a space of several proves a newer letter, with another address: a space of their own
a day later (effect.py), unless the address of the one that they leave stops it."""

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from webapp.models import Account, JoinedMember, Leaving, Registration, RollEntry, Takeover
from webapp.rules import lifetimes
from webapp.rules.persons import name_of
from webapp.rules.ranks import Member
from webapp.services.household.joinable import Key, Whose
from webapp.services.kernel import household, journal
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import proved, waiting
from webapp.services.takeover.proved import Began, Kind, Proved, Stopped
from webapp.services.takeover.waiting import TAKEOVER, TakeoverFacts


def _of_anybody() -> ColumnElement[bool]:
    owner = aliased(Account)
    return exists().where(owner.email_key == Registration.email_key)


def _began(work: Work, it: Began) -> None:
    notices.tell(
        work,
        "leaving",
        to=it.to,
        good_for=lifetimes.TAKEOVER,
        address=it.address,
        effective_at=it.effective_at,
        token=it.token,
        person=it.person,
    )
    journal.write(
        work,
        "leaving.confirmed",
        account_id=it.account_id,
        roll_id=it.roll_id,
        by=it.by,
        terms=it.terms,
    )


def _stopped(work: Work, it: Stopped) -> None:
    whose = {"account_id": it.account_id, "roll_id": it.roll_id}
    journal.write(work, "leaving.stopped", **whose, by=it.by)
    for to in it.to:
        notices.tell(work, "leaving_stopped", to=to, person=it.person)


LEAVING = Kind(
    Leaving,
    "leaving",
    "roll_id",
    account=Account.id == household.account_of(RollEntry.id),
    used=household.mac_used_by(RollEntry.id),
    taken=_of_anybody(),
    whose=Leaving.roll_id,
    began=_began,
    stopped=_stopped,
    names_person=True,
)


def shares(roll_id: Whose) -> ColumnElement[bool]:
    """SQL: whether this entry of the roll is in a space of several, so that its newer letter
    leaves it (`begin`) and takes nothing over."""
    own = aliased(Account)
    first = exists().where(own.roll_id == roll_id, own.joined > 0)
    return or_(first, exists().where(JoinedMember.roll_id == roll_id))


def is_there(email_key: Key, roll_id: Whose) -> ColumnElement[bool]:
    """SQL: whether this address is that of the space of several that this member is in already:
    there is nothing to join and nothing to leave (mail `already_there`)."""
    # each of one depth: SQLAlchemy would put what is asked about into the FROM of a deeper one
    own, of, beside = aliased(Account), aliased(Account), aliased(JoinedMember)
    first = exists().where(own.email_key == email_key, own.roll_id == roll_id, own.joined > 0)
    joined = exists().where(
        of.email_key == email_key, beside.account_id == of.id, beside.roll_id == roll_id
    )
    return or_(first, joined)


def begin(work: Work, registration: Proved, *, by: str) -> int | None:
    """The registration of a member of a space of several is confirmed: its address and password
    wait for a day, in the place of what waited before. The letter is used up, the space told.

    Returns the account's id of that space, None when the registration is not the one that was
    proved any more, its address is that of a space, or its member has just left.
    """
    step = work.db.begin_nested()
    account_id = proved.write(work, LEAVING, registration)
    if account_id is not None:
        _forget_takeover(work, account_id, registration.roll_id)
    if account_id is None or not _use_up(work, account_id, registration):
        step.rollback()
        return None
    step.commit()
    names = (RollEntry.number, RollEntry.civility, RollEntry.first_name, RollEntry.last_name)
    leaver = work.db.execute(
        select(Account.email, *names)
        .select_from(Account)
        .join(RollEntry, RollEntry.id == registration.roll_id)
        .where(Account.id == account_id)
    ).one()
    waiting.announce(
        work, LEAVING, account_id, registration, to=leaver.email, by=by, person=name_of(leaver)
    )
    return account_id


def _forget_takeover(work: Work, account_id: int, roll_id: int) -> None:
    """What a former letter began before anybody joined. Before the account is locked, as in
    services/takeover/effect.py."""
    first = exists().where(Account.id == account_id, Account.roll_id == roll_id)
    waits = Takeover.account_id == account_id, Takeover.state == "waiting"
    work.db.execute(delete(Takeover).where(*waits, first))


def look(work: Work, token: str) -> TakeoverFacts:
    """What a mailed link leads to, of a newer letter that takes a space over or leaves one."""
    facts = waiting.look(work, token)
    return waiting.look(work, token, LEAVING) if facts.state == "unknown" else facts


def stop(work: Work, token: str) -> None:
    """The former address says no, to the one or the other. Once."""
    for kind in (TAKEOVER, LEAVING):
        waiting.stop(work, token, kind)


def stop_own(work: Work, session: Member) -> bool:
    """Whoever is signed in says no, of the member shown; False when nothing waits (any more)."""
    mine = Leaving.account_id == session.account_id, Leaving.roll_id == session.roll_id
    leaves = session.joined > 0 and waiting.stop_where(work, LEAVING, and_(*mine), by="member")
    # the first member's, be it from before anybody joined
    return leaves or (session.since is None and waiting.stop_own(work, session.account_id))


def stop_of(work: Work, roll_id: int) -> None:
    """An operator sends another letter, or parts this member: what an older one began is over."""
    waiting.stop_of(work, roll_id)
    waiting.stop_where(work, LEAVING, Leaving.roll_id == roll_id, by="operator")


def _use_up(work: Work, account_id: int, registration: Proved) -> bool:
    """The letter that served this member last is the newer one. The account first."""
    used = {"code_mac": registration.letter_mac}
    own = Account.id == account_id, Account.roll_id == registration.roll_id
    if work.db.execute(update(Account).where(*own).values(used)).rowcount:
        return True
    mine = JoinedMember.account_id == account_id, JoinedMember.roll_id == registration.roll_id
    return work.db.execute(update(JoinedMember).where(*mine).values(used)).rowcount == 1
