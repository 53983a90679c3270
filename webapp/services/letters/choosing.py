"""Whom a batch of letters is for: the members chosen, a chunk at a time, and why others are not."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from webapp.models import Account, JoinedMember, Letter, LetterBatch, Registration, RollEntry
from webapp.models.desk import WantedLetter
from webapp.rules import credentials, lifetimes
from webapp.rules.letters import NO_ADDRESS, NOT_AT_THIS_ADDRESS, OF_STATUS, UNFIT
from webapp.rules.moments import paris_date
from webapp.services.kernel.work import Work
from webapp.services.letters.sheets import Addressee
from webapp.services.roll import table as roll
from webapp.services.roll.entries import CAME_BACK
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.roll.report import NEVER
from webapp.services.roll.table import NOT_A_TEST, KnownEntry

CHUNK = 1_000
_ASKED = select(
    RollEntry.id, RollEntry.number_key, RollEntry.number, RollEntry.civility, RollEntry.last_name,
    RollEntry.first_name, RollEntry.address, RollEntry.status, RollEntry.code_issued_at,
    RollEntry.returned_mac,
).order_by(RollEntry.id)  # fmt: skip
Unfit = Callable[[Sequence[Addressee]], Mapping[int, str]]


@dataclass(frozen=True)
class Choice:
    """Whom an operator wants to write to; nothing chosen means `new`.

    `new`: whose code was never printed, whose letter came back from an address that changed since,
    and for whom the desk asked for one, be it that they have a space. `expired`: whose letter was
    never used and is not good any more. `unused_since`: whose letter was posted that many days ago
    or more, and never used. `numbers`: these, as the mutual writes them, whether they have a space
    or not. `limit`: so many letters at most. `no_address_needed`: also for who has none.
    """

    new: bool = False
    expired: bool = False
    unused_since: int | None = None
    numbers: tuple[str, ...] = ()
    each_of_them: bool = False
    limit: int | None = None
    no_address_needed: bool = False

    @property
    def takes_wanted(self) -> bool:
        """Whether it means those for whom the desk asked for a letter."""
        kinds = self.expired or self.unused_since is not None or bool(self.numbers)
        return self.new or not kinds


class _Candidate(NamedTuple):
    id: int
    number_key: str
    number: str
    civility: str
    last_name: str
    first_name: str
    address: str
    status: str
    code_issued_at: datetime
    returned_mac: bytes | None


class Chosen(NamedTuple):
    """A member who gets a letter. `former`: since when the code runs that this one replaces, or a
    moment of 1970 (services/roll/entries.py)."""

    roll_id: int
    number_key: str
    to: Addressee
    former: datetime


@dataclass(frozen=True)
class LeftOut:
    """A member whose letter would be cut somewhere, and why, in French."""

    number: str
    reason: str


class GetsNoLetter(Exception):
    """One of the members, each of whom was to get one: their `number`, and the `reason`, a key of
    rules/letters.py: parti, decede, refus, npai, sans_adresse."""

    def __init__(self, number: str, reason: str):
        super().__init__(number)
        self.number, self.reason = number, reason


def room_for_all(_addressees: Sequence[Addressee]) -> Mapping[int, str]:
    """Where nothing is laid out: a table of letters cuts none."""
    return {}


class Choosing:
    """Goes through the roll once. `skipped` and `left_out` say who gets none, up to there.
    `looking`: no letter is made of it, nobody's row is locked."""

    def __init__(self, work: Work, choice: Choice, unfit: Unfit, *, looking: bool = False):
        self._work, self._choice, self._unfit, self._looking = work, choice, unfit, looking
        self.skipped: Counter[str] = Counter()
        self.left_out: list[LeftOut] = []

    def chunks(self) -> Iterator[list[Chosen]]:
        """The members chosen, in the order of the roll (or of `numbers`), until the limit. Nobody
        begins anything with their former letter until this work ends.

        Raises NotOnTheRoll for a number of nobody's, GetsNoLetter.
        """
        room = self._choice.limit
        for rows in self._candidates():
            chosen = self._fitting(rows, room)
            yield chosen
            room = None if room is None else room - len(chosen)
            if room == 0:
                return

    def _candidates(self) -> Iterator[Sequence[_Candidate]]:
        if self._choice.numbers:
            for part in _parts(self._choice.numbers):
                ids = _ids(self._work, part)
                found = {row.id: row for row in self._held(_ASKED.where(RollEntry.id.in_(ids)))}
                yield [found[each] for each in ids]
            return
        wanted, last = _wanted(self._choice, self._work.now), 0
        own = exists().where(Account.roll_id == RollEntry.id)
        beside = exists().where(JoinedMember.roll_id == RollEntry.id)
        meant = and_(wanted, ~own, ~beside)
        if self._choice.takes_wanted:
            meant = or_(meant, exists().where(WantedLetter.roll_id == RollEntry.id))
        asked = _ASKED.where(meant, NOT_A_TEST)
        while ids := self._next(asked.where(RollEntry.id > last)):
            last = ids[-1]
            yield self._held(asked.where(RollEntry.id.in_(ids)))

    def _next(self, asked: Select[*tuple[Any, ...]]) -> list[int]:
        some = asked.with_only_columns(RollEntry.id).limit(CHUNK)
        return list(self._work.db.scalars(some))

    def _held(self, asked: Select[*tuple[Any, ...]]) -> list[_Candidate]:
        """The rows, locked and then read: one that waited for a lock sees what its holder did,
        such as a registration with the former letter. On SQLite nobody else writes meanwhile."""
        if self._work.db.dialect.name != "sqlite" and not self._looking:
            locked = asked.with_only_columns(RollEntry.id)
            self._work.db.execute(locked.with_for_update(of=RollEntry, key_share=True)).close()
        return [_Candidate(*row) for row in self._work.db.execute(asked).all()]

    def _fitting(self, rows: Sequence[_Candidate], room: int | None) -> list[Chosen]:
        """Those who get a letter, at most so many; who gets none is counted up to the last."""
        reasons = [self._reason(row) for row in rows]
        written_to = [at for at, reason in enumerate(reasons) if reason is None]
        addressees = {at: _addressee(rows[at]) for at in written_to}
        unfit = self._unfit([*addressees.values()])
        cut = {written_to[at]: why for at, why in unfit.items()}
        chosen: list[Chosen] = []
        for at, (row, reason) in enumerate(zip(rows, reasons, strict=True)):
            if len(chosen) == room:
                break
            if reason is not None:
                self.skipped[reason] += 1
                if self._choice.each_of_them:
                    raise GetsNoLetter(row.number, reason)
            elif at in cut:
                self.skipped[UNFIT] += 1
                self.left_out.append(LeftOut(row.number, cut[at]))
            else:
                chosen.append(_chosen(row, addressees[at]))
        return chosen

    def _reason(self, row: _Candidate) -> str | None:
        """Why this member gets no letter, a key of SKIPPED; None who gets one."""
        if row.status in OF_STATUS:
            return OF_STATUS[row.status]
        same = self._work.world.seals.same
        if row.returned_mac is not None and same(row.returned_mac, "address", row.address):
            return NOT_AT_THIS_ADDRESS
        if not row.address and not self._choice.no_address_needed:
            return NO_ADDRESS
        return None


