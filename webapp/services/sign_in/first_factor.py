"""Signing in: the password, then the mailed security code, a step of the member's own
choice, or the trusted device in its place."""

from datetime import datetime, timedelta

from sqlalchemy import update

from webapp.models import Account
from webapp.rules import credentials, limits
from webapp.rules.ranks import Rank, Session
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import NO_ENTRY
from webapp.services.kernel import journal, membership, new_sessions, password_tags, throttle
from webapp.services.kernel.work import Work
from webapp.services.sign_in import candidates, devices, finish, mailed_code, own_tries
from webapp.services.sign_in.candidates import (
    AccountFound,
    Candidates,
    RegistrationFound,
    TakeoverFound,
)
from webapp.services.sign_in.finish import Entered

Waiting = RegistrationFound | TakeoverFound


def password(
    work: Work,
    *,
    email: str,
    password: str,
    remember: bool,
    device_secret: str | None,
    browser: str,
    agent: str,
    previous: Session | None,
    own_pass: str | None = None,
) -> Entered:
    """The first step. `browser` is any stable secret of this browser, `agent` its name for people,
    `own_pass` what gives it tries of its own (services/sign_in/own_tries.py).

    Leads to « code », to « member » on a trusted device, to « waiting » for a registration that
    is not confirmed. Raises Refusal: sign_in_wrong, password_closed, origin_closed, mail_closed,
    new_access_waits (a newer letter's access, before its day is over), membership_over (something
    that waits for a member who left or died; the space of one is closed by its session's rank),
    space_held (a newer letter's, while the space is suspended).
    """
    address = credentials.email_key(email)
    found = candidates.find(work, address, device_secret)
    account = found.account
    device_id = account.device_id if account else None
    # counted for this password: once it changes, the delay that wrong ones brought is forgotten
    stored = account.password_hash if account else ""
    subject = f"device:{device_id}" if device_id else f"{address} {stored}"
    whose = account.account_id if account else 0  # nobody's: the same work
    own = None if device_id else own_tries.spend(work, whose, own_pass)
    spend = throttle.spend if device_id else throttle.guess
    used = 0 if own else spend(work, limits.PASSWORD, subject, "password_closed")
    spent = (limits.OWN_TRIES, own) if own else (limits.PASSWORD, subject)
    work.settle()
    with throttle.unless_busy(work, *spent):
        match = _matching(work, password, found)
    if match is None:
        raise _wrong_password(work, account, address, used, device_id, own=bool(own))
    if not isinstance(match, AccountFound):
        # a letter's holder may register with somebody else's address, and signs in to that with a
        # password of their own: it gives no try at the owner's back, and tells of no owner
        throttle.give_back(work, *spent)
        return _to_waiting(work, match, previous)
    if not own:
        throttle.refund(work, *spent)
    _renew_hash(work, match, password)
    if device_id and devices.used(work, device_id, match.account_id, match.epoch):
        return finish.straight(work, match, previous, by="device", agent=agent, device_id=device_id)
    return mailed_code.ask(
        work,
        match,
        remember=remember,
        browser=browser,
        agent=agent,
        previous=previous,
        spared=bool(own),
    )


def _matching(work: Work, typed: str, found: Candidates) -> AccountFound | Waiting | None:
    """The candidate whose password it is. The account's is checked whatever waits, nobody's when
    there is none; then those that wait, each only when its tag says that it may be: one in 256
    wrong passwords costs a check more, alike with and without an account."""

    def is_of(row: AccountFound | Waiting | None) -> bool:
        stored = row.password_hash if row else None
        return work.world.hasher.verify(stored, typed, found.in_use)

    if is_of(found.account):
        return found.account
    for row in found.waiting:
        if password_tags.may_be(work, row.password_tag, row.roll_id, typed) and is_of(row):
            return row
    return None


def _wrong_password(
    work: Work,
    account: AccountFound | None,
    address: str,
    used: int,
    device_id: int | None,
    *,
    own: bool,
) -> Refusal:
    """What a wrong password is told. A trusted device and the owner's own tries count apart: they
    neither close their address of origin nor are refused by it."""
    account_id = account.account_id if account else None
    journal.write(
        work, "sign_in.password_refused", account_id=account_id, known_device=bool(device_id)
    )
    if used and used % limits.PASSWORD_NOTICE_AT == 0:
        shut = account is not None and account.status in NO_ENTRY  # nothing can be broken into
        own_tries.warn(work, None if shut else account, address=address)
    refusal = Refusal("sign_in_wrong")
    return refusal if own or device_id else throttle.failed(work, refusal)


def _renew_hash(work: Work, account: AccountFound, typed: str) -> None:
    """Hash again with today's settings when the stored hash was made with weaker ones."""
    if not work.world.hasher.outdated(account.password_hash):
        return
    work.settle()
    renewed = work.world.hasher.hash(typed)
    work.db.execute(
        update(Account)
        .where(Account.id == account.account_id, Account.password_hash == account.password_hash)
        .values(password_hash=renewed)
    )


def _not_yet(work: Work, opens_at: datetime) -> Refusal:
    """The refusal of a right password whose access opens within a day; it waits whole hours."""
    journal.write(work, "sign_in.password_accepted", waiting=True)
    hours = max(-((work.now - opens_at) // timedelta(hours=1)), 1)
    return Refusal("new_access_waits", wait=timedelta(hours=hours))


def _to_waiting(work: Work, waiting: Waiting, previous: Session | None) -> Entered:
    if shut := membership.refusal(waiting.status):
        raise shut
    if isinstance(waiting, TakeoverFound):
        # asked here alone: every sign-in runs the statement of the candidates
        if membership.is_held(work, waiting.roll_id):
            raise Refusal("space_held")
        raise _not_yet(work, waiting.opens_at)
    journal.write(work, "sign_in.password_accepted", waiting=True)
    token, session = new_sessions.of_registration(
        work, Rank.WAITING, previous, waiting.registration_id
    )
    return Entered(token, session)
