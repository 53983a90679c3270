"""What takes longest of a batch keeps nobody waiting."""

from sqlalchemy import update

from player.members import LUCE, RENE, on_the_roll
from tests.roll_desk import MAKER, WHO_WAITS
from webapp.models import RollEntry
from webapp.services.kernel.work import Work
from webapp.services.letters import batches, beforehand
from webapp.services.roll.report import NEVER


def test_members_go_on_while_letters_are_measured_and_who_changed_is_measured_again(work):
    for member in (RENE, LUCE):
        on_the_roll(work, member)
    work.db.execute(update(RollEntry).values(code_issued_at=NEVER))
    work.settle()
    asked: list[list[str]] = []

    def unfit(addressees):
        asked.append([each.number for each in addressees])
        if len(asked) == 1:  # a member's own change, kept at once
            with Work(work.db.engine, work.world) as other:
                moved = update(RollEntry).where(RollEntry.number == LUCE.number)
                other.db.execute(moved.values(address="12 RUE NEUVE"))
        return {at: "trop long" for at, each in enumerate(addressees) if "NEUVE" in each.address}

    looking = Work(work.db.engine, work.world, reading=True)
    work.settle()
    known = beforehand.measured(looking, WHO_WAITS, unfit)
    looking.close(commit=False)
    made = batches.make(work, WHO_WAITS, maker=MAKER, unfit=known)
    assert asked == [[RENE.number, LUCE.number], [LUCE.number]]
    assert [each.number for each in made.left_out] == [LUCE.number]
    assert made.batch.letters == 1
