"""A registration as its confirmation reads it: by its link, or by its id."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from webapp.models import Account, JoinRequest, Leaving, Registration, RollEntry, Takeover
from webapp.models.prepared import Prepared
from webapp.services.household import joinable, leaving
from webapp.services.kernel import household, thanks
from webapp.services.kernel.work import Work
from webapp.services.takeover.waiting import of_another


class Found(NamedTuple):
    """A registration to be confirmed, with its member's letter, space and takeover.

    `own_id` is the space whose first member they are, `account_id` the one that they are in,
    `shares`: with others. `takeover` is theirs of a space, or their leaving of one of several.
    `space_id` is the space of somebody else that its address opens and that may be joined; `taken`:
    it opens one, be it open or not. `asked`: the member asked to join one before, `asked_until`:
    with this very registration.
    """

    id: str
    roll_id: int
    code_mac: bytes | None
    state: str
    email: str
    link_id: str
    codes: str
    joins: bool
    terms_version: str
    terms_hash: str
    terms_at: datetime | None
    terms_origin: str
    expires_at: datetime
    letter_mac: bytes
    status: str
    number: str
    civility: str
    first_name: str
    last_name: str
    own_id: int | None
    account_id: int | None
    shares: bool
    used: bool | None
    takeover: str | None
    effective_at: datetime | None
    asked: bool
    asked_until: datetime | None
    space_id: int | None
    taken: bool
    owed: int | None


_KEPT = ("id", "roll_id", "code_mac", "state", "email", "link_id", "codes", "joins")
_TERMS = ("terms_version", "terms_hash", "terms_at", "terms_origin", "expires_at")
_FOUND = (
    select(
        *(getattr(Registration, name) for name in _KEPT + _TERMS),
        RollEntry.code_mac.label("letter_mac"),
        household.member_status().label("status"),
        RollEntry.number,
        RollEntry.civility,
        RollEntry.first_name,
        RollEntry.last_name,
        Account.id.label("own_id"),
        household.account_of(RollEntry.id).label("account_id"),
        leaving.shares(RollEntry.id).label("shares"),
        (household.mac_used_by(RollEntry.id) == RollEntry.code_mac).label("used"),
        func.coalesce(Takeover.state, Leaving.state).label("takeover"),
        func.coalesce(Takeover.effective_at, Leaving.effective_at).label("effective_at"),
        joinable.asked(RollEntry.id).label("asked"),
        JoinRequest.expires_at.label("asked_until"),
        joinable.space_of(Registration.email_key, Registration.roll_id).label("space_id"),
        of_another(Registration.email_key, Registration.roll_id).label("taken"),
        thanks.owed().label("owed"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .outerjoin(Account, Account.roll_id == RollEntry.id)
    .outerjoin(Takeover, Takeover.id == Registration.id)
    .outerjoin(Leaving, Leaving.id == Registration.id)
    .outerjoin(JoinRequest, JoinRequest.id == Registration.id)
)
_BY_LINK = Prepared(Found, _FOUND.where(Registration.link_id == bindparam("which")))
_BY_ID = Prepared(Found, _FOUND.where(Registration.id == bindparam("which")))


def by_link_id(work: Work, link_id: str) -> Found | None:
    """The registration that a mailed link is of."""
    return _BY_LINK.first(work.db, {"which": link_id} | thanks.owing(work))


def by_id(work: Work, registration_id: str | None) -> Found | None:
    """The registration that a session carries."""
    if not registration_id:
        return None
    return _BY_ID.first(work.db, {"which": registration_id} | thanks.owing(work))
