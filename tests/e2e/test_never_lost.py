"""Whatever happens on the way, the step stays with what was typed in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from player.browsers import PHONE, Watch, launch_remembering
from player.members import ODILE
from player.screens.registration import AboutMe, Terms
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.walk import signed_in
from player.world import PASSWORD

GATEWAY = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


def still_typed(screen: AboutMe, email: str = ODILE.email) -> None:
    """The five fields as they were filled in."""
    wanted = {
        "Numéro d’adhérent": ODILE.number, "Code d’accès": ODILE.access_code, "Email": email,
        "Mot de passe": PASSWORD, "Répétez votre mot de passe": PASSWORD,
    }  # fmt: skip
    for label, words in wanted.items():
        expect(screen.field(label)).to_have_value(words)


@pytest.mark.parametrize("status", [200, 413, 429, 502, 504])
def test_a_proxy_s_own_page_never_replaces_the_step(stage, phone, watch, status):
    watch.excused.add(f"status of {status}")
    stage.sends_letter_to()
    screen = AboutMe(phone).open().fill(ODILE)
    page = GATEWAY.format(status)
    answer = {"status": status, "content_type": "text/html", "body": page}
    phone.route("**/inscription", lambda route: route.fulfill(**answer), times=1)
    screen.press("Continuer")
    expect(screen.summary).to_contain_text("Rien n’est perdu")
    screen.shows()
    still_typed(screen)

    screen.press("Fermer")
    expect(screen.button("Continuer")).to_be_focused()
    screen.go_on()
    Terms(phone).shows()


def test_back_over_a_link_of_the_error_summary_keeps_the_form(stage, phone):
    stage.sends_letter_to()
    screen = AboutMe(phone).open()
    screen.go_on()
    screen.refuses()
    phone.locator('#errors a[href="#email"]').click()
    screen.fill(ODILE)
    phone.go_back()
    screen.shows()
    still_typed(screen)


def test_a_password_that_is_good_stays_when_something_else_is_refused(stage, phone):
    stage.sends_letter_to()
    screen = AboutMe(phone).open().fill(ODILE, email="odile")
    screen.go_on()
    screen.refuses("e-mail")
    still_typed(screen, "odile")
    screen.fill(ODILE, "trop court")
    screen.go_on()
    screen.refuses("trop court")
    for label in ("Mot de passe", "Répétez votre mot de passe"):
        expect(screen.field(label)).to_have_value("")


def test_a_wrong_password_does_not_stay(stage, phone):
    stage.has_account_of(ODILE)
    screen = SignIn(phone).open().fill(ODILE.email, "pas le bon mot de passe")
    screen.go_on()
    screen.refuses("L’e-mail ou le mot de passe").knows(ODILE.email)
    expect(screen.field("Mot de passe")).to_have_value("")


TELL_ALIVE = (
    "addEventListener('pageshow', (event) => { if (event.persisted) sessionStorage.alive = 1; });"
)


@pytest.fixture
def remembering(browser: Browser, stage, watch: Watch) -> Iterator[Page]:
    """A phone whose browser keeps pages alive for Back."""
    other = launch_remembering(browser.browser_type)
    context = watch.open(other, stage.url, PHONE, scripts=True)
    context.set_default_timeout(10_000)
    context.add_init_script(TELL_ALIVE)
    yield context.new_page()
    other.close()


def test_back_from_the_help_finds_the_form_as_it_was_left(stage, remembering):
    stage.sends_letter_to()
    screen = AboutMe(remembering).open().fill(ODILE)
    screen.follow("Aide et contact")
    remembering.get_by_role("heading", level=1, name="Aide et contact").wait_for()
    remembering.go_back(wait_until="commit")
    screen.shows()
    assert remembering.evaluate("() => sessionStorage.alive"), "Chromium did not keep the page"
    still_typed(screen)


def test_a_private_page_is_asked_for_again_and_shows_nothing_meanwhile(stage, remembering):
    stage.has_account_of(ODILE)
    signed_in(stage, remembering)
    Space(remembering).shows(ODILE.number)
    Space(remembering).follow("Aide et contact")
    remembering.get_by_role("heading", level=1, name="Aide et contact").wait_for()
    stage.clock.advance(minutes=31)
    remembering.go_back(wait_until="commit")
    SignIn(remembering).shows("Votre session est terminée")
    assert remembering.evaluate("() => sessionStorage.alive"), "Chromium did not keep the page"
    expect(remembering.get_by_text(ODILE.number)).to_have_count(0)
