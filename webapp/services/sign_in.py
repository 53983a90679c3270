"""Signing in: the password, then the mailed security code, a step of the member's own
choice, or the trusted device in its place."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    LargeBinary,
    String,
    and_,
    bindparam,
    cast,
    false,
    literal,
    null,
    select,
    union_all,
    update,
)

from webapp.models import Account, Device, Registration, Takeover
from webapp.models.base import Moment
from webapp.models.prepared import Prepared
from webapp.rules import credentials, limits
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import (
    devices,
    journal,
    own_steps,
    own_tries,
    second_step,
    security_code,
    sessions,
    throttle,
)
from webapp.services.second_step import Entered
from webapp.services.sessions import SessionFacts
from webapp.services.work import AnyRow, Work


def _all_candidates() -> CompoundSelect[Any]:
    address = bindparam("address", type_=String)
    now = bindparam("now", type_=Moment)
    account = (
        select(
            literal("account").label("kind"),
            Account.id.label("account_id"),
            cast(null(), String).label("registration_id"),
            Account.email,
            Account.password_hash,
            Account.terms_version,
            Device.id.label("device_id"),
            cast(null(), Moment).label("opens_at"),
            *own_steps.columns(),
        )
        .outerjoin(
            Device,
            and_(
                Device.account_id == Account.id,
                Device.secret_hash == bindparam("held", type_=LargeBinary),
                Device.trusted,
                Device.expires_at > now,
            ),
        )
        .where(Account.email_key == address)
    )
    waiting = (
        select(
            literal("waiting").label("kind"),
            cast(null(), Integer).label("account_id"),
            Registration.id,
            Registration.email,
            Registration.password_hash,
            cast(null(), String).label("terms_version"),
            cast(null(), Integer).label("device_id"),
            cast(null(), Moment).label("opens_at"),
            *(false().label(f"own_{at}") for at, _ in enumerate(own_steps.columns())),
        )
        .where(Registration.email_key == address, Registration.state == "waiting")
        .where(Registration.expires_at > now)
        .order_by(Registration.terms_at.desc())
        .limit(1)
        .subquery()
    )
    taking_over = (
        select(
            literal("takeover").label("kind"),
            cast(null(), Integer).label("account_id"),
            cast(null(), String).label("registration_id"),
            Takeover.email,
            Takeover.password_hash,
            cast(null(), String).label("terms_version"),
            cast(null(), Integer).label("device_id"),
            Takeover.effective_at.label("opens_at"),
            *(false().label(f"own_{at}") for at, _ in enumerate(own_steps.columns())),
        )
        .where(Takeover.email_key == address, Takeover.state == "waiting")
        .order_by(Takeover.effective_at.desc())
        .limit(1)
        .subquery()
    )
    return union_all(account, select(waiting), select(taking_over))


_CANDIDATES = Prepared(_all_candidates())


def password(
    work: Work,
    *,
    email: str,
    password: str,
    remember: bool,
    device_secret: str | None,
    browser: str,
    agent: str,
    previous: SessionFacts | None,
    own_pass: str | None = None,
) -> Entered:
    """The first step. `browser` is any stable secret of this browser, `agent` its name for people,
    `own_pass` what gives it tries of its own (services/own_tries.py).

    Leads to « code », to « member » on a trusted device, to « waiting » for a registration that
    is not confirmed. Raises Refusal: sign_in_wrong, password_closed, origin_closed, mail_closed,
    new_access_waits (a newer letter's access, before its day is over).
    """
    account, waiting = _candidates(work, credentials.email_key(email), device_secret)
    device_id = account.device_id if account else None
    # counted for this password: once it changes, the delay that wrong ones brought is forgotten
    stored = account.password_hash if account else ""
    subject = f"device:{device_id}" if device_id else f"{credentials.email_key(email)} {stored}"
    own = not device_id and account is not None and own_tries.spend(work, account, own_pass)
    spend = throttle.spend if device_id else throttle.guess
    used = 0 if own else spend(work, limits.PASSWORD, subject, "password_closed")
    work.settle()
    match = _matching(work, password, account, waiting)
    if match is None:
        raise _wrong_password(work, account, email, used, device_id, own=own)
    if not own and (match is account or account is None):
        # a letter's holder may register with somebody else's address, and signs in to that with a
        # password of their own: it must not give back the tries at the owner's
        throttle.refund(work, limits.PASSWORD, subject)
    if waiting is not None and match is waiting:
        if waiting.opens_at is not None:
            raise _not_yet(work, waiting)
        return _to_waiting(work, waiting, previous)
    _renew_hash(work, match, password)
    if device_id and devices.used(work, device_id):
        return second_step.straight(
            work, match, previous, by="device", agent=agent, device_id=device_id
        )
    return security_code.ask(
        work,
        match,
        remember=remember,
        browser=browser,
        agent=agent,
        previous=previous,
        spared=own,
    )


def _candidates(
    work: Work, key: str, device_secret: str | None
) -> tuple[AnyRow | None, AnyRow | None]:
    """The account of an address, and its registration in waiting or else the access that a newer
    letter will open, in one statement.

    Without trusted devices (TRUSTED_DEVICE_DAYS=0) those of former settings count for nothing.
    """
    trusting = work.world.trusted_device_days > 0
    held = sessions.hashed(device_secret) if device_secret and trusting else b""
    values = {"address": key, "held": held, "now": work.now}
    rows: Sequence[AnyRow] = _CANDIDATES.all(work.db, values)
    found = {row.kind: row for row in rows}
    return found.get("account"), found.get("waiting") or found.get("takeover")


def _matching(
    work: Work, typed: str, account: AnyRow | None, waiting: AnyRow | None
) -> AnyRow | None:
    """The candidate whose password it is. One check, of nobody's hash when there is no candidate;
    a second one only when an address has both an account and a registration in waiting."""
    hasher = work.world.hasher
    first = account or waiting
    if hasher.verify((first.password_hash or None) if first else None, typed):
        return first
    if account and waiting and hasher.verify(waiting.password_hash, typed):
        return waiting
    return None


def _wrong_password(
    work: Work,
    account: AnyRow | None,
    email: str,
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
        own_tries.warn(work, account, address=credentials.email_key(email))
    refusal = Refusal("sign_in_wrong")
    return refusal if own or device_id else throttle.failed(work, refusal)


def _renew_hash(work: Work, account: AnyRow, typed: str) -> None:
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


def _not_yet(work: Work, row: AnyRow) -> Refusal:
    """The right password, a day too soon; the wait is told in whole hours."""
    journal.write(work, "sign_in.password_accepted", waiting=True)
    hours = max(-((work.now - row.opens_at) // timedelta(hours=1)), 1)
    return Refusal("new_access_waits", wait=timedelta(hours=hours))


def _to_waiting(work: Work, waiting: AnyRow, previous: SessionFacts | None) -> Entered:
    journal.write(work, "sign_in.password_accepted", waiting=True)
    token, session = sessions.mint(
        work, Rank.WAITING, previous, registration_id=waiting.registration_id
    )
    return Entered(Rank.WAITING, token, session=session)
