"""Many new members stop an import; who is missing from a whole roll is counted, and marked."""

import pytest
from sqlalchemy import Engine, select, update

from tests.good_rolls import Run, good, members, row, words
from webapp.models import RollEntry
from webapp.services.kernel.work import Work
from webapp.services.roll import qa_members


def test_many_new_members_stop_on_a_roll_that_is_not_empty(run: Run, engine: Engine) -> None:
    assert run(good()).exit_code == 0
    assert run(good(315)).exit_code == 0  # 5 %
    refused = run(good(340))
    assert words(refused) == ["nouveaux"]
    assert members(engine) == 315
    assert run(good(340), "--accept", "nouveaux").exit_code == 0


def test_test_members_make_no_roll_of_their_own(run: Run, work: Work, engine: Engine) -> None:
    qa_members.make(work, 5)
    work.settle()
    assert run(good()).exit_code == 0
    result = run(good(), "--whole", "--mark-missing")
    assert "Absents" not in result.stdout
    assert statuses(engine) == {"active"}


def statuses(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(RollEntry.status)))


def test_who_is_missing_from_a_whole_roll_is_counted_and_named(run: Run, engine: Engine) -> None:
    run(good())
    told = run(good(288), "--whole").stdout.replace("\u00a0", " ")
    assert "Absents du fichier : 12\n  00200288 : Mme Jean" not in told
    assert "Absents du fichier : 12\n  00200288 : Mme" in told
    assert "… et 2 autre(s)." in told
    assert "Notés partis" not in told
    assert statuses(engine) == {"active"}
    assert "Absents" not in run(good(288)).stdout


def test_many_missing_members_stop(run: Run, engine: Engine) -> None:
    run(good())
    refused = run(good(280), "--whole", "--mark-missing")
    assert words(refused) == ["manquants"]
    assert statuses(engine) == {"active"}
    done = run(good(280), "--whole", "--mark-missing", "--accept", "manquants")
    assert "Notés partis\u00a0: 20" in done.stdout
    again = run(good(280), "--whole", "--mark-missing")
    assert "Absents" not in again.stdout


def test_who_is_marked_as_left_comes_back_with_a_later_file(run: Run, engine: Engine) -> None:
    run(good())
    run(good(295), "--whole", "--mark-missing")
    with engine.connect() as connection:
        left = connection.execute(
            select(RollEntry.number, RollEntry.status).where(RollEntry.missing_since.is_not(None))
        )
        assert {tuple(each) for each in left} == {
            (f"{200_000 + at:08d}", "left") for at in range(295, 300)
        }
    run(good(), "--whole", "--mark-missing")
    assert statuses(engine) == {"active"}


def test_who_died_or_left_before_is_not_missing(run: Run, engine: Engine) -> None:
    run(good())
    with engine.begin() as connection:
        connection.execute(
            update(RollEntry).where(RollEntry.number == "00200299").values(status="deceased")
        )
    assert "Absents" not in run(good(299), "--whole").stdout


def test_a_member_whose_row_is_bad_or_told_twice_is_not_missing(run: Run) -> None:
    run(good())
    rows = [*good(298), row(298, born="hier"), row(299), row(299, last="Autre;Nom")]
    result = run(rows, "--whole", "--keep-good")
    assert result.exit_code == 0
    assert "Absents" not in result.stdout


@pytest.mark.parametrize(
    "options", [["--mark-missing"], ["--whole", "--mark-missing", "--keep-good"]]
)
def test_nobody_is_marked_by_a_file_that_may_lack_them(run: Run, options: list[str]) -> None:
    refused = run(good(), *options)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
