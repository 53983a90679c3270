"""The members whom an uploaded roll would change or add: a few. Each whom it would change is a look
of the hour, as their page is: it says what the roll has of them. Those it would add are in the
file."""

from dataclasses import dataclass

from webapp.rules.refusals import Refusal
from webapp.services.desk import looks, names, uploads
from webapp.services.desk.roll_apply import Opens
from webapp.services.desk.roll_trial import Found, play
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll import preview
from webapp.services.roll.preview import Changed, Member
from webapp.services.roll.report import RollRefused, Source

MOST, A_LOOK = 20, 10  # members of each table, new ones for one look


@dataclass(frozen=True)
class Shown:
    """Some members, as the import would have them now; what it would do in all."""

    found: Found
    changed: tuple[Changed, ...]
    added: tuple[Member, ...]


def cost(found: Found) -> int:
    """How many looks it takes to see them."""
    changed, added = (min(found.counts[which], MOST) for which in ("changed", "added"))
    return changed - (-added // A_LOOK)


def members(work: Work, upload_id: str, *, opens: Opens) -> Shown:
    """Play the import on the roll as it is now, read the first members, undo it.

    Raises Refusal: desk_looks_closed, desk_upload_over, desk_roll_busy.
    """
    upload = uploads.find(work, upload_id)
    content = uploads.content(work, upload_id)
    for _ in range(cost(upload.found)):
        looks.spend(work, work.operator_id or 0)
    name = names.at_work(work)
    shown = min(upload.found.counts["changed"], MOST) + min(upload.found.counts["added"], MOST)
    journal.write(work, "desk.roll_previewed", file=upload.file_name, members=shown, operator=name)
    work.settle()
    source = Source(name, upload.file_name, upload.sha256)
    try:
        found = play(work, opens(content, upload.reading), source=source, reading=upload.reading)
        return Shown(found, preview.changed(work, MOST), preview.added(work, MOST))
    except RollRefused as refused:
        raise Refusal("desk_roll_busy") from refused
    finally:
        work.undo()
