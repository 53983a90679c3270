"""The mailed security code: 6 digits, 5 minutes, once. The second step unless the member chose
another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from webapp.models import Account, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.factors import Way
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, mailed_codes, new_beginning, sessions, throttle
from webapp.services.kernel.sessions import SessionFacts
from webapp.services.kernel.work import AnyRow, Work
from webapp.services.mail import claims, outbox
from webapp.services.sign_in import finish, second_factors
from webapp.services.sign_in.finish import Entered

_KEPT = ("id_hash", "agent", "remember", "ways", "seen_at", "idle_until", "proved_at", "epoch")


def _opening(insert: Callable[..., Any]) -> Any:
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
    return opening.returning(*sessions.FIELDS)


_OPEN = Prepared(_opening)


def ask(
    work: Work,
    account: AnyRow,
    *,
    remember: bool,
    browser: str,
    agent: str,
    previous: SessionFacts | None,
    spared: bool = False,
) -> Entered:
    """Open the second step, or take over the one this browser has under way (double tap, Back):
    its codes and tries stay, and no second mail leaves within the minute. Who has steps of their
    own is sent no mail unless they ask for it.

    The session's id follows from browser and account: whichever of two answers to a double tap
    the browser keeps, it is the same. Raises Refusal("mail_closed"), unless the sign-in is
    `spared`, whose number is limited otherwise.
    """
    again = previous if previous and previous.rank is Rank.CODE else None
    browser_key = work.world.seals.mac("browser", browser, str(account.account_id)).hex()
    if again and again.account_id == account.account_id and again.browser_key:
        browser_key, previous = again.browser_key, None
    token = work.world.seals.mac("code_session", browser_key).hex()
    ways = second_factors.ways(account)
    code, piece = (
        ("", "")
        if ways
        else mailed_codes.new(work, "security_code", browser_key, lifetimes.SECURITY_CODE)
    )
    values = sessions.fresh(
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
    row = sessions.replace(work, previous, values) if previous else None
    row = row or _open_or_take_over(work, values)
    if piece and piece in row.codes:
        if not spared:
            subject = new_beginning.subject(account.account_id, account.epoch)
            throttle.spend(work, limits.CODE_MAIL, subject, "mail_closed")
        _mail(work, account.email, code)
    journal.write(work, "sign_in.password_accepted", account_id=account.account_id, waiting=False)
    session = sessions.facts(row, account.email, account.terms_version)
    return Entered(Rank.CODE, token, session=session)


def enter(work: Work, session: SessionFacts, *, code: str, agent: str) -> Entered:
    """The code typed. Five wrong ones, and it starts again at the password.

    Raises Refusal: code_wrong, code_expired, code_spent, code_closed, code_over.
    """
    last = mailed_codes.last_expiry(session.codes)
    if last is None or last <= work.now:
        raise Refusal("code_expired", "security_code")
    spent = finish.spend_try(work, session, "security_code", held=True)
    answer = mailed_codes.verdict(
        work, "security_code", session.browser_key or "", code, spent.codes
    )
    if answer != "right":
        key = "code_expired" if answer == "expired" else "code_wrong"
        raise finish.wrong(work, session, spent.tries_left, Refusal(key, "security_code"))
    first = spent.used == 1
    return finish.passed(work, session, by="code", agent=agent, first_try=first)


def resend(work: Work, session: SessionFacts) -> None:
    """Mail one more code; those under way live on. Raises Refusal: resend_soon, resend_closed, and
    mail_off when the member wants none."""
    if session.account_id is None or session.email is None:
        raise Refusal("code_over")
    if not may_mail(session):
        raise Refusal("mail_off")
    code, piece = mailed_codes.new(
        work, "security_code", session.browser_key or "", lifetimes.SECURITY_CODE
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
    _mail(work, session.email, code)
    journal.write(work, "sign_in.code_resent", account_id=session.account_id)


def may_mail(session: SessionFacts) -> bool:
    """Whether a code may leave by mail in this sign-in."""
    return not session.ways or Way.MAIL in session.ways


def ends(session: SessionFacts) -> datetime | None:
    """Until when the youngest code of this sign-in lives."""
    return mailed_codes.last_expiry(session.codes)


def _open_or_take_over(work: Work, values: dict[str, Any]) -> AnyRow:
    """Insert the session, or renew the live one of the same browser key."""
    moments = {"at": work.now, "paused": work.now - limits.RESEND_PAUSE}
    return _OPEN.first(work.db, values | moments)


def _mail(work: Work, email: str, code: str) -> None:
    outbox.post(
        work,
        "security_code",
        to=email,
        best_before=work.now + lifetimes.SECURITY_CODE,
        priority=claims.FIRST,
        now=True,
        code=code,
        life=lifetimes.SECURITY_CODE,
    )


def _pause_is_over(work: Work) -> ColumnElement[bool]:
    sent = StoredSession.code_sent_at
    return or_(sent.is_(None), sent <= work.now - limits.RESEND_PAUSE)


def _still_mailed(session: SessionFacts) -> list[ColumnElement[bool]]:
    """In the same statement: a member who stopped the mail meanwhile is sent none."""
    if not session.ways:
        return []
    account = select(Account.id).where(
        Account.id == StoredSession.account_id, Account.mailed_code_off.is_(False)
    )
    return [account.exists()]
