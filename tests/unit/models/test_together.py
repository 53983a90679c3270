"""Several questions in one statement are answered as each would be on its own."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, bindparam, func, insert, select

from player.statements import Statements
from webapp.models import JournalEntry, RollEntry
from webapp.models.together import Question, Together

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FACTS = {"reason": "égaré", "left": 4, "again": True}


class Member(NamedTuple):
    id: int
    number: str
    last_name: str
    birth_date: date | None
    code_mac: bytes
    updated_at: datetime
    missing_since: datetime | None


class Entry(NamedTuple):
    at: datetime
    event: str
    facts: dict[str, object]
    is_new: bool


class Count(NamedTuple):
    many: int


MEMBERS = Question(
    Member,
    select(*(getattr(RollEntry, name) for name in Member._fields)).where(
        RollEntry.number == bindparam("number")
    ),
)
ENTRIES = Question(
    Entry,
    select(
        JournalEntry.at, JournalEntry.event, JournalEntry.facts,
        (JournalEntry.id > 1).label("is_new"),
    )
    .order_by(JournalEntry.id.desc())
    .limit(2),
    limited=True,
)  # fmt: skip
COUNT = Question(Count, select(func.count().label("many")).select_from(JournalEntry))
ALL = Together(MEMBERS, ENTRIES, COUNT)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    values = {"number_key": "1", "code_mac": b"\x00\xff", "code_issued_at": NOW, "updated_at": NOW}
    with engine.begin() as db:
        born = {"number": "1", "last_name": "Œuvrard", "birth_date": date(1950, 3, 7), **values}
        db.execute(insert(RollEntry).values(id=1, **born))
        entry = {"at": NOW, "event": "letter.reissued", "origin": "", "facts": FACTS}
        db.execute(insert(JournalEntry), [entry] * 3)
    return engine


def test_each_question_gets_its_rows_with_values_of_their_types(filled: Engine) -> None:
    with filled.connect() as db:
        answers = ALL.ask(db, {"number": "1"})
    [member] = answers.to(MEMBERS)
    assert member == Member(1, "1", "Œuvrard", date(1950, 3, 7), b"\x00\xff", NOW, None)
    assert [(each.facts, each.is_new, each.at) for each in answers.to(ENTRIES)] == [
        (FACTS, True, NOW), (FACTS, True, NOW),
    ]  # fmt: skip
    assert answers.to(COUNT) == [Count(3)]


def test_a_question_without_an_answer_has_no_rows(filled: Engine) -> None:
    with filled.connect() as db:
        answers = ALL.ask(db, {"number": "2"})
    assert answers.to(MEMBERS) == []
    assert answers.to(COUNT) == [Count(3)]


def test_it_is_one_statement(filled: Engine) -> None:
    with Statements(filled) as statements, filled.connect() as db:
        ALL.ask(db, {"number": "1"})
    assert len(statements.seen) == 1


def test_columns_that_are_not_the_row_s_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="Count has"):
        Question(Count, select(func.count().label("few")))
