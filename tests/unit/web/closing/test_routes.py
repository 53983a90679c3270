"""Closing a space, on both databases: the screens, two tabs, and the way back."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from player.members import ODILE
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.journeys import wrong
from tests.visitors import Progress, Town
from webapp.models import Account
from webapp.services.space import retention

MY_DATA = "/espace/mes-donnees"
CLOSE, CODE, KEEP = f"{MY_DATA}/fermer", f"{MY_DATA}/fermer/code", f"{MY_DATA}/garder"
RESEND = f"{MY_DATA}/fermer/renvoyer"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town, in both shapes."""
    town.partial = request.param
    return town


@pytest.fixture(params=[Progress.MEMBER, Progress.TERMS])
def browser(town: Town, request: pytest.FixtureRequest) -> CheckedClient:
    """Odile, in her space or before new terms."""
    return town.browser(request.param)


def read(answer: TestResponse) -> str:
    return " ".join("".join(tree(answer.text).itertext()).split())


def leads_to(town: Town, answer: TestResponse, path: str) -> bool:
    if town.partial:
        return answer.status_code == 200 and answer.headers.get("HX-Push-Url") == path
    return answer.status_code == 303 and answer.headers["Location"] == path


def is_closing(town: Town) -> bool:
    found = town.work.db.execute(select(Account.closing_at)).scalar_one() is not None
    town.work.settle()
    return found


def test_the_page_says_what_goes_what_stays_and_that_the_contract_goes_on(
    browser: CheckedClient,
) -> None:
    text = read(browser.get(CLOSE))
    for words in ("contrat de santé continue", "7 jours", "5 ans", "12 mois", "nouveau courrier"):
        assert words in text


def test_password_then_code_close_it(town: Town, browser: CheckedClient) -> None:
    assert leads_to(town, town.ask_to_close(browser), CODE)
    assert not is_closing(town)
    assert leads_to(town, town.close(browser), CLOSE)
    assert is_closing(town)
    for path in (CLOSE, MY_DATA):
        text = read(browser.get(path))
        assert "Votre espace sera effacé le 8 décembre 2026 à 10 h 00" in text
        assert "Garder mon espace" in text


def test_the_space_shows_the_date_and_the_one_button(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_to_close(browser)
    town.close(browser)
    assert "Votre espace sera effacé le" in read(browser.get("/espace"))
    answer = browser.submit(KEEP, {}, page="/espace", partial=town.partial)
    assert leads_to(town, answer, f"{MY_DATA}?fait=garde")
    assert not is_closing(town)
    assert "Garder mon espace" not in read(browser.get("/espace"))


def test_signing_in_during_the_seven_days_works(town: Town) -> None:
    browser, later = town.browser(Progress.MEMBER), town.browser()
    town.ask_to_close(browser)
    town.close(browser)
    town.work.world.clock.advance(days=6)  # type: ignore[attr-defined]
    town.sign_in(later)
    assert "Votre espace sera effacé le" in read(later.get("/espace"))


def test_a_wrong_password_asks_again_and_keeps_nothing_typed(
    town: Town, browser: CheckedClient
) -> None:
    answer = town.ask_to_close(browser, "pas le bon mot de passe")
    assert answer.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel" in answer.text
    assert "pas le bon mot de passe" not in answer.text


def test_a_wrong_code_is_told_and_the_fifth_ends_the_request(
    town: Town, browser: CheckedClient
) -> None:
    town.ask_to_close(browser)
    code = town.code_in_mail()
    for by in range(1, 5):
        answer = town.close(browser, wrong(code, by))
        assert (answer.status_code, "Ce code n’est pas le bon" in answer.text) == (422, True)
    answer = town.close(browser, wrong(code, 5))
    assert "votre espace reste ouvert" in answer.text
    assert "Recevoir le code" in answer.text
    assert not is_closing(town)


def test_without_a_request_the_code_s_page_leads_to_the_start(browser: CheckedClient) -> None:
    assert browser.get(CODE).headers["Location"] == CLOSE


def test_another_code_can_be_asked_for_after_a_minute(town: Town, browser: CheckedClient) -> None:
    town.ask_to_close(browser)
    answer = browser.submit(RESEND, {}, page=CODE, partial=town.partial)
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    answer = browser.submit(RESEND, {}, page=CODE, partial=town.partial)
    assert leads_to(town, answer, f"{CODE}?fait=renvoi")
    assert [each.name for each in town.mails()].count("closing_code") == 2


def test_a_second_tab_that_closes_too_is_told(town: Town, browser: CheckedClient) -> None:
    town.ask_to_close(browser)
    code = town.code_in_mail()
    town.close(browser, code)
    for path, fields in ((CODE, {"security_code": code}),):
        answer = browser.submit(path, fields, page=MY_DATA, partial=town.partial)
        assert answer.status_code == 422
        assert "Vous avez déjà demandé à fermer" in answer.text
        assert "Garder mon espace" in answer.text
    assert [each.name for each in town.mails()].count("closing") == 1


def test_a_second_tab_that_keeps_what_is_kept_is_told(town: Town, browser: CheckedClient) -> None:
    town.ask_to_close(browser)
    town.close(browser)
    first = browser.submit(KEEP, {}, page=MY_DATA, partial=town.partial)
    assert leads_to(town, first, f"{MY_DATA}?fait=garde")
    second = browser.submit(KEEP, {}, page=MY_DATA, partial=town.partial)
    assert leads_to(town, second, f"{MY_DATA}?fait=deja_garde")
    assert "plus de fermeture à annuler" in read(browser.get(f"{MY_DATA}?fait=deja_garde"))


def test_a_tab_left_at_the_code_when_another_changed_its_mind_is_told(
    town: Town, browser: CheckedClient
) -> None:
    town.ask_to_close(browser)
    code = town.code_in_mail()
    town.close(browser, code)
    browser.submit(KEEP, {}, page=MY_DATA)
    answer = browser.submit(CODE, {"security_code": code}, page=MY_DATA, partial=town.partial)
    assert answer.status_code == 422
    assert "n’est plus en cours" in answer.text
    assert not is_closing(town)


def test_an_old_page_s_button_says_so(town: Town, browser: CheckedClient) -> None:
    headers = HX_PARTIAL if town.partial else {}
    answer = browser.post(KEEP, data={"csrf_token": "old"}, headers=headers)
    assert answer.status_code == 422
    assert "Cette page était ouverte depuis longtemps" in answer.text


def test_once_erased_the_open_page_leads_to_the_sign_in(town: Town, browser: CheckedClient) -> None:
    town.ask_to_close(browser)
    town.close(browser)
    town.work.world.clock.advance(days=7)  # type: ignore[attr-defined]
    retention.purge(town.work)
    town.work.settle()
    assert browser.get("/espace").headers["Location"] == "/connexion?fait=session"
    assert town.give_password(browser).status_code == 422
    assert town.mails()[-1].to == ODILE.email
