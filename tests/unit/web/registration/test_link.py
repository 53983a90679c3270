"""Screen 8's link: scanners open it, members press its button, on any device."""

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from player.statements import Statements
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import Account
from webapp.services.kernel.work import Work

OVER = "Cette inscription n’est plus valable"
FINISHED = "Votre inscription est finalisée"


@pytest.fixture
def link(town: Town) -> str:
    """René's link, as it was mailed."""
    town.register(town.browser(), RENE)
    return town.mailed_link()


def heading(answer: TestResponse) -> str:
    return next(tree(answer.text).iter("h1")).text or ""


def accounts(work: Work) -> int:
    rows = work.db.execute(Account.__table__.select()).all()
    work.settle()
    return len(rows)


def press(browser: CheckedClient, link: str) -> TestResponse:
    """Press the link's button, as a browser without scripts."""
    token = browser.csrf("/connexion")
    return browser.post(link, data={"csrf_token": token}, follow_redirects=True)


@pytest.mark.parametrize("verb", ["GET", "HEAD", "OPTIONS"])
def test_opening_it_changes_nothing(town: Town, link: str, verb: str) -> None:
    with Statements(town.work.db.engine) as statements:
        town.work.settle()
        for _ in range(3):
            answer = town.browser().open(link, method=verb, headers={"Purpose": "prefetch"})
            assert answer.status_code == 200
    assert statements.writing == []
    assert accounts(town.work) == 1
    assert press(town.browser(), link).status_code == 200
    assert accounts(town.work) == 2


def test_its_address_is_told_to_nobody(town: Town, link: str) -> None:
    browser = town.browser()
    for answer in (browser.get(link), browser.head(link), browser.post(link), press(browser, link)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_browser_that_registered_posts_by_itself(town: Town) -> None:
    own = town.browser(Progress.RECORDED)
    link = town.mailed_link()
    assert "data-auto" in own.get(link).text
    assert "data-auto" not in town.browser().get(link).text
    assert "data-auto" not in town.browser(Progress.MEMBER).get(link).text


def test_a_refused_press_does_not_press_itself_again(town: Town) -> None:
    own = town.browser(Progress.RECORDED)
    link = town.mailed_link()
    answer = own.post(link)
    assert answer.status_code == 422
    assert "data-auto" not in answer.text
    assert accounts(town.work) == 1


def test_it_signs_nobody_in(town: Town, link: str) -> None:
    browser = town.browser()
    assert heading(press(browser, link)) == FINISHED
    assert browser.get("/espace").status_code == 303


def test_a_second_use_shows_the_same_screen(town: Town, link: str) -> None:
    browser = town.browser()
    press(browser, link)
    for again in (browser, town.browser()):
        assert heading(again.get(link)) == FINISHED
        assert heading(press(again, link)) == FINISHED
    assert accounts(town.work) == 2
    town.work.world.clock.advance(days=2)  # type: ignore[attr-defined]
    assert heading(browser.get(link)) == FINISHED


@pytest.mark.parametrize(("seconds", "title"), [(-1, "Validez votre inscription"), (0, OVER)])
def test_it_lives_twenty_four_hours(town: Town, link: str, seconds: int, title: str) -> None:
    town.work.world.clock.advance(hours=24, seconds=seconds)  # type: ignore[attr-defined]
    answer = town.browser().get(link)
    assert heading(answer) == title
    assert answer.status_code == 200


def test_past_its_time_it_offers_to_begin_again(town: Town, link: str) -> None:
    town.work.world.clock.advance(hours=25)  # type: ignore[attr-defined]
    browser = town.browser()
    for answer in (browser.get(link), press(browser, link)):
        links = {each.text: each.get("href") for each in tree(answer.text).iter("a")}
        assert links["Je crée mon compte"] == "/inscription"
    assert accounts(town.work) == 1


def test_any_change_to_it_makes_it_unknown(town: Town, link: str) -> None:
    browser = town.browser()
    for at in range(len("/inscription/validation/"), len(link), 7):
        other = "A" if link[at] != "A" else "B"
        assert browser.get(f"{link[:at]}{other}{link[at + 1 :]}").status_code == 404


def test_a_link_sealed_for_another_purpose_or_site_is_unknown(town: Town, link: str) -> None:
    opened = town.work.world.seals.open_link("registration", link.rsplit("/", 1)[1])
    assert opened is not None
    foreign = town.work.world.seals.seal_link("recovery", opened[0])
    answer = town.browser().get(f"/inscription/validation/{foreign}")
    assert answer.status_code == 404


def test_where_nobody_joins_an_address_that_got_an_account_meanwhile_is_told(apart: Town) -> None:
    town = apart
    first, second = town.browser(), town.browser()
    town.register(first, RENE, email="couple@example.org")
    rene = town.mailed_link()
    town.register(second, LUCE, email="couple@example.org")
    luce = town.mailed_link()
    assert heading(press(first, rene)) == FINISHED
    answer = press(second, luce)
    assert heading(answer) == "Cette adresse sert déjà à un autre espace"
    assert accounts(town.work) == 2


def test_no_form_ever_holds_the_member_s_data(town: Town, link: str) -> None:
    for word in (RENE.email, RENE.number, ODILE.email, "René"):
        assert word not in town.browser().get(link).text
