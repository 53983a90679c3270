"""Confirming a registration: by the mailed link or by the activation code, once, on any device.

It makes the account (new_account.py) and its proof of terms, uses up the letter, and opens no
session. The newer letter of a member who has an account makes a takeover instead
(services/takeover/waiting.py), or, in a space of several, leaves it
(services/household/leaving.py); an address that opens a space already asks its owner
(services/household/joining.py).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, bindparam, case, or_, update

from webapp.models import Registration
from webapp.models.base import Moment, table
from webapp.models.prepared import PreparedChange
from webapp.rules import lifetimes, limits
from webapp.rules.persons import name_of
from webapp.rules.ranks import OfRegistration, Session
from webapp.rules.refusals import Refusal
from webapp.services.account import terms
from webapp.services.household import joinable, joining, leaving
from webapp.services.kernel import journal, mailed_codes, thanks, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.registration import confirmable, new_account, stored
from webapp.services.registration.confirmable import Found
from webapp.services.takeover import waiting

_NOW = bindparam("now", type_=Moment)


@dataclass(frozen=True)
class ConfirmationLink:
    """What a link is worth: `state` is ready, confirmed, over, or unknown (not ours).

    Once it confirmed a takeover: the state of that, and when it takes effect. Once it confirmed a
    request to join a space: `join` is what became of it (services/household/joinable.py),
    `join_until` its end. `address`: whose link it is, "" once it is confirmed.
    """

    state: str
    takeover: str | None = None
    effective_at: datetime | None = None
    registration_id: str | None = None
    address: str = ""
    join: str | None = None
    join_until: datetime | None = None

    def is_of(self, session: Session | None) -> bool:
        """Whether the browser of this session is the one that registered."""
        known = session.registration_id if isinstance(session, OfRegistration) else None
        return known is not None and known == self.registration_id


def look(work: Work, token: str) -> ConfirmationLink:
    """What a link is worth, changing nothing."""
    state, row = _judge(work, token)
    if row is None:
        return ConfirmationLink(state)
    return _told(work, state, row)


def link_state(work: Work, token: str) -> str:
    """What a link is worth, in one word, changing nothing."""
    return look(work, token).state


def _judge(work: Work, token: str) -> tuple[str, Found | None]:
    """A link's state and its registration, in one reading."""
    opened = work.world.seals.open_link("registration", token)
    if opened is None:
        return "unknown", None
    link_id, made_at = opened
    row = confirmable.by_link_id(work, link_id)
    if row is not None and row.state == "confirmed":
        return "confirmed", row
    late = made_at + lifetimes.REGISTRATION <= work.now
    if row is None or late or row.state != "waiting" or stored.is_void(work, row):
        return "over", None
    return "ready", row


def by_link(work: Work, token: str) -> str:
    """Confirm by link; returns the link's state afterwards. A second use is no error.

    Raises Refusal: email_taken (the address got an account in between), joins_full (too many wait
    for the owner of its space).
    """
    state, row = _judge(work, token)
    if state != "ready" or row is None:
        return state
    return "confirmed" if _confirm(work, row, by="link") else "over"


def by_code(work: Work, registration_id: str | None, *, code: str) -> ConfirmationLink:
    """Confirm by the 13-digit activation code, five wrong ones an hour; returns what it came to.

    Raises Refusal: activation_wrong, activation_closed, registration_over, email_taken,
    joins_full.
    """
    row = confirmable.by_id(work, registration_id)
    if row is None or (row.state != "confirmed" and stored.is_void(work, row)):
        raise Refusal("registration_over")
    if row.state == "confirmed":
        return _told(work, "confirmed", row)
    throttle.spend(
        work, limits.ACTIVATION_CODE, row.id, "activation_closed", field="activation_code"
    )
    work.settle()
    if mailed_codes.verdict(work, "activation_code", row.link_id, code, row.codes) != "right":
        journal.write(work, "registration.code_refused", roll_id=row.roll_id)
        refusal = Refusal("activation_wrong", "activation_code")
        raise throttle.failed(work, refusal, gated=False)
    # no refund: a confirmed registration asks for no code again
    end = _confirm(work, row, by="code")
    if end is None:
        raise Refusal("registration_over")
    return end


