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
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models.base import Moment
from webapp.rules import postal
from webapp.rules.ranks import Member
from webapp.rules.retention import KEPT
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.space.my_data_parts import ACCOUNT, JOINED, JOURNAL, MEMBER, PARTS, Part, mine

FORMAT = "espace-smie/1"  # docs/export.md
WORDS, MOMENTS = 9, 5  # columns of the one statement

Row = dict[str, object]


@dataclass(frozen=True)
class MyData:
    """All of it: the roll's entry (its address line by line), the account, and the rows of each
    other part, oldest first."""

    member: Row
    account: Row
    parts: Mapping[str, list[Row]]


def held(work: Work, session: Member, *, with_journal: bool = False) -> MyData:
    """What is held about the member of whom this session speaks, in one statement."""
    whose = ACCOUNT if session.since is None else JOINED
    parts = (MEMBER, whose, *PARTS, *((JOURNAL,) if with_journal else ()))
    named = {part.key: part for part in parts}
    found: dict[str, list[Row]] = {key: [] for key in named}
    statement = union_all(*(_share(part).where(mine(work, part, session)) for part in parts))
    for row in sorted(work.db.execute(statement).mappings(), key=_order):
        found[row["part"]].append(_read(named[row["part"]], row))
    (member,), (account,) = found.pop("member"), found.pop("account")
    member["address"] = postal.lines(str(member["address"]))
    if (joined_at := account.pop("first_joined_at", None)) is not None:
        account["joined_at"] = joined_at
    for mail in found["letters"]:
        mail["shared"] = mail.pop("roll_id") is None and bool(session.persons)
    return MyData(member, account, found)


def export(work: Work, session: Member) -> str:
    """The same as JSON, with why and how long; the journal remembers that it was taken."""
    mine = held(work, session, with_journal=True)
    whose = session.person_id
    journal.write(work, "data.exported", account_id=session.account_id, roll_id=whose)
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
