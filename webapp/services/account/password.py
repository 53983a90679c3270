"""Changing the password in the space: the present one is asked, whoever is signed in."""

from typing import NamedTuple, Protocol

from sqlalchemy import select, update

from webapp.models import Account, Device, RollEntry
from webapp.rules import credentials
from webapp.rules.passwords import weakness
from webapp.rules.persons import Person
from webapp.rules.ranks import Member
from webapp.rules.refusals import Refusal
from webapp.services.kernel import household, journal, new_beginning, other_sessions
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.sign_in import reauthentication


def change(work: Work, session: Member, *, present: str, password: str) -> tuple[str, Member]:
    """Store the new password; every other session and every trusted device of the account ends.

    Returns this session's new id and facts. Links to a new password die with the old one, and so
    do the tries counted for it. Raises Refusal: the password's weakness, same_password,
    password_moved, and what services/sign_in/reauthentication.py raises.
    """
    account = _account(work, session)
    _refuse_unfit(work, session, account, present, password)
    reauthentication.compare(work, session, password=present, stored=account.password_hash)
    with reauthentication.unless_busy(work, session, account.password_hash):
        password_hash = work.world.hasher.hash(password)
    begun = work.db.execute(
        update(Account)
        .where(new_beginning.still(session), Account.password_hash == account.password_hash)
        .values(password_hash=password_hash, **new_beginning.counted())
        .returning(Account.epoch, new_beginning.any_uncounted(account.account_id))
    ).first()
    if begun is None:
        raise Refusal("password_moved", "present_password")
    new_beginning.sweep(work, account.account_id, Device)
    if begun.uncounted:
        new_beginning.sweep_begun(work, account.account_id)
    renewed = other_sessions.stay_alone(work, session, begun.epoch)
    notices.tell(work, "password_changed", to=account.email)
    journal.write(work, "password.changed", account_id=account.account_id)
    return renewed


class Space(Protocol):
    """A space, with its first member."""

    @property
    def account_id(self) -> int: ...
    @property
    def joined(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


class _Own(NamedTuple):
    account_id: int
    joined: int
    email: str
    password_hash: str
    number: str
    first_name: str
    last_name: str


def weakness_of(
    work: Work, space: Space, password: str, persons: tuple[Person, ...] = ()
) -> str | None:
    """The key of the refusal that this password deserves: it names nobody who shares the space.
    `persons`: all of them, where they are known already."""
    if space.joined and not persons:
        persons = household.persons(work, space.account_id)
    everybody = persons or (space,)
    found = (
        weakness(
            password,
            email=space.email,
            member_number=each.number,
            names=(each.first_name, each.last_name),
        )
        for each in everybody
    )
    return next(filter(None, found), None)


def _refuse_unfit(work: Work, session: Member, account: _Own, present: str, password: str) -> None:
    if weak := weakness_of(work, account, password, session.persons):
        raise Refusal(weak, "password")
    if credentials.password(password) == credentials.password(present):
        raise Refusal("same_password", "password")


def _account(work: Work, session: Member) -> _Own:
    row = work.db.execute(
        select(
            Account.id,
            Account.joined,
            Account.email,
            Account.password_hash,
            RollEntry.number,
            RollEntry.first_name,
            RollEntry.last_name,
        )
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Account.id == session.account_id)
    ).one()
    return _Own(*row)
