"""The deeds in the browser of an operator: the name first, why, then it is done."""

import pytest
from flask import Flask
from sqlalchemy import select

from player.members import ODILE, RENE
from tests.checked_client import CheckedClient, words
from tests.operators import at_the_desk
from tests.shared_spaces import joins
from webapp.desk.deeds.routes import DONE
from webapp.models import Account
from webapp.models.desk import Look, WantedLetter
from webapp.rules.roles import Role
from webapp.services.desk.deeds import catalogue
from webapp.services.kernel.work import Work
from webapp.web import flash

WHY = {"reason": "téléphone volé"}
ADDRESSES = [each.address for each in catalogue.ALL]


def at(roll_id: int, address: str) -> str:
    return f"/adherent/{roll_id}/faire/{address}"


def suspended(work: Work) -> bool:
    found = work.db.execute(select(Account.suspended_at)).scalar_one() is not None
    work.settle()
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_name_stands_first_and_the_end_is_told(
    browser: CheckedClient, odile: int, address: str
) -> None:
    page = browser.get(at(odile, address))
    assert page.status_code == 200
    said = words(page.text).partition("Motif")[0]
    assert f"Mme Odile Exemple, adhérent n° {ODILE.number}" in said
    assert "Ne rien faire" in words(page.text)
    assert ODILE.email not in page.text


def test_a_deed_is_done_and_told_on_the_member_s_page(
    browser: CheckedClient, odile: int, work: Work
) -> None:
    done = browser.submit(at(odile, "suspendre"), WHY, follow_redirects=True)
    assert done.request.path == f"/adherent/{odile}"
    assert "Espace suspendu" in done.text
    assert suspended(work)


@pytest.mark.parametrize("partial", [False, True])
def test_without_a_reason_nothing_is_done(
    browser: CheckedClient, odile: int, work: Work, partial: bool
) -> None:
    refused = browser.submit(at(odile, "suspendre"), {"reason": " "}, partial=partial)
    assert refused.status_code == 422
    assert not suspended(work)


def test_with_scripts_the_member_s_page_is_in_the_same_answer(
    browser: CheckedClient, odile: int
) -> None:
    done = browser.submit(at(odile, "courrier"), WHY, partial=True)
    assert done.headers["HX-Push-Url"].startswith(f"/adherent/{odile}")
    assert "Courrier demandé" in done.text and "Reprendre la demande de courrier" in done.text


def test_a_service_s_refusal_is_told_on_the_same_page(
    browser: CheckedClient, odile: int, work: Work
) -> None:
    browser.submit(at(odile, "courrier"), WHY)
    again = browser.submit(at(odile, "courrier"), WHY)
    assert again.status_code == 422 and "déjà demandé" in again.text
    assert len(work.db.execute(select(WantedLetter)).all()) == 1
    work.settle()


