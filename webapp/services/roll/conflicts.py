"""What stands against undoing an import: what a member did with the letter that it brought, that
this letter left, and what another import or a reissued letter changed since.

A letter that was posted is with its member, or will be: taken off the roll, they would be told that
their code is wrong. One that is only made is void, and goes with its entry.

Facts alone that an import changed (a name, a contract) are put back whatever the member did: no
registration, no space and no sign-in hangs on them. `HANGING` names all that hangs on the roll; a
test of the house asks for it to be complete.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from webapp.models import (
    Account,
    JoinedMember,
    JoinRequest,
    Letter,
    LetterBatch,
    Registration,
    RollEntry,
    RollFormer,
    TermsAcceptance,
)
from webapp.rules.roll_guards import EXAMPLES
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import USED_UP

# each table that leads to the roll, and why an entry that an import added may yet be taken off it
HANGING = {
    "account": "refused",
    "registration": "refused while it is under way, else it goes with its entry",
    "terms_acceptance": "refused: a proof says whose it is",
    "journal": "stays, without the entry, as when a member is erased",
    "roll_former": "refused when it is another import's",
    "letter": "refused once it is posted, else it goes with its entry",
    "joined_member": "refused, as an account",
    "join_request": "refused while its owner is asked, else it goes with its entry",
    "look": "goes with its entry: a page that an operator has open",
    "two_person_request": "goes with its entry: nothing was done yet, or it is in the journal",
    "wanted_letter": "goes with its entry: no batch was made for it",
    "leaving": "refused while it waits: who leaves a space has one",
}
_CODE = '"code_mac": '  # as json.dumps writes it: a name that holds this has its quotes escaped


@dataclass(frozen=True)
class Conflict:
    """Why an import cannot be undone: how many members, the numbers of the first, and for « later »
    the imports to undo first, the newest first. `key`: later, reissued, posted, space,
    registration."""

    key: str
    count: int
    numbers: tuple[str, ...]
    imports: tuple[int, ...] = ()


def hold(work: Work, import_id: int) -> None:
    """Row locks on all that the import wrote, until this work ends: nobody begins with such a
    letter meanwhile. On SQLite nobody else writes anyway."""
    if work.db.dialect.name == "sqlite":
        return
    entries = select(RollEntry.id).order_by(RollEntry.id)
    work.db.execute(entries.where(RollEntry.added_by == import_id).with_for_update()).close()
    changed = entries.where(_changed_by(import_id)).with_for_update(key_share=True)
    work.db.execute(changed).close()


def of(work: Work, import_id: int) -> list[Conflict]:
    """All that stands against undoing this import; nothing for one that can be undone."""
    return list(_of(work, import_id))


def _of(work: Work, import_id: int) -> Iterator[Conflict]:
    later = _later(work, import_id)
    against = {
        "later": and_(_written_by(import_id), _changed_after(import_id)) if later else None,
        "reissued": and_(_whose_letter(import_id), RollEntry.replaced_mac.is_not(None)),
        "posted": and_(_whose_letter(import_id), _left()),
        "space": _opened(import_id),
        "registration": and_(_whose_letter(import_id), _begun(work)),
    }
    for key, condition in against.items():
        if condition is not None and (count := _count(work, condition)):
            yield Conflict(key, count, _examples(work, condition), later if key == "later" else ())


def _later(work: Work, import_id: int) -> tuple[int, ...]:
    """Imports that wrote over what this one wrote. Their numbers count up, as do their turns: no
    two moments have to be compared. What was undone left no former values."""
    mine = aliased(RollFormer)
    both = mine.roll_id == RollFormer.roll_id
    again = exists().where(both, mine.import_id == import_id).correlate(RollFormer)
    added = select(RollEntry.id).where(RollEntry.added_by == import_id)
    found = work.db.scalars(
        select(RollFormer.import_id)
        .where(RollFormer.import_id > import_id, or_(again, RollFormer.roll_id.in_(added)))
        .distinct()
    )
    return tuple(sorted(found, reverse=True))


def _count(work: Work, condition: ColumnElement[bool]) -> int:
    return work.db.scalar(select(func.count()).select_from(RollEntry).where(condition)) or 0


def _examples(work: Work, condition: ColumnElement[bool]) -> tuple[str, ...]:
    first = select(RollEntry.number).where(condition).order_by(RollEntry.number_key, RollEntry.id)
    return tuple(work.db.scalars(first.limit(EXAMPLES)))


def _changed_by(import_id: int) -> ColumnElement[bool]:
    return RollEntry.id.in_(_formers(import_id))


def _formers(import_id: int) -> Select[int]:
    return select(RollFormer.roll_id).where(RollFormer.import_id == import_id)


def _written_by(import_id: int) -> ColumnElement[bool]:
    return or_(RollEntry.added_by == import_id, _changed_by(import_id))


def _whose_letter(import_id: int) -> ColumnElement[bool]:
    """The entries whose access code the import brought."""
    coded = _formers(import_id).where(RollFormer.former.contains(_CODE, autoescape=True))
    return or_(RollEntry.added_by == import_id, RollEntry.id.in_(coded))


def _left() -> ColumnElement[bool]:
    """Their present letter was posted, and did not come back."""
    return (
        exists()
        .where(Letter.roll_id == RollEntry.id, Letter.code_mac == RollEntry.code_mac)
        .where(Letter.returned_at.is_(None), LetterBatch.id == Letter.batch_id)
        .where(LetterBatch.posted_on.is_not(None))
        .correlate(RollEntry)
    )


def batches(work: Work, import_id: int) -> tuple[int, ...]:
    """The batches with letters whose code undoing this import kills."""
    theirs = select(RollEntry.id).where(_whose_letter(import_id))
    found = select(Letter.batch_id).where(Letter.roll_id.in_(theirs)).distinct()
    return tuple(work.db.scalars(found.order_by(Letter.batch_id)))


def _changed_after(import_id: int) -> ColumnElement[bool]:
    return RollEntry.id.in_(select(RollFormer.roll_id).where(RollFormer.import_id > import_id))


def _opened(import_id: int) -> ColumnElement[bool]:
    """Their member has a space, or had one that is erased by now."""
    opened = exists().where(Account.roll_id == RollEntry.id).correlate(RollEntry)
    joined = exists().where(JoinedMember.roll_id == RollEntry.id).correlate(RollEntry)
    agreed = exists().where(TermsAcceptance.roll_id == RollEntry.id).correlate(RollEntry)
    had = or_(RollEntry.code_issued_at == USED_UP, and_(RollEntry.added_by == import_id, agreed))
    return and_(_whose_letter(import_id), or_(opened, joined, had))


def _begun(work: Work) -> ColumnElement[bool]:
    """A registration with the present letter is under way, or the owner of a space is asked."""
    with_it = or_(Registration.code_mac.is_(None), Registration.code_mac == RollEntry.code_mac)
    registers = (
        exists()
        .where(Registration.roll_id == RollEntry.id, Registration.state != "confirmed", with_it)
        .where(Registration.expires_at > work.now)
        .correlate(RollEntry)
    )
    asks = (
        exists()
        .where(JoinRequest.roll_id == RollEntry.id, JoinRequest.code_mac == RollEntry.code_mac)
        .where(JoinRequest.expires_at > work.now)
        .correlate(RollEntry)
    )
    return or_(registers, asks)
