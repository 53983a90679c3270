"""Several questions in one statement: what one page tells of one member comes from many tables, and
each statement costs a round trip.

They become one UNION ALL. A column of a question takes a place of its type, the next one of that
type another; the places that a question does not need are NULL.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Select,
    String,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from webapp.models.base import Moment
from webapp.models.prepared import Prepared, Values

Row = TypeVar("Row", bound=NamedTuple)
Place = tuple[type, int]  # the second datetime of a question: (datetime, 1)
_TYPES: dict[type, TypeEngine[Any]] = {
    str: String(), int: Integer(), bool: Boolean(), bytes: LargeBinary(), date: Date(),
    datetime: Moment(), dict: JSON(),
}  # fmt: skip

_named: Callable[..., Any] = namedtuple


class Question(Generic[Row]):
    """A SELECT, and the class of named tuples of its rows, whose order means nothing. Raises
    TypeError when the columns are not the fields of the class."""

    def __init__(self, row: type[Row], asked: Select[*tuple[Any, ...]]):
        limited = asked.subquery()  # SQLite takes no ORDER BY and LIMIT inside a UNION
        self.row, self.columns = row, tuple(limited.c)
        if tuple(limited.c.keys()) != row._fields:
            raise TypeError(f"{row.__name__} has {row._fields}, its question {limited.c.keys()}")
        self.places = tuple(_places(self.columns))


class Answers:
    """The rows of each question."""

    def __init__(self, rows: dict[Question[Any], list[Any]]):
        self._rows = rows

    def to(self, question: Question[Row]) -> list[Row]:
        """Those of this one."""
        return self._rows[question]


class Together:
    """Questions that are always asked together, of the same parameters."""

    def __init__(self, *questions: Question[Any]):
        self._questions = questions
        places = sorted({each for one in questions for each in one.places}, key=_order)
        names = [f"{kind.__name__}_{at}" for kind, at in places]
        row = _named("Answer", ["question", *names])
        self._at = {place: at for at, place in enumerate(places, start=1)}
        self._asked = Prepared(
            row, union_all(*(self._padded(at, names) for at in range(len(questions))))
        )

    def ask(self, db: Connection, values: Values) -> Answers:
        """All of them, in one statement."""
        rows: dict[Question[Any], list[Any]] = {each: [] for each in self._questions}
        at = [[self._at[place] for place in each.places] for each in self._questions]
        for cells in self._asked.all(db, values):
            question = self._questions[cells[0]]
            rows[question].append(question.row._make(cells[place] for place in at[cells[0]]))
        return Answers(rows)

    def _padded(self, number: int, names: list[str]) -> Select[*tuple[Any, ...]]:
        question = self._questions[number]
        own = dict(zip(question.places, question.columns, strict=True))
        cells: list[ColumnElement[Any]] = [
            literal_column(str(number), BigInteger).label("question")
        ]
        for place, name in zip(self._at, names, strict=True):
            column = own.get(place)
            cells.append((cast(null(), _TYPES[place[0]]) if column is None else column).label(name))
        return select(*cells)


def _places(columns: Iterable[ColumnElement[Any]]) -> Iterable[Place]:
    counts: dict[type, int] = {}
    for column in columns:
        kind = next(kind for kind, each in _TYPES.items() if isinstance(column.type, type(each)))
        counts[kind] = counts.get(kind, -1) + 1
        yield kind, counts[kind]


def _order(place: Place) -> tuple[str, int]:
    return place[0].__name__, place[1]
