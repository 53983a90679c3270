"""What happened to an account, and « Ce n’était pas moi », on both databases."""

import re

import pytest

from player.members import ODILE
from player.world import NEW_PASSWORD
from tests.checked_client import tree
from tests.visitors import Progress, Town
from webapp.rules import events
from webapp.services.kernel import journal

PAGE, HISTORY = "/espace/securite/historique", "history.page"


def test_it_tells_in_plain_words(town: Town) -> None:
    town.give_password(town.browser(), password="pas le bon mot de passe")
    browser = town.browser(Progress.MEMBER)
    text = browser.get(PAGE).text
    for words in ("Mot de passe faux", "Connexion réussie depuis", "(cette connexion)"):
        assert words in text
    assert "pas-moi" not in text


def test_each_event_of_the_history_is_told_in_its_own_words(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for key in events.HISTORY:
        journal.write(town.work, key, account_id=1, **events.EVENTS[key].facts)
    town.work.settle()
    page = tree(browser.get(PAGE).text)
    told = {"".join(each.itertext()) for each in page.iter("b")}
    assert {events.told(key, events.EVENTS[key].facts) for key in events.HISTORY} <= told


@pytest.mark.parametrize("bound", ["0", "-1", "9" * 30])
def test_a_bound_that_is_no_entry_s_is_a_page_that_does_not_exist(town: Town, bound: str) -> None:
    assert town.browser(Progress.MEMBER).get(f"{PAGE}?avant={bound}").status_code == 404


def test_a_second_page_begins_where_the_first_ended(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for _ in range(110):
        browser.submit("/espace/securite/connexions/fermer", {}, page="/espace/securite")
    first = browser.get(PAGE).text
    bound = re.search(r"avant=(\d+)", first)
    assert first.count("<li>\n<div><b>") == 100
    assert bound is not None
    assert "Connexion réussie" in browser.get(f"{PAGE}?avant={bound[1]}").text


def test_a_disputed_sign_in_closes_everything(town: Town) -> None:
    stranger = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    browser = town.browser(Progress.MEMBER)
    page = re.search(rf"{PAGE}/\d+/pas-moi", browser.get(PAGE).text)
    assert page is not None
    assert "celle-ci aussi" in browser.get(page[0]).text
    answer = browser.submit(page[0], {})
    assert answer.headers["Location"] == f"{PAGE}/tout-est-ferme"
    assert "Plus personne n’est connecté" in browser.get(answer.headers["Location"]).text
    for each in (stranger, browser):
        assert each.get("/espace").status_code == 303
    assert town.give_password(browser).status_code == 422
    forced = next(each for each in town.mails() if each.name == "password_forced")
    link = re.search(r"(/mot-de-passe-oublie/nouveau/\S+)", forced.text)
    assert link is not None
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    assert "Numéro d’adhérent" in browser.get(link[1]).text
    assert browser.submit(link[1], fields).status_code == 422
    fields |= {"number": ODILE.number}
    browser.submit(link[1], fields, page="/connexion")
    answer = town.give_password(browser, password=NEW_PASSWORD)
    assert answer.headers["Location"] == "/connexion/code"


def test_whoever_finds_the_space_open_is_asked_for_the_password_first(town: Town) -> None:
    """A dispute takes second steps away: not with a phone left open alone."""
    town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    browser = town.browser(Progress.MEMBER)
    page = re.search(rf"{PAGE}/\d+/pas-moi", browser.get(PAGE).text)
    assert page is not None
    token = browser.csrf(page[0])
    town.work.world.clock.advance(minutes=10)  # type: ignore[attr-defined]
    asked = f"/espace/preuve?suite={HISTORY}"
    assert browser.get(page[0]).headers["Location"] == asked
    assert browser.post(page[0], data={"csrf_token": token}).headers["Location"] == asked
    assert browser.get("/espace").status_code == 200


@pytest.mark.parametrize("entry", ["1", "999", "9" * 30, "x"])
def test_what_is_no_sign_in_of_mine_does_not_exist(town: Town, entry: str) -> None:
    browser = town.browser(Progress.MEMBER)
    path = f"{PAGE}/{entry}/pas-moi"
    assert browser.get(path).status_code == 404
    token = browser.csrf("/espace")
    assert browser.post(path, data={"csrf_token": token}).status_code in (404, 405)
    assert browser.get("/espace").status_code == 200
