"""Batches of letters from the desk: asked for by one operator, made once another one agrees, their
list handed out once, encrypted for the recipient whom both agreed to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from sqlalchemy import update

from webapp.models import LetterBatch
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.rules.roll_guards import grouped
from webapp.rules.typography import french
from webapp.services.desk import names, second_operator
from webapp.services.desk.second_operator import Facts
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, BatchRefused, Maker, Nobody
from webapp.services.letters.choosing import Choice, Choosing, room_for_all
from webapp.services.roll.report import RollRefused


@dataclass(frozen=True)
class Plan:
    """What a batch for this choice would be now: how many letters, who gets none by reason."""

    letters: int
    skipped: Mapping[str, int]


def plan(work: Work, choice: Choice) -> Plan:
    """Counted by the code that makes batches; nothing is changed."""
    choosing = Choosing(work, choice, room_for_all, looking=True)
    letters = sum(map(len, choosing.chunks()))
    return Plan(letters, dict(Counter(choosing.skipped)))


def ask(work: Work, choice: Choice, *, recipient: str, portal: str, reason: str) -> int:
    """Have the batch wait for another operator: at most as many letters as there are now.
    `recipient`: a public key, whom its list is for; `portal`: the address on the letters.

    Raises Refusal("desk_nobody_waits").
    """
    planned = plan(work, choice)
    if not planned.letters:
        raise Refusal("desk_nobody_waits")
    facts = {
        "choice": asdict(replace(choice, limit=planned.letters)),
        "letters": planned.letters,
        "recipient": recipient,
        "portal": portal,
        "asker": names.at_work(work),
        "told": french(f"{grouped(planned.letters)} courriers, liste chiffrée pour {recipient}"),
    }
    return second_operator.ask(work, DEED, None, facts, reason)


def _make(work: Work, _roll_id: int | None, told: Facts, reason: str) -> None:
    wanted = cast(dict[str, Any], told["choice"])
    choice = Choice(**{**wanted, "numbers": tuple(wanted["numbers"])})
    maker = Maker(names.both(work, str(told["asker"])), "", str(told["portal"]), reason)
    try:
        batch = batches.make(work, choice, maker=maker, unfit=room_for_all).batch
    except Nobody as nobody:
        raise Refusal("desk_nobody_waits") from nobody
    except RollRefused as refused:
        raise Refusal("desk_roll_busy") from refused
    this = LetterBatch.id == batch.id
    work.db.execute(update(LetterBatch).where(this).values(recipient=told["recipient"]))


DEED = second_operator.declare(
    "letters_made", "Faire un lot de courriers", _make, agrees=AT_THE_PRINTER
).key


def find(work: Work, batch_id: int) -> Batch:
    """Raises Refusal("desk_batch_over") where there is none."""
    try:
        return batches.find(work, batch_id)
    except BatchRefused as refused:
        raise Refusal("desk_batch_over") from refused


def take_list(work: Work, batch_id: int) -> Batch:
    """The batch whose list this operator downloads: once. Raises Refusal: desk_list_taken,
    desk_batch_over."""
    taken = (
        update(LetterBatch)
        .where(LetterBatch.id == batch_id, LetterBatch.downloaded_at.is_(None))
        .where(LetterBatch.posted_on.is_(None), LetterBatch.recipient != "")
        .values(downloaded_at=work.now, downloaded_by=names.at_work(work))
        .returning(LetterBatch.id)
    )
    taken_now = work.db.execute(taken).scalar() is not None
    batch = find(work, batch_id)
    if not taken_now:
        raise Refusal("desk_batch_over" if batch.posted_on else "desk_list_taken")
    return batch


def note_taken(work: Work, batch: Batch, sha256: str) -> None:
    """What was handed out, by its digest."""
    journal.write(
        work, "desk.list_downloaded", batch_id=batch.id, letters=batch.letters, sha256=sha256,
        operator=names.at_work(work),
    )  # fmt: skip


def reopen_list(work: Work, batch_id: int, reason: str) -> None:
    """It may be downloaded once more, a supervisor says who did not download it. Raises Refusal:
    desk_list_own, desk_batch_over."""
    me = names.at_work(work)
    opened = (
        update(LetterBatch)
        .where(LetterBatch.id == batch_id, LetterBatch.downloaded_at.is_not(None))
        .where(LetterBatch.posted_on.is_(None), LetterBatch.downloaded_by != me)
        .values(downloaded_at=None, downloaded_by="")
        .returning(LetterBatch.id)
    )
    if work.db.execute(opened).scalar() is None:
        mine = find(work, batch_id).downloaded_by == me
        raise Refusal("desk_list_own" if mine else "desk_batch_over")
    journal.write(work, "desk.list_reopened", batch_id=batch_id, reason=reason, operator=me)
