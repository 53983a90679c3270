"""Registration: the terms accepted, the mail sent (pending_mail.py). The letter is proved in
drafts.py, before; the link is confirmed in confirmation.py, after."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from webapp.models import Registration, RollEntry
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import limits
from webapp.rules.refusals import Refusal
from webapp.services.household import joinable, joining, leaving
from webapp.services.kernel import household, journal, membership, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail.fates import Fate
from webapp.services.registration import pending_mail, stored
from webapp.services.takeover.waiting import of_another


@dataclass(frozen=True)
class RegistrationFacts:
    """A registration as its screens show it. `state`: draft, waiting, confirmed or over.

    `undeliverable`: its mail was refused, or came back. `late`: it could not leave yet.
    `newer`: its member has a space already, which it is to take over; `leaves`: one of several,
    which it is to leave. `takeover` is the state
    of that once it is confirmed, `effective_at` when it takes effect. `join`: once confirmed, what
    became of its request to join a space (services/household/joinable.py), `join_until` its end.
    """

    state: str
    email: str
    number: str
    mailed_at: datetime | None
    expires_at: datetime
    undeliverable: bool = False
    late: bool = False
    newer: bool = False
    leaves: bool = False
    takeover: str | None = None
    effective_at: datetime | None = None
    join: str | None = None
    join_until: datetime | None = None


def find(work: Work, registration_id: str | None) -> RegistrationFacts | None:
    """The registration that a session carries, None when it was replaced or purged. Before it is
    confirmed nothing in it tells whether its address was known."""
    if registration_id is None:
        return None
    row = stored.load(work, registration_id)
    if row is None:
        return None
    confirmed = row.state == "confirmed"
    over = not confirmed and stored.is_void(work, row)
    is_in = row.account_id is not None
    join = joinable.outcome(work, joins=confirmed and row.joins, until=row.asked_until, is_in=is_in)
    return RegistrationFacts(
        "over" if over else row.state,
        row.email,
        row.number,
        row.mailed_at,
        row.expires_at,
        row.state == "waiting" and row.mail_state == Fate.FAILED,
        row.state == "waiting" and row.mail_state == Fate.LATE,
        is_in,
        row.shares,
        row.takeover,
        row.effective_at,
        join,
        row.asked_until,
    )


class _Accepted(NamedTuple):
    state: str
    roll_id: int
    email: str
    link_id: str
    number: str
    civility: str
    first_name: str
    last_name: str
    account_id: int | None
    shares: bool
    used: bool | None
    asked: bool
    space_id: int | None
    taken: bool
    there: bool


_ACCEPTED = Prepared(
    _Accepted,
    select(
        Registration.state,
        Registration.roll_id,
        Registration.email,
        Registration.link_id,
        RollEntry.number,
        RollEntry.civility,
        RollEntry.first_name,
        RollEntry.last_name,
        household.account_of(RollEntry.id).label("account_id"),
        leaving.shares(RollEntry.id).label("shares"),
        (household.mac_used_by(RollEntry.id) == RollEntry.code_mac).label("used"),
        joinable.asked(RollEntry.id).label("asked"),
        joinable.space_of(Registration.email_key, Registration.roll_id).label("space_id"),
        of_another(Registration.email_key, Registration.roll_id).label("taken"),
        leaving.is_there(Registration.email_key, Registration.roll_id).label("there"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .where(Registration.id == bindparam("which"))
    .where(Registration.expires_at > bindparam("now", type_=Moment))
    .where(Registration.code_mac == RollEntry.code_mac, membership.goes_on())
    # two browsers with one letter, or two taps in one: one after the other. The registration
    # is locked with its letter, else the second would read it as it was before the first
    .with_for_update(of=[RollEntry, Registration], key_share=True),
)
_REPLACED = PreparedChange(
    delete(table(Registration)).where(
        Registration.roll_id == bindparam("whose"), Registration.state == "waiting"
    )
)


def accept_terms(work: Work, registration_id: str | None) -> None:
    """Step 2: the terms are accepted, the registration waits, the mail is written.

    Twice is once: a registration that waits already stays as it is. A former one of the same
    letter is replaced, and its link dies; so is what a former one asked for
    (services/household/joining.py). Raises Refusal: registration_over, registration_done,
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
    if row.asked:
        joining.void(work, row.roll_id)
    terms = work.world.terms
    pending_mail.write(
        work,
        registration_id,
        row,
        pending_mail.Address(row.email, row.space_id, row.taken, row.there),
        link_id=row.link_id,
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
    row = stored.waiting(work, registration_id)
    since = work.now - row.mailed_at if row.mailed_at else limits.RESEND_PAUSE
    if since < limits.RESEND_PAUSE:
        raise Refusal("resend_soon", wait=limits.RESEND_PAUSE - since)
    throttle.spend(work, limits.REGISTRATION_RESEND, str(row.roll_id), "resend_closed")
    address = pending_mail.Address(row.email, row.space_id, row.taken, row.there)
    pending_mail.write(work, row.id, row, address, link_id=row.link_id, pieces=row.codes)
    journal.write(work, "registration.mail_resent", roll_id=row.roll_id)
