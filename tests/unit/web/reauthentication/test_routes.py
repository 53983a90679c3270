"""« C’est bien vous ? », on both databases: who is asked, what is refused, the way back."""

import pytest
from werkzeug.test import TestResponse

from player.world import PASSWORD
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town

PAGE = "/espace/preuve"


@pytest.fixture
def browser(town: Town) -> CheckedClient:
    """Odile's, who gave her password ten minutes ago."""
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=10)  # type: ignore[attr-defined]
    return browser


def give(browser: CheckedClient, password: str = PASSWORD, **more: bool) -> TestResponse:
    return browser.submit(PAGE, {"present_password": password}, **more)


def test_a_password_given_a_moment_ago_is_not_asked_again(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    assert browser.get(PAGE).headers["Location"] == "/espace"
    town.work.world.clock.advance(minutes=9, seconds=59)  # type: ignore[attr-defined]
    assert browser.get(PAGE).headers["Location"] == "/espace"
    town.work.world.clock.advance(seconds=1)  # type: ignore[attr-defined]
    assert "C’est bien vous" in browser.get(PAGE).text


def test_the_right_one_leads_on_and_counts_ten_minutes(town: Town, browser: CheckedClient) -> None:
    assert give(browser).headers["Location"] == "/espace"
    assert browser.get(PAGE).status_code == 303
    town.work.world.clock.advance(minutes=10)  # type: ignore[attr-defined]
    assert browser.get(PAGE).status_code == 200


def test_with_htmx_the_next_screen_is_in_the_answer(browser: CheckedClient) -> None:
    answer = give(browser, partial=True)
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, "/espace")
    assert "Mon espace" in answer.text


def test_a_wrong_one_is_told_beside_its_field_and_not_kept(browser: CheckedClient) -> None:
    answer = give(browser, "ce n’est pas lui")
    assert answer.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel" in answer.text
    assert "ce n’est pas lui" not in answer.text
    assert browser.get(PAGE).status_code == 200


def test_after_five_wrong_ones_the_right_one_has_to_wait(
    town: Town, browser: CheckedClient
) -> None:
    for _ in range(5):
        give(browser, "ce n’est pas lui")
    answer = give(browser)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "61")
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert give(browser).status_code == 303


@pytest.mark.parametrize("where", ["https://evil.example", "//evil", "sign_in.leave", "home.page"])
def test_no_way_back_but_to_a_page_that_asked(browser: CheckedClient, where: str) -> None:
    page = tree(browser.get(PAGE, query_string={"suite": where}).text)
    actions = [each.get("action") for each in page.iter("form")]
    assert f"{PAGE}?suite=space.page" in actions
    answer = browser.post(
        PAGE,
        query_string={"suite": where},
        data={"present_password": PASSWORD, "csrf_token": browser.csrf(PAGE)},
    )
    assert answer.headers["Location"] == "/espace"


def test_a_page_that_asked_is_the_way_back(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=11)  # type: ignore[attr-defined]
    asked = browser.get("/espace/mes-donnees/export").headers["Location"]
    assert asked.startswith("/espace/preuve?suite=")
    answer = browser.submit(asked, {"present_password": PASSWORD})
    assert answer.headers["Location"].startswith("/espace/mes-donnees")
