"""A newer letter on the screens: what screen 9 says, and the link that stops it all."""

import pytest
from werkzeug.test import TestResponse

from player.members import ODILE
from player.statements import Statements
from player.world import NEW_PASSWORD
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.journeys import reissued
from tests.visitors import Progress, Town
from webapp.models import Takeover
from webapp.services.takeover import effect

NEW = "odile.neuve@example.org"
WAITING, STOPPED = "Un nouveau courrier va remplacer votre accès", "Le changement est arrêté"
DONE, OVER = "Le changement a déjà eu lieu", "Ce lien n’est plus valable"
WHEN = "2\u00a0décembre 2026 à\u00a010\u00a0h\u00a000"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town, in both shapes."""
    town.partial = request.param
    return town


@pytest.fixture
def link(town: Town) -> str:
    """Odile's link to stop, as it was mailed."""
    return town.stop_link()


def headings(answer: TestResponse) -> list[str]:
    return [each.text or "" for each in tree(answer.text).iter("h1")]


def press(town: Town, browser: CheckedClient, path: str, page: str = "/connexion") -> TestResponse:
    """Press the one button; what the member sees next."""
    headers = HX_PARTIAL if town.partial else {}
    answer = browser.post(path, data={"csrf_token": browser.csrf(page)}, headers=headers)
    if answer.status_code == 303:
        answer = browser.get(answer.headers["Location"])
    return answer


def stored(town: Town) -> list[object]:
    rows = [tuple(row) for row in town.work.db.execute(Takeover.__table__.select())]
    town.work.settle()
    return rows


