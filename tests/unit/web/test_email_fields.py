"""A slip in an e-mail address is named; one that is near a common domain is asked about, once."""

import re

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from player.world import PASSWORD
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town, about_me

SLIP, MEANT = "rene@gmial.com", "rene@gmail.com"
QUESTION = f'Vouliez-vous écrire <strong class="address">{MEANT}</strong>'


def told(answer: TestResponse) -> str:
    """The page's words, with ordinary spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", answer.text)


def values(answer: TestResponse) -> dict[str | None, str | None]:
    """What the fields hold."""
    return {each.get("name"): each.get("value") for each in tree(answer.text).iter("input")}


@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_registration_asks_and_then_keeps_what_was_typed(town: Town, partial: bool) -> None:
    browser = town.browser()
    asked = browser.submit("/inscription", about_me(RENE, email=SLIP), partial=partial)
    assert asked.status_code == 422
    assert QUESTION in told(asked)
    assert "Une question" in told(asked)
    assert "Erreur" not in told(asked)
    assert values(asked)["email_kept"] == SLIP
    kept = about_me(RENE, email=SLIP) | {"email_kept": SLIP}
    assert went_on(browser.submit("/inscription", kept, partial=partial))
    browser.submit("/inscription/cgu", {"accept": "y"})
    assert town.mails()[-1].to == SLIP


def test_the_address_offered_is_taken_with_one_button(town: Town) -> None:
    browser = town.browser()
    taken = about_me(RENE, email=SLIP) | {"email_kept": SLIP, "email_taken": MEANT}
    assert went_on(browser.submit("/inscription", taken))
    browser.submit("/inscription/cgu", {"accept": "y"})
    assert town.mails()[-1].to == MEANT


def test_who_takes_it_on_a_page_that_dropped_the_passwords_is_not_told_of_an_error(
    town: Town,
) -> None:
    fields = about_me(RENE, email=SLIP, password="", password_repeat="")
    answer = town.browser().submit("/inscription", fields | {"email_taken": MEANT})
    assert answer.status_code == 422
    assert "C’est noté" in told(answer)
    assert "Erreur" not in told(answer)
    assert values(answer)["email"] == MEANT


def test_another_slip_is_another_question(town: Town) -> None:
    browser = town.browser()
    fields = about_me(RENE, email="rene@ornage.fr") | {"email_kept": SLIP}
    answer = browser.submit("/inscription", fields)
    assert "rene@orange.fr" in answer.text


def test_what_was_kept_is_asked_about_no_more_after_retour(town: Town) -> None:
    browser = town.browser()
    browser.submit("/inscription", about_me(RENE, email=SLIP) | {"email_kept": SLIP})
    page = browser.get("/inscription")
    assert values(page)["email_kept"] == SLIP
    again = {name: values(page)[name] or "" for name in ("number", "email", "email_kept")}
    assert went_on(browser.submit("/inscription", again))


def test_errors_are_told_with_the_question(town: Town) -> None:
    fields = about_me(RENE, email=SLIP, password="court", password_repeat="court")
    answer = town.browser().submit("/inscription", fields)
    assert "Il y a un problème" in told(answer)
    assert "Mot de passe : trop court" in told(answer)
    assert "Email : à relire" in told(answer)
    assert QUESTION in told(answer)


def test_a_change_of_address_asks_too(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    fields = {"email": SLIP, "present_password": PASSWORD}
    path = "/espace/securite/email"
    assert QUESTION in told(browser.submit(path, fields))
    assert went_on(browser.submit(path, fields | {"email_kept": SLIP}))
    assert town.mails()[-1].to in (SLIP, ODILE.email)


def test_so_does_the_wait_for_the_mail(town: Town) -> None:
    browser = town.browser()
    town.register(browser, LUCE)
    fields = {"email": SLIP, "access_code": LUCE.access_code}
    page = "/inscription/confirmation"
    assert QUESTION in told(browser.submit("/inscription/adresse", fields, page=page))
    kept = fields | {"email_kept": SLIP}
    assert went_on(browser.submit("/inscription/adresse", kept, page=page))
    assert town.mails()[-1].to == SLIP


def test_signing_in_never_asks(town: Town) -> None:
    answer = sign_in(town.browser(), SLIP)
    assert "Vouliez-vous" not in answer.text


def test_a_full_stop_at_the_end_drops_by_itself(town: Town) -> None:
    answer = sign_in(town.browser(), f"{ODILE.email}.")
    assert answer.headers["Location"] == "/connexion/code"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("odile martin@example.org", "n’a pas d’espace"),
        ("odîle@example.org", "sans accent"),
        ("odile@example,org", "n’a pas de virgule"),
        ("odile.example.org", "Il manque le signe @"),
        ("odile@@example.org", "plusieurs signes @"),
        ("odile@example", "Il manque la fin"),
        ("00123456", "C’est votre numéro d’adhérent ?"),
    ],
)
def test_each_slip_has_its_sentence_beside_the_field(town: Town, typed: str, words: str) -> None:
    answer = sign_in(town.browser(), typed)
    assert answer.status_code == 422
    assert words in told(answer)
    assert "Email : à vérifier" in told(answer)


def test_elsewhere_a_member_number_is_an_address_without_its_sign(town: Town) -> None:
    answer = town.browser().submit("/inscription", about_me(RENE, email="00123456"))
    assert "Il manque le signe @" in told(answer)
    assert "Je crée mon compte" not in told(answer)


def sign_in(browser: CheckedClient, email: str) -> TestResponse:
    """The e-mail as it was typed, with the right password."""
    return browser.submit("/connexion", {"email": email, "password": PASSWORD})


def went_on(answer: TestResponse) -> bool:
    """Whether the form was accepted."""
    return answer.status_code == 303 or "HX-Push-Url" in answer.headers
