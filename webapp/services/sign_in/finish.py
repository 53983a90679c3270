"""The second step of a sign-in, whatever it is: tries spent first, a rank that changes once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import BigInteger, bindparam, case, func, literal, select, update

from webapp.models import JournalEntry, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import AtCode, Rank, Session
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import NO_ENTRY
from webapp.services.kernel import journal, new_beginning, new_sessions, sessions, thanks, throttle
from webapp.services.kernel.new_sessions import SessionValues, Whose
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.sign_in import devices


@dataclass(frozen=True)
class Entered:
    """Where an accepted step leads: the new session and its id, a new device's secret."""

    token: str
    session: Session = field(compare=False)
    device_secret: str | None = None

    @property
    def rank(self) -> Rank:
        """The new session's."""
        return self.session.rank


@dataclass(frozen=True)
class Spent:
    """A try that was spent: the sign-in's codes and tries left, the account's tries used."""

    codes: str
    tries_left: int
    used: int


def spend_try(work: Work, session: AtCode, field_name: str, *, held: bool = False) -> Spent:
    """Spend a try of this sign-in and of its account, before anything is compared; settles, unless
    `held`: then both rows stay locked, and `passed` may take the tries back.

    Five a sign-in, whatever the kind of code. Raises Refusal: code_over, code_closed.
    """
    row = sessions.spend_try(work, session, (Rank.CODE,))
    return count_try(work, session, row, field_name, held=held)


def count_try(
    work: Work, session: AtCode, row: sessions.Try | None, field_name: str, *, held: bool = False
) -> Spent:
    """`spend_try` for who ran `sessions.SPENDING`, whose row this is."""
    if row is None:
        raise Refusal("code_over")
    subject = new_beginning.subject(session.account_id, session.epoch)
    used = throttle.spend(work, limits.CODE_ACCOUNT, subject, "code_closed", field=field_name)
    if not held:
        work.settle()
    return Spent(row.codes, row.tries_left, used)


def wrong(work: Work, session: AtCode, left: int, refusal: Refusal) -> Refusal:
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
    session: AtCode,
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
    Where the space is closed nothing is remembered, nor told: `Shut` opens nothing.
    """
    if first_try:
        work.undo()  # both tries are taken back, which costs no statement
    token = work.world.chance.token()
    device_id, secret = None, None
    shut = session.status in NO_ENTRY
    if remember and session.remember and not shut:
        device_id, secret = devices.remember(work, session.account_id, agent, session.epoch)
    values = _values(
        work, session, token, agent=agent, device_id=device_id, proved_at=session.proved_at
    )
    entered = _consume(work, session, agent, values)
    if entered is None:
        work.undo()  # the device with it
        raise Refusal("code_over")
    member = new_sessions.session_of(work, session.id, values, session)
    subject = new_beginning.subject(session.account_id, session.epoch)
    if by == "code" and (entered.owed or not first_try):
        # mailed codes alone: a mailbox was read, which a stranger's own key or app does not show
        whose = f"account {session.account_id}"
        thanks.thank_within(work, limits.CODE_ACCOUNT, subject, whose=whose, owed=entered.owed)
    elif not first_try:
        throttle.refund(work, limits.CODE_ACCOUNT, subject)
    _done(work, session, by, agent, remembered=bool(device_id))
    to = session.email
    if shut:
        return Entered(token, member)
    if device_id and work.world.trusted_device_days:
        notices.tell(work, "new_device", to=to, agent=agent, life=devices.life(work))
    elif entered.known == 0 and by == "code":
        notices.tell(work, "new_sign_in", to=to, agent=agent)
    return Entered(token, member, secret)


class Proved(Whose, Protocol):
    """An account whose password or passkey was proved."""

    @property
    def account_id(self) -> int: ...
    @property
    def epoch(self) -> int | None: ...


def straight(
    work: Work,
    account: Proved,
    previous: Session | None,
    *,
    by: str,
    agent: str,
    device_id: int | None = None,
) -> Entered:
    """No code is needed."""
    token = work.world.chance.token()
    values = _values(work, account, token, agent=agent, device_id=device_id, proved_at=work.now)
    row_id = new_sessions.mint(work, previous, values)
    session = new_sessions.session_of(work, row_id, values, account)
    _done(work, account, by, agent, remembered=device_id is not None)
    return Entered(token, session)


def _done(work: Work, account: Proved, by: str, agent: str, *, remembered: bool) -> None:
    """Write the sign-in down: as one of its own kind where the space is closed, since it may be a
    relative's and makes no browser known."""
    whose = account.account_id
    if account.status in NO_ENTRY:
        journal.write(work, "sign_in.shut", account_id=whose, by=by, agent=agent)
        return
    journal.write(work, "sign_in.done", account_id=whose, by=by, agent=agent, remembered=remembered)


def _values(
    work: Work,
    account: Proved,
    token: str,
    *,
    agent: str,
    device_id: int | None,
    proved_at: datetime | None,
) -> SessionValues:
    """The session that a sign-in ends with."""
    return new_sessions.fresh(
        work,
        sessions.entry_rank(work, account.terms_version),
        token,
        account_id=account.account_id,
        device_id=device_id,
        agent=agent,
        proved_at=proved_at,
        epoch=account.epoch,
    )


class _Consumed(NamedTuple):
    """`known`: 1 when the account signed in from a browser of this name within the journal's year,
    0 when only from others, None when it never did. `owed`: as `thanks.owed`."""

    known: int | None
    owed: int | None


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
    _Consumed,
    update(_SESSION)
    .where(_SESSION.c.id == bindparam("session"), _SESSION.c.rank == literal(Rank.CODE.value))
    # what it bears is what the code was asked for with, and another beginning ends it
    .where(_SESSION.c.epoch.is_not_distinct_from(bindparam("proved", type_=BigInteger)))
    .where(new_beginning.is_current(StoredSession))
    .returning(_KNOWN.label("known"), thanks.owed().label("owed")),
)


def _consume(work: Work, session: AtCode, agent: str, values: SessionValues) -> _Consumed | None:
    """Change the session, of fifty at once one; None for the others."""
    which = {
        "session": session.id,
        "proved": session.epoch,
        "whose": session.account_id,
        "named": agent,
        "since": work.now - lifetimes.JOURNAL,
    }
    return _CONSUME.first(work.db, {**values, **which, **thanks.owing(work)})
