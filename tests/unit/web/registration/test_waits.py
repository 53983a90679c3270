"""A registration that waits in this browser: whoever opens screen 5 there is told, and nobody gets
another's number, address or password."""

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from player.members import LUCE, RENE
from tests.checked_client import tree
from tests.unit.web.registration.test_shared import heading, offers_another, shown
from tests.visitors import Progress, Town, about_me
from webapp.models import OutboxMail

START = "/inscription"


def links(answer: TestResponse) -> dict[str, str]:
    return {"".join(each.itertext()): each.get("href", "") for each in tree(answer.text).iter("a")}


def test_it_says_that_one_waits_and_gives_nothing_away(town: Town) -> None:
    page = town.browser(Progress.RECORDED).get(START)
    assert heading(page) == "Une inscription attend"
    text = page.text.replace("\u00a0", " ")
    assert "r•••@e•••.org</strong> à 10 h 00, heure de Paris" in text
    assert offers_another(page)
    assert links(page)["Voir où j’en suis"] == "/inscription/confirmation"
    for secret in (RENE.number, RENE.email, "vérifié"):
        assert secret not in page.text


def test_a_mail_that_came_back_is_not_said_to_have_been_sent(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    town.work.db.execute(update(OutboxMail).values(state="failed"))
    town.work.settle()
    text = browser.get(START).text
    assert "n’a pas pu être remis" in text and "Message envoyé" not in text


def test_the_next_person_starts_clean_from_there(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    browser.submit("/inscription/autre", {}, page=START)
    page = browser.get(START)
    assert heading(page) == "Inscription"
    assert not set(shown(page).values()) & {RENE.number, RENE.email}
    town.register(browser, LUCE)
    assert {each.to for each in town.mails()} == {RENE.email, LUCE.email}


def test_an_old_page_s_button_says_so_there(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    answer = browser.post("/inscription/autre")
    assert answer.status_code == 422 and heading(answer) == "Une inscription attend"
    assert "Cette page était ouverte depuis longtemps" in answer.text


def test_nothing_waits_before_the_terms_nor_after_the_confirmation(town: Town) -> None:
    assert heading(town.browser(Progress.DRAFT).get(START)) == "Inscription"
    browser = town.browser(Progress.RECORDED)
    browser.submit(town.mailed_link(), {})
    assert heading(browser.get(START)) == "Inscription"


@pytest.mark.parametrize(
    ("progress", "page"),
    [(Progress.RECORDED, "/inscription/confirmation"), (Progress.WAITING, "/inscription/en-cours")],
)
def test_the_sign_in_page_leads_back_to_it(town: Town, progress: Progress, page: str) -> None:
    browser = town.browser(progress)
    assert links(browser.get("/connexion"))["Voir où j’en suis"] == page
    assert browser.get(page).status_code == 200
    browser.submit(town.mailed_link(), {})
    assert "Voir où j’en suis" not in links(browser.get("/connexion"))


@pytest.mark.parametrize("progress", [Progress.STREET, Progress.DRAFT])
def test_the_sign_in_page_says_nothing_where_none_waits(town: Town, progress: Progress) -> None:
    assert "Voir où j’en suis" not in links(town.browser(progress).get("/connexion"))


def test_a_code_just_refused_is_not_said_to_be_verified(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    assert "Déjà vérifié" in browser.get(START).text
    typed = about_me(RENE) | {"access_code": "AAAABBBBCCCC"}
    refused = browser.submit(START, typed)
    assert "ne vont pas ensemble" in refused.text
    for words in ("Déjà vérifié", "Déjà choisi"):
        assert words not in refused.text


@pytest.mark.parametrize("taken", [False, True], ids=["free", "taken"])
def test_the_page_names_the_mail_to_look_for_and_the_other_one_that_may_come(
    town: Town, taken: bool
) -> None:
    """The same words whether or not the address has a space already: nobody learns it here."""
    browser = town.browser()
    town.register(browser, RENE, **({"email": "odile@example.org"} if taken else {}))
    text = " ".join(tree(browser.get("/inscription/confirmation").text).itertext())
    text = " ".join(text.split())
    assert "De : SMIE Objet : Espace SMiE Mutuelle - Demande de confirmation d’inscription" in text
    assert "Vous avez reçu « Vous avez déjà un espace » ? Cette adresse sert déjà" in text
    assert "heure de Paris" in text


def test_a_link_that_was_cut_leads_to_the_code_and_the_sign_in(town: Town) -> None:
    town.register(town.browser(), RENE)
    for cut in (town.mailed_link()[:-5], town.mailed_link()[:40]):
        answer = town.browser().get(cut)
        assert answer.status_code == 404 and heading(answer) == "Ce lien n’est pas entier"
        assert "code d’activation" in answer.text and 'href="/connexion"' in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_link_s_page_tells_its_owner_which_address_without_writing_it(town: Town) -> None:
    town.register(town.browser(), RENE)
    answer = town.browser().get(town.mailed_link())
    assert "r•••@e•••.org" in answer.text
    assert RENE.email not in answer.text and RENE.number not in answer.text