def registered(town: Town, browser: CheckedClient) -> None:
    """Odile with her newer letter, up to screen 7."""
    chosen = {"email": NEW, "password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    town.register(browser, reissued(town.work), **chosen)


def take_effect(town: Town) -> None:
    town.work.world.clock.advance(hours=24)  # type: ignore[attr-defined]
    effect.apply_due(town.work)


@pytest.mark.parametrize("way", ["link", "code"])
def test_screen_9_says_when_and_what_to_do_meanwhile(town: Town, way: str) -> None:
    browser = town.browser()
    registered(town, browser)
    assert "Vous avez déjà un espace" in browser.get("/inscription/confirmation").text
    if way == "link":
        answer = press(town, browser, town.mailed_link(), "/inscription")
    else:
        code = {"activation_code": town.code_in_mail()}
        elsewhere = town.browser()
        fields = {"email": NEW, "password": NEW_PASSWORD}
        elsewhere.submit("/connexion", fields)
        answer = elsewhere.submit("/inscription/en-cours", code, partial=town.partial)
        if answer.status_code == 303:
            answer = elsewhere.get(answer.headers["Location"])
    assert headings(answer) == ["Votre inscription est finalisée"]
    assert WHEN in answer.text and "24 heures" in answer.text.replace("\u00a0", " ")
    assert "Connectez-vous maintenant" not in answer.text
    same = browser.get("/inscription/confirmation")
    assert WHEN in same.text


def test_screen_9_s_link_says_how_it_ended(town: Town) -> None:
    browser = town.browser()
    registered(town, browser)
    link = town.mailed_link()
    press(town, browser, link, "/inscription")
    take_effect(town)
    assert "Connectez-vous maintenant" in browser.get(link).text


def test_screen_9_s_link_says_that_it_was_stopped(town: Town) -> None:
    member, browser = town.browser(Progress.MEMBER), town.browser()
    registered(town, browser)
    link = town.mailed_link()
    press(town, browser, link, "/inscription")
    press(town, member, "/espace/nouveau-courrier", "/espace")
    assert headings(browser.get(link)) == ["Votre inscription a été arrêtée"]


def test_too_soon_the_sign_in_says_when(town: Town, link: str) -> None:
    answer = town.give_password(town.browser(), ODILE)
    assert answer.status_code in (200, 303)
    fields = {"email": NEW, "password": "quatre mots sans rapport"}
    answer = town.browser().submit("/connexion", fields, partial=town.partial)
    assert answer.status_code == 422
    assert "il s’ouvrira dans 24\u00a0heures" in answer.text


@pytest.mark.parametrize("verb", ["GET", "HEAD", "OPTIONS"])
def test_opening_the_link_three_times_changes_nothing(town: Town, link: str, verb: str) -> None:
    before = stored(town)
    with Statements(town.work.db.engine) as statements:
        for _ in range(3):
            answer = town.browser().open(link, method=verb, headers={"Purpose": "prefetch"})
            assert answer.status_code == 200
    assert statements.writing == []
    assert stored(town) == before


def test_the_link_s_page_says_when_and_its_button_stops_it(town: Town, link: str) -> None:
    browser = town.browser()
    page = browser.get(link)
    assert headings(page) == [WAITING]
    assert WHEN in page.text
    assert headings(press(town, browser, link)) == [STOPPED]
    assert headings(browser.get(link)) == [STOPPED]
    assert headings(press(town, town.browser(), link)) == [STOPPED]
    assert [each.name for each in town.mails()].count("takeover_stopped") == 2


def test_too_late_it_says_what_to_do(town: Town, link: str) -> None:
    take_effect(town)
    browser = town.browser()
    for answer in (browser.get(link), press(town, browser, link)):
        assert headings(answer) == [DONE]
        links = {each.get("href") for each in tree(answer.text).iter("a")}
        assert {"/connexion", "/mot-de-passe-oublie", "tel:+33199001234"} <= links


def test_a_newer_one_overtakes_the_link(town: Town, link: str) -> None:
    town.stop_link(email="encore@example.org")
    browser = town.browser()
    for answer in (browser.get(link), press(town, browser, link)):
        assert headings(answer) == [OVER]
    assert "waiting" in repr(stored(town))


def test_a_refused_press_keeps_the_page_and_stops_nothing(town: Town, link: str) -> None:
    answer = town.browser().post(link)
    assert answer.status_code == 422
    assert headings(answer) == [WAITING]
    assert "waiting" in repr(stored(town))


@pytest.mark.parametrize("token", ["x", "a.b.c", "not-ours", "a" * 3_000])
def test_rubbish_is_a_page_that_does_not_exist(town: Town, token: str) -> None:
    browser = town.browser()
    path = f"/nouveau-courrier/{token}"
    assert browser.get(path).status_code == 404
    assert browser.post(path).status_code == 404
    assert press(town, browser, path).status_code == 404


def test_its_address_is_told_to_nobody(town: Town, link: str) -> None:
    browser = town.browser()
    answers = [browser.get(link), browser.head(link), browser.post(link)]
    answers += [press(town, browser, link), press(town, browser, link), browser.get(link)]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.status


def test_no_page_of_the_link_holds_the_member_s_data(town: Town, link: str) -> None:
    browser = town.browser()
    for answer in (browser.get(link), press(town, browser, link)):
        for word in (ODILE.email, ODILE.number, NEW, "Exemple"):
            assert word not in answer.text


def test_a_signed_in_member_is_warned_and_stops_it_there(town: Town) -> None:
    member = town.browser(Progress.MEMBER)
    assert WAITING not in member.get("/espace").text
    other_tab = member.csrf("/espace")
    town.stop_link()
    page = member.get("/espace")
    assert WAITING in page.text and WHEN in page.text
    answer = press(town, member, "/espace/nouveau-courrier", "/espace")
    assert "le changement est arrêté" in answer.text
    assert WAITING not in answer.text
    again = member.post("/espace/nouveau-courrier", data={"csrf_token": other_tab})
    assert again.headers["Location"].endswith("fait=rien_a_arreter")
    assert "plus rien à arrêter" in member.get(again.headers["Location"]).text
    assert headings(member.get("/espace")) == ["Mon espace"]
