"""Confirming a registration: by the mailed link or by the activation code, once, on any device.

It makes the account (new_account.py) and its proof of terms, uses up the letter, and opens no
session. The newer letter of a member who has an account makes a takeover instead
(services/takeover/waiting.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, or_, select, update

from webapp.models import Account, Registration, RollEntry, Takeover
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import OfRegistration, Session
from webapp.rules.refusals import Refusal
from webapp.services.account import terms
from webapp.services.kernel import journal, mailed_codes, thanks, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.registration import new_account, pending
from webapp.services.takeover import waiting

_NOW = bindparam("now", type_=Moment)


class Found(NamedTuple):
    """A registration to be confirmed, with its member's letter, account and takeover."""

    id: str
    roll_id: int
    code_mac: bytes | None
    state: str
    email: str
    link_id: str
    codes: str
    terms_version: str
    terms_hash: str
    terms_at: datetime | None
    terms_origin: str
    expires_at: datetime
    letter_mac: bytes
    status: str
    account_id: int | None
    used: bool | None
    takeover: str | None
    effective_at: datetime | None
    owed: int | None


_FOUND = (
    select(
        Registration.id,
        Registration.roll_id,
        Registration.code_mac,
        Registration.state,
        Registration.email,
        Registration.link_id,
        Registration.codes,
        Registration.terms_version,
        Registration.terms_hash,
        Registration.terms_at,
        Registration.terms_origin,
        Registration.expires_at,
        RollEntry.code_mac.label("letter_mac"),
        RollEntry.status,
        Account.id.label("account_id"),
        (Account.code_mac == RollEntry.code_mac).label("used"),
        Takeover.state.label("takeover"),
        Takeover.effective_at,
        thanks.owed().label("owed"),
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .outerjoin(Account, Account.roll_id == RollEntry.id)
    .outerjoin(Takeover, Takeover.id == Registration.id)
)
_BY_LINK = Prepared(Found, _FOUND.where(Registration.link_id == bindparam("which")))
_BY_ID = Prepared(Found, _FOUND.where(Registration.id == bindparam("which")))


@dataclass(frozen=True)
class ConfirmationLink:
    """What a link is worth: `state` is ready, confirmed, over, or unknown (not ours).

    Once it confirmed a takeover: the state of that, and when it takes effect. `address`: whose link
    it is, "" once it is confirmed.
    """

    state: str
    takeover: str | None = None
    effective_at: datetime | None = None
    registration_id: str | None = None
    address: str = ""

    def is_of(self, session: Session | None) -> bool:
        """Whether the browser of this session is the one that registered."""
        known = session.registration_id if isinstance(session, OfRegistration) else None
        return known is not None and known == self.registration_id


def look(work: Work, token: str) -> ConfirmationLink:
    """What a link is worth, changing nothing."""
    state, row = _judge(work, token)
    if row is None:
        return ConfirmationLink(state)
    return ConfirmationLink(state, row.takeover, row.effective_at, row.id, row.email)


def link_state(work: Work, token: str) -> str:
    """What a link is worth, in one word, changing nothing."""
    return look(work, token).state


def _judge(work: Work, token: str) -> tuple[str, Found | None]:
    """A link's state and its registration, in one reading."""
    opened = work.world.seals.open_link("registration", token)
    if opened is None:
        return "unknown", None
    link_id, made_at = opened
    row = _by_link(work, link_id)
    if row is not None and row.state == "confirmed":
        return "confirmed", row
    late = made_at + lifetimes.REGISTRATION <= work.now
    if row is None or late or row.state != "waiting" or pending.is_void(work, row):
        return "over", None
    return "ready", row


def by_link(work: Work, token: str) -> str:
    """Confirm by link; returns the link's state afterwards. A second use is no error.

    Raises Refusal("email_taken") when the address got an account in between.
    """
    state, row = _judge(work, token)
    if state != "ready" or row is None:
        return state
    return "confirmed" if _confirm(work, row, by="link") else "over"


def by_code(work: Work, registration_id: str | None, *, code: str) -> ConfirmationLink:
    """Confirm by the 13-digit activation code, five wrong ones an hour; returns what it came to.

    Raises Refusal: activation_wrong, activation_closed, registration_over, email_taken.
    """
    row = _by_id(work, registration_id)
    if row is None or (row.state != "confirmed" and pending.is_void(work, row)):
        raise Refusal("registration_over")
    if row.state == "confirmed":
        return ConfirmationLink("confirmed", row.takeover, row.effective_at)
    throttle.spend(
        work, limits.ACTIVATION_CODE, row.id, "activation_closed", field="activation_code"
    )
    work.settle()
    if mailed_codes.verdict(work, "activation_code", row.link_id, code, row.codes) != "right":
        journal.write(work, "registration.code_refused", roll_id=row.roll_id)
        refusal = Refusal("activation_wrong", "activation_code")
        raise throttle.failed(work, refusal, gated=False)
    # no refund: a confirmed registration asks for no code again
    if not _confirm(work, row, by="code"):
        raise Refusal("registration_over")
    if row.account_id is None:
        return ConfirmationLink("confirmed")
    return ConfirmationLink("confirmed", "waiting", work.now + lifetimes.TAKEOVER)


def _confirm(work: Work, row: Found, *, by: str) -> bool:
    """Make the account, or the takeover, from the registration. One statement does it, and of
    several callers only one passes. A mail that is kept tells the way back to a new space, and
    warns the owner of the address.

    Returns whether the registration is confirmed: not when another has just replaced it.
    """
    if row.account_id is not None:
        if waiting.begin(work, row, by=by) is None:
            return _was_confirmed(work, row)
        _wipe(work, row)
        return True
    account_id = new_account.make(work, row.id, link_id=row.link_id)
    if account_id is None:
        return _was_confirmed(work, row)
    terms.keep_proof(work, account_id, row)
    _wipe(work, row)
    if row.owed:
        thanks.thank(work)
    notices.tell(work, "space_opened", to=row.email)
    journal.write(
        work,
        "registration.confirmed",
        account_id=account_id,
        roll_id=row.roll_id,
        by=by,
        terms=row.terms_version,
    )
    return True


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
        letter_id=None,
        expires_at=case((_OWN, bindparam("linked", type_=Moment)), else_=_NOW),
    )
)


def _wipe(work: Work, row: Found) -> None:
    """Mark the registration as confirmed, and end every other one of the same letter that does not
    wait. None of these rows keeps personal data; the purge removes them."""
    moments = {"now": work.now, "linked": work.now + lifetimes.CONFIRMED_LINK}
    _WIPE.run(work.db, {"which": row.id, "whose": row.roll_id} | moments)


def _was_confirmed(work: Work, row: Found) -> bool:
    """Why no account was made: True when another request confirmed this registration first, False
    when its link or letter was replaced.

    Raises Refusal("email_taken") when the address got an account meanwhile.
    """
    current = _by_id(work, row.id)
    if current is None or current.state != "waiting" or current.link_id != row.link_id:
        return current is not None and current.state == "confirmed"
    if pending.is_void(work, current) or current.used:
        return False
    journal.write(work, "registration.address_conflict", roll_id=row.roll_id)
    raise Refusal("email_taken")


def _by_link(work: Work, link_id: str) -> Found | None:
    return _BY_LINK.first(work.db, {"which": link_id} | thanks.owing(work))


def _by_id(work: Work, registration_id: str | None) -> Found | None:
    if not registration_id:
        return None
    return _BY_ID.first(work.db, {"which": registration_id} | thanks.owing(work))
