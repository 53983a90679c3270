"""The mailed security code: 6 digits, 5 minutes, once. The second step unless the member chose
another."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from webapp.models import Account, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import InsertOf, Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.factors import Way
from webapp.rules.ranks import AtCode, Rank, Session, Stored
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, mailed_codes, new_beginning, new_sessions, throttle
from webapp.services.kernel.new_sessions import SessionValues
from webapp.services.kernel.work import Work
from webapp.services.mail import claims, fates, outbox
from webapp.services.mail.fates import Fate
from webapp.services.sign_in import finish
from webapp.services.sign_in.candidates import AccountFound
from webapp.services.sign_in.finish import Entered

_WAITS = "security_code"  # whose mail is waited for, by the browser's key
_KEPT = ("id_hash", "agent", "remember", "ways", "seen_at", "idle_until", "proved_at", "epoch")


class _Opened(NamedTuple):
    """What of a renewed session stays as it was."""

    id: int
    created_at: datetime
    ends_at: datetime
    codes: str


def _opening(insert: InsertOf) -> ReturningInsert[int, datetime, datetime, str]:
    """Insert a session, or renew the live one of the same browser key: its codes and tries stay,
    and one more code is added unless the last is younger than the pause."""
    statement = insert(table(StoredSession))
    mine, given = table(StoredSession).c, statement.excluded
    # one of before a new beginning is not live: nobody keeps its codes, or its tries used up
    same = or_(mine.epoch.is_(None), mine.epoch == given.epoch)
    live = and_(mine.idle_until > bindparam("at", type_=Moment), same)
    recent = and_(live, mine.code_sent_at > bindparam("paused", type_=Moment))
    opening = statement.on_conflict_do_update(
        index_elements=["browser_key"],
        set_={name: given[name] for name in _KEPT}
        | {
            "codes": case(
                (recent, mine.codes), (live, mine.codes + given.codes), else_=given.codes
            ),
            "code_sent_at": case((recent, mine.code_sent_at), else_=given.code_sent_at),
            "tries_left": case((live, mine.tries_left), else_=given.tries_left),
            "ends_at": case((live, mine.ends_at), else_=given.ends_at),
        },
    )
    return opening.returning(mine.id, mine.created_at, mine.ends_at, mine.codes)


_OPEN = Prepared(_Opened, _opening)


def ask(
    work: Work,
    account: AccountFound,
    *,
    remember: bool,
    browser: str,
    agent: str,
    previous: Session | None,
    spared: bool = False,
) -> Entered:
    """Open the second step, or take over the one this browser has under way (double tap, Back):
    its codes and tries stay, and no second mail leaves within the minute. Who has steps of their
    own is sent no mail unless they ask for it.

    The session's id follows from browser and account: whichever of two answers to a double tap
    the browser keeps, it is the same. Raises Refusal("mail_closed"), unless the sign-in is
    `spared`, whose number is limited otherwise.
    """
    browser_key = work.world.seals.mac("browser", browser, str(account.account_id)).hex()
    if isinstance(previous, AtCode) and previous.account_id == account.account_id:
        browser_key, previous = previous.browser_key, None
    token = work.world.seals.mac("code_session", browser_key).hex()
    ways = account.ways
    code, piece = (
        ("", "")
        if ways
        else mailed_codes.new(work, "security_code", browser_key, lifetimes.SECURITY_CODE)
    )
    values = new_sessions.fresh(
        work,
        Rank.CODE,
        token,
        account_id=account.account_id,
        browser_key=browser_key,
        agent=agent,
        remember=remember,
        codes=piece,
        code_sent_at=None if ways else work.now,
        tries_left=limits.CODE_TRIES,
        ways=ways,
        proved_at=work.now,
        epoch=account.epoch,
    )
    opened = _open(work, previous, values)
    values["created_at"], values["ends_at"] = opened.created_at, opened.ends_at
    values["codes"] = opened.codes
    if piece and piece in opened.codes:
        if not spared:
            subject = new_beginning.subject(account.account_id, account.epoch)
            throttle.spend(work, limits.CODE_MAIL, subject, "mail_closed")
        _mail(work, account.email, code, browser_key)
    journal.write(work, "sign_in.password_accepted", account_id=account.account_id, waiting=False)
    return Entered(token, new_sessions.session_of(work, opened.id, values, account))


def enter(work: Work, session: AtCode, *, code: str, agent: str) -> Entered:
    """The code typed. Five wrong ones, and it starts again at the password.

    Raises Refusal: code_wrong, code_expired, code_spent, code_closed, code_over.
    """
    last = mailed_codes.last_expiry(session.codes)
    if last is None or last <= work.now:
        raise Refusal("code_expired", "security_code")
    spent = finish.spend_try(work, session, "security_code", held=True)
    answer = mailed_codes.verdict(work, "security_code", session.browser_key, code, spent.codes)
    if answer != "right":
        key = "code_expired" if answer == "expired" else "code_wrong"
        raise finish.wrong(work, session, spent.tries_left, Refusal(key, "security_code"))
    first = spent.used == 1
    return finish.passed(work, session, by="code", agent=agent, first_try=first)


def resend(work: Work, session: AtCode) -> None:
    """Mail one more code; those under way live on. Raises Refusal: resend_soon, resend_closed, and
    mail_off when the member wants none."""
    if not may_mail(session):
        raise Refusal("mail_off")
    code, piece = mailed_codes.new(
        work, "security_code", session.browser_key, lifetimes.SECURITY_CODE
    )
    added = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .where(_pause_is_over(work), *_still_mailed(session))
        .values(codes=StoredSession.codes + piece, code_sent_at=work.now)
    )
    if added.rowcount != 1:
        left = mailed_codes.pause_left(work, session.codes)
        raise Refusal("resend_soon", wait=max(left, timedelta(seconds=1)))
    subject = new_beginning.subject(session.account_id, session.epoch)
    throttle.spend_or_undo(work, limits.CODE_RESEND, subject, "resend_closed")
    _mail(work, session.email, code, session.browser_key)
    journal.write(work, "sign_in.code_resent", account_id=session.account_id)


def may_mail(session: AtCode) -> bool:
    """Whether a code may leave by mail in this sign-in."""
    return not session.ways or Way.MAIL in session.ways


def ends(session: AtCode) -> datetime | None:
    """Until when the youngest code of this sign-in lives."""
    return mailed_codes.last_expiry(session.codes)


def fate(work: Work, session: AtCode) -> Fate | None:
    """What became of the last mail of this sign-in: told to whoever gave the right password."""
    ends_at = ends(session)
    mailed_at = ends_at and ends_at - lifetimes.SECURITY_CODE
    return fates.of_last(work, _WAITS, session.browser_key, mailed_at)


def _open(work: Work, previous: Stored | None, values: SessionValues) -> _Opened:
    """In the place of the previous session, or else inserted, or the live one of the same browser
    key renewed."""
    if previous is not None and new_sessions.replace(work, previous, values):
        return _Opened(previous.id, values["created_at"], values["ends_at"], values["codes"])
    moments = {"at": work.now, "paused": work.now - limits.RESEND_PAUSE}
    return _OPEN.one(work.db, {**values, **moments})


def _mail(work: Work, email: str, code: str, browser_key: str) -> None:
    outbox.post(
        work,
        "security_code",
        to=email,
        best_before=work.now + lifetimes.SECURITY_CODE,
        priority=claims.FIRST,
        now=True,
        waiter=fates.waiter(work, _WAITS, browser_key),
        code=code,
        life=lifetimes.SECURITY_CODE,
    )


def _pause_is_over(work: Work) -> ColumnElement[bool]:
    sent = StoredSession.code_sent_at
    return or_(sent.is_(None), sent <= work.now - limits.RESEND_PAUSE)


def _still_mailed(session: AtCode) -> list[ColumnElement[bool]]:
    """In the same statement: a member who stopped the mail meanwhile is sent none."""
    if not session.ways:
        return []
    account = select(Account.id).where(
        Account.id == StoredSession.account_id, Account.mailed_code_off.is_(False)
    )
    return [account.exists()]
