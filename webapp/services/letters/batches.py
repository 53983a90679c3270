"""Batches of paper letters: made whole in one transaction, printed from what they sealed.

What is printed, the code too, is sealed in the letter until its batch is posted: a batch that was
committed can be printed, again and again, and one that was not has changed nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, select, update

from webapp.models import Letter, LetterBatch
from webapp.models.base import table
from webapp.rules import letters
from webapp.rules.moments import paris_date
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.letters import former, sealed, wanted
from webapp.services.letters.choosing import CHUNK, Choice, Choosing, Chosen, LeftOut, Unfit
from webapp.services.letters.sheets import Addressee, Sheet
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.report import NEVER

_LETTER, _BATCH = table(Letter), table(LetterBatch)


@dataclass(frozen=True)
class Maker:
    """Who makes a batch, and for what: the operator, the `recipe` of the press, the portal's
    address; `reason` is the operator's words for the journal, "" for none."""

    operator: str
    recipe: str
    portal: str
    reason: str = ""


@dataclass(frozen=True)
class Batch:
    """A batch as an operator is told of it. `files`: name, sha256 and letters of each."""

    id: int
    made_at: datetime
    operator: str
    letters: int
    skipped: Mapping[str, int]
    good_until: date
    portal: str
    recipe: str
    files: Sequence[Mapping[str, str | int]]
    trial: bool
    posted_on: date | None
    posted_by: str
    recipient: str = ""
    downloaded_at: datetime | None = None
    downloaded_by: str = ""

    @property
    def is_unprinted(self) -> bool:
        """Whether files were to be written and never were, as after a power cut."""
        to_print = bool(self.recipe) and not self.trial
        return to_print and self.posted_on is None and not self.files


@dataclass(frozen=True)
class Made:
    """A batch just made; its first `left_out` members."""

    batch: Batch
    left_out: Sequence[LeftOut]


class BatchRefused(Exception):
    """Nothing is changed. `key`: nobody, unknown, posted (its codes are destroyed), too_early
    (posted before it was made), too_late (posted after today), no_letter (a range that holds none),
    emptied (its members are on the roll no more), over (the printed day is, and its codes are
    destroyed), sealed (by a secret key that is not ours any more)."""

    def __init__(self, key: str, **facts: object):
        super().__init__(key)
        self.key, self.facts = key, facts


class Nobody(BatchRefused):
    """Nobody to write to: whom the choice meant gets no letter. `skipped`: how many, by reason."""

    def __init__(self, skipped: Mapping[str, int], left_out: Sequence[LeftOut]):
        super().__init__("nobody")
        self.skipped, self.left_out = skipped, left_out


def make(work: Work, choice: Choice, *, maker: Maker, unfit: Unfit) -> Made:
    """A batch for the members chosen; the codes that it replaces are dead once it is committed.

    One at a time: who comes second waits, and finds nobody who is in the first.
    Raises Nobody, NotOnTheRoll, GetsNoLetter, RollRefused("busy").
    """
    take_turn(work, wait=True)
    last_day = letters.printed_until(work.now)
    choosing, count, batch_id = Choosing(work, choice, unfit), 0, 0
    for chosen in filter(None, choosing.chunks()):
        # no sooner: PostgreSQL counts on, though nothing comes of it
        batch_id = batch_id or _begin(work, maker)
        sealed.write(work, batch_id, chosen, first=count + 1, last_day=last_day)
        reasons = wanted.served(work, [each.roll_id for each in chosen])
        if choice.numbers:
            reasons = {each.roll_id: maker.reason for each in chosen}
        _tell_former(work, [each for each in chosen if each.former != NEVER], reasons)
        count += len(chosen)
    skipped = {each: choosing.skipped[each] for each in letters.SKIPPED if choosing.skipped[each]}
    if not count:
        raise Nobody(skipped, choosing.left_out)
    counted = {"letters": count, "skipped": skipped}
    work.db.execute(update(_BATCH).where(_BATCH.c.id == batch_id).values(counted))
    journal.write(
        work, "letters.made", batch_id=batch_id, operator=maker.operator, letters=count,
        **journal.why(maker.reason),
    )  # fmt: skip
    return Made(find(work, batch_id), tuple(choosing.left_out))


def make_trial(work: Work, to: Addressee, *, maker: Maker) -> Batch:
    """The batch of the one letter that proves the chain: its code is the day, and opens nothing."""
    take_turn(work, wait=True)
    batch_id = _begin(work, maker, trial=True)
    code = letters.trial_code(paris_date(work.now))
    sealed.write_trial(work, batch_id, to, code)
    work.db.execute(update(_BATCH).where(_BATCH.c.id == batch_id).values(letters=1))
    return find(work, batch_id)