@pytest.mark.parametrize("checked", [None, False])
def test_who_has_not_opened_and_checked_the_page_goes_back_to_it(
    desk: Flask, odile: int, opened, work: Work, checked: bool | None
) -> None:  # type: ignore[no-untyped-def]
    other = at_the_desk(desk, Role.ADVISER, "d.autre")
    if checked is not None:
        opened("d.autre", checked=checked)
    answer = other.get(at(odile, "suspendre"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/adherent/{odile}")
    token = other.csrf(f"/adherent/{odile}")
    posted = other.post(at(odile, "suspendre"), data={"csrf_token": token, **WHY})
    assert posted.headers["Location"] == f"/adherent/{odile}"
    assert not suspended(work)


@pytest.mark.parametrize("role", [Role.LETTERS, Role.AUDITOR])
def test_no_other_role_does_anything(desk: Flask, odile: int, opened, role: Role) -> None:  # type: ignore[no-untyped-def]
    opened("e.autre", role)
    assert at_the_desk(desk, role, "e.autre").get(at(odile, "suspendre")).status_code == 403


def test_an_unknown_deed_is_not_there(browser: CheckedClient, odile: int) -> None:
    assert browser.get(at(odile, "effacer")).status_code == 404


def test_the_page_stays_open_after_a_deed(
    browser: CheckedClient, odile: int, work: Work, clock
) -> None:  # type: ignore[no-untyped-def]
    before = work.db.execute(select(Look.open_until)).scalar_one()
    work.settle()
    clock.advance(minutes=5)
    browser.submit(at(odile, "deconnecter"), WHY)
    assert work.db.execute(select(Look.open_until)).scalar_one() > before
    work.settle()


def test_who_shares_the_space_is_named_where_they_are_concerned(
    browser: CheckedClient, odile: int, work: Work
) -> None:
    account_id = work.db.execute(select(Account.id)).scalar_one()
    joins(work, account_id, RENE)
    for address in ("deconnecter", "suspendre"):
        assert f"n° {RENE.number} : concerné aussi" in words(browser.get(at(odile, address)).text)
    assert RENE.number not in browser.get(at(odile, "courrier")).text


def test_what_asks_for_two_waits_and_says_so(
    browser: CheckedClient, odile: int, work: Work
) -> None:
    browser.submit(at(odile, "suspendre"), WHY)
    page = browser.get(at(odile, "remettre-en-service"))
    assert "Un deuxième opérateur doit accepter" in page.text
    asked = browser.submit(at(odile, "remettre-en-service"), WHY, follow_redirects=True)
    assert "un deuxième opérateur doit accepter" in asked.text
    assert "Attend un deuxième opérateur jusqu’au" in words(asked.text)
    assert at(odile, "remettre-en-service") not in asked.text
    assert suspended(work)


def test_a_supervisor_reads_how_many_wait_and_agrees(
    browser: CheckedClient, desk: Flask, odile: int, work: Work
) -> None:
    browser.submit(at(odile, "suspendre"), WHY)
    browser.submit(at(odile, "remettre-en-service"), {"reason": "rappelée chez elle"})
    other = at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    assert "Demandes à deux (1)" in words(other.get("/").text)
    listed = words(other.get("/a-deux").text)
    for told in ("Mme Odile Exemple", ODILE.number, "rappelée chez elle", "a.petit"):
        assert told in listed
    one = "/a-deux/1"
    shown = words(other.get(one).text)
    assert "L’espace rouvre avec la même adresse e-mail" in shown
    assert "L’espace peut être suspendu de nouveau" in shown
    refused = other.submit(one, {"answer": "agree", "reason": ""})
    assert refused.status_code == 422 and suspended(work)
    done = other.submit(one, {"answer": "agree", "reason": "vu"}, follow_redirects=True)
    assert "Accepté, et fait." in done.text
    assert not suspended(work)
    assert "n’attend plus" in words(other.get(one, follow_redirects=True).text)


def test_a_supervisor_refuses(browser: CheckedClient, desk: Flask, odile: int, work: Work) -> None:
    browser.submit(at(odile, "suspendre"), WHY)
    browser.submit(at(odile, "remettre-en-service"), WHY)
    other = at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    done = other.submit("/a-deux/1", {"answer": "refuse", "reason": "non"}, follow_redirects=True)
    assert "Refusé" in done.text and suspended(work)


def test_who_asked_may_only_take_it_back(browser: CheckedClient, odile: int, work: Work) -> None:
    browser.submit(at(odile, "suspendre"), WHY)
    browser.submit(at(odile, "remettre-en-service"), WHY)
    page = browser.get("/a-deux/1")
    assert "Reprendre ma demande" in page.text and "Accepter et faire" not in page.text
    tried = browser.submit("/a-deux/1", {"answer": "agree", **WHY})
    assert tried.status_code == 422 and suspended(work)
    done = browser.submit("/a-deux/1", {"answer": "refuse", **WHY}, follow_redirects=True)
    assert "Demande reprise" in done.text
    assert "Demandes à deux (" not in words(browser.get("/").text)


def test_an_auditor_has_no_such_page(desk: Flask) -> None:
    other = at_the_desk(desk, Role.AUDITOR)
    assert other.get("/a-deux").status_code == 403
    assert "Demandes à deux" not in other.get("/").text


def test_each_deed_has_its_words_and_what_is_told_once_done() -> None:
    assert DONE.keys() == {each.key for each in catalogue.ALL}
    assert all(each.key in flash.FLASHES for each in DONE.values())
