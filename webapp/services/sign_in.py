"""Signing in: the password, then the mailed security code, or the trusted device in its place."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    case,
    cast,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from webapp.models import Account, Device, Registration, StoredSession
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import codes, devices, journal, outbox, sessions, throttle
from webapp.services.sessions import SessionFacts
from webapp.services.work import AnyRow, Work


@dataclass(frozen=True)
class Entered:
    """Where an accepted step leads: the new session's rank and id, a new device's secret.

    `session` is the session as it now is, where that is known without asking the database again.
    """

    rank: Rank
    token: str
    device_secret: str | None = None
    session: SessionFacts | None = field(default=None, compare=False)


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
) -> Entered:
    """The first step. `browser` is any stable secret of this browser, `agent` its name for people.

    Leads to « code », to « member » on a trusted device, to « waiting » for a registration that
    is not confirmed. Raises Refusal: sign_in_wrong, password_closed, origin_closed, mail_closed.
    """
    account, waiting = _candidates(work, credentials.email_key(email), device_secret)
    device_id = account.device_id if account else None
    subject = f"device:{device_id}" if device_id else credentials.email_key(email)
    used = throttle.spend(work, limits.PASSWORD, subject, "password_closed")
    work.settle()
    match = _matching(work, password, account, waiting)
    if match is None:
        raise _wrong_password(work, account, used, device_id)
    throttle.refund(work, limits.PASSWORD, subject)
    if match is waiting:
        return _to_waiting(work, match, previous)
    _renew_hash(work, match, password)
    if device_id and devices.used(work, device_id):
        return _become_member(work, match, previous, agent)
    return _to_code(work, match, remember=remember, browser=browser, agent=agent, previous=previous)


def security_code(work: Work, session: SessionFacts, *, code: str, agent: str) -> Entered:
    """The second step. Five wrong codes, and it starts again at the password.

    Raises Refusal: code_wrong, code_expired, code_spent, code_closed, code_over.
    """
    pieces = _spend_try(work, session)
    subject = str(session.account_id)
    throttle.spend(work, limits.CODE_ACCOUNT, subject, "code_closed", field="security_code")
    work.settle()
    answer = codes.verdict(work, "security_code", session.browser_key or "", code, pieces.codes)
    if answer != "right":
        raise _wrong_code(work, session, pieces.tries_left, answer)
    token = work.world.chance.token()
    device_id, secret = None, None
    if session.remember and session.account_id:
        device_id, secret = devices.remember(work, session.account_id, agent)
    member = _consume(work, session, token, agent, device_id)
    if member is None:
        work.db.rollback()  # the device with it
        raise Refusal("code_over")
    throttle.refund(work, limits.CODE_ACCOUNT, subject)
    journal.write(
        work, "sign_in.done", account_id=session.account_id, by="code", remembered=bool(device_id)
    )
    return Entered(Rank.MEMBER, token, secret, member)


def resend(work: Work, session: SessionFacts) -> None:
    """Mail one more code; those under way live on. Raises Refusal: resend_soon, resend_closed."""
    if session.account_id is None or session.email is None:
        raise Refusal("code_over")
    code, piece = _new_code(work, session.browser_key or "")
    added = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .where(StoredSession.code_sent_at <= work.now - limits.RESEND_PAUSE)
        .values(codes=StoredSession.codes + piece, code_sent_at=work.now)
    )
    if added.rowcount != 1:
        raise Refusal("resend_soon", wait=_pause_left(work, session))
    subject = str(session.account_id)
    try:
        throttle.spend(work, limits.CODE_RESEND, subject, "resend_closed")
    except Refusal:
        work.db.rollback()
        raise
    _mail_code(work, session.email, code)
    journal.write(work, "sign_in.code_resent", account_id=session.account_id)


def code_ends(session: SessionFacts) -> Any:
    """Until when the youngest code of this sign-in lives (a datetime)."""
    return codes.last_expiry(session.codes)


def _candidates(
    work: Work, key: str, device_secret: str | None
) -> tuple[AnyRow | None, AnyRow | None]:
    """The account and the registration in waiting of an address, in one statement.

    Without trusted devices (TRUSTED_DEVICE_DAYS=0) those of former settings count for nothing.
    """
    trusting = work.world.trusted_device_days > 0
    held = sessions.hashed(device_secret) if device_secret and trusting else b""
    account = (
        select(
            literal("account").label("kind"),
            Account.id.label("account_id"),
            cast(null(), String).label("registration_id"),
            Account.email,
            Account.password_hash,
            Device.id.label("device_id"),
        )
        .outerjoin(
            Device,
            and_(
                Device.account_id == Account.id,
                Device.secret_hash == held,
                Device.trusted,
                Device.expires_at > work.now,
            ),
        )
        .where(Account.email_key == key)
    )
    waiting = (
        select(
            literal("waiting"),
            cast(null(), Integer),
            Registration.id,
            Registration.email,
            Registration.password_hash,
            cast(null(), Integer),
        )
        .where(Registration.email_key == key, Registration.state == "waiting")
        .where(Registration.expires_at > work.now)
        .order_by(Registration.terms_at.desc())
        .limit(1)
        .subquery()
    )
    rows = work.db.execute(union_all(account, select(waiting))).all()
    found = {row.kind: row for row in rows}
    return found.get("account"), found.get("waiting")


def _matching(
    work: Work, typed: str, account: AnyRow | None, waiting: AnyRow | None
) -> AnyRow | None:
    """The candidate whose password it is. One check, of nobody's hash when there is no candidate;
    a second one only when an address has both an account and a registration in waiting."""
    hasher = work.world.hasher
    first = account or waiting
    if hasher.verify(first.password_hash if first else None, typed):
        return first
    if account and waiting and hasher.verify(waiting.password_hash, typed):
        return waiting
    return None


def _wrong_password(
    work: Work, account: AnyRow | None, used: int, device_id: int | None
) -> Refusal:
    account_id = account.account_id if account else None
    journal.write(
        work, "sign_in.password_refused", account_id=account_id, known_device=bool(device_id)
    )
    if account and used == limits.PASSWORD_NOTICE_AT:
        best_before = work.now + timedelta(hours=24)
        outbox.post(work, "ten_failures", to=account.email, best_before=best_before)
    try:
        throttle.count_failure(work)
    except Refusal as closed:
        return closed
    return Refusal("sign_in_wrong")


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


def _to_waiting(work: Work, waiting: AnyRow, previous: SessionFacts | None) -> Entered:
    journal.write(work, "sign_in.password_accepted", waiting=True)
    token, session = sessions.mint(
        work, Rank.WAITING, previous, registration_id=waiting.registration_id
    )
    return Entered(Rank.WAITING, token, session=session)


def _become_member(
    work: Work, account: AnyRow, previous: SessionFacts | None, agent: str
) -> Entered:
    token, session = sessions.mint(
        work,
        Rank.MEMBER,
        previous,
        email=account.email,
        account_id=account.account_id,
        device_id=account.device_id,
        agent=agent,
    )
    account_id = account.account_id
    journal.write(work, "sign_in.done", account_id=account_id, by="device", remembered=True)
    return Entered(Rank.MEMBER, token, session=session)


def _to_code(
    work: Work,
    account: AnyRow,
    *,
    remember: bool,
    browser: str,
    agent: str,
    previous: SessionFacts | None,
) -> Entered:
    """Open the second step, or take over the one this browser has under way (double tap, Back):
    its codes and tries stay, and no second mail leaves within the minute."""
    again = previous if previous and previous.rank is Rank.CODE else None
    browser_key = work.world.seals.mac("browser", browser, str(account.account_id)).hex()
    if again and again.account_id == account.account_id and again.browser_key:
        browser_key, previous = again.browser_key, None
    token = work.world.chance.token()
    code, piece = _new_code(work, browser_key)
    values = sessions.fresh(
        work,
        Rank.CODE,
        token,
        account_id=account.account_id,
        browser_key=browser_key,
        agent=agent,
        remember=remember,
        codes=piece,
        code_sent_at=work.now,
        tries_left=limits.CODE_TRIES,
    )
    row = sessions.replace(work, previous, values) if previous else None
    row = row or _open_or_take_over(work, values)
    if piece in row.codes:
        subject = str(account.account_id)
        throttle.spend(work, limits.CODE_MAIL, subject, "mail_closed")
        _mail_code(work, account.email, code)
    journal.write(work, "sign_in.password_accepted", account_id=account.account_id, waiting=False)
    return Entered(Rank.CODE, token, session=sessions.facts(row, account.email))


def _open_or_take_over(work: Work, values: dict[str, Any]) -> AnyRow:
    """Insert the session, or renew the live one of the same browser key."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[work.db.dialect.name]
    mine = StoredSession
    live = mine.idle_until > work.now
    recent = and_(live, mine.code_sent_at > work.now - limits.RESEND_PAUSE)
    kept = {"id_hash", "agent", "remember", "seen_at", "idle_until"}
    statement = (
        dialect.insert(mine)
        .values(values)
        .on_conflict_do_update(
            index_elements=["browser_key"],
            set_={name: values[name] for name in kept}
            | {
                "codes": case(
                    (recent, mine.codes),
                    (live, mine.codes + values["codes"]),
                    else_=values["codes"],
                ),
                "code_sent_at": case((recent, mine.code_sent_at), else_=work.now),
                "tries_left": case((live, mine.tries_left), else_=values["tries_left"]),
                "ends_at": case((live, mine.ends_at), else_=values["ends_at"]),
            },
        )
        .returning(*sessions.FIELDS)
    )
    return work.db.execute(statement).one()


