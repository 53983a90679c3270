"""A newer paper letter takes its member's account over, a day later, unless that is stopped.

Whoever holds such a letter may have it from the mailbox of another: the former address is told at
once and stops the change with one button. How it takes effect is next door.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.models import Account, Registration, RollEntry, Takeover
from webapp.rules import credentials, lifetimes
from webapp.services.kernel import journal, membership
from webapp.services.kernel.work import Work
from webapp.services.mail import notices


@dataclass(frozen=True)
class TakeoverFacts:
    """What a link is worth: `state` is waiting, stopped, done, over (replaced or long ended), or
    unknown (not ours)."""

    state: str
    effective_at: datetime | None = None


def look(work: Work, token: str) -> TakeoverFacts:
    """What the mailed link leads to; changes nothing."""
    opened = work.world.seals.open_link("takeover", token)
    if opened is None:
        return TakeoverFacts("unknown")
    row = _find(work, Takeover.id == opened[0])
    return TakeoverFacts(row.state, row.effective_at) if row else TakeoverFacts("over")


def stop(work: Work, token: str) -> None:
    """The former address says no. Once; a second time, or too late, changes nothing."""
    opened = work.world.seals.open_link("takeover", token)
    if opened is not None:
        _stop(work, Takeover.id == opened[0], by="link")


def stop_own(work: Work, account_id: int | None) -> bool:
    """A signed-in member says no; False when nothing waits (any more)."""
    return _stop(work, Takeover.account_id == account_id, by="member")


def stop_of(work: Work, roll_id: int) -> bool:
    """An operator sends another letter: what an older one began is over."""
    theirs = select(Account.id).where(Account.roll_id == roll_id).scalar_subquery()
    return _stop(work, Takeover.account_id == theirs, by="operator")


class Proved(Protocol):
    """The registration of a member who has an account, as it was when its link or code was read."""

    @property
    def id(self) -> str: ...
    @property
    def link_id(self) -> str: ...
    @property
    def roll_id(self) -> int: ...
    @property
    def letter_mac(self) -> bytes: ...
    @property
    def email(self) -> str: ...
    @property
    def terms_version(self) -> str: ...


def begin(work: Work, registration: Proved, *, by: str) -> int | None:
    """The registration of a member who has an account is confirmed: its address and password wait
    for a day, in the place of what waited before. The letter is used up, the former address told.

    Returns the account's id, None when the registration is not the one that was proved any more
    or its address is somebody else's.
    """
    account_id = _write(work, registration)
    if account_id is None:
        return None
    former = work.db.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(code_mac=registration.letter_mac)
        .returning(Account.email)
    ).scalar_one()
    notices.tell(
        work,
        "takeover",
        to=former,
        good_for=lifetimes.TAKEOVER,
        address=credentials.masked_email(registration.email),
        effective_at=work.now + lifetimes.TAKEOVER,
        token=work.world.seals.seal_link("takeover", registration.id),
    )
    journal.write(
        work,
        "takeover.confirmed",
        account_id=account_id,
        roll_id=registration.roll_id,
        by=by,
        terms=registration.terms_version,
    )
    return account_id


def end(work: Work, takeover_id: str, state: str) -> bool:
    """End a takeover that waits, as stopped or done, and wipe its personal data. One statement does
    it, and of several callers only one passes."""
    ended = work.db.execute(
        update(Takeover)
        .where(Takeover.id == takeover_id, Takeover.state == "waiting")
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


def _stop(work: Work, which: ColumnElement[bool], *, by: str) -> bool:
    row = _find(work, and_(which, Takeover.state == "waiting"))
    if row is None or not end(work, row.id, "stopped"):
        return False
    journal.write(work, "takeover.stopped", account_id=row.account_id, by=by)
    for to in both(row.former, row.email):
        notices.tell(work, "takeover_stopped", to=to)
    return True


class _Row(NamedTuple):
    id: str
    account_id: int
    state: str
    effective_at: datetime
    email: str
    former: str


def _find(work: Work, which: ColumnElement[bool]) -> _Row | None:
    """The takeover of this id. Its row only ever changes by ending: a newer one has another id."""
    row = work.db.execute(
        select(
            Takeover.id,
            Takeover.account_id,
            Takeover.state,
            Takeover.effective_at,
            Takeover.email,
            Account.email.label("former"),
        )
        .join(Account, Account.id == Takeover.account_id)
        .where(which)
    ).first()
    return _Row(*row) if row else None


_TERMS = ("terms_version", "terms_hash", "terms_at", "terms_origin")
_COPIED = ("email", "email_key", "password_hash", "password_tag", *_TERMS)


def _write(work: Work, registration: Proved) -> int | None:
    """One statement that only one caller passes. The letter is locked before its registration,
    as in services/registration/pending.py."""
    columns = _values(work)
    source = (
        select(*columns.values())
        .select_from(Registration)
        .join(RollEntry, RollEntry.id == Registration.roll_id)
        .join(Account, Account.roll_id == RollEntry.id)
        .where(
            Registration.id == registration.id,
            Registration.link_id == registration.link_id,
            Registration.state == "waiting",
            Registration.expires_at > work.now,
            Registration.code_mac == RollEntry.code_mac,
            membership.goes_on(),
            Account.code_mac.is_distinct_from(RollEntry.code_mac),
            ~of_another(Registration.email_key, Registration.roll_id),
        )
        .with_for_update(of=[RollEntry, Registration], key_share=True)
    )
    insert = work.insert(Takeover).from_select(list(columns), source)
    replaced = {name: insert.excluded[name] for name in columns if name != "account_id"}
    return work.db.execute(
        insert.on_conflict_do_update(
            index_elements=["account_id"], set_=replaced | {"ended_at": None}
        ).returning(Takeover.account_id)
    ).scalar()


def _values(work: Work) -> dict[str, SQLColumnExpression[object]]:
    moment = Takeover.created_at.type
    return {
        "id": Registration.id,
        "account_id": Account.id,
        "state": literal("waiting"),
        **{name: getattr(Registration, name) for name in _COPIED},
        "created_at": literal(work.now, moment),
        "effective_at": literal(work.now + lifetimes.TAKEOVER, moment),
    }


def of_another(
    email_key: InstrumentedAttribute[str] | str, roll_id: InstrumentedAttribute[int] | int
) -> ColumnElement[bool]:
    """SQL: whether an address has the account of somebody else."""
    owner = aliased(Account)
    return exists().where(owner.email_key == email_key, owner.roll_id != roll_id)
