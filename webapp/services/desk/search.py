"""Finding the one member whom a caller says they are: by something exact, never by a part of it.

Nothing is listed. Where several are meant, one more fact is asked for. A search that opens nobody's
page spends a look, so that nobody tries numbers, names or addresses to see who is a member. Once no
look is left, a search finds nobody but whose page is open already: where it leads would tell.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, String, bindparam, select, union_all

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.prepared import Prepared
from webapp.rules import accents, credentials
from webapp.rules.refusals import Refusal
from webapp.services.desk import looks
from webapp.services.kernel import journal, throttle
from webapp.services.kernel.work import Work
from webapp.services.roll import numbers

NOBODY = "desk_nobody"


class Nobody(Refusal):
    """Not one member, or no look left: desk_nobody; desk_several, desk_number_several, which ask
    for one more fact. Whoever catches it has it counted (`count`): a search itself only reads."""

    def __init__(self, key: str, by: str):
        super().__init__(key)
        self.by = by


class _Numbered(NamedTuple):
    id: int
    full: bool
    number: str


class _Born(NamedTuple):
    id: int
    full: bool
    last_name: str
    first_name: str


class _Reader(NamedTuple):
    id: int
    full: bool


_Found = _Numbered | _Born | _Reader
_KEY, _FULL = bindparam("email_key", type_=String), throttle.is_full().label("full")
_NUMBERED = Prepared(
    _Numbered, select(RollEntry.id, _FULL, RollEntry.number).where(numbers.may_be_meant())
)
_BORN = Prepared(
    _Born,
    select(RollEntry.id, _FULL, RollEntry.last_name, RollEntry.first_name).where(
        RollEntry.birth_date == bindparam("born", type_=Date)
    ),
)
_READERS = Prepared(
    _Reader,
    union_all(
        select(Account.roll_id.label("id"), _FULL).where(Account.email_key == _KEY),
        select(JoinedMember.roll_id.label("id"), _FULL)
        .join(Account, Account.id == JoinedMember.account_id)
        .where(Account.email_key == _KEY),
    ),
)


def by_number(work: Work, number: str) -> int:
    """The roll entry of the member who has this number, typed as a member may type it. Raises
    Nobody."""
    near = _NUMBERED.all(work.db, {**numbers.readings(number), **_budget(work)})
    entry = numbers.meant(near, number)
    found = near if entry is None else [entry]
    return _only(work, found, by="number", several="desk_number_several")


def by_name(work: Work, *, last_name: str, first_name: str, born: date) -> int:
    """The one with both names, but for accents, case and signs between, born on that day. Raises
    Nobody."""
    last, first = accents.letters(last_name), accents.letters(first_name)
    found = [
        each
        for each in _BORN.all(work.db, {"born": born, **_budget(work)})
        if accents.letters(each.first_name) == first and accents.letters(each.last_name) == last
    ]
    return _only(work, found, by="name", several="desk_several")


def by_email(work: Work, email: str) -> int:
    """The one whose space has this address. Raises Nobody."""
    found = _READERS.all(work.db, {"email_key": credentials.email_key(email), **_budget(work)})
    return _only(work, found, by="email", several="desk_several")


def count(work: Work, operator_id: int, nobody: Nobody) -> None:
    """A search found nobody, or several: that is a look, and in the journal without what was typed.
    Raises Refusal("desk_looks_closed")."""
    looks.spend(work, operator_id)
    journal.write(work, "desk.sought", by=nobody.by, several=nobody.key != NOBODY)


def _budget(work: Work) -> dict[str, object]:
    return looks.budget(work, work.operator_id or 0)


def _only(work: Work, found: Sequence[_Found], *, by: str, several: str) -> int:
    if len(found) != 1:
        raise Nobody(several if found else NOBODY, by)
    [one] = found
    if one.full and looks.opened(work, work.operator_id or 0, one.id) is None:
        raise Nobody(NOBODY, by)
    return one.id
