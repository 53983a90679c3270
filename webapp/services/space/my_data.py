"""What we hold about a member, all of it, in one statement: for the page, the file and the print.

Names and dates only: a password, a secret or a hash of one is never read here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    String,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
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
from webapp.rules import postal
from webapp.rules.ranks import Member
from webapp.rules.retention import KEPT
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox

FORMAT = "espace-smie/1"  # docs/export.md
WORDS, MOMENTS = 9, 5  # columns of the one statement

Row = dict[str, object]


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


@dataclass(frozen=True)
class MyData:
    """All of it: the roll's entry (its address line by line), the account, and the rows of each
    other part, oldest first."""

    member: Row
    account: Row
    parts: Mapping[str, list[Row]]


_MEMBER = Part(
    "member", RollEntry,
    ("number", "civility", "last_name", "first_name", "birth_date", "contract", "joined_on",
     "address", "status"),
    ("updated_at", "code_issued_at"),
)  # fmt: skip
_ACCOUNT = Part(
    "account", Account,
    ("email", "terms_version", "mailed_code_off"), ("created_at", "closing_at"),
)  # fmt: skip
_PARTS = (
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
    Part("letters", OutboxMail, ("name", "state", "outcome"), ("created_at", "ended_at")),
)
_JOURNAL = Part("journal", JournalEntry, ("event", "origin", "facts"), ("at",))
_ALL = {part.key: part for part in (_MEMBER, _ACCOUNT, *_PARTS, _JOURNAL)}


def held(work: Work, session: Member, *, with_journal: bool = False) -> MyData:
    """What is held about this session's member, in one statement."""
    parts = (*_PARTS, _JOURNAL) if with_journal else _PARTS
    found: dict[str, list[Row]] = {part.key: [] for part in (_MEMBER, _ACCOUNT, *parts)}
    statement = union_all(
        _share(_MEMBER).where(RollEntry.id == _roll_id(session)),
        _share(_ACCOUNT).where(Account.id == session.account_id),
        *(_share(part).where(_mine(work, part, session)) for part in parts),
    )
    for row in sorted(work.db.execute(statement).mappings(), key=_order):
        found[row["part"]].append(_read(_ALL[row["part"]], row))
    (member,), (account,) = found.pop("member"), found.pop("account")
    member["address"] = postal.lines(str(member["address"]))
    return MyData(member, account, found)


def export(work: Work, session: Member) -> str:
    """The same as JSON, with why and how long; the journal remembers that it was taken."""
    mine = held(work, session, with_journal=True)
    journal.write(work, "data.exported", account_id=session.account_id)
    told = {
        "format": FORMAT,
        "made_at": work.now,
        "member": _without_id(mine.member),
        "account": _without_id(mine.account),
        **{key: [_without_id(row) for row in rows] for key, rows in mine.parts.items()},
        "kept": [
            {
                "key": each.key,
                "what": each.what,
                "why": each.why,
                "ground": each.ground,
                "how_long": each.how_long,
            }
            for each in KEPT.values()
            if each.shown
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_moment)


def _moment(value: datetime | date) -> str:
    return value.isoformat()


def _roll_id(session: Member) -> ScalarSelect[int]:
    return select(Account.roll_id).where(Account.id == session.account_id).scalar_subquery()


def _mine(work: Work, part: Part, session: Member) -> ColumnElement[bool]:
    """Which rows of a table are this member's; proofs of terms outlive a former account, and what
    a new beginning ended is gone."""
    if part.table is OutboxMail:
        return or_(notices.sent_to(work, session.email), outbox.sent_to(work, session.email))
    if part.table is Letter:
        return and_(Letter.roll_id == _roll_id(session), LetterBatch.id == Letter.batch_id)
    if part.table is Registration:
        return Registration.roll_id == _roll_id(session)
    own = part.column("account_id") == session.account_id
    if part.table is TermsAcceptance:
        return or_(own, TermsAcceptance.roll_id == _roll_id(session))
    bearers = [each for each in new_beginning.BEARERS if each is part.table]
    return and_(own, *(~new_beginning.ended(each) for each in bearers))


def _share(part: Part) -> Select[str, str]:
    """A part's rows in the columns that all parts share."""
    words = [_worded(part.column(name)) for name in part.words]
    moments: list[SQLColumnExpression[object]] = [part.column(name) for name in part.moments]
    words += [cast(null(), String)] * (WORDS - len(words))
    moments += [cast(null(), Moment)] * (MOMENTS - len(moments))
    return select(
        cast(literal(part.key), String).label("part"),
        cast(part.column("id"), String).label("id"),
    ).add_columns(
        *(word.label(f"word{at}") for at, word in enumerate(words)),
        *(moment.label(f"moment{at}") for at, moment in enumerate(moments)),
    )


def _worded(column: InstrumentedAttribute[object]) -> ColumnElement[str]:
    if isinstance(column.type, Boolean):
        return case((type_coerce(column, Boolean), "1"), else_="")
    return cast(column, String)


_READERS: tuple[tuple[type[object], Callable[[str], object]], ...] = (
    (Boolean, bool),
    (Integer, int),
    (Date, date.fromisoformat),
    (JSON, json.loads),
)


def _read(part: Part, row: RowMapping) -> Row:
    """A row as its part tells it: every word of its own type again."""
    told: Row = {"id": row["id"]}
    for at, name in enumerate(part.words):
        kind, value = part.column(name).type, row[f"word{at}"]
        reader = next((read for each, read in _READERS if isinstance(kind, each)), str)
        told[name] = None if value is None else reader(value)
    told |= {name: row[f"moment{at}"] for at, name in enumerate(part.moments)}
    return told


def _order(row: RowMapping) -> tuple[datetime, str]:
    """Oldest first, whatever the database does; numbers count, other ids only need an order."""
    return row["moment0"], row["id"].zfill(32)


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
