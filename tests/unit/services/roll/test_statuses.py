"""What an import makes of who left, died or refuses: no letter, and a space that says why."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.roll_desk import CODE, OTHER_CODE, Desk, code_of
from webapp.models import JournalEntry
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.services.roll.entries import entry_of_letter
from webapp.services.roll.report import NEVER, LongLine

HEAD = "numero_adherent|nom|statut"
UNSENT = ("parti", "decede", "refus")
OVER = lifetimes.LETTER_POSTING.days + lifetimes.ACCESS_CODE.days + 1


def opens(desk: Desk, code: str, number: str = "1") -> bool:
    """Whether this letter proves its member today."""
    with desk.work() as work:
        try:
            entry_of_letter(work, number, code)
        except Refusal:
            return False
    return True


def test_who_left_died_or_refuses_gets_no_letter_and_is_counted(desk: Desk) -> None:
    rows = "1|A|parti\n2|B|parti\n3|C|décédé\n4|D|refus\n5|E|actif\n6|F|"
    report = desk.load(f"{HEAD}\n{rows}")
    assert (report.added, report.letters) == (6, 2)
    assert report.skipped == {"left": 2, "deceased": 1, "refused": 1}
    assert [each.to.number for each in desk.letters] == ["5", "6"]


def test_the_same_file_again_counts_them_again_and_writes_nothing(desk: Desk) -> None:
    table = f"{HEAD}\n1|A|parti\n2|B|actif"
    desk.load(table)
    before = desk.roll()
    report = desk.load(table)
    assert (report.unchanged, report.letters, report.skipped) == (2, 0, {"left": 1})
    assert desk.roll() == before and len(desk.letters) == 1


@pytest.mark.parametrize("status", UNSENT)
def test_active_again_their_letter_comes_as_a_new_member_s(desk: Desk, status: str) -> None:
    desk.load(f"{HEAD}\n1|A|{status}")
    assert desk.load(f"{HEAD}\n1|A|actif", printer=False).letters == 1
    assert desk.letters == []
    assert desk.load(f"{HEAD}\n1|A|actif").letters == 1
    [letter] = desk.letters
    assert opens(desk, code_of(letter))


def test_a_letter_that_is_still_good_stays_good_for_who_comes_back(desk: Desk) -> None:
    desk.load(f"{HEAD}\n1|A|actif")
    desk.load(f"{HEAD}\n1|A|parti")
    assert not opens(desk, code_of(desk.letters[0]))
    assert desk.load(f"{HEAD}\n1|A|actif").letters == 0
    assert opens(desk, code_of(desk.letters[0]))


def test_a_letter_that_expired_meanwhile_is_made_again_with_or_without_a_printer(
    desk: Desk,
) -> None:
    desk.load(f"{HEAD}\n1|A|actif")
    desk.load(f"{HEAD}\n1|A|parti")
    desk.clock.advance(days=OVER)
    assert desk.load(f"{HEAD}\n1|A|actif", printer=False).letters == 1
    assert desk.load(f"{HEAD}\n1|A|actif").letters == 1
    assert opens(desk, code_of(desk.letters[-1]))


def test_an_expired_letter_of_who_never_left_is_not_made_again(desk: Desk) -> None:
    desk.load(f"{HEAD}\n1|A|actif")
    desk.clock.advance(days=OVER)
    assert desk.load(f"{HEAD}\n1|B|actif").letters == 0


@pytest.mark.parametrize("status", UNSENT)
def test_a_code_in_the_file_opens_nothing_until_they_are_active(desk: Desk, status: str) -> None:
    table = "numero_adherent|code_acces|statut\n1|{}|{}"
    desk.load(table.format(CODE, status))
    assert desk.roll()[0]["code_issued_at"] == NEVER and not opens(desk, CODE)
    desk.clock.advance(days=200)
    desk.load(table.format(CODE, "actif"))
    assert desk.roll()[0]["code_issued_at"] == desk.clock.now() and opens(desk, CODE)


def test_a_letter_in_the_post_stays_as_it_is_when_its_member_refuses(desk: Desk) -> None:
    """It may come to somebody who thinks again."""
    table = "numero_adherent|code_acces|statut\n1|{}|{}"
    desk.load(table.format(CODE, "actif"))
    desk.load(table.format(OTHER_CODE, "refus"))
    assert opens(desk, CODE) and not opens(desk, OTHER_CODE)
    desk.load(table.format(OTHER_CODE, "actif"))
    assert opens(desk, OTHER_CODE) and not opens(desk, CODE)


def test_a_file_without_the_column_leaves_a_status_as_it_is(desk: Desk) -> None:
    desk.load(f"{HEAD}\n1|A|parti")
    report = desk.load("numero_adherent|nom\n1|B")
    assert (report.changed, report.letters) == (1, 0)
    assert desk.roll()[0]["status"] == "left"


def test_a_space_that_closes_or_opens_again_is_written_once_for_its_member(desk: Desk) -> None:
    desk.load(f"{HEAD}\n1|A|actif\n2|B|actif")
    desk.open_account()
    for status in ("parti", "parti", "decede", "refus", "actif"):
        desk.load(f"{HEAD}\n1|A|{status}\n2|B|{status}")
    with desk.engine.connect() as connection:
        entries = select(JournalEntry.event, JournalEntry.facts).order_by(JournalEntry.id)
        of_spaces = entries.where(JournalEntry.account_id.is_not(None))
        found = [(each.event, each.facts["status"]) for each in connection.execute(of_spaces)]
    assert found == [
        ("space.shut", "left"),
        ("space.shut", "deceased"),
        ("space.reopened", "refused"),
    ]


def test_a_letter_says_where_it_goes_and_until_when_it_is_good(desk: Desk) -> None:
    desk.load("numero_adherent|adresse_1|adresse_2|adresse_3\n1|Mme Odile Martin||75001 PARIS")
    [letter] = desk.letters
    assert letter.to.address == "Mme Odile Martin\n75001 PARIS"
    assert letter.good_until == desk.clock.now().date() + timedelta(days=105)


def test_lines_of_more_than_38_signs_are_kept_and_told_with_three_examples(desk: Desk) -> None:
    long, fits = "x" * 39, "y" * 38
    rows = "\n".join(f"{at}|{long}|{fits}|{long}" for at in range(1, 4))
    report = desk.load(f"numero_adherent|adresse_1|adresse_2|adresse_3\n{rows}")
    assert report.long_lines == 6
    assert report.examples_of_long == (
        LongLine("1", long), LongLine("1", long), LongLine("2", long)
    )  # fmt: skip
    assert desk.roll()[0]["address"] == f"{long}\n{fits}\n{long}"


def test_six_lines_that_leave_no_room_for_the_name_are_told(desk: Desk) -> None:
    head = "numero_adherent|nom|prenom|" + "|".join(f"adresse_{at}" for at in range(1, 7))
    rows = [
        "1|Martin|Odile|APPT 2|ESC B|RES LE PRE|12 RUE HAUTE|BP 3|01000 EXEMPLE",
        "2|Martin|Odile|MME ODILE MARTIN|ESC B|RES LE PRE|12 RUE HAUTE|BP 3|01000 EXEMPLE",
        "3|Martin|Odile|ESC B|RES LE PRE|12 RUE HAUTE|BP 3|01000 EXEMPLE|",
    ]
    report = desk.load("\n".join([head, *rows]))
    assert (report.crowded, report.examples_of_crowded) == (1, ("1",))