def _new_code(work: Work, browser_key: str) -> tuple[str, str]:
    code = work.world.chance.digits(credentials.SECURITY_CODE_DIGITS)
    expires = work.now + lifetimes.SECURITY_CODE
    return code, codes.piece(work, "security_code", browser_key, code, expires)


def _mail_code(work: Work, email: str, code: str) -> None:
    outbox.post(
        work,
        "security_code",
        to=email,
        best_before=work.now + lifetimes.SECURITY_CODE,
        priority=outbox.FIRST,
        code=code,
        life=lifetimes.SECURITY_CODE,
    )


def _spend_try(work: Work, session: SessionFacts) -> AnyRow:
    """Spend a try of this sign-in before anything is compared; none when every code is past."""
    last = codes.last_expiry(session.codes)
    if last is None or last <= work.now:
        raise Refusal("code_expired", "security_code")
    row = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .where(StoredSession.tries_left > 0)
        .values(tries_left=StoredSession.tries_left - 1)
        .returning(StoredSession.codes, StoredSession.tries_left)
    ).first()
    if row is None:
        raise Refusal("code_over")
    return row


def _wrong_code(work: Work, session: SessionFacts, left: int, answer: str) -> Refusal:
    journal.write(work, "sign_in.code_refused", account_id=session.account_id, left=left)
    refusal = Refusal("code_expired" if answer == "expired" else "code_wrong", "security_code")
    if left == 0:
        sessions.end(work, session, only_at=Rank.CODE)  # the right code may have been faster
        journal.write(work, "sign_in.code_locked", account_id=session.account_id)
        refusal = Refusal("code_spent")
    try:
        throttle.count_failure(work)
    except Refusal as closed:
        return closed
    return refusal


def _consume(
    work: Work, session: SessionFacts, token: str, agent: str, device_id: int | None
) -> SessionFacts | None:
    """Use the code and change rank in one statement: of fifty at once, one comes through."""
    values = sessions.fresh(
        work,
        Rank.MEMBER,
        token,
        account_id=session.account_id,
        device_id=device_id,
        agent=agent,
    )
    consumed = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .values(values)
        .returning(*sessions.FIELDS)
    ).first()
    return sessions.facts(consumed, session.email) if consumed else None


def _pause_left(work: Work, session: SessionFacts) -> timedelta:
    sent = codes.last_expiry(session.codes)
    since = sent - lifetimes.SECURITY_CODE if sent else work.now
    return max(since + limits.RESEND_PAUSE - work.now, timedelta(seconds=1))
