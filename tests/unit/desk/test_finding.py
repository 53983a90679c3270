"""An operator finds the one member who rings, by something exact, and nobody else."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from player.households import GERARD, with_household
from player.members import LUCE, ODILE, RENE
from player.world import StillClock
from tests.callers import known, opens, page_of
from tests.checked_client import CheckedClient, words
from tests.operators import at_the_desk
from webapp.models import JournalEntry
from webapp.rules.roles import ON_THE_TELEPHONE, Role
from webapp.services.kernel.work import Work

ODILE_BORN = {"last_name": "Exemple", "first_name": "Odile", "born": "07/03/1950"}


@pytest.fixture
def browser(desk: Flask) -> CheckedClient:
    return at_the_desk(desk)


def sought(browser: CheckedClient, way: str, **fields: str) -> str:
    """Where the search leads, or what it says."""
    answer = browser.submit(f"/chercher/{way}", fields, page="/")
    if answer.status_code == 303:
        return answer.headers["Location"]
    assert answer.status_code in (422, 429)
    return words(answer.text)


def events(work: Work, key: str) -> list[dict[str, object]]:
    rows = select(JournalEntry.facts).where(JournalEntry.event == key).order_by(JournalEntry.id)
    found = list(work.db.scalars(rows))
    work.settle()
    return found


@pytest.mark.parametrize("typed", ["0012345", " 00 12345 ", "12345", "OO12345"])
def test_the_number_as_members_type_it(browser: CheckedClient, work: Work, typed: str) -> None:
    roll_id = known(work)
    assert sought(browser, "numero", number=typed) == page_of(roll_id)


@pytest.mark.parametrize("part", ["001234", "0012345*", "%", "001_345", "001?345"])
def test_no_part_of_a_number_and_no_wildcard(browser: CheckedClient, work: Work, part: str) -> None:
    known(work)
    told = sought(browser, "numero", number=part)
    assert "Aucun adhérent ne répond" in told or "n’a que des chiffres" in told


@pytest.mark.parametrize(
    ("last_name", "first_name", "born"),
    [
        ("Exemple", "Odile", "07/03/1950"),
        ("EXEMPLE", "ODILE", "7 mars 1950"),
        ("exémple", "Ödile", "1950-03-07"),
        (" Ex-emple ", "o dile", "07.03.50"),
    ],
)
def test_both_names_and_the_birth_whatever_accents_case_and_hyphens(
    browser: CheckedClient, work: Work, last_name: str, first_name: str, born: str
) -> None:
    roll_id = known(work)
    names = {"last_name": last_name, "first_name": first_name}
    assert sought(browser, "nom", **names, born=born) == page_of(roll_id)


@pytest.mark.parametrize(
    "wrong",
    [{"last_name": "Exemp"}, {"first_name": "O"}, {"born": "08/03/1950"}, {"last_name": "Exem%"}],
)
def test_a_part_of_a_name_finds_nobody(
    browser: CheckedClient, work: Work, wrong: dict[str, str]
) -> None:
    known(work)
    assert "Aucun adhérent ne répond" in sought(browser, "nom", **{**ODILE_BORN, **wrong})


def test_a_compound_name_with_an_apostrophe(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work, last_name="D’HÉROUVILLE-LEBŒUF", first_name="Marie Claude")
    typed = {"last_name": "d'Herouville Leboeuf", "first_name": "MARIE-CLAUDE"}
    assert sought(browser, "nom", **typed, born="07/03/1950") == page_of(roll_id)


def test_several_of_one_name_ask_for_the_number_and_are_not_told_apart(
    browser: CheckedClient, work: Work
) -> None:
    known(work)
    known(work, RENE)
    told = sought(browser, "nom", **ODILE_BORN)
    assert "Plusieurs adhérents répondent" in told
    assert ODILE.number not in told
    assert events(work, "desk.sought") == [{"by": "name", "several": True}]


def test_the_address_of_a_space(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work, space=True)
    assert sought(browser, "email", space_email=" Odile@Example.org ") == page_of(roll_id)
    assert "Aucun adhérent" in sought(browser, "email", space_email="odil@example.org")


def test_the_address_of_a_space_of_several_asks_for_the_number(
    browser: CheckedClient, work: Work
) -> None:
    with_household(work, GERARD)
    work.settle()
    assert "Plusieurs adhérents" in sought(browser, "email", space_email=ODILE.email)


def test_numbers_that_look_alike_are_to_be_read_whole(browser: CheckedClient, work: Work) -> None:
    first = known(work, number="12-345", number_key="12345")
    second = known(work, LUCE, number="012345", number_key="012345")
    assert "se lit comme celui-ci" in sought(browser, "numero", number="12345")
    assert sought(browser, "numero", number="012345") == page_of(second)
    assert sought(browser, "numero", number="12-345") == page_of(first)


def test_who_is_not_found_is_in_the_journal_and_what_was_typed_is_not(
    browser: CheckedClient, work: Work
) -> None:
    sought(browser, "numero", number="0055555")
    sought(browser, "email", space_email="personne@example.org")
    assert events(work, "desk.sought") == [
        {"by": "number", "several": False},
        {"by": "email", "several": False},
    ]


def test_who_finds_nobody_too_often_must_wait(
    desk: Flask, browser: CheckedClient, work: Work, clock: StillClock
) -> None:
    roll_id = known(work)
    most = desk.extensions["portal"][1].looks_per_operator
    for _ in range(most):
        assert "Aucun adhérent" in sought(browser, "numero", number="0055555")
    assert "Vous avez consulté beaucoup" in sought(browser, "numero", number="0055555")
    why = browser.submit(page_of(roll_id), {"reason": "un appel"})
    assert (why.status_code, "Vous avez consulté" in why.text) == (429, True)
    assert len(events(work, "desk.looks_closed")) == 2
    other = at_the_desk(desk, Role.SUPERVISOR)
    assert "Aucun adhérent" in sought(other, "numero", number="0055555")
    for _ in range(5):
        clock.advance(minutes=13)
        browser.get("/")
    assert "Aucun adhérent" in sought(browser, "numero", number="0055555")


def test_once_no_look_is_left_a_search_says_of_nobody_that_they_are_a_member(
    desk: Flask, browser: CheckedClient, work: Work
) -> None:
    known(work, space=True)
    open_already = known(work, RENE, last_name="Petit")
    opens(browser, open_already)
    engine, world = desk.extensions["portal"]
    most = replace(world, looks_per_operator=1)
    desk.extensions["portal"] = engine, most
    answers = {
        browser.submit(f"/chercher/{way}", fields, page="/").status_code
        for way, fields in (
            ("numero", {"number": ODILE.number}),
            ("numero", {"number": "0055555"}),
            ("nom", ODILE_BORN),
            ("nom", {**ODILE_BORN, "born": "08/03/1950"}),
            ("email", {"space_email": ODILE.email}),
            ("email", {"space_email": "personne@example.org"}),
        )
    }
    assert answers == {429}
    assert len(events(work, "desk.looks_closed")) == 6
    assert events(work, "desk.sought") == []
    assert sought(browser, "numero", number=RENE.number) == page_of(open_already)


@pytest.mark.parametrize("fields", [{}, {"number": "n° ?"}, {"number": "a" * 40}])
def test_what_is_no_number_is_said_and_costs_nothing(
    browser: CheckedClient, work: Work, fields: dict[str, str]
) -> None:
    assert "Il y a un problème" in sought(browser, "numero", **fields)
    assert events(work, "desk.sought") == []


def test_what_is_missing_or_no_date_is_said(browser: CheckedClient) -> None:
    told = sought(browser, "nom", last_name="-", first_name="", born="31/02/1950")
    assert "le nom et le prénom en entier" in told
    assert "Cette date n’existe pas" in told
    assert "Saisissez l’adresse e-mail entière" in sought(browser, "email", space_email="")


def test_nothing_typed_stands_in_an_address(browser: CheckedClient, work: Work) -> None:
    known(work)
    for way in ("numero", "nom", "email"):
        assert browser.get(f"/chercher/{way}?number={ODILE.number}").status_code == 405


@pytest.mark.parametrize("role", [role for role in Role if role not in ON_THE_TELEPHONE])
def test_who_is_not_on_the_telephone_finds_nobody(desk: Flask, work: Work, role: Role) -> None:
    roll_id, browser = known(work), at_the_desk(desk, role)
    home = browser.get("/")
    assert "Chercher un adhérent" not in words(home.text)
    token = browser.csrf("/")
    for path in ("/chercher/numero", page_of(roll_id), f"{page_of(roll_id)}/reponses"):
        assert browser.post(path, data={"csrf_token": token}).status_code == 403
    assert browser.get(page_of(roll_id)).status_code == 403
