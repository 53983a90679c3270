"""What was met before, in little memory: entries of the roll, and hashes that came twice."""

from array import array
from collections import Counter
from collections.abc import Iterable

_PAGE = 16  # bits of an entry's number: a byte each for those in use
_ONE_LOOK, _PARTS = 131_072, 64


class Seen:
    """Entries of the roll, by their number in the database. A million take a megabyte."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def __contains__(self, entry_id: int) -> bool:
        page = self._pages.get(entry_id >> _PAGE)
        return page is not None and page[entry_id & (1 << _PAGE) - 1] == 1

    def add(self, entry_ids: Iterable[int]) -> list[int]:
        """These are met now; those of them that were before."""
        pages, low, before = self._pages, (1 << _PAGE) - 1, list[int]()
        for each in entry_ids:
            page = pages.get(each >> _PAGE)
            if page is None:
                page = pages[each >> _PAGE] = bytearray(1 << _PAGE)
            if page[each & low]:
                before.append(each)
            page[each & low] = 1
        return before


def met_twice(hashes: "array[int]") -> set[int]:
    """The hashes that are there more than once. They are looked at in parts, for a set of all would
    take ten times their memory."""
    parts = [hashes]
    if len(hashes) > _ONE_LOOK:
        parts = [array("q") for _ in range(_PARTS)]
        for each in hashes:
            parts[each % _PARTS].append(each)
    found = set[int]()
    for part in parts:
        if len(set(part)) < len(part):
            found.update(each for each, times in Counter(part).items() if times > 1)
    return found
