"""Operators at the printer's who race one another: each thing happens once."""

import io
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from tests.operators import operator, working
from tests.roll_desk import Desk
from tests.threads import at_once, refusals
from webapp.cli.roll_files.opening import read_roll
from webapp.cli.roll_files.roll_file import RollFile
from webapp.cli.roll_files.source import How
from webapp.models import JournalEntry, LetterBatch, RollEntry, RollImport
from webapp.models.desk import RollUpload
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.desk import lots, roll_apply, roll_undo, second_operator, uploads
from webapp.services.desk.roll_trial import Reading, play
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.letters.choosing import Choice
from webapp.services.roll.report import Source

ROLL = (
    "numero_adherent;nom;prenom;adresse_1;adresse_2\n"
    "001;Lefèvre;Odile;12 RUE DES LILAS;01000 BOURG\n"
    "002;Martin;René;3 RUE HAUTE;01000 BOURG\n"
).encode()
NAMES = ("b.un", "b.deux", "b.trois", "b.quatre")


def opens(content: bytes, reading: Reading) -> RollFile:
    return read_roll(io.BytesIO(content), len(content), How(date(2026, 11, 30)))


@pytest.fixture
def others(engine: Engine, world: World) -> list[int]:
    """Four operators, none of whom uploaded or asked anything."""
    with Work(engine, world) as work:
        return [operator(work, name, Role.SUPERVISOR) for name in NAMES]


def uploaded(engine: Engine, world: World) -> tuple[str, str]:
    with working(engine, world, "c.courrier", Role.LETTERS) as work:
        source = Source("c.courrier", "adherents.csv", "")
        found = play(work, opens(ROLL, Reading()), source=source, reading=Reading())
        work.undo()
        made = uploads.receive(
            work, ROLL, file_name="adherents.csv", reading=Reading(), found=found
        )
        return made, uploads.find(work, made).seen


def together(engine: Engine, world: World, many: int, act) -> list:  # type: ignore[no-untyped-def, type-arg]
    with Work(engine, world) as work:
        return at_once(work, many, act)


def count(engine: Engine, table: type) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_of_four_who_import_it_at_once_one_does(
    engine: Engine, world: World, others: list[int]
) -> None:
    made, seen = uploaded(engine, world)

    def act(work: Work, which: int) -> object:
        work.operator_id = others[which]
        return roll_apply.apply(work, made, seen=seen, opens=opens)

    answers = together(engine, world, 4, act)
    told = refusals(answers)
    assert len(told) == 3
    assert set(told) <= {"desk_upload_over", "desk_own_upload"}
    assert (count(engine, RollEntry), count(engine, RollImport)) == (2, 1)
    with engine.connect() as connection:
        (row,) = connection.execute(select(RollUpload.state, RollUpload.content))
    assert (row.state, row.content) == ("imported", None)


def test_it_is_imported_or_dropped_and_never_both(
    engine: Engine, world: World, others: list[int]
) -> None:
    made, seen = uploaded(engine, world)

    def act(work: Work, which: int) -> object:
        work.operator_id = others[which]
        if which:
            return uploads.drop(work, made)
        return roll_apply.apply(work, made, seen=seen, opens=opens)

    answers = together(engine, world, 2, act)
    assert len(refusals(answers)) == 1
    with engine.connect() as connection:
        state = connection.scalar(select(RollUpload.state))
    assert (state, count(engine, RollEntry)) in (("imported", 2), ("dropped", 0))


def test_what_stops_an_import_gives_the_file_back_to_the_next_operator(
    engine: Engine, world: World, others: list[int]
) -> None:
    made, seen = uploaded(engine, world)

    def breaks(content: bytes, reading: Reading) -> RollFile:
        raise OSError("the disk is gone")

    with Work(engine, world, operator_id=others[0]) as work:
        with pytest.raises(OSError, match="the disk is gone"):
            roll_apply.apply(work, made, seen=seen, opens=breaks)
        assert uploads.find(work, made).state == "waiting"
    with Work(engine, world, operator_id=others[1]) as work:
        roll_apply.apply(work, made, seen=seen, opens=opens)
    assert count(engine, RollEntry) == 2


def test_of_four_who_agree_to_a_batch_at_once_one_makes_it(
    engine: Engine, world: World, clock, others: list[int]
) -> None:  # type: ignore[no-untyped-def]
    Desk(engine, world, clock).load(ROLL.decode().replace(";", "|"), printer=False)
    with working(engine, world, "c.courrier", Role.LETTERS) as work:
        asked = lots.ask(
            work, Choice(), recipient="age1x", portal="https://espace.example.org", reason="neufs"
        )

    def act(work: Work, which: int) -> object:
        work.operator_id = others[which]
        return second_operator.agree(work, asked)

    told = refusals(together(engine, world, 4, act))
    assert told == ["desk_request_over"] * 3
    assert count(engine, LetterBatch) == 1


def test_of_four_who_download_it_at_once_one_does(
    engine: Engine, world: World, clock, others: list[int]
) -> None:  # type: ignore[no-untyped-def]
    Desk(engine, world, clock).load(ROLL.decode().replace(";", "|"), printer=False)
    with working(engine, world, "c.courrier", Role.LETTERS) as work:
        asked = lots.ask(
            work, Choice(), recipient="age1x", portal="https://espace.example.org", reason="neufs"
        )
    with Work(engine, world, operator_id=others[0]) as work:
        second_operator.agree(work, asked)

    def act(work: Work, which: int) -> object:
        work.operator_id = others[which]
        batch = lots.take_list(work, 1)
        lots.note_taken(work, batch, "0" * 64)
        return batch

    told = refusals(together(engine, world, 4, act))
    assert told == ["desk_list_taken"] * 3
    with engine.connect() as connection:
        asked_of = select(func.count()).where(JournalEntry.event == "desk.list_downloaded")
        assert connection.scalar(asked_of) == 1


def test_of_four_who_agree_to_undo_it_at_once_one_does(
    engine: Engine, world: World, others: list[int]
) -> None:
    made, seen = uploaded(engine, world)
    with Work(engine, world, operator_id=others[0]) as work:
        roll_apply.apply(work, made, seen=seen, opens=opens)
    with working(engine, world, "c.courrier", Role.LETTERS) as work:
        import_id = work.db.scalars(select(RollImport.id)).one()
        asked = roll_undo.ask(work, import_id, "mauvais fichier")

    def act(work: Work, which: int) -> object:
        work.operator_id = others[which]
        return second_operator.agree(work, asked)

    told = refusals(together(engine, world, 4, act))
    assert told == ["desk_request_over"] * 3
    assert count(engine, RollEntry) == 0


def test_a_file_sealed_for_one_upload_opens_as_no_other(engine: Engine, world: World) -> None:
    first, _ = uploaded(engine, world)
    second, _ = uploaded(engine, world)
    with Work(engine, world) as work:
        sealed = work.db.scalar(select(RollUpload.content).where(RollUpload.id == first))
        with pytest.raises(ValueError, match="does not open"):
            work.world.seals.unlock(second, sealed or b"")
        assert uploads.content(work, first) == ROLL


def test_who_asked_agrees_to_nothing_of_theirs(engine: Engine, world: World) -> None:
    made, seen = uploaded(engine, world)
    with (
        working(engine, world, "c.courrier", Role.LETTERS) as work,
        pytest.raises(Refusal, match="desk_own_upload"),
    ):
        roll_apply.apply(work, made, seen=seen, opens=opens)
