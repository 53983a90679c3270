"""A member's entry of the roll with their space beside it: the first question of their page."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.desk import WantedLetter
from webapp.models.prepared import Prepared
from webapp.services.kernel.work import Work


class _Row(NamedTuple):
    id: int
    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    missing_since: datetime | None
    address: str
    contract: str
    joined_on: date | None
    updated_at: datetime
    code_mac: bytes
    code_issued_at: datetime
    replaced_mac: bytes | None
    returned_mac: bytes | None
    account_id: int | None
    email: str
    email_key: str
    password_hash: str
    mailed_code_off: bool
    epoch: int
    joined: int
    opened_at: datetime
    suspended_at: datetime | None
    used_mac: bytes | None
    closing_at: datetime | None
    since: datetime | None
    letter_wanted_at: datetime | None


class Entry(_Row):
    """One member. Without an `account_id`, all that is the space's is None. `closing_at`, `since`:
    their own, in a space that another opened; `joined`: how many share it with its first member."""

    __slots__ = ()

    @property
    def used(self) -> bool:
        """Whether the present code made their space, took it over, or joined them to it."""
        return self.account_id is not None and self.used_mac == self.code_mac


def _one() -> Prepared[_Row]:
    own, account, beside = aliased(Account), aliased(Account), JoinedMember
    is_beside = beside.id.is_not(None)
    of_roll = (
        RollEntry.id, RollEntry.number, RollEntry.civility, RollEntry.first_name,
        RollEntry.last_name, RollEntry.status, RollEntry.missing_since, RollEntry.address,
        RollEntry.contract, RollEntry.joined_on, RollEntry.updated_at, RollEntry.code_mac,
        RollEntry.code_issued_at, RollEntry.replaced_mac, RollEntry.returned_mac,
    )  # fmt: skip
    of_space = (
        account.id.label("account_id"), account.email, account.email_key, account.password_hash,
        account.mailed_code_off, account.epoch, account.joined,
        account.created_at.label("opened_at"), account.suspended_at,
        case((is_beside, beside.code_mac), else_=account.code_mac).label("used_mac"),
        case((is_beside, beside.closing_at), else_=account.closing_at).label("closing_at"),
        case((is_beside, beside.joined_at), else_=account.first_joined_at).label("since"),
        WantedLetter.asked_at.label("letter_wanted_at"),
    )  # fmt: skip
    return Prepared(
        _Row,
        select(*of_roll, *of_space)
        .outerjoin(own, own.roll_id == RollEntry.id)
        .outerjoin(beside, beside.roll_id == RollEntry.id)
        .outerjoin(account, account.id == func.coalesce(own.id, beside.account_id))
        .outerjoin(WantedLetter, WantedLetter.roll_id == RollEntry.id)
        .where(RollEntry.id == bindparam("roll_id")),
    )


_ONE = _one()


def find(work: Work, roll_id: int) -> Entry:
    """Raises LookupError when the roll has no such entry."""
    row = _ONE.first(work.db, {"roll_id": roll_id})
    if row is None:
        raise LookupError(roll_id)
    return Entry(*row)