def _told(work: Work, state: str, row: Found) -> ConfirmationLink:
    joins = state == "confirmed" and row.joins
    join = joinable.outcome(
        work, joins=joins, until=row.asked_until, is_in=row.account_id is not None
    )
    own = (row.takeover, row.effective_at, row.id, row.email)
    return ConfirmationLink(state, *own, join, row.asked_until)


def _confirm(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    """Make the account, the takeover or the request from the registration. One statement does it,
    and of several callers only one passes.

    None when the registration is not confirmed: another has just replaced it.
    """
    if row.shares:
        return _leave(work, row, by=by) or _was_confirmed(work, row, by=by)
    if row.own_id is not None:
        return _take_over(work, row, by=by) or _was_confirmed(work, row, by=by)
    if joinable.joins(work, row.space_id, row.account_id) is not None:
        return _ask(work, row, by=by) or _was_confirmed(work, row, by=by)
    if row.joins and not row.taken:
        return None  # its mail spoke of a space that is no more, and promised no other
    return _open(work, row, by=by) or _was_confirmed(work, row, by=by)


def _take_over(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    if waiting.begin(work, row, by=by) is None:
        return None
    _wipe(work, row)
    return ConfirmationLink("confirmed", "waiting", work.now + lifetimes.TAKEOVER)


def _leave(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    if leaving.begin(work, row, by=by) is None:
        return None
    _wipe(work, row)
    return ConfirmationLink("confirmed", "waiting", work.now + lifetimes.TAKEOVER)


def _ask(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    """Ask the owner of the space that the address opens; None when that was not to be."""
    until = joining.ask(work, row, name=name_of(row), by=by)
    if until is None:
        return None
    _wipe(work, row, joins=True)
    if row.owed:
        thanks.thank(work)
    return ConfirmationLink("confirmed", join="waiting", join_until=until)


def _open(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    """A space of their own; None when that was not to be. A mail that is kept tells the way back
    to it, and warns the owner of the address."""
    account_id = new_account.make(work, row.id, link_id=row.link_id)
    if account_id is None:
        return None
    if row.asked:
        joining.void(work, row.roll_id)
    terms.keep_proof(work, account_id, row)
    _wipe(work, row)
    if row.owed:
        thanks.thank(work)
    notices.tell(work, "space_opened", to=row.email, roll_id=row.roll_id)
    journal.write(
        work,
        "registration.confirmed",
        account_id=account_id,
        roll_id=row.roll_id,
        by=by,
        terms=row.terms_version,
    )
    return ConfirmationLink("confirmed")


_OWN = Registration.id == bindparam("which")
_WIPE = PreparedChange(
    update(table(Registration))
    .where(Registration.roll_id == bindparam("whose"), or_(_OWN, Registration.state != "waiting"))
    .values(
        state=case((_OWN, "confirmed"), else_="draft"),
        email="",
        email_key="",
        password_hash="",
        password_tag=None,
        codes="",
        terms_origin="",
        joins=bindparam("joining", type_=Boolean),
        letter_id=None,
        expires_at=case((_OWN, bindparam("linked", type_=Moment)), else_=_NOW),
    )
)


def _wipe(work: Work, row: Found, *, joins: bool = False) -> None:
    """Mark the registration as confirmed, and end every other one of the same letter that does not
    wait. None of these rows keeps personal data; the purge removes them."""
    moments = {"now": work.now, "linked": work.now + lifetimes.CONFIRMED_LINK}
    _WIPE.run(work.db, {"which": row.id, "whose": row.roll_id, "joining": joins} | moments)


def _was_confirmed(work: Work, row: Found, *, by: str) -> ConfirmationLink | None:
    """Why nothing was made: what another request confirmed first; None when the link or the letter
    was replaced, or the space to be joined is no more. A space that has just come to this address
    is asked.

    Raises Refusal: email_taken when the address got an account meanwhile, joins_full.
    """
    current = confirmable.by_id(work, row.id)
    if current is None or current.state == "confirmed":
        return _told(work, "confirmed", current) if current else None
    if current.state != "waiting" or current.link_id != row.link_id:
        return None
    if stored.is_void(work, current) or current.used:
        return None
    if joinable.joins(work, current.space_id, current.account_id) is not None:
        asked = None if row.space_id else _ask(work, current, by=by)
        if asked is None:
            raise Refusal("joins_full")
        return asked
    if current.joins and not current.taken:
        return None
    journal.write(work, "registration.address_conflict", roll_id=row.roll_id)
    raise Refusal("email_taken")
