"""After a backup was restored: nothing that it brings back opens, sends or erases by itself.

What happened since the backup is not known any more: sign-outs, stolen devices, takeovers that
were stopped, closings that were cancelled, mails that left.
"""

from dataclasses import dataclass

from sqlalchemy import Delete, Update, delete, func, select, update

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    JoinedMember,
    JoinRequest,
    Leaving,
    LetterBatch,
    OutboxMail,
    Recovery,
    Registration,
    StoredSession,
    Takeover,
)
from webapp.rules import lifetimes
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work

_BEGUN = (
    delete(StoredSession),
    delete(Device),
    delete(Recovery).where(Recovery.used_at.is_(None)),
    delete(AddressChange).where(AddressChange.state == "waiting"),
    delete(Authenticator).where(Authenticator.confirmed_at.is_(None)),
    delete(JoinRequest),
)


_UNPOSTED = (
    select(LetterBatch.id)
    .where(LetterBatch.posted_on.is_(None), LetterBatch.trial.is_(False))
    .order_by(LetterBatch.id)
)


@dataclass(frozen=True)
class Restored:
    """What was ended, counted; who was to leave a space of several counts as a takeover.

    `spaces`: how many accounts there are, all of them signed out. `unposted`: the batches of
    letters that are not posted, as far as the backup knows.
    """

    spaces: int
    registrations: int
    takeovers: int
    mails: int
    closings: int
    unposted: tuple[int, ...] = ()


def make_safe(work: Work) -> Restored:
    """End what a restored database would revive. Members sign in again with their password and a
    mailed code; whoever was registering, or taking an account over, begins again with the letter.

    No closing takes effect within the next 7 days: its member may have cancelled it since.
    """
    spaces = work.db.execute(select(func.count()).select_from(Account)).scalar_one()
    work.db.execute(update(Account).values(new_beginning.counted()))
    for begun in _BEGUN:
        work.db.execute(begun)
    restored = Restored(
        spaces,
        registrations=_changed(
            work, delete(Registration).where(Registration.state.in_(("draft", "waiting")))
        ),
        takeovers=_changed(work, delete(Takeover).where(Takeover.state == "waiting"))
        + _changed(work, delete(Leaving).where(Leaving.state == "waiting")),
        mails=_changed(
            work,
            update(OutboxMail)
            .where(OutboxMail.state.in_(("ready", "claimed")))
            .values(state="expired", sealed=b"", ended_at=work.now),
        ),
        closings=sum(
            _changed(
                work,
                update(table)
                .where(table.closing_at < work.now + lifetimes.CLOSING)
                .values(closing_at=work.now + lifetimes.CLOSING),
            )
            for table in (Account, JoinedMember)
        ),
        unposted=tuple(work.db.scalars(_UNPOSTED)),
    )
    journal.write(work, "database.restored", spaces=spaces)
    return restored


def _changed(work: Work, statement: Delete | Update) -> int:
    return work.db.execute(statement).rowcount
