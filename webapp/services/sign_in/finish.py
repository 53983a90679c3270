"""The second step of a sign-in, whatever it is: tries spent first, a rank that changes once."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, func, literal, select, update

from webapp.models import JournalEntry, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_beginning, sessions, throttle
from webapp.services.kernel.sessions import SessionFacts
from webapp.services.kernel.work import AnyRow, Work
from webapp.services.mail import notices
from webapp.services.sign_in import devices


@dataclass(frozen=True)
class Entered:
    """Where an accepted step leads: the new session's rank and id, a new device's secret.

    `session` is the session as it now is, where that is known without asking the database again.
    """

    rank: Rank
    token: str
    device_secret: str | None = None
    session: SessionFacts | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Spent:
    """A try that was spent: the sign-in's codes and tries left, the account's tries used; in
    `row` what the caller asked more."""

    codes: str
    tries_left: int
    used: int
    row: AnyRow


_KNOWN = (
    select(
        func.max(case((JournalEntry.facts["agent"].as_string() == bindparam("named"), 1), else_=0))
    )
    .where(JournalEntry.account_id == bindparam("whose"))
    .where(JournalEntry.event == "sign_in.done")
    .where(JournalEntry.at > bindparam("since", type_=Moment))
    .scalar_subquery()
)
_SESSION = table(StoredSession)
_CONSUME = Prepared(
    update(_SESSION)
    .where(_SESSION.c.id == bindparam("session"), _SESSION.c.rank == literal(Rank.CODE.value))
    # what it bears is what the code was asked for with, and another beginning ends it
    .where(_SESSION.c.epoch.is_not_distinct_from(bindparam("proved", type_=BigInteger)))
    .where(new_beginning.is_current(_SESSION.c))
    .returning(*sessions.FIELDS, _KNOWN.label("known"), throttle.owed().label("owed"))
)


def spend_try(
    work: Work,
    session: SessionFacts,
    field_name: str,
    *more: ColumnElement[Any],
    held: bool = False,
) -> Spent:
    """Spend a try of this sign-in and of its account, before anything is compared; settles, unless
    `held`: then both rows stay locked, and `passed` may take the tries back.

    Five a sign-in, whatever the kind of code. Raises Refusal: code_over, code_closed.
    """
    row = sessions.spend_try(work, session, (Rank.CODE,), *more)
    if row is None:
        raise Refusal("code_over")
    subject = new_beginning.subject(session.account_id, session.epoch)
    used = throttle.spend(work, limits.CODE_ACCOUNT, subject, "code_closed", field=field_name)
    if not held:
        work.settle()
    return Spent(row.codes, row.tries_left, used, row)


def wrong(work: Work, session: SessionFacts, left: int, refusal: Refusal) -> Refusal:
    """Write down a wrong code; at the fifth the sign-in starts again at the password.

    Returns `refusal`, or code_spent: the caller raises it.
    """
    journal.write(work, "sign_in.code_refused", account_id=session.account_id, left=left)
    if left == 0:
        sessions.end(work, session, only_at=Rank.CODE)  # the right code may have been faster
        journal.write(work, "sign_in.code_locked", account_id=session.account_id)
        refusal = Refusal("code_spent")
    return throttle.failed(work, refusal, gated=False)


def passed(
    work: Work,
    session: SessionFacts,
    *,
    by: str,
    agent: str,
    remember: bool = True,
    first_try: bool = False,
) -> Entered:
    """The code was right: change the session's rank in one statement, the device remembered with
    it when that was wished (and with `remember`). Of fifty at once, one comes through; the
    others: Refusal("code_over").

    `first_try`: the account had no other try counted, and nothing was written since `spend_try`
    held it.
    A device trusted from now on, or a browser that this account does not know, is told by mail.
    """
    if first_try:
        work.db.rollback()  # both tries are taken back, which costs no statement
    token = work.world.chance.token()
    device_id, secret = None, None
    if remember and session.remember and session.account_id:
        device_id, secret = devices.remember(work, session.account_id, agent, session.epoch)
    entered = _consume(work, session, token, agent, device_id)
    if entered is None:
        work.db.rollback()  # the device with it
        raise Refusal("code_over")
    subject = new_beginning.subject(session.account_id, session.epoch)
    if by == "code" and (entered.owed or not first_try):
        # mailed codes alone: a mailbox was read, which a stranger's own key or app does not show
        whose = f"account {session.account_id}"
        throttle.thank_within(work, limits.CODE_ACCOUNT, subject, whose=whose, owed=entered.owed)
    elif not first_try:
        throttle.refund(work, limits.CODE_ACCOUNT, subject)
    _done(work, session.account_id, by, agent, remembered=bool(device_id))
    facts = sessions.facts(entered, session.email, session.terms_version)
    to = session.email or ""
    if device_id and work.world.trusted_device_days:
        notices.tell(work, "new_device", to=to, agent=agent, life=devices.life(work))
    elif entered.known == 0 and by == "code":
        notices.tell(work, "new_sign_in", to=to, agent=agent)
    return Entered(facts.rank, token, secret, facts)


def straight(
    work: Work,
    account: AnyRow,
    previous: SessionFacts | None,
    *,
    by: str,
    agent: str,
    device_id: int | None = None,
) -> Entered:
    """No code is needed. `account` has account_id, email, terms_version and epoch."""
    token, session = sessions.mint(
        work,
        sessions.entry_rank(work, account.terms_version),
        previous,
        email=account.email,
        terms_version=account.terms_version,
        account_id=account.account_id,
        device_id=device_id,
        agent=agent,
        proved_at=work.now,
        epoch=account.epoch,
    )
    _done(work, account.account_id, by, agent, remembered=device_id is not None)
    return Entered(session.rank, token, session=session)


def _done(work: Work, account_id: int | None, by: str, agent: str, *, remembered: bool) -> None:
    journal.write(
        work, "sign_in.done", account_id=account_id, by=by, agent=agent, remembered=remembered
    )


def _consume(
    work: Work, session: SessionFacts, token: str, agent: str, device_id: int | None
) -> AnyRow | None:
    """The session as it now is, with `known`: 1 when its account signed in from a browser of this
    name within the journal's year, 0 when only from others, None when it never did."""
    values = sessions.fresh(
        work,
        sessions.entry_rank(work, session.terms_version),
        token,
        account_id=session.account_id,
        device_id=device_id,
        agent=agent,
        proved_at=session.proved_at,
        epoch=session.epoch,
    )
    which = {
        "session": session.id,
        "proved": session.epoch,
        "whose": session.account_id,
        "named": agent,
        "since": work.now - lifetimes.JOURNAL,
    }
    return _CONSUME.first(work.db, values | which | throttle.owing(work))
