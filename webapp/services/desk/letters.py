"""The paper letters of one member: the present one and those before it. No code leaves here."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from webapp.models import Letter, LetterBatch
from webapp.models.base import Moment
from webapp.models.together import Answers, Question
from webapp.rules import lifetimes
from webapp.rules.letters import RETURNED, USED
from webapp.rules.moments import paris_date
from webapp.services.kernel.work import Work
from webapp.services.letters import states
from webapp.services.roll.entries import CAME_BACK, USED_UP
from webapp.services.roll.report import NEVER

MOST = 5
UNWRITTEN, OF_THE_FILE, EXPIRED, ERASED = "unwritten", "good", "expired", "erased"


@dataclass(frozen=True)
class LetterFacts:
    """A paper letter. `state`: one of rules/letters.py; unwritten, for a member who waits for one;
    good, for a code of the mutual's own file; erased, where the space that it opened is no more.
    `batch` and `sequence`: None for the mutual's own. `good_until`: its last day, in Paris.
    `reissued`: it took the place of the file's."""

    state: str
    made_at: datetime | None = None
    good_until: date | None = None
    reissued: bool = False
    batch: int | None = None
    sequence: int | None = None
    posted_on: date | None = None
    returned_at: datetime | None = None
    used_at: datetime | None = None


class Code(NamedTuple):
    """A member's present code on the roll. `used`: it made their account, or took it over."""

    mac: bytes
    issued_at: datetime
    reissued: bool
    used: bool


class _Row(NamedTuple):
    id: int
    mac: bytes
    state: str
    batch: int
    sequence: int
    made_at: datetime
    printed: date
    posted_on: date | None
    returned_at: datetime | None
    used_at: datetime | None


def _last() -> Question[_Row]:
    state = states.state_where(bindparam("oldest_code", type_=Moment)).label("state")
    asked = select(
        Letter.id, Letter.code_mac.label("mac"), state, Letter.batch_id.label("batch"),
        Letter.sequence, LetterBatch.made_at, LetterBatch.good_until.label("printed"),
        LetterBatch.posted_on, Letter.returned_at, Letter.used_at,
    )  # fmt: skip
    mine = states.of_letters(asked).where(Letter.roll_id == bindparam("roll_id"))
    return Question(_Row, mine.order_by(Letter.id.desc()).limit(MOST), limited=True)


LAST = _last()


def of(work: Work, answers: Answers, code: Code) -> tuple[LetterFacts, ...]:
    """The letter of the present code first, then the last ones before it."""
    rows = sorted(answers.to(LAST), key=lambda row: row.id, reverse=True)
    present = next((row for row in rows if row.mac == code.mac), None)
    first = _of_code(work, code) if present is None else _present(present, code)
    if code.issued_at == NEVER:
        first, present = LetterFacts(UNWRITTEN), None
    return (first, *(_letter(row) for row in rows if row is not present))


def _letter(row: _Row) -> LetterFacts:
    return LetterFacts(
        row.state, row.made_at, row.printed, False, row.batch, row.sequence, row.posted_on,
        row.returned_at, row.used_at,
    )  # fmt: skip


def _present(row: _Row, code: Code) -> LetterFacts:
    state = ERASED if code.issued_at == USED_UP else row.state
    until = _last_day(code.issued_at) if code.issued_at > CAME_BACK else None
    return replace(_letter(row), state=state, good_until=until, reissued=code.reissued)


def _of_code(work: Work, code: Code) -> LetterFacts:
    """A code that came with the mutual's file, on a letter that it printed itself."""
    if code.issued_at == USED_UP:
        return LetterFacts(ERASED, reissued=code.reissued)
    if code.issued_at == CAME_BACK:
        return LetterFacts(RETURNED, reissued=code.reissued)
    over = code.issued_at + lifetimes.ACCESS_CODE <= work.now
    state = USED if code.used else EXPIRED if over else OF_THE_FILE
    return LetterFacts(state, code.issued_at, _last_day(code.issued_at), code.reissued)


def _last_day(issued_at: datetime) -> date:
    """The last day on which the code is good at some hour."""
    last = issued_at + lifetimes.ACCESS_CODE - timedelta.resolution
    return paris_date(last)