def not_exact(work: Work, numbers: Sequence[str]) -> list[str]:
    """Those of the numbers that no member has exactly so."""
    return [
        number
        for part in _parts(numbers)
        for number, entry in zip(part, _entries(work, part), strict=True)
        if entry is None
    ]


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    """Each number once, some at a time."""
    once = list({credentials.identity(each): each for each in numbers}.values())
    for at in range(0, len(once), CHUNK):
        yield once[at : at + CHUNK]


def _entries(work: Work, numbers: Sequence[str]) -> list[KnownEntry | None]:
    keys = [key for each in numbers if (key := credentials.member_number(each))]
    known = roll.known(work, keys)
    return [known.get(credentials.identity(each)) for each in numbers]


def _ids(work: Work, numbers: Sequence[str]) -> list[int]:
    """Raises NotOnTheRoll."""
    ids = []
    for number, entry in zip(numbers, _entries(work, numbers), strict=True):
        if entry is None:
            raise NotOnTheRoll(number)
        ids.append(entry.id)
    return ids


def _addressee(row: _Candidate) -> Addressee:
    return Addressee(row.number, row.civility, row.last_name, row.first_name, row.address)


def _chosen(row: _Candidate, to: Addressee) -> Chosen:
    return Chosen(row.id, row.number_key, to, row.code_issued_at)


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
        # posted within its fortnight, a code's 90 days run from the end of that fortnight
        left = exists().where(
            Letter.roll_id == RollEntry.id,
            Letter.code_mac == RollEntry.code_mac,
            LetterBatch.id == Letter.batch_id,
            LetterBatch.posted_on <= paris_date(since),
        )
        kinds.append((left | (issued <= since)) & (issued > CAME_BACK) & ~registering)
    if choice.takes_wanted:
        kinds.append(new)
    return or_(*kinds)
