"""The tables that hold something about a member: which of their columns are told, and which rows
are theirs."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    JoinedMember,
    JournalEntry,
    Letter,
    LetterBatch,
    OutboxMail,
    Passkey,
    Recovery,
    RecoveryCode,
    Registration,
    RollEntry,
    StoredSession,
    Takeover,
    TermsAcceptance,
)
from webapp.models.base import Base, Moment
from webapp.rules.ranks import Member
from webapp.services.account import terms
from webapp.services.kernel import household, journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox


@dataclass(frozen=True)
class Part:
    """A table's share: which of its columns are told, words and moments, the first one orders.
    `beside`: a table that each row leads to, for more of them."""

    key: str
    table: type[Base]
    words: tuple[str, ...]
    moments: tuple[str, ...]
    beside: type[Base] | None = None

    def column(self, name: str) -> InstrumentedAttribute[object]:
        """A column of the table, or else of the one beside it, whatever it holds."""
        of = self.table if self.beside is None or hasattr(self.table, name) else self.beside
        column: InstrumentedAttribute[object] = getattr(of, name)
        return column


MEMBER = Part(
    "member", RollEntry,
    ("number", "civility", "last_name", "first_name", "birth_date", "contract", "joined_on",
     "address", "status"),
    ("updated_at", "code_issued_at"),
)  # fmt: skip
ACCOUNT = Part(
    "account", Account,
    ("email", "terms_version", "mailed_code_off"),
    ("created_at", "closing_at", "first_joined_at"),
)  # fmt: skip
JOINED = Part(  # of who joined somebody's space
    "account", JoinedMember,
    ("email", "terms_version", "mailed_code_off"), ("joined_at", "closing_at", "created_at"),
    beside=Account,
)  # fmt: skip
PARTS = (
    Part("terms", TermsAcceptance, ("version", "text_hash", "origin"), ("accepted_at",)),
    Part(
        "sessions",
        StoredSession,
        ("agent", "rank"),
        ("created_at", "seen_at", "idle_until", "ends_at", "proved_at"),
    ),
    Part("devices", Device, ("agent", "trusted"), ("created_at", "last_used_at", "expires_at")),
    Part("passkeys", Passkey, ("name", "transports"), ("created_at", "last_used_at")),
    Part(
        "authenticators", Authenticator, ("name",), ("created_at", "confirmed_at", "last_used_at")
    ),
    Part("recovery_codes", RecoveryCode, (), ("created_at", "used_at")),
    Part(
        "address_changes",
        AddressChange,
        ("state", "former_email", "email"),
        ("created_at", "mailed_at", "confirmed_at", "expires_at"),
    ),
    Part(
        "takeovers",
        Takeover,
        ("state", "email", "terms_version", "terms_origin"),
        ("created_at", "effective_at", "ended_at", "terms_at"),
    ),
    Part("recoveries", Recovery, (), ("created_at", "expires_at", "used_at")),
    Part("registrations", Registration, ("state", "email"), ("created_at", "expires_at")),
    Part(
        "paper_letters",
        Letter,
        ("batch_id", "sequence", "posted_on"),
        ("made_at", "used_at", "returned_at"),
        beside=LetterBatch,
    ),
    Part(
        "letters", OutboxMail, ("name", "state", "outcome", "roll_id"), ("created_at", "ended_at")
    ),
)
JOURNAL = Part("journal", JournalEntry, ("event", "origin", "facts"), ("at",))
# the space's, of which who joined it sees what came since
_OF_THE_SPACE = (AddressChange, Takeover, Recovery)


def mine(work: Work, part: Part, session: Member) -> ColumnElement[bool]:
    """Which rows of a table are this member's; proofs of terms outlive a former account, and what
    a new beginning ended is gone."""
    theirs = _of_the_roll(part, session)
    if theirs is not None:
        return theirs
    if part.table is OutboxMail:
        own = _mails(work, session)
    elif part.table is Account:
        own = Account.id == session.account_id
    elif part.table is JournalEntry:
        own = journal.read_by(session)
    else:
        own = part.column("account_id") == session.account_id
    bearers = [each for each in new_beginning.BEARERS if each is part.table]
    conditions = [own, *(~new_beginning.ended(each) for each in bearers)]
    if part.table in _OF_THE_SPACE:
        began = type_coerce(part.column(part.moments[0]), Moment)
        conditions.append(household.is_since_joining(session, began))
    return and_(*conditions)


def _mails(work: Work, session: Member) -> ColumnElement[bool]:
    """Those about this member, and those to the space since they joined it; nothing about whoever
    else reads that mailbox."""
    to = or_(notices.sent_to(work, session.email), outbox.sent_to(work, session.email))
    since = household.is_since_joining(session, OutboxMail.created_at)
    own = OutboxMail.roll_id == session.roll_id
    return and_(to, or_(own, and_(OutboxMail.roll_id.is_(None), since)))


def _of_the_roll(part: Part, session: Member) -> ColumnElement[bool] | None:
    """Which rows are of this member's entry of the roll; None for a table of the account's."""
    roll_id = session.roll_id
    if part.table is RollEntry:
        return RollEntry.id == roll_id
    if part.table is JoinedMember:
        return and_(JoinedMember.roll_id == roll_id, Account.id == JoinedMember.account_id)
    if part.table is Letter:
        return and_(Letter.roll_id == roll_id, LetterBatch.id == Letter.batch_id)
    if part.table is Registration:
        return Registration.roll_id == roll_id
    return terms.proved_by(session) if part.table is TermsAcceptance else None
