"""A registration as it is stored, with all that its state follows from."""

from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import bindparam, func, select

from webapp.models import JoinRequest, Leaving, OutboxMail, Registration, RollEntry, Takeover
from webapp.models.prepared import Prepared
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import NO_ENTRY
from webapp.services.household import joinable, leaving
from webapp.services.kernel import household
from webapp.services.kernel.work import Work
from webapp.services.mail import fates
from webapp.services.takeover.waiting import of_another


class RegistrationRow(NamedTuple):
    """A registration, with the state of its letter, its mail, its member's space (`account_id`,
    `shares`: with others), its takeover or leaving, and its request to join a space.

    `space_id`: the space of somebody else that its address opens and that may be joined; `taken`:
    its address opens one, be it open or not; `there`: the one that they share already.
    """

    id: str
    roll_id: int
    code_mac: bytes | None
    state: str
    email: str
    email_key: str
    password_hash: str
    password_tag: int | None
    link_id: str
    codes: str
    joins: bool
    mailed_at: datetime | None
    expires_at: datetime
    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    letter_mac: bytes
    account_id: int | None
    shares: bool
    mail_state: str | None
    takeover: str | None
    effective_at: datetime | None
    asked_until: datetime | None
    space_id: int | None
    taken: bool
    there: bool


_BY_ID = (
    select(
        Registration.id,
        Registration.roll_id,
        Registration.code_mac,
        Registration.state,
        Registration.email,
        Registration.email_key,
        Registration.password_hash,
        Registration.password_tag,
        Registration.link_id,
        Registration.codes,
        Registration.joins,
        Registration.mailed_at,
        Registration.expires_at,
        RollEntry.number,
        RollEntry.civility,
        RollEntry.first_name,
        RollEntry.last_name,
        household.member_status().label("status"),
        RollEntry.code_mac.label("letter_mac"),
        household.account_of(RollEntry.id).label("account_id"),
        leaving.shares(RollEntry.id).label("shares"),
        fates.STATE.label("mail_state"),
        func.coalesce(Takeover.state, Leaving.state).label("takeover"),
        func.coalesce(Takeover.effective_at, Leaving.effective_at).label("effective_at"),
        JoinRequest.expires_at.label("asked_until"),
        joinable.space_of(Registration.email_key, Registration.roll_id).label("space_id"),
        of_another(Registration.email_key, Registration.roll_id).label("taken"),
        leaving.is_there(Registration.email_key, Registration.roll_id).label("there"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .outerjoin(OutboxMail, OutboxMail.id == Registration.letter_id)
    .outerjoin(Takeover, Takeover.id == Registration.id)
    .outerjoin(Leaving, Leaving.id == Registration.id)
    .outerjoin(JoinRequest, JoinRequest.id == Registration.id)
    .where(Registration.id == bindparam("which"))
)
_FOUND = Prepared(RegistrationRow, _BY_ID)
_LOCKED = Prepared(
    RegistrationRow, _BY_ID.with_for_update(of=[RollEntry, Registration], key_share=True)
)


def load(work: Work, registration_id: str, *, lock: bool = False) -> RegistrationRow | None:
    """The registration of this id. `lock` takes a row lock, on its letter first."""
    return (_LOCKED if lock else _FOUND).first(work.db, {"which": registration_id})


class Proved(Protocol):
    """A registration, with the letter that proved it, its member's letter of today and status."""

    @property
    def expires_at(self) -> datetime: ...
    @property
    def code_mac(self) -> bytes | None: ...
    @property
    def letter_mac(self) -> bytes: ...
    @property
    def status(self) -> str: ...


def is_void(work: Work, row: Proved) -> bool:
    """Whether its day is over, the letter that proved it is no longer the member's, they left or
    died, or their space is suspended: who has the letter is told when they prove it anew."""
    moved = row.code_mac != row.letter_mac or row.status in NO_ENTRY
    return moved or row.expires_at <= work.now


def waiting(work: Work, registration_id: str | None) -> RegistrationRow:
    """A registration in waiting, locked. Raises Refusal: registration_over, registration_done."""
    row = load(work, registration_id, lock=True) if registration_id else None
    if row is not None and row.state == "confirmed":
        raise Refusal("registration_done")
    if row is None or row.state != "waiting" or is_void(work, row):
        raise Refusal("registration_over")
    return row
