"""Whom a batch of letters is for: the members chosen, a chunk at a time, and why others are not."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, or_, select

from webapp.models import Account, Registration, RollEntry
from webapp.rules import lifetimes
from webapp.rules.letters import NO_ADDRESS, NOT_AT_THIS_ADDRESS, OF_STATUS, UNFIT
from webapp.services.kernel.work import Work
from webapp.services.letters.sheets import Addressee
from webapp.services.roll.entries import CAME_BACK
from webapp.services.roll.members import id_of
from webapp.services.roll.report import NEVER
from webapp.services.roll.table import NOT_A_TEST

CHUNK = 1_000
_COLUMNS = (
    RollEntry.id, RollEntry.number_key, RollEntry.number, RollEntry.civility, RollEntry.last_name,
    RollEntry.first_name, RollEntry.address, RollEntry.status, RollEntry.code_mac,
    RollEntry.code_issued_at, RollEntry.replaced_mac, RollEntry.returned_mac,
)  # fmt: skip
Unfit = Callable[[Sequence[Addressee]], Mapping[int, str]]


@dataclass(frozen=True)
class Choice:
    """Whom an operator wants to write to; nothing chosen means `new`.

    `new`: whose code was never printed, and whose letter came back from an address that changed
    since. `expired`: whose letter was never used and is not good any more. `unused_since`: whose
    letter was posted that many days ago or more, and never used. `numbers`: these, as the mutual
    writes them, whether they have a space or not. `limit`: so many letters at most.
    `no_address_needed`: also for who has none.
    """

    new: bool = False
    expired: bool = False
    unused_since: int | None = None
    numbers: tuple[str, ...] = ()
    limit: int | None = None
    no_address_needed: bool = False


class _Candidate(NamedTuple):
    id: int
    number_key: str
    number: str
    civility: str
    last_name: str
    first_name: str
    address: str
    status: str
    code_mac: bytes
    code_issued_at: datetime
    replaced_mac: bytes | None
    returned_mac: bytes | None


class Chosen(NamedTuple):
    """A member who gets a letter. `former`: since when the code runs that this one replaces, or a
    moment of 1970 (services/roll/entries.py)."""

    roll_id: int
    number_key: str
    to: Addressee
    code_mac: bytes
    replaced_mac: bytes | None
    former: datetime


@dataclass(frozen=True)
class LeftOut:
    """A member whose letter would be cut somewhere, and why, in French."""

    number: str
    reason: str


def room_for_all(_addressees: Sequence[Addressee]) -> Mapping[int, str]:
    """Where nothing is laid out: a table of letters cuts none."""
    return {}


class Choosing:
    """Goes through the roll once. `skipped` and `left_out` say who gets none, up to there;
    `passed_over`, of the members named by their numbers, each with its reason's key."""

    def __init__(self, work: Work, choice: Choice, unfit: Unfit):
        self._work, self._choice, self._unfit = work, choice, unfit
        self.skipped: Counter[str] = Counter()
        self.left_out: list[LeftOut] = []
        self.passed_over: list[tuple[str, str]] = []

    def chunks(self) -> Iterator[list[Chosen]]:
        """The members chosen, in the order of the roll (or of `numbers`), until the limit.

        Raises NotOnTheRoll for a number of nobody's.
        """
        room = self._choice.limit
        for rows in self._candidates():
            chosen = self._fitting([row for row in rows if self._is_written_to(row)])
            yield chosen if room is None else chosen[:room]
            room = None if room is None else room - len(chosen)
            if room is not None and room <= 0:
                return

    def _candidates(self) -> Iterator[list[_Candidate]]:
        asked = select(*_COLUMNS).order_by(RollEntry.id)
        if self._choice.numbers:
            ids = [id_of(self._work, each) for each in self._choice.numbers]
            ids = list(dict.fromkeys(ids))
            for at in range(0, len(ids), CHUNK):
                part = ids[at : at + CHUNK]
                found = {row.id: row for row in self._rows(asked.where(RollEntry.id.in_(part)))}
                yield [found[each] for each in part]
            return
        wanted, last = _wanted(self._choice, self._work.now), 0
        without_space = ~exists().where(Account.roll_id == RollEntry.id)
        asked = asked.where(wanted, without_space, NOT_A_TEST).limit(CHUNK)
        while rows := self._rows(asked.where(RollEntry.id > last)):
            last = rows[-1].id
            yield rows

    def _rows(self, asked: Select[*tuple[Any, ...]]) -> list[_Candidate]:
        return [_Candidate(*row) for row in self._work.db.execute(asked)]

    def _is_written_to(self, row: _Candidate) -> bool:
        reason = OF_STATUS.get(row.status)
        if reason is None and row.returned_mac is not None:
            same = self._work.world.seals.same(row.returned_mac, "address", row.address)
            reason = NOT_AT_THIS_ADDRESS if same else None
        if reason is None and not row.address and not self._choice.no_address_needed:
            reason = NO_ADDRESS
        if reason is not None:
            self.skipped[reason] += 1
            if self._choice.numbers:
                self.passed_over.append((row.number, reason))
        return reason is None

    def _fitting(self, rows: Sequence[_Candidate]) -> list[Chosen]:
        chosen = [
            Chosen(
                row.id,
                row.number_key,
                Addressee(
                    row.number, row.civility, row.last_name, row.first_name, row.address
                ),
                row.code_mac,
                row.replaced_mac,
                row.code_issued_at,
            )
            for row in rows
        ]  # fmt: skip
        unfit = self._unfit([each.to for each in chosen])
        self.skipped[UNFIT] += len(unfit)
        self.left_out += [LeftOut(chosen[at].to.number, unfit[at]) for at in sorted(unfit)]
        return [each for at, each in enumerate(chosen) if at not in unfit]


def _wanted(choice: Choice, now: datetime) -> ColumnElement[bool]:
    """SQL: whom the choice means. Who is registering with the former letter goes on with it."""
    issued = RollEntry.code_issued_at
    new = issued.in_([NEVER, CAME_BACK])
    registering = exists().where(
        Registration.roll_id == RollEntry.id,
        Registration.state != "confirmed",
        Registration.expires_at > now,
    )
    kinds: list[ColumnElement[bool]] = []
    if choice.expired:
        kinds.append((issued <= now - lifetimes.ACCESS_CODE) & (issued > CAME_BACK) & ~registering)
    if choice.unused_since is not None:
        since = now - timedelta(days=choice.unused_since)
        kinds.append((issued <= since) & (issued > CAME_BACK) & ~registering)
    if choice.new or not kinds:
        kinds.append(new)
    return or_(*kinds)
