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

_NOTHING: ColumnElement[Any] = literal_column("NULL")
_named: Callable[..., Any] = namedtuple


class Question(Generic[Row]):
    """A SELECT, and the class of named tuples of its rows, whose order means nothing. `limited`:
    it has an ORDER BY and a LIMIT. Raises TypeError when the columns are not the fields of the
    class."""

    def __init__(self, row: type[Row], asked: Select[*tuple[Any, ...]], *, limited: bool = False):
        names = tuple(asked.selected_columns.keys())
        if names != row._fields:
            raise TypeError(f"{row.__name__} has {row._fields}, its question {names}")
        inner = asked.subquery() if limited else None  # a UNION takes no LIMIT of a part of it
        columns = asked.selected_columns if inner is None else inner.c
        self.row, self._asked = row, asked if inner is None else select(inner)
        self.columns: tuple[ColumnElement[Any], ...] = tuple(columns)
        self.places = tuple(_places(self.columns))

    def of(self, cells: Iterable[ColumnElement[Any]]) -> Select[*tuple[Any, ...]]:
        """The SELECT of these cells instead."""
        return self._asked.with_only_columns(*cells, maintain_column_froms=True)


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
        names = [f"c{at}" for at in range(len(places))]
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
        """The first says names and types for all; the shorter, the sooner the driver has read it
        (psycopg keeps none of more than 4,096 signs)."""
        question = self._questions[number]
        own = dict(zip(question.places, question.columns, strict=True))
        cells: list[ColumnElement[Any]] = [literal_column(str(number), Integer)]
        cells += [own.get(place, _NOTHING) for place in self._at]
        if number == 0:
            typed = zip(self._at, cells[1:], strict=True)
            cells[1:] = [
                cast(null(), _TYPES[kind]) if cell is _NOTHING else cell
                for (kind, _), cell in typed
            ]
            labels = ["question", *names]
            cells = [cell.label(name) for cell, name in zip(cells, labels, strict=True)]
        return question.of(cells)


def _places(columns: Iterable[ColumnElement[Any]]) -> Iterable[Place]:
    counts: dict[type, int] = {}
    for column in columns:
        kind = next(kind for kind, each in _TYPES.items() if isinstance(column.type, type(each)))
        counts[kind] = counts.get(kind, -1) + 1
        yield kind, counts[kind]


def _order(place: Place) -> tuple[str, int]:
    return place[0].__name__, place[1]
