"""Every screen says the same whole and in part, and HTMX goes on in one round trip."""

import re

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.visitors import Progress, Town, about_me

# what differs each time a page is asked for: tokens, and a passkey's challenge
TOKEN = re.compile(r'((?:name="csrf_token" value|name="challenge" value|data-passkey)=")[^"]+')


def parts(text: str) -> tuple[str, str]:
    """The title and the screen of a document or a fragment, without their CSRF tokens."""
    text = TOKEN.sub(r"\1", text)
    title = text.split("<title>")[1].split("</title>")[0]
    if '<div id="screen">' in text:
        screen = text.split('<div id="screen">')[1].rsplit('</div>\n  <div id="busy"', 1)[0]
    else:
        screen = text.split("</title>", 1)[1].split('<div id="way-in"')[0]
    return title, screen.strip()


def pages(town: Town) -> list[str]:
    """The address of every page without parameters, and a link's that is ready."""
    rules = town.app.url_map.iter_rules()
    found = [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
    town.register(town.browser(), LUCE)
    return [*found, town.mailed_link(), "/nulle-part-2"]


@pytest.mark.parametrize("stage", Progress)
def test_every_page_says_the_same_whole_and_in_part(town: Town, stage: Progress) -> None:
    browser, seen = town.browser(stage), 0
    for path in pages(town):
        whole, part = browser.get(path), browser.get(path, headers=HX_PARTIAL)
        if whole.mimetype != "text/html" or whole.status_code != 200:
            continue
        assert parts(whole.text) == parts(part.text), path
        assert part.text.lstrip().startswith("<title>"), path
        seen += 1
    assert seen >= 6


def refused(town: Town, path: str, fields: dict[str, str], partial: bool) -> TestResponse:
    return town.browser().submit(path, fields, partial=partial)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/inscription", {}),
        ("/inscription", about_me(RENE, password_repeat="autre chose")),
        ("/inscription", about_me(RENE, access_code="AAAABBBBCCCC")),
        ("/connexion", {}),
        ("/connexion", {"email": ODILE.email, "password": "pas le bon du tout"}),
    ],
)
def test_a_refused_form_says_the_same_whole_and_in_part(
    town: Town, path: str, fields: dict[str, str]
) -> None:
    whole, part = (refused(town, path, fields, partial) for partial in (False, True))
    assert whole.status_code == part.status_code == 422
    assert parts(whole.text) == parts(part.text)
    assert "HX-Retarget" not in part.headers


def test_each_page_of_a_stage_has_a_title_of_its_own(town: Town) -> None:
    for stage in Progress:
        browser = town.browser(stage) if stage is not Progress.WAITING else town.browser()
        shown = [browser.get(path) for path in pages(town)[:-2]]
        found = [each for each in shown if each.status_code == 200 and "<title>" in each.text]
        titles = [parts(each.text)[0] for each in found]
        assert len(titles) == len(set(titles)), stage


def test_every_heading_can_take_the_focus(town: Town) -> None:
    browser = town.browser()
    for path in pages(town):
        answer = browser.get(path)
        if answer.status_code != 303:
            assert answer.text.count('<h1 tabindex="-1"') == ("<h1" in answer.text), path


@pytest.fixture
def quick(town: Town) -> Town:
    """The town, whose browsers ask for parts."""
    town.partial = True
    return town


def is_fresh(browser: CheckedClient, answer: TestResponse, address: str) -> None:
    """The answer to HTMX is the next screen, as a reload of its address would show it."""
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == address
    assert parts(answer.text) == parts(browser.get(address).text)


def test_registration_goes_on_in_one_round_trip_a_step(quick: Town) -> None:
    browser = quick.browser()
    is_fresh(browser, quick.prove_letter(browser), "/inscription/cgu")
    is_fresh(browser, quick.accept_terms(browser), "/inscription/confirmation")
    quick.work.world.clock.advance(minutes=2)  # type: ignore[attr-defined]
    again = "/inscription/confirmation"
    answer = browser.submit("/inscription/renvoyer", {}, page=again, partial=True)
    is_fresh(browser, answer, f"{again}?fait=renvoi")
    fields = {"email": "autre@example.org", "access_code": RENE.access_code}
    answer = browser.submit("/inscription/adresse", fields, page=again, partial=True)
    is_fresh(browser, answer, f"{again}?fait=adresse")
    link = quick.mailed_link()
    is_fresh(browser, browser.submit(link, {}, partial=True), link)


def test_signing_in_goes_on_in_one_round_trip_a_step(quick: Town) -> None:
    browser = quick.browser()
    is_fresh(browser, quick.give_password(browser, remember=True), "/connexion/code")
    is_fresh(browser, quick.give_code(browser), "/espace")
    answer = browser.submit("/espace/prolonger", {}, page="/espace", partial=True)
    assert (answer.status_code, answer.data) == (204, b"")  # the page stays as it is
    answer = browser.submit(
        "/espace/securite/appareils/1/oublier", {}, page="/espace", partial=True
    )
    is_fresh(browser, answer, "/espace/securite?fait=appareil")
    answer = browser.submit("/deconnexion", {}, page="/espace", partial=True)
    assert answer.headers["HX-Redirect"] == "/connexion?fait=deconnexion"


def test_the_activation_code_goes_on_in_one_round_trip(quick: Town) -> None:
    browser = quick.browser()
    quick.register(quick.browser(), LUCE)
    is_fresh(browser, quick.give_password(browser, LUCE), "/inscription/en-cours")
    fields = {"activation_code": quick.code_in_mail()}
    answer = browser.submit("/inscription/en-cours", fields, partial=True)
    is_fresh(browser, answer, "/inscription/en-cours")


def test_the_new_forms_of_a_step_carry_the_new_session_s_token(quick: Town) -> None:
    browser = quick.browser()
    answer = quick.give_password(browser)
    token = TOKEN.search(answer.text)
    assert token is not None
    value = answer.text[token.start() :].split('value="')[1].split('"')[0]
    form = {"csrf_token": value, "security_code": quick.code_in_mail()}
    assert browser.post("/connexion/code", data=form).headers["Location"] == "/espace"


@pytest.mark.parametrize("kind", ["full", "boosted", "PARTIAL", ""])
def test_only_a_request_for_a_part_is_given_a_part(town: Town, kind: str) -> None:
    answer = town.browser().get("/connexion", headers={"HX-Request-Type": kind})
    assert answer.text.startswith("<!doctype html>")


def test_a_screen_that_was_just_done_says_so_once(town: Town) -> None:
    browser = town.browser()
    assert "Vous êtes déconnecté" in browser.get("/connexion?fait=deconnexion").text
    assert "done-note" not in browser.get("/connexion?fait=inconnu").text
    assert "done-note" not in browser.get("/connexion").text
