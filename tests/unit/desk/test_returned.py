"""Letters that came back, noted at the desk; what is stuck, in counts, and numbers for a look."""

import pytest
from flask import Flask
from sqlalchemy import select

from player.statements import Statements
from tests.checked_client import CheckedClient, words
from tests.operators import at_the_desk
from tests.printer import agreed, first, lot, press, roll, rows, second
from webapp.models import JournalEntry, RollEntry
from webapp.models.desk import TwoPersonRequest
from webapp.rules.roles import Role

__all__ = ["first", "lot", "roll", "second"]  # fixtures
pytestmark = pytest.mark.usefixtures("roll")


def returned(browser: CheckedClient, step: str, *lines: str):  # type: ignore[no-untyped-def]
    told = {"numbers": "\n".join(lines), "reason": "retours du jour", "step": step}
    return browser.submit("/lots/retours", told)


def test_a_list_is_counted_and_what_is_unknown_named_by_its_line(
    desk: Flask, first, lot: int
) -> None:
    told = words(
        returned(first, "check", "00200101", "", "99999999", "00200101", "x", "00200102").text
    )
    assert "Adhérents reconnus : 2. Lignes répétées : 1. Lignes inconnues : 2" in told
    assert "lignes 3, 5." in told


def test_one_letter_is_noted_at_once(desk: Flask, first, lot: int) -> None:
    assert returned(first, "note", "00200101").status_code == 303
    assert [row.number for row in rows(desk, _came_back())] == ["00200101"]


def test_several_wait_for_a_second_operator(desk: Flask, first, second, lot: int) -> None:
    assert returned(first, "note", "00200101", "00200102").status_code == 303
    assert rows(desk, _came_back()) == []
    assert "2 courriers, dont les codes ne marcheront plus" in words(second.get("/lots").text)
    agreed(desk, second)
    assert len(rows(desk, _came_back())) == 2


def _came_back():  # type: ignore[no-untyped-def]
    return select(RollEntry.number).where(RollEntry.returned_mac.is_not(None))


def test_no_list_is_told(desk: Flask, first) -> None:
    assert "un par ligne" in words(returned(first, "check", "  ").text)
    assert "Aucun de ces numéros" in words(returned(first, "note", "x").text)


def test_who_tries_many_numbers_spends_looks(desk: Flask, first) -> None:
    lines = [f"9{at:07d}" for at in range(700)]
    answer = returned(first, "check", "00200101", *lines)
    assert answer.status_code == 429
    assert "Vous avez consulté beaucoup d’adhérents" in words(answer.text)
    assert "reconnus" not in words(answer.text)


def test_numbers_are_not_tried_by_noting_a_list_either(desk: Flask, first) -> None:
    most = desk.extensions["portal"][1].looks_per_operator
    for _ in range(most):
        assert returned(first, "note", "99999999").status_code == 422
    answer = returned(first, "note", "00200101", "00200102", "99999999")
    assert answer.status_code == 429
    assert "inconnues" not in words(answer.text)
    assert rows(desk, _requests()) == []


def test_what_was_checked_is_noted_without_its_unknown_lines(desk: Flask, first) -> None:
    shown = returned(first, "check", " 00200102", "99999999", "00200101", "00200102").text
    assert 'name="numbers" value="00200102\n00200101"' in shown


def test_a_list_of_thousands_asks_few_statements(desk: Flask, first) -> None:
    lines = [f"{at}" for at in range(2_000)] * 2
    with Statements(desk.extensions["portal"][0]) as statements:
        assert returned(first, "check", *lines).status_code == 429
    assert len([each for each in statements.seen if "roll" in each]) < 10


def _requests():  # type: ignore[no-untyped-def]
    return select(TwoPersonRequest.id)


def test_what_is_stuck_is_counts_first_and_numbers_for_a_look(
    desk: Flask, first, second, lot: int, clock
) -> None:  # type: ignore[no-untyped-def]
    returned(first, "note", "00200101")
    clock.advance(days=120)
    browser = at_the_desk(desk, Role.ADVISER, "a.petit")
    page = words(browser.get("/bloques").text)
    assert "00200102" not in page
    shown = press(browser, "/bloques", "/bloques/expired")
    assert "00200102" in words(shown.text)
    assert "Martin" not in shown.text
    assert '<a href="/">cherchez son numéro</a>' in shown.text
    clerk = at_the_desk(desk, Role.LETTERS, "e.courrier")  # who searches for nobody
    assert "cherchez" not in press(clerk, "/bloques", "/bloques/expired").text
    shown = press(browser, "/bloques", "/bloques/returned")
    assert "00200101" in words(shown.text)
    shows = JournalEntry.event == "desk.stuck_shown"
    told = select(JournalEntry.facts).where(shows).order_by(JournalEntry.id)
    assert [(row.facts["kind"], row.facts["members"]) for row in rows(desk, told)] == [
        ("expired", 1),
        ("expired", 1),
        ("returned", 1),
    ]


def test_an_auditor_sees_nothing_of_the_printer_s(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.AUDITOR)
    for address in ("/lots", "/imports", "/bloques"):
        assert browser.get(address).status_code == 403
