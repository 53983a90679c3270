"""Registration: the terms accepted, the mail sent (pending_mail.py). The letter is proved in
drafts.py, before; the link is confirmed in confirmation.py, after."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import String, bindparam, delete, literal_column, select

from webapp.models import Account, OutboxMail, Registration, RollEntry, Takeover
from webapp.models.base import Moment, table
from webapp.models.outbox import WAITS
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import limits
from webapp.rules.delivery_reports import Outcome
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, throttle
from webapp.services.kernel.work import Work
from webapp.services.registration import pending_mail
from webapp.services.takeover.waiting import of_another


@dataclass(frozen=True)
class RegistrationFacts:
    """A registration as its screens show it. `state`: draft, waiting, confirmed or over.

    `undeliverable`: its mail was refused, or came back. `late`: it could not leave yet.
    `newer`: its member has an account already, which it is to take over. `takeover` is the state
    of that once it is confirmed, `effective_at` when it takes effect.
    """

    state: str
    email: str
    number: str
    mailed_at: datetime | None
    expires_at: datetime
    undeliverable: bool = False
    late: bool = False
    newer: bool = False
    takeover: str | None = None
    effective_at: datetime | None = None


class RegistrationRow(NamedTuple):
    """A registration, with the state of its letter, its mail, its account and its takeover."""

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
    mailed_at: datetime | None
    expires_at: datetime
    number: str
    letter_mac: bytes
    account_id: int | None
    mail_state: str | None
    takeover: str | None
    effective_at: datetime | None
    taken: bool


_TABLE = table(Registration)
_MAIL_STATE = literal_column(
    f"CASE WHEN outbox.outcome = '{Outcome.FAILED.value}' THEN 'failed'"
    f" WHEN outbox.{WAITS} AND outbox.last_error <> '' THEN 'late' ELSE outbox.state END",
    String,
).label("mail_state")
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
        Registration.mailed_at,
        Registration.expires_at,
        RollEntry.number,
        RollEntry.code_mac.label("letter_mac"),
        Account.id.label("account_id"),
        _MAIL_STATE,
        Takeover.state.label("takeover"),
        Takeover.effective_at,
        of_another(Registration.email_key, Registration.roll_id).label("taken"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .outerjoin(Account, Account.roll_id == RollEntry.id)
    .outerjoin(OutboxMail, OutboxMail.id == Registration.letter_id)
    .outerjoin(Takeover, Takeover.id == Registration.id)
    .where(Registration.id == bindparam("which"))
)
_FOUND = Prepared(RegistrationRow, _BY_ID)
_LOCKED = Prepared(
    RegistrationRow, _BY_ID.with_for_update(of=[RollEntry, Registration], key_share=True)
)


def find(work: Work, registration_id: str | None) -> RegistrationFacts | None:
    """The registration that a session carries, None when it was replaced or purged."""
    if registration_id is None:
        return None
    row = load(work, registration_id)
    if row is None:
        return None
    over = row.state != "confirmed" and is_void(work, row)
    return RegistrationFacts(
        "over" if over else row.state,
        row.email,
        row.number,
        row.mailed_at,
        row.expires_at,
        row.state == "waiting" and row.mail_state == "failed",
        row.state == "waiting" and row.mail_state == "late",
        row.account_id is not None,
        row.takeover,
        row.effective_at,
    )


class _Accepted(NamedTuple):
    state: str
    roll_id: int
    email: str
    link_id: str
    account_id: int | None
    used: bool | None
    taken: bool


_ACCEPTED = Prepared(
    _Accepted,
    select(
        Registration.state,
        Registration.roll_id,
        Registration.email,
        Registration.link_id,
        Account.id.label("account_id"),
        (Account.code_mac == RollEntry.code_mac).label("used"),
        of_another(Registration.email_key, Registration.roll_id).label("taken"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .outerjoin(Account, Account.roll_id == RollEntry.id)
    .where(Registration.id == bindparam("which"))
    .where(Registration.expires_at > bindparam("now", type_=Moment))
    .where(Registration.code_mac == RollEntry.code_mac)
    # two browsers with one letter, or two taps in one: one after the other. The registration
    # is locked with its letter, else the second would read it as it was before the first
    .with_for_update(of=[RollEntry, Registration], key_share=True),
)
_REPLACED = PreparedChange(
    delete(_TABLE).where(_TABLE.c.roll_id == bindparam("whose"), _TABLE.c.state == "waiting")
)


def accept_terms(work: Work, registration_id: str | None) -> None:
    """Step 2: the terms are accepted, the registration waits, the mail is written.

    Twice is once: a registration that waits already stays as it is. A former one of the same
    letter is replaced, and its link dies. Raises Refusal: registration_over, registration_done,
    mail_closed.
    """
    row = _ACCEPTED.first(work.db, {"which": registration_id, "now": work.now})
    if row is None or registration_id is None:
        raise Refusal("registration_over")
    if row.state != "draft":
        return
    if row.used:
        raise Refusal("registration_done")
    throttle.spend(work, limits.REGISTRATION_MAIL, str(row.roll_id), "mail_closed")
    _REPLACED.run(work.db, {"whose": row.roll_id})
    terms = work.world.terms
    pending_mail.write(
        work,
        registration_id,
        row.email,
        row.link_id,
        taken=row.taken,
        newer=row.account_id is not None,
        pieces="",
        state="waiting",
        terms_version=terms.version,
        terms_hash=terms.text_hash,
        terms_at=work.now,
        terms_origin=work.origin,
    )
    journal.write(
        work,
        "registration.submitted",
        roll_id=row.roll_id,
        terms=terms.version,
        address_taken=row.taken,
    )


def resend(work: Work, registration_id: str | None) -> None:
    """Send the mail again, once a minute and five times an hour; earlier mails stay good.

    Raises Refusal: resend_soon, resend_closed, registration_over, registration_done.
    """
    row = waiting(work, registration_id)
    since = work.now - row.mailed_at if row.mailed_at else limits.RESEND_PAUSE
    if since < limits.RESEND_PAUSE:
        raise Refusal("resend_soon", wait=limits.RESEND_PAUSE - since)
    throttle.spend(work, limits.REGISTRATION_RESEND, str(row.roll_id), "resend_closed")
    newer = row.account_id is not None
    to, link_id = row.email, row.link_id
    pending_mail.write(work, row.id, to, link_id, taken=row.taken, newer=newer, pieces=row.codes)
    journal.write(work, "registration.mail_resent", roll_id=row.roll_id)


def load(work: Work, registration_id: str, *, lock: bool = False) -> RegistrationRow | None:
    """The registration with the state of its letter and its account. `lock` takes a row lock."""
    return (_LOCKED if lock else _FOUND).first(work.db, {"which": registration_id})


class Proved(Protocol):
    """A registration, with the letter that proved it and its member's letter of today."""

    @property
    def expires_at(self) -> datetime: ...
    @property
    def code_mac(self) -> bytes | None: ...
    @property
    def letter_mac(self) -> bytes: ...


def is_void(work: Work, row: Proved) -> bool:
    """Whether its day is over, or the letter that proved it is no longer the member's."""
    return row.expires_at <= work.now or row.code_mac != row.letter_mac


def waiting(work: Work, registration_id: str | None) -> RegistrationRow:
    """A registration in waiting, locked. Raises Refusal: registration_over, registration_done."""
    row = load(work, registration_id, lock=True) if registration_id else None
    if row is not None and row.state == "confirmed":
        raise Refusal("registration_done")
    if row is None or row.state != "waiting" or is_void(work, row):
        raise Refusal("registration_over")
    return row
