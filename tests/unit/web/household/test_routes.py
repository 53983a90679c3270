"""Who asks to join a space, on the screens, with scripts and without, on both databases."""

import re

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from player.world import NEW_PASSWORD
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import Account, JoinedMember, JoinRequest

PAGE = "/espace/rattachement"
FINISHED = "Votre inscription est finalisée"
CHOSEN = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town, in both shapes."""
    town.partial = request.param
    return town


def heading(answer: TestResponse) -> str:
    return next(tree(answer.text).iter("h1")).text or ""


def words(answer: TestResponse) -> str:
    return " ".join("".join(tree(answer.text).itertext()).replace("\u00a0", " ").split())


def anonymous(answer: TestResponse, email: str) -> str:
    """A page without its token and without the address that was typed."""
    text = re.sub(r'(name="csrf_token" value=")[^"]+', "", answer.text)
    return text.replace(email, "")


def press(town: Town, browser: CheckedClient, path: str, page: str) -> TestResponse:
    """Press a button of this page; what the member sees next."""
    headers = HX_PARTIAL if town.partial else {}
    answer = browser.post(path, data={"csrf_token": browser.csrf(page)}, headers=headers)
    away = answer.headers.get("HX-Redirect") or answer.headers.get("Location")
    return browser.get(away) if away else answer


def confirmed(town: Town) -> str:
    """René registers with Odile's address and his link is pressed; the link's path."""
    town.register(town.browser(), RENE, email=ODILE.email, **CHOSEN)
    link = town.mailed_link()
    press(town, town.browser(), link, "/connexion")
    return link


def answer_path(town: Town, word: str) -> str:
    found = town.work.db.execute(select(JoinRequest.roll_id)).scalar_one()
    town.work.settle()
    return f"{PAGE}/{found}/{word}"


def joined(town: Town) -> int:
    many = town.work.db.execute(select(func.count(JoinedMember.id))).scalar_one()
    town.work.settle()
    return many


def test_screen_9_says_whose_agreement_comes_next(town: Town) -> None:
    link = confirmed(town)
    answer = town.browser().get(link)
    assert heading(answer) == FINISHED
    said = words(answer)
    assert "Il reste l’accord de la personne qui a déjà l’espace" in said
    assert "jusqu’au 8 décembre 2026 à 10 h 00" in said
    assert "Connectez-vous maintenant" not in said


def test_the_home_asks_and_the_page_says_who_and_what_it_means(town: Town) -> None:
    confirmed(town)
    browser = town.browser(Progress.MEMBER)
    home = browser.get("/espace")
    assert "Mme Odile Exemple demande à rejoindre cet espace" in words(home)
    assert f'href="{PAGE}"' in home.text
    page = browser.get(PAGE)
    assert heading(page) == "Qui demande à rejoindre cet espace"
    said = words(page)
    assert "Mme Odile Exemple" in said and f"finissant par {RENE.number[-3:]}" in said
    assert "Rien ne se fait sans votre accord" in said
    assert RENE.number not in said


def test_autoriser_lets_them_in_and_says_so(town: Town) -> None:
    link = confirmed(town)
    browser = town.browser(Progress.MEMBER)
    answer = press(town, browser, answer_path(town, "autoriser"), PAGE)
    assert heading(answer) == "Mon espace"
    assert "fait maintenant partie de votre espace" in words(answer)
    assert "demande à rejoindre" not in words(answer)
    assert joined(town) == 1
    assert town.mails()[-1].name == "join_agreed"
    said = words(town.browser().get(link))
    assert "l’adresse et le mot de passe de l’espace que vous partagez" in said


def test_refuser_lets_nobody_in_and_says_so(town: Town) -> None:
    link = confirmed(town)
    browser = town.browser(Progress.MEMBER)
    answer = press(town, browser, answer_path(town, "refuser"), PAGE)
    assert heading(answer) == "Mon espace"
    assert "la demande est refusée" in words(answer)
    assert joined(town) == 0
    assert town.mails()[-1].name == "join_refused"
    assert heading(town.browser().get(link)) == "Votre demande n’est plus valable"
    assert "Personne n’attend votre réponse" in words(browser.get(PAGE))


@pytest.mark.parametrize("word", ["autoriser", "refuser"])
def test_an_answer_given_twice_is_told(town: Town, word: str) -> None:
    confirmed(town)
    browser, path = town.browser(Progress.MEMBER), answer_path(town, word)
    press(town, browser, path, PAGE)
    headers = HX_PARTIAL if town.partial else {}
    answer = browser.post(path, data={"csrf_token": browser.csrf("/espace")}, headers=headers)
    assert answer.status_code == 422
    assert "n’attend plus de réponse" in answer.text
    assert browser.get(path).headers["Location"].partition("?")[0] == PAGE


@pytest.mark.parametrize("word", ["autoriser", "refuser"])
def test_ten_minutes_later_the_password_is_asked_again_first(town: Town, word: str) -> None:
    confirmed(town)
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=11)  # type: ignore[attr-defined]
    answer = press(town, browser, answer_path(town, word), PAGE)
    assert heading(answer) == "C’est bien vous\u00a0?"
    assert joined(town) == 0
    left = town.work.db.execute(select(func.count(JoinRequest.id))).scalar_one()
    assert left == 1


def test_a_form_without_its_token_answers_nothing(town: Town) -> None:
    confirmed(town)
    browser = town.browser(Progress.MEMBER)
    answer = browser.post(answer_path(town, "autoriser"), data={"csrf_token": "old"})
    assert answer.status_code == 422
    assert joined(town) == 0


def test_a_stranger_s_request_is_nobody_else_s_to_answer(town: Town) -> None:
    confirmed(town)
    town.register(town.browser(), LUCE)
    press(town, town.browser(), town.mailed_link(), "/connexion")
    luce = town.browser()
    town.give_password(luce, LUCE)
    town.give_code(luce)
    assert "Personne n’attend votre réponse" in words(luce.get(PAGE))
    headers = HX_PARTIAL if town.partial else {}
    path = answer_path(town, "autoriser")
    answer = luce.post(path, data={"csrf_token": luce.csrf("/espace")}, headers=headers)
    assert answer.status_code == 422 and joined(town) == 0


def test_the_second_way_shows_what_it_shows_for_an_unknown_address(town: Town) -> None:
    known, unknown = town.browser(), town.browser()
    town.register(known, RENE, email=ODILE.email, **CHOSEN)
    code = town.code_in_mail()
    town.register(unknown, LUCE, **CHOSEN)
    pages = []
    for email in (ODILE.email, LUCE.email):
        browser = town.browser()
        fields = {"email": email, "password": NEW_PASSWORD}
        answer = browser.submit("/connexion", fields, partial=town.partial)
        if answer.status_code == 303:
            answer = browser.get(answer.headers["Location"])
        assert heading(answer) == "Inscription en cours"
        pages.append((anonymous(answer, email), browser))
    assert pages[0][0] == pages[1][0]
    fields = {"activation_code": code}
    answer = pages[0][1].submit("/inscription/en-cours", fields, partial=town.partial)
    if answer.status_code == 303:
        answer = pages[0][1].get(answer.headers["Location"])
    assert heading(answer) == FINISHED
    assert "Il reste l’accord" in words(answer)
    accounts = town.work.db.execute(select(func.count(Account.id))).scalar_one()
    assert accounts == 1


def test_before_it_is_confirmed_every_page_is_that_of_an_unknown_address(town: Town) -> None:
    known, unknown = town.browser(), town.browser()
    town.register(known, RENE, email=ODILE.email)
    town.register(unknown, LUCE)
    for path in ("/inscription/confirmation", "/inscription"):
        texts = {
            anonymous(browser.get(path), email)
            for browser, email in ((known, ODILE.email), (unknown, LUCE.email))
        }
        masked = r"[ol]•••@e•••\.org|[ol], suite cachée, arobase e, suite cachée, point org"
        shown = {re.sub(masked, "", each) for each in texts}
        assert len(shown) == 1, path
