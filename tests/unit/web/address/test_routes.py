"""The screens of another address, whole and in part, on both databases."""

import pytest
from werkzeug.test import TestResponse

from player.members import ODILE
from player.statements import Statements
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town

PAGE, CONFIRM = "/espace/securite/email", "/espace/securite/email/confirmation"
CHANGED, RESTORED = "/adresse-changee", "/adresse-retablie"
NEW = "neuf@example.org"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town, in both shapes."""
    town.partial = request.param
    return town


def heading(answer: TestResponse) -> str:
    return "".join(next(tree(answer.text).iter("h1")).itertext())


def leads_to(town: Town, answer: TestResponse, path: str) -> bool:
    """The next screen: told of by a 303, or there at once."""
    if town.partial:
        return answer.status_code == 200 and answer.headers["HX-Push-Url"] == path
    return answer.status_code == 303 and answer.headers["Location"] == path


def press(town: Town, browser: CheckedClient, path: str, page: str = "/connexion") -> TestResponse:
    return browser.submit(path, {}, page=page, partial=town.partial)


def test_the_code_changes_the_address(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    assert leads_to(town, town.ask_address(browser), CONFIRM)
    assert NEW in browser.get(CONFIRM).text
    fields = {"address_code": town.code_in_mail()}
    answer = browser.submit(CONFIRM, fields, partial=town.partial)
    assert leads_to(town, answer, CHANGED)
    assert NEW in browser.get("/espace").text


def test_while_a_change_waits_its_page_leads_to_where_the_code_is_typed(town: Town) -> None:
    """The mail says « page “Sécurité” », but who comes by the form must not begin anew."""
    browser = town.browser(Progress.MEMBER)
    assert heading(browser.get(PAGE)) == "Changer mon adresse e-mail"
    town.ask_address(browser)
    assert browser.get(PAGE).headers["Location"] == CONFIRM
    again = next(
        each.get("href") or ""
        for each in tree(browser.get(CONFIRM).text).iter("a")
        if "autre" in "".join(each.itertext())
    )
    assert heading(browser.get(again)) == "Changer mon adresse e-mail"
    browser.submit(f"{PAGE}/annuler", {}, page=CONFIRM)
    assert heading(browser.get(PAGE)) == "Changer mon adresse e-mail"


def test_the_link_asks_for_a_press_and_signs_nobody_in(town: Town) -> None:
    asked = town.browser(Progress.MEMBER)
    town.ask_address(asked)
    link, scanner, phone = town.address_link(), town.browser(), town.browser()
    with Statements(town.work.db.engine) as statements:
        for verb in ("GET", "HEAD"):
            assert scanner.open(link, method=verb).status_code == 200
    assert statements.writing == []
    assert leads_to(town, press(town, phone, link, link), CHANGED)
    assert phone.get("/espace").status_code == 303
    assert asked.get("/espace").headers["Location"] == "/connexion?fait=session"
    assert heading(phone.get(link)) == "Votre adresse e-mail est changée"
    assert leads_to(town, press(town, phone, link), CHANGED)


def test_the_link_opened_where_it_was_asked_leaves_this_session_open(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    press(town, browser, town.address_link(), "/espace")
    assert NEW in browser.get("/espace").text


def test_a_wrong_code_is_told_beside_its_field_and_not_kept(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    answer = browser.submit(CONFIRM, {"address_code": "000000"}, partial=town.partial)
    assert answer.status_code == 422
    assert "Ce code n’est pas le bon" in answer.text
    assert heading(answer) == "Confirmez votre nouvelle adresse"


def test_two_tabs_are_told_what_the_other_did(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    token, code = browser.csrf(CONFIRM), town.code_in_mail()
    press(town, browser, f"{PAGE}/annuler", CONFIRM)
    town.partial = False
    for path, fields in (
        (CONFIRM, {"address_code": code}),
        (f"{PAGE}/renvoyer", {}),
        (f"{PAGE}/annuler", {}),
    ):
        answer = browser.post(path, data=fields | {"csrf_token": token})
        assert answer.headers["Location"] == "/espace/securite?fait=changement-fini", path
        assert "n’était plus en attente" in browser.get(answer.headers["Location"]).text
    assert ODILE.email in browser.get("/espace").text


def test_a_cancelled_link_is_over(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    link = town.address_link()
    press(town, browser, f"{PAGE}/annuler", CONFIRM)
    assert heading(browser.get(link)) == "Ce lien n’est plus valable"
    assert leads_to(town, press(town, browser, link, "/espace"), link)


def test_what_was_typed_is_kept_but_the_password(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    fields = {"email": "pas une adresse", "present_password": "secret de test"}
    answer = browser.submit(PAGE, fields, partial=town.partial)
    assert answer.status_code == 422
    assert 'value="pas une adresse"' in answer.text
    assert "secret de test" not in answer.text


def test_the_former_mailbox_takes_it_back(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    press(town, browser, town.address_link(), "/espace")
    link, owner = town.undo_link(), town.browser()
    assert heading(owner.get(link)) == "Rétablir votre ancienne adresse"
    assert owner.get(link).headers["Referrer-Policy"] == "no-referrer"
    assert leads_to(town, press(town, owner, link, link), RESTORED)
    assert browser.get("/espace").headers["Location"] == "/connexion?fait=session"
    assert heading(owner.get(link)) == "Votre ancienne adresse est rétablie"
    assert town.give_password(owner).status_code == 422


def test_after_seven_days_it_says_so(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    press(town, browser, town.address_link(), "/espace")
    link = town.undo_link()
    town.work.world.clock.advance(days=7)  # type: ignore[attr-defined]
    late = town.browser()
    assert "7\u00a0jours" in late.get(link).text
    assert leads_to(town, press(town, late, link), link)


@pytest.mark.parametrize("place", ["/adresse", "/adresse/retablir"])
def test_rubbish_is_a_page_that_does_not_exist(town: Town, place: str) -> None:
    browser = town.browser()
    assert browser.get(f"{place}/a.b.c").status_code == 404
    token = browser.csrf("/connexion")
    answer = browser.post(f"{place}/a.b.c", data={"csrf_token": token}, follow_redirects=True)
    assert answer.status_code == 404
