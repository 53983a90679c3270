"""Importing again: what of a known member changes, and what stays."""

from datetime import date

from sqlalchemy import select

from tests.roll_desk import CODE, ONE, OTHER_CODE, Desk
from webapp.models import Account
from webapp.services.roll.entries import code_mac
from webapp.services.roll.report import RollReport

# Importing again


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    desk.load(ONE)
    before = desk.roll()
    desk.clock.advance(days=1)
    assert desk.load(ONE) == RollReport(unchanged=1)
    assert desk.roll() == before


def test_only_the_rows_that_differ_are_touched(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces|nom\n1|{CODE}|A\n2|{CODE}|B")
    desk.clock.advance(days=1)
    report = desk.load(f"numero_adherent|code_acces|nom\n1|{CODE}|A\n2|{CODE}|C\n3|{CODE}|D")
    assert report == RollReport(added=1, changed=1, unchanged=1)
    first, second, _ = desk.roll()
    assert (second["last_name"], second["updated_at"]) == ("C", desk.clock.now())
    assert first["updated_at"] < desk.clock.now()


def test_a_column_that_the_file_has_not_keeps_its_value(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces|nom|date_naissance\n1|{CODE}|A|1980-01-01")
    desk.load("numero_adherent|prenom\n1|Zoé")
    [entry] = desk.roll()
    assert (entry["last_name"], entry["first_name"]) == ("A", "Zoé")
    assert entry["birth_date"] == date(1980, 1, 1)


def test_an_empty_cell_empties_its_column(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces|nom|date_naissance\n1|{CODE}|A|1980-01-01")
    assert desk.load("numero_adherent|nom|date_naissance\n1||").changed == 1
    [entry] = desk.roll()
    assert (entry["last_name"], entry["birth_date"]) == ("", None)


def test_a_number_written_with_other_spaces_or_case_is_the_same_member(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces|nom\n00a1|{CODE}|Lefèvre")
    assert desk.load("numero_adherent\n0 0\u202fA 1").changed == 1
    assert desk.roll()[0]["number"] == "0 0\u202fA 1"


def test_a_member_whom_the_file_no_longer_names_stays(desk: Desk) -> None:
    desk.load(ONE)
    desk.load(f"numero_adherent|code_acces\n2|{CODE}")
    assert [entry["number_key"] for entry in desk.roll()] == ["001", "2"]


# Codes of known members


def test_a_known_member_without_a_code_in_the_file_keeps_the_old_one(desk: Desk) -> None:
    desk.load(ONE)
    assert desk.load("numero_adherent|code_acces|nom\n001||Lefèvre") == RollReport(unchanged=1)
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "001", CODE)


def test_another_code_replaces_the_old_one_and_starts_its_time_again(desk: Desk) -> None:
    desk.load(ONE)
    desk.clock.advance(days=100)
    assert desk.load(ONE.replace(CODE, OTHER_CODE)).changed == 1
    [entry] = desk.roll()
    assert entry["code_mac"] == code_mac(desk.work(), "001", OTHER_CODE)
    assert entry["code_issued_at"] == desk.clock.now()


def test_a_change_of_name_leaves_the_code_its_age(desk: Desk) -> None:
    desk.load(ONE)
    issued = desk.clock.now()
    desk.clock.advance(days=100)
    assert desk.load(ONE.replace("Lefèvre", "Martin")).changed == 1
    assert desk.roll()[0]["code_issued_at"] == issued


def test_a_member_who_has_an_account_keeps_account_and_letter(desk: Desk) -> None:
    desk.load(ONE)
    desk.open_account()
    with desk.engine.connect() as connection:
        account = connection.execute(select(Account)).all()
    assert desk.load(ONE.replace(CODE, OTHER_CODE)) == RollReport(unchanged=1)
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "001", CODE)
    with desk.engine.connect() as connection:
        assert connection.execute(select(Account)).all() == account


def test_a_member_who_has_an_account_still_gets_the_new_contract(desk: Desk) -> None:
    desk.load(ONE)
    desk.open_account()
    desk.load("numero_adherent|contrat\n001|Santé Premium")
    assert desk.roll()[0]["contract"] == "Santé Premium"
