"""The page « Sécurité »: which devices and sessions an account has open, and ending them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import cast, delete, literal, null, select, union_all, update

from webapp.models import Account, AddressChange, Device, StoredSession
from webapp.models.base import Moment
from webapp.rules.ranks import SIGNED_IN, Member
from webapp.rules.refusals import Refusal
from webapp.services.account import address
from webapp.services.account.address import Waiting
from webapp.services.kernel import journal, new_beginning, other_sessions
from webapp.services.kernel.work import Work
from webapp.services.mail import bounces
from webapp.services.sign_in import devices, recent_factors
from webapp.services.sign_in.devices import DeviceFacts


@dataclass(frozen=True)
class OpenSession:
    """A session that is signed in."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class SecurityFacts:
    """What the page shows, read in one statement; the last used come first. `recent_steps`: whether
    a second step is younger than the last known good sign-in. `mails_return`: whether our mails to
    the account's address come back."""

    change: Waiting | None
    devices: tuple[DeviceFacts, ...]
    sessions: tuple[OpenSession, ...]
    recent_steps: bool
    mails_return: bool


def overview(work: Work, session: Member) -> SecurityFacts:
    """Of the account of this session."""
    account_id, now = session.account_id, work.now
    held = (
        select(
            literal("device").label("kind"),
            Device.id,
            Device.agent.label("words"),
            Device.created_at,
            Device.last_used_at.label("last_at"),
            Device.expires_at,
        )
        .where(Device.account_id == account_id, Device.trusted)
        .where(Device.expires_at > now, new_beginning.is_current(Device))
    )
    opened = (
        select(
            literal("session"),
            StoredSession.id,
            StoredSession.agent,
            StoredSession.created_at,
            StoredSession.seen_at,
            cast(null(), Moment),
        )
        .where(StoredSession.account_id == account_id, StoredSession.rank.in_(SIGNED_IN))
        .where(StoredSession.idle_until > now, StoredSession.ends_at > now)
        .where(new_beginning.is_current(StoredSession))
    )
    waits = select(
        literal("change"),
        literal(0),
        AddressChange.email,
        AddressChange.created_at,
        AddressChange.mailed_at,
        AddressChange.expires_at,
    ).where(AddressChange.account_id == account_id, *address.live(work))
    moment, never = literal(now, Moment), cast(null(), Moment)
    recent = select(literal("recent"), literal(0), literal(""), moment, moment, never).where(
        recent_factors.some(work, account_id)
    )
    returned = select(literal("return"), literal(0), literal(""), moment, moment, never).where(
        bounces.comes_back(work, session.email)
    )
    found = work.db.execute(union_all(held, opened, waits, recent, returned)).all()
    rows = sorted(found, key=lambda row: (row.last_at, row.id), reverse=True)
    return SecurityFacts(
        next((Waiting(r.words, r.last_at, r.expires_at) for r in rows if r.kind == "change"), None),
        tuple(DeviceFacts(*row[1:], trusted=True) for row in rows if row.kind == "device"),
        tuple(OpenSession(*row[1:5]) for row in rows if row.kind == "session"),
        any(row.kind == "recent" for row in rows),
        any(row.kind == "return" for row in rows),
    )


def end_session(work: Work, session: Member, session_id: int) -> bool:
    """End another session of this account; False when it is over already, or nobody's of theirs."""
    ended = work.db.execute(
        delete(StoredSession).where(
            StoredSession.id == session_id,
            StoredSession.id != session.id,
            StoredSession.account_id == session.account_id,
            StoredSession.rank.in_(SIGNED_IN),
        )
    )
    if ended.rowcount:
        journal.write(work, "session.ended", account_id=session.account_id, all=False)
    return ended.rowcount == 1


def end_other_sessions(work: Work, session: Member) -> None:
    """End every session of this account but this one, sign-ins under way among them; the devices
    stay trusted, what else others may have begun has to be asked for again.

    Raises Refusal("session_over").
    """
    begun = _begin_anew(work, session)
    other_sessions.end_others(work, session, begun.epoch)
    devices.stay(work, session.account_id, begun.epoch)
    if begun.uncounted:
        new_beginning.sweep_begun(work, session.account_id)
    journal.write(work, "session.ended", account_id=session.account_id, all=True)


def leave_everywhere(work: Work, session: Member) -> None:
    """« Me déconnecter partout »: this session too, every device, and all that was begun.

    Raises Refusal("session_over").
    """
    _begin_anew(work, session)
    new_beginning.end_begun(work, session.account_id)
    journal.write(work, "session.ended", account_id=session.account_id, all=True)


class _Begun(NamedTuple):
    epoch: int
    uncounted: bool


def _begin_anew(work: Work, session: Member) -> _Begun:
    """Count up; the new `epoch`, and whether anything begun bears none (`uncounted`)."""
    own = update(Account).where(new_beginning.still(session)).values(new_beginning.counted())
    begun = work.db.execute(
        own.returning(Account.epoch, new_beginning.any_uncounted(session.account_id))
    ).first()
    if begun is None:
        raise Refusal("session_over")
    return _Begun(*begun)