def find(work: Work, batch_id: int) -> Batch:
    """Raises BatchRefused("unknown")."""
    found = all_of(work, batch_id)
    if not found:
        raise BatchRefused("unknown")
    return found[0]


def all_of(work: Work, batch_id: int | None = None) -> list[Batch]:
    """Every batch, or the one; the youngest first."""
    return _all(work, *([] if batch_id is None else [_BATCH.c.id == batch_id]))


def _all(work: Work, *which: ColumnElement[bool]) -> list[Batch]:
    names = [_BATCH.c[name] for name in Batch.__dataclass_fields__]
    asked = select(*names).where(*which).order_by(_BATCH.c.id.desc())
    return [Batch(**row) for row in work.db.execute(asked).mappings()]


def unprinted(work: Work) -> list[int]:
    """The batches whose files were never written, the oldest first."""
    found = _all(work, _BATCH.c.posted_on.is_(None), _BATCH.c.trial.is_(False))
    return sorted(each.id for each in found if each.is_unprinted)


def sheets(work: Work, batch: Batch, first: int = 1, last: int | None = None) -> Iterator[Sheet]:
    """The letters of a batch, from one sequence to another, as they were made; without those of
    members who are not on the roll any more.

    Raises BatchRefused: posted, no_letter, over, sealed (with a key that is not ours any more).
    """
    last = batch.letters if last is None else min(last, batch.letters)
    check_range(batch, first, last)
    for at in range(first, last + 1, CHUNK):
        asked = select(_LETTER.c.sequence, _LETTER.c.sealed).where(
            _LETTER.c.batch_id == batch.id,
            _LETTER.c.sequence.between(at, min(at + CHUNK - 1, last)),
        )
        for row in work.db.execute(asked.order_by(_LETTER.c.sequence)).all():
            yield _sheet(work, batch, row.sequence, row.sealed)


def refuse_emptied(work: Work, batch: Batch, first: int, last: int) -> None:
    """Raises BatchRefused("emptied") where an import was undone, or members left the roll."""
    own = _LETTER.c.batch_id == batch.id, _LETTER.c.sequence.between(first, last)
    if work.db.scalar(select(_LETTER.c.id).where(*own).limit(1)) is None:
        raise BatchRefused("emptied", first=first, last=last)


def check_range(batch: Batch, first: int, last: int) -> None:
    """Raises BatchRefused: posted, no_letter. `last` may be past the end."""
    if batch.posted_on is not None:
        raise BatchRefused("posted", on=batch.posted_on)
    if not 1 <= first <= min(last, batch.letters):
        raise BatchRefused("no_letter", letters=batch.letters)


def note_files(work: Work, batch: Batch, files: Sequence[Mapping[str, str | int]]) -> None:
    """What the files of the whole batch were, to tell whether others are the same."""
    work.db.execute(
        update(_BATCH).where(_BATCH.c.id == batch.id).values(files=[dict(each) for each in files])
    )


def _sheet(work: Work, batch: Batch, sequence: int, box: bytes | None) -> Sheet:
    if box is None:  # somebody said meanwhile that it was posted, or the purge came by
        today = paris_date(work.now)
        raise BatchRefused("over" if batch.good_until < today else "posted")
    try:
        to, code = sealed.opened(work, batch.id, sequence, box)
    except ValueError as fault:
        raise BatchRefused("sealed") from fault
    made_on = paris_date(batch.made_at)
    place = (batch.id, sequence, batch.letters)
    return Sheet(*place, to, code, made_on, batch.good_until, batch.trial)


def _begin(work: Work, maker: Maker, *, trial: bool = False) -> int:
    row = {
        "made_at": work.now,
        "operator": maker.operator,
        "letters": 0,
        "skipped": {},
        "good_until": letters.printed_until(work.now),
        "portal": maker.portal,
        "recipe": maker.recipe,
        "files": [],
        "trial": trial,
        "posted_by": "",
    }
    batch_id: int = work.db.execute(insert(_BATCH).returning(_BATCH.c.id), row).scalar_one()
    return batch_id


def _tell_former(work: Work, chosen: Sequence[Chosen], reasons: Mapping[int, str]) -> None:
    """Whom an operator named, and why: what they began with the former letter ends at once."""
    ids = [each.roll_id for each in chosen if each.roll_id in reasons]
    for each in ids:
        journal.write(work, "letter.reissued", roll_id=each, **journal.why(reasons[each]))
    former.end_begun(work, ids)
