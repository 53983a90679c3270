"""What is kept for how long: the purge removes all that is past it, and personal data with it.

The lifetimes are those of the one table, `rules/retention.py`.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    and_,
    case,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    update,
)

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    HashSettings,
    JoinedMember,
    JoinRequest,
    JournalEntry,
    Leaving,
    Letter,
    LetterBatch,
    OutboxMail,
    Recovery,
    Registration,
    RollFormer,
    RollImport,
    StoredSession,
    Takeover,
    TermsAcceptance,
    Throttle,
)
from webapp.models.base import Base, Moment
from webapp.rules import lifetimes
from webapp.rules.moments import paris_date
from webapp.rules.retention import KEPT, life
from webapp.services.account import erasure
from webapp.services.kernel import hash_settings, journal, new_beginning
from webapp.services.kernel.new_beginning import Bearer
from webapp.services.kernel.work import Work


def purge(work: Work) -> int:
    """Delete every row past its time; returns how many. Running it twice is harmless."""
    _note_used(work)
    removed = erasure.erase_due(work) + _destroy_codes(work)
    removed += sum(work.db.execute(statement).rowcount for _, statement in overdue(work))
    if removed:
        journal.write(work, "database.purged", rows=removed)
    return removed


def _note_used(work: Work) -> None:
    """Which letters opened a space or joined one, before that is erased or a newer letter serves.
    Here and not at the confirmation, which asks enough of the database."""
    own = Account.roll_id == Letter.roll_id, Account.code_mac == Letter.code_mac
    beside = JoinedMember.roll_id == Letter.roll_id, JoinedMember.code_mac == Letter.code_mac
    opened = func.coalesce(
        select(Account.created_at).where(*own).scalar_subquery(),
        select(JoinedMember.joined_at).where(*beside).scalar_subquery(),
        type_=Moment,
    )
    made = select(LetterBatch.made_at).where(LetterBatch.id == Letter.batch_id).scalar_subquery()
    used = case((opened >= made, opened), else_=literal(work.now, Moment))  # else by a takeover
    served = or_(exists().where(*own), exists().where(*beside))
    fresh = Letter.used_at.is_(None), served
    work.db.execute(update(Letter).where(*fresh).values(used_at=used))


def _destroy_codes(work: Work) -> int:
    """The sealed codes whose printed day is over, though nobody said that their letters left."""
    today = paris_date(work.now)
    over = LetterBatch.good_until < today, LetterBatch.posted_on.is_(None)
    sealed = Letter.batch_id.in_(select(LetterBatch.id).where(*over)), Letter.sealed.is_not(None)
    return work.db.execute(update(Letter).where(*sealed).values(sealed=None)).rowcount


def overdue(work: Work) -> list[tuple[str, Delete]]:
    """What to delete, each with its row of the table. Accounts are erased in
    services/account/erasure.py: their rows go with them."""
    now = work.now

    def past(key: str, table: type[Base], condition: ColumnElement[bool]) -> tuple[str, Delete]:
        return key, delete(table).where(condition)

    at_the_desk = [
        *(("operator", "operator_session", moment) for moment in ("idle_until", "ends_at")),
        ("operator", "enrolment", "expires_at"),
        ("desk", "look", "open_until"),
        ("desk", "two_person_request", "expires_at"),
        ("desk", "roll_upload", "expires_at"),
    ]
    ended_session = or_(StoredSession.idle_until <= now, StoredSession.ends_at <= now)
    return [
        past("session", StoredSession, ended_session),
        *((key, _over(table, moment, now)) for key, table, moment in at_the_desk),
        past("registration", Registration, Registration.expires_at <= now),
        past("recovery", Recovery, Recovery.expires_at <= now - life("recovery")),
        past("address_change", AddressChange, AddressChange.expires_at <= now),
        past("takeover", Takeover, Takeover.ended_at <= now - life("takeover")),
        past("join_request", JoinRequest, JoinRequest.expires_at <= now),
        past("takeover", Leaving, Leaving.ended_at <= now - life("takeover")),
        past("device", Device, Device.expires_at <= now),
        past("throttle", Throttle, and_(Throttle.window_ends <= now, Throttle.closed_until <= now)),
        past("hash_settings", HashSettings, hash_settings.unused(work)),
        past("outbox", OutboxMail, OutboxMail.ended_at <= now - life("outbox")),
        past("journal", JournalEntry, JournalEntry.at <= now - life("journal")),
        past("terms", TermsAcceptance, TermsAcceptance.kept_until <= now),
        past("roll_former", RollFormer, RollFormer.import_id.in_(_imports_before(now))),
        past("roll_import", RollImport, _former_import(now)),
        past("letter", Letter, Letter.batch_id.in_(select(LetterBatch.id).where(_long_gone(now)))),
        past("letter", LetterBatch, _former_batch(now)),
        past("second_step", Authenticator, _unconfirmed(now)),
        # ended by a new beginning that could not wait for whoever held the row
        *(past(_key(each), each, new_beginning.ended(each)) for each in new_beginning.BEARERS),
    ]


def _over(name: str, moment: str, now: datetime) -> Delete:
    """Rows of the desk's tables whose moment is past, by name: the portal, which purges too, does
    not load their mappings."""
    ends = column(moment, Moment)
    return delete(table(name, ends)).where(ends <= now)


def _key(table: Bearer) -> str:
    """The row of the retention table that names this table."""
    return next(each.key for each in KEPT.values() if table.__tablename__ in each.tables)


def _imports_before(now: datetime) -> Select[int]:
    """The imports that can't be undone any more."""
    return select(RollImport.id).where(RollImport.at <= now - life("roll_former"))


def _former_import(now: datetime) -> ColumnElement[bool]:
    """The last one stays, whatever its age: its number would be given again."""
    last = select(func.max(RollImport.id)).scalar_subquery()
    return and_(RollImport.at <= now - life("roll_import"), RollImport.id < last)


def _long_gone(now: datetime) -> ColumnElement[bool]:
    """Batches whose letters are told of no more: their codes are dead for months."""
    left = func.coalesce(LetterBatch.posted_at, LetterBatch.made_at, type_=Moment)
    return left <= now - life("letter")


def _former_batch(now: datetime) -> ColumnElement[bool]:
    """The last one stays, without its letters: its number would be given again."""
    last = select(func.max(LetterBatch.id)).scalar_subquery()
    return and_(_long_gone(now), LetterBatch.id < last)


def _unconfirmed(now: datetime) -> ColumnElement[bool]:
    """An authenticator app whose first code never came."""
    waits = Authenticator.confirmed_at.is_(None)
    return and_(waits, Authenticator.created_at <= now - lifetimes.UNCONFIRMED_APP)
