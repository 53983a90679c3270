"""A newer paper letter takes its member's account over, a day later, unless that is stopped.

Whoever holds such a letter may have it from the mailbox of another: the former address is told at
once and stops the change with one button. How it takes effect is next door. A member who leaves a
space of several waits in the same way (`Kind`; services/household/leaving.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.models import Account, Registration, RollEntry, Takeover
from webapp.rules import credentials, lifetimes
from webapp.rules.persons import name_of
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import proved
from webapp.services.takeover.proved import Began, Kind, Proved, Stopped


@dataclass(frozen=True)
class TakeoverFacts:
    """What a link is worth: `state` is waiting, stopped, done, over (replaced or long ended), or
    unknown (not ours). `person`: who leaves a space of several, "" where a space is taken over."""

    state: str
    effective_at: datetime | None = None
    person: str = ""


def of_another(
    email_key: InstrumentedAttribute[str] | str, roll_id: InstrumentedAttribute[int] | int
) -> ColumnElement[bool]:
    """SQL: whether an address has the account of somebody else."""
    owner = aliased(Account)
    return exists().where(owner.email_key == email_key, owner.roll_id != roll_id)


def _began(work: Work, it: Began) -> None:
    notices.tell(
        work,
        "takeover",
        to=it.to,
        good_for=lifetimes.TAKEOVER,
        address=it.address,
        effective_at=it.effective_at,
        token=it.token,
    )
    journal.write(
        work,
        "takeover.confirmed",
        account_id=it.account_id,
        roll_id=it.roll_id,
        by=it.by,
        terms=it.terms,
    )


def _stopped(work: Work, it: Stopped) -> None:
    journal.write(work, "takeover.stopped", account_id=it.account_id, by=it.by)
    for to in it.to:
        notices.tell(work, "takeover_stopped", to=to)


TAKEOVER = Kind(
    Takeover,
    "takeover",
    "account_id",
    account=Account.roll_id == RollEntry.id,
    used=Account.code_mac,
    taken=of_another(Registration.email_key, Registration.roll_id),
    whose=Account.roll_id,
    began=_began,
    stopped=_stopped,
)


def look(work: Work, token: str, kind: Kind = TAKEOVER) -> TakeoverFacts:
    """What the mailed link leads to; changes nothing."""
    opened = work.world.seals.open_link(kind.seal, token)
    if opened is None:
        return TakeoverFacts("unknown")
    row = _find(work, kind, kind.table.id == opened[0])
    if row is None:
        return TakeoverFacts("over")
    return TakeoverFacts(row.state, row.effective_at, name_of(row) if kind.names_person else "")


def stop(work: Work, token: str, kind: Kind = TAKEOVER) -> None:
    """The former address says no. Once; a second time, or too late, changes nothing."""
    opened = work.world.seals.open_link(kind.seal, token)
    if opened is not None:
        stop_where(work, kind, kind.table.id == opened[0], by="link")


def stop_own(work: Work, account_id: int | None) -> bool:
    """A signed-in member says no; False when nothing waits (any more)."""
    return stop_where(work, TAKEOVER, Takeover.account_id == account_id, by="member")


def stop_of(work: Work, roll_id: int) -> bool:
    """An operator sends another letter: what an older one began is over."""
    theirs = select(Account.id).where(Account.roll_id == roll_id).scalar_subquery()
    return stop_where(work, TAKEOVER, Takeover.account_id == theirs, by="operator")


def begin(work: Work, registration: Proved, *, by: str) -> int | None:
    """The registration of a member who has an account is confirmed: its address and password wait
    for a day, in the place of what waited before. The letter is used up, the former address told.

    Returns the account's id, None when the registration is not the one that was proved any more
    or its address is somebody else's.
    """
    account_id = proved.write(work, TAKEOVER, registration)
    if account_id is None:
        return None
    former = work.db.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(code_mac=registration.letter_mac)
        .returning(Account.email)
    ).scalar_one()
    announce(work, TAKEOVER, account_id, registration, to=former, by=by)
    return account_id


def announce(
    work: Work,
    kind: Kind,
    account_id: int,
    registration: Proved,
    *,
    to: str,
    by: str,
    person: str = "",
) -> None:
    """Tell the former address (`to`) what waits and how to stop it, and write it down."""
    kind.began(
        work,
        Began(
            account_id,
            registration.roll_id,
            to,
            credentials.masked_email(registration.email),
            work.now + lifetimes.TAKEOVER,
            work.world.seals.seal_link(kind.seal, registration.id),
            by,
            registration.terms_version,
            person,
        ),
    )


def end(work: Work, takeover_id: str, state: str, kind: Kind = TAKEOVER) -> bool:
    """End what waits, as stopped or done, and wipe its personal data. One statement does it, and
    of several callers only one passes."""
    table = kind.table
    ended = work.db.execute(
        update(table)
        .where(table.id == takeover_id, table.state == "waiting")
        .values(
            state=state,
            email="",
            email_key="",
            password_hash="",
            password_tag=None,
            terms_origin="",
            ended_at=work.now,
        )
    )
    return ended.rowcount == 1


def both(former: str, new: str) -> list[str]:
    """Whom to tell: both addresses, once when they are the same."""
    return list({credentials.email_key(each): each for each in (former, new)}.values())


def stop_where(work: Work, kind: Kind, which: ColumnElement[bool], *, by: str) -> bool:
    """Stop the one that waits and meets this condition, and tell both addresses; False when none
    does (any more)."""
    row = _find(work, kind, and_(which, kind.table.state == "waiting"))
    if row is None or not end(work, row.id, "stopped", kind):
        return False
    both_addresses = both(row.former, row.email)
    kind.stopped(work, Stopped(row.account_id, row.roll_id, both_addresses, by, name_of(row)))
    return True


class _Row(NamedTuple):
    id: str
    account_id: int
    state: str
    effective_at: datetime
    email: str
    former: str
    roll_id: int
    number: str
    civility: str
    first_name: str
    last_name: str


def _find(work: Work, kind: Kind, which: ColumnElement[bool]) -> _Row | None:
    """The one of this id. Its row only ever changes by ending: a newer one has another id."""
    table = kind.table
    row = work.db.execute(
        select(
            table.id,
            table.account_id,
            table.state,
            table.effective_at,
            table.email,
            Account.email.label("former"),
            kind.whose,
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
        )
        .join(Account, Account.id == table.account_id)
        .join(RollEntry, RollEntry.id == kind.whose)
        .where(which)
    ).first()
    return _Row(*row) if row else None
