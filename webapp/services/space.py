"""The personal space: who I am and my contract, when I last signed in, my devices."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from webapp.models import Account, Device, JournalEntry, RollEntry, Takeover
from webapp.services.devices import DeviceFacts
from webapp.services.sessions import SessionFacts
from webapp.services.work import Work


@dataclass(frozen=True)
class Space:
    """All that the space's home shows, read in one statement."""

    number: str
    civility: str
    first_name: str
    last_name: str
    birth_date: date | None
    contract: str
    joined_on: date | None
    email: str
    last_sign_in: datetime | None
    devices: tuple[DeviceFacts, ...]
    takeover_at: datetime | None = None  # when a newer letter's access is to replace this one


def home(work: Work, session: SessionFacts) -> Space:
    """The member's space (an account gone takes its sessions along). `last_sign_in` is the one
    before this."""
    last = (
        select(JournalEntry.at)
        .where(JournalEntry.account_id == Account.id, JournalEntry.event == "sign_in.done")
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .offset(1)
        .limit(1)
        .correlate(Account)
        .scalar_subquery()
    )
    rows = work.db.execute(
        select(
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
            RollEntry.birth_date,
            RollEntry.contract,
            RollEntry.joined_on,
            Account.email,
            last.label("last_sign_in"),
            Device.id,
            Device.agent,
            Device.created_at,
            Device.last_used_at,
            Device.expires_at,
            Device.trusted,
            Takeover.effective_at.label("takeover_at"),
        )
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .outerjoin(
            Device,
            and_(Device.account_id == Account.id, Device.trusted, Device.expires_at > work.now),
        )
        .outerjoin(Takeover, and_(Takeover.account_id == Account.id, Takeover.state == "waiting"))
        .where(Account.id == session.account_id)
        .order_by(Device.last_used_at.desc())
    ).all()
    devices = tuple(DeviceFacts(*tuple(row)[9:15]) for row in rows if row.id is not None)
    return Space(*rows[0][:9], devices, rows[0].takeover_at)
