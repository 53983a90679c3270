"""A prepared statement with lists (IN): one for each length, of which there are few.

A list is sent with as many places as the next power of two, its last value in those that are left
over; an empty one with "", which no key is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, Connection, String, bindparam
from sqlalchemy.sql.selectable import ReturnsRows

from webapp.models.prepared import Prepared, Values

Row = TypeVar("Row", bound=NamedTuple)
Places = Mapping[str, list[BindParameter[str]]]


class PreparedLists(Generic[Row]):
    """`make` writes the statement with the places of each list, in the order of `names`."""

    def __init__(self, row: type[Row], make: Callable[[Places], ReturnsRows], *names: str):
        self._names = names
        self._of = cache(lambda *sizes: Prepared(row, make(self._places(sizes))))

    def all(self, db: Connection, lists: Mapping[str, Sequence[str]], values: Values) -> list[Row]:
        """Every row."""
        sent: dict[str, Any] = dict(values)
        sizes = []
        for name in self._names:
            given = lists[name] or ("",)
            size = 1 << (len(given) - 1).bit_length()
            filled = [*given, *[given[-1]] * (size - len(given))]
            sent.update((f"{name}_{at}", value) for at, value in enumerate(filled))
            sizes.append(size)
        return self._of(*sizes).all(db, sent)

    def _places(self, sizes: Sequence[int]) -> Places:
        return {
            name: [bindparam(f"{name}_{at}", type_=String) for at in range(size)]
            for name, size in zip(self._names, sizes, strict=True)
        }
