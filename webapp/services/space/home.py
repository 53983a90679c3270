"""The personal space: who I am and my contract, when I last signed in, whether all is well."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    ScalarSelect,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    func,
    select,
)

from webapp.models import (
    Account,
    AddressChange,
    Device,
    JoinedMember,
    JournalEntry,
    Leaving,
    RollEntry,
    Takeover,
)
from webapp.models.base import Moment
from webapp.models.prepared import Prepared
from webapp.rules.full_name import greeted
from webapp.rules.ranks import Member
from webapp.services.household import answers
from webapp.services.kernel import new_beginning
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices, second_factors

_NOW = bindparam("now", type_=Moment)


class Space(NamedTuple):
    """All that the space's home shows of one member, read in one statement.

    `wrong_passwords` since the sign-in before this one; `new_email` waits for its confirmation.
    """

    number: str
    civility: str
    first_name: str
    last_name: str
    birth_date: date | None
    address: str
    contract: str
    joined_on: date | None
    email: str
    closing_at: datetime | None
    last_sign_in: datetime | None
    wrong_passwords: int
    new_email: str | None
    devices: int
    has_passkey: bool
    takeover_at: datetime | None  # when a newer letter's access is to replace this one, or leave it
    is_asked: bool  # whether somebody may ask to join the space (services/household/answers.py)

    @property
    def greeted(self) -> str:
        """« Madame Martin », as far as the roll says it."""
        return greeted(self.civility, self.first_name, self.last_name)

    @property
    def is_well(self) -> bool:
        """Whether nothing asks for attention."""
        asking = (self.wrong_passwords, self.new_email, self.closing_at, self.takeover_at)
        return not any(asking)


_FIRST_SINCE = func.coalesce(Account.first_joined_at, Account.created_at)


def _last_sign_in(joined: SQLColumnExpression[datetime]) -> ScalarSelect[datetime]:
    return (
        select(JournalEntry.at)
        .where(JournalEntry.account_id == Account.id, JournalEntry.event == "sign_in.done")
        .where(JournalEntry.at >= joined)
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .offset(1)
        .limit(1)
        .correlate(Account, JoinedMember)
        .scalar_subquery()
    )


def _wrong_passwords(
    since: ScalarSelect[datetime], joined: SQLColumnExpression[datetime]
) -> ScalarSelect[int]:
    return (
        select(func.count(JournalEntry.id))
        .where(JournalEntry.account_id == Account.id)
        .where(JournalEntry.event == "sign_in.password_refused")
        .where(JournalEntry.at >= func.coalesce(since, joined))
        .correlate(Account, JoinedMember)
        .scalar_subquery()
    )


def _new_email() -> ScalarSelect[str]:
    return (
        select(AddressChange.email)
        .where(AddressChange.account_id == Account.id, AddressChange.state == "waiting")
        .where(AddressChange.expires_at > _NOW, new_beginning.current(AddressChange.epoch))
        .correlate(Account)
        .scalar_subquery()
    )


def _devices() -> ScalarSelect[int]:
    return (
        select(func.count(Device.id))
        .where(Device.account_id == Account.id, *devices.live(_NOW))
        .correlate(Account)
        .scalar_subquery()
    )


def _takeover_at() -> ScalarSelect[datetime]:
    return (
        select(Takeover.effective_at)
        .where(Takeover.account_id == Account.id, Takeover.state == "waiting")
        .correlate(Account)
        .scalar_subquery()
    )


def _leaves_at() -> ScalarSelect[datetime]:
    return (
        select(Leaving.effective_at)
        .where(Leaving.account_id == Account.id, Leaving.roll_id == RollEntry.id)
        .where(Leaving.state == "waiting")
        .correlate(Account, RollEntry)
        .scalar_subquery()
    )


def _home() -> Prepared[Space]:
    """Of whom the space is one's own."""
    last = _last_sign_in(_FIRST_SINCE)
    wrong_passwords = _wrong_passwords(last, _FIRST_SINCE)
    selected = _selected(Account.closing_at, last, wrong_passwords, _takeover_at())
    return Prepared(
        Space,
        selected.join(RollEntry, RollEntry.id == Account.roll_id).where(
            Account.id == bindparam("whose")
        ),
    )


def _home_of_one() -> Prepared[Space]:
    """Of one of those who share a space: their closing, their leaving by a newer letter, and its
    sign-ins since they joined."""
    joined = func.coalesce(JoinedMember.joined_at, _FIRST_SINCE)
    last = _last_sign_in(joined)
    closing_at = case(
        (JoinedMember.id.is_(None), Account.closing_at), else_=JoinedMember.closing_at
    )
    return Prepared(
        Space,
        _selected(
            closing_at.label("closing_at"), last, _wrong_passwords(last, joined), _leaves_at()
        )
        .join(RollEntry, RollEntry.id == bindparam("person"))
        .outerjoin(JoinedMember, JoinedMember.roll_id == RollEntry.id)
        .where(Account.id == bindparam("whose")),
    )


def _selected(
    closing_at: SQLColumnExpression[datetime | None],
    last: ScalarSelect[datetime],
    wrong_passwords: ScalarSelect[int],
    takeover_at: ScalarSelect[datetime],
) -> Select[*tuple[object, ...]]:
    return select(
        RollEntry.number,
        RollEntry.civility,
        RollEntry.first_name,
        RollEntry.last_name,
        RollEntry.birth_date,
        RollEntry.address,
        RollEntry.contract,
        RollEntry.joined_on,
        Account.email,
        closing_at,
        last.label("last_sign_in"),
        wrong_passwords.label("wrong_passwords"),
        _new_email().label("new_email"),
        _devices().label("devices"),
        second_factors.passkey_of(Account.id).label("has_passkey"),
        takeover_at.label("takeover_at"),
        answers.is_asked(Account.id).label("is_asked"),
    ).select_from(Account)


_HOME, _HOME_OF_ONE = _home(), _home_of_one()


def home(work: Work, session: Member) -> Space:
    """The space of the member of whom this session speaks (an account gone takes its sessions
    along). `last_sign_in` is the one before this."""
    whose = {"whose": session.account_id, "now": work.now}
    if session.persons:
        return _HOME_OF_ONE.one(work.db, {**whose, "person": session.roll_id})
    return _HOME.one(work.db, whose)


def asking(work: Work, session: Member, me: Space) -> str:
    """The name of who asked first to join the space, "" for nobody. A statement more where somebody
    may."""
    found = answers.waiting(work, session) if me.is_asked else []
    return found[0].name if found else ""
