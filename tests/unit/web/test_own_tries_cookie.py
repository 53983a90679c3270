"""The link of the mail after ten wrong passwords, and the cookie that it gives."""

import re

import pytest
from sqlalchemy import Engine

from player.members import ODILE
from player.statements import Statements
from player.world import NEW_PASSWORD, PASSWORD, StillClock, still_world, test_settings
from tests.checked_client import CheckedClient
from tests.journeys import mailed_recovery
from tests.strangers import WRONG
from tests.visitors import Progress, Town
from webapp import create_app
from webapp.services.sign_in import own_tries


def held(browser: CheckedClient) -> str:
    cookie = browser.get_cookie("tries")
    return cookie.value if cookie else ""


@pytest.fixture
def link(town: Town, clock: StillClock) -> str:
    """A stranger failed ten times; the path of the link in the owner's mail."""
    stranger = town.browser()
    for each in range(10):
        clock.advance(hours=each > 4)
        assert town.give_password(stranger, password=WRONG).status_code == 422
    mail = next(each for each in town.mails() if each.name == "ten_failures")
    found = re.search(r"(/connexion/essais/\S+)", mail.text)
    assert found and found[1] in mail.html
    return found[1]


def hammer(town: Town, password: str = WRONG, times: int = 8) -> None:
    stranger = town.browser()
    for _ in range(times):
        town.give_password(stranger, password=password)


def test_the_link_gives_the_browser_tries_of_its_own_and_says_so(town: Town, link: str) -> None:
    hammer(town)
    owner = town.browser()
    assert town.give_password(owner).status_code == 429
    answer = owner.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connexion?fait=essais")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "cinq essais rien que pour vous" in owner.get("/connexion?fait=essais").text
    assert town.give_password(owner).headers["Location"] == "/connexion/code"
    assert town.give_code(owner).headers["Location"] == "/espace"


def test_a_scanner_that_opens_it_spends_nothing(town: Town, link: str) -> None:
    with Statements(town.work.db.engine) as statements:
        for _ in range(30):
            scanner = town.browser()
            assert scanner.get(link).status_code == scanner.head(link).status_code == 303
    assert statements.seen == []


def test_the_cookie_is_out_of_scripts_reach_and_lasts_an_hour(town: Town, link: str) -> None:
    cookie = town.browser().get(link).headers["Set-Cookie"]
    words = set(cookie.split("; ")[1:])
    assert {"Max-Age=3600", "HttpOnly", "Path=/", "SameSite=Lax"} <= words
    assert len(cookie) < 600 and "odile" not in cookie


def test_over_https_it_is_host_bound_and_secure(engine: Engine, town: Town) -> None:
    settings = test_settings(public_url="https://localhost")
    world = still_world(settings)
    app = create_app(settings, world, engine)
    token = world.seals.seal_link("own_tries_link", "a.b")
    answer = app.test_client().get(f"/connexion/essais/{token}", base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-tries=")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize("late", [True, False], ids=["late", "unknown"])
def test_a_late_or_unknown_link_says_what_to_do(
    town: Town, clock: StillClock, link: str, late: bool
) -> None:
    clock.advance(hours=24)
    browser = town.browser()
    answer = browser.get(link if late else "/connexion/essais/x")
    assert answer.headers["Location"] == "/connexion?fait=essais-fin"
    assert held(browser) == ""
    assert "Ce lien n’est plus valable" in browser.get("/connexion?fait=essais-fin").text


def test_it_is_worth_nothing_at_the_other_end_of_the_hour(
    town: Town, clock: StillClock, link: str
) -> None:
    owner = town.browser()
    owner.get(link)
    kept = held(owner)
    clock.advance(hours=1)
    owner.set_cookie("tries", kept)
    hammer(town)
    assert town.give_password(owner).status_code == 429


@pytest.mark.parametrize("value", ["x", "9" * 5000, "é" * 30, "\x00" * 30])
def test_a_broken_one_is_a_stranger_s(town: Town, value: str) -> None:
    browser = town.browser()
    token = browser.csrf("/connexion")
    fields = {"csrf_token": token, "email": ODILE.email, "password": WRONG}
    session = browser.get_cookie("session")
    assert session
    line = f"session={session.value}; tries={value}".encode().decode("latin-1")
    plain = town.app.test_client(use_cookies=False)
    answer = plain.post("/connexion", data=fields, headers={"Cookie": line})
    assert answer.status_code == 422


def test_a_password_just_recovered_gives_them_at_once(town: Town) -> None:
    owner = town.browser()
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    owner.submit(town.recovery_link(), fields)
    assert held(owner)
    hammer(town, times=130)
    assert town.give_password(town.browser(), password=NEW_PASSWORD).status_code == 429
    assert town.give_password(owner, password=NEW_PASSWORD).headers["Location"] == "/connexion/code"
    assert town.give_code(owner).headers["Location"] == "/espace"


def test_so_does_one_that_the_mutual_asked_to_choose(town: Town) -> None:
    town.ask_address(town.browser(Progress.MEMBER))
    town.browser().submit(town.address_link(), {})
    town.browser().submit(town.undo_link(), {}, page="/connexion")
    owner = town.browser()
    token = mailed_recovery(town.work)
    town.work.settle()
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD, "number": ODILE.number}
    owner.submit(f"/mot-de-passe-oublie/nouveau/{token}", fields)
    assert held(owner)


def test_so_does_one_changed_in_the_space(town: Town) -> None:
    owner = town.browser(Progress.MEMBER)
    fields = {"present_password": PASSWORD, "password": NEW_PASSWORD}
    owner.submit("/espace/securite/mot-de-passe", fields | {"password_repeat": NEW_PASSWORD})
    assert held(owner)
    owner.submit("/deconnexion", {}, page="/espace")
    hammer(town, times=130)
    assert town.give_password(owner, password=NEW_PASSWORD).headers["Location"] == "/connexion/code"


def test_a_refused_new_password_gives_none(town: Town) -> None:
    owner = town.browser()
    owner.submit(town.recovery_link(), {"password": "court", "password_repeat": "court"})
    assert held(owner) == ""


def test_who_is_signed_in_already_is_led_to_the_space(town: Town) -> None:
    owner = town.browser(Progress.MEMBER)
    token = town.app.extensions["portal"][1].seals.seal_link("own_tries_link", "a.b")
    answer = owner.get(f"/connexion/essais/{token}", follow_redirects=True)
    assert answer.request.path == "/espace"


def test_it_comes_from_no_other_link_of_ours(town: Town) -> None:
    seals = town.app.extensions["portal"][1].seals
    for purpose in ("recovery", "registration", "own_tries"):
        browser = town.browser()
        browser.get(f"/connexion/essais/{seals.seal_link(purpose, 'a.b')}")
        assert held(browser) == "", purpose
    assert own_tries.exchange(town.work, seals.seal_link("own_tries_link", "a.b"))
