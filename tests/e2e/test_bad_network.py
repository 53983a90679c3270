"""The network or the server fails in the middle of a step: it is said, nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from player.members import ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import AboutMe, Terms
from player.screens.sign_in import SecurityCode, SignIn
from player.walk import walk
from player.world import PASSWORD
from webapp.rules.procedure import REGISTRATION

HIDDEN = """() => {
  const here = document.activeElement;
  const { x, y, width, height } = here.getBoundingClientRect();
  if (here === document.body) return ["the browser's own bar", false];
  const top = [.1, .5, .9].map(
    (part) => document.elementFromPoint(x + width / 2, y + height * part));
  return [here.id || here.textContent, !top.every((each) => here.contains(each))];
}"""


@pytest.fixture
def signing_in(stage, phone):
    """Odile has an account and has filled in the sign-in page."""
    stage.has_account_of(ODILE)
    return SignIn(phone).open().fill(ODILE.email)


def still_typed(screen: SignIn) -> None:
    screen.knows(ODILE.email)
    expect(screen.field("Mot de passe")).to_have_value(PASSWORD)


def test_without_network_it_says_so_and_the_same_button_works_later(signing_in, phone, watch):
    watch.excused |= {"ERR_INTERNET_DISCONNECTED", "htmx:error"}
    phone.context.set_offline(True)
    signing_in.press("Je me connecte")
    expect(signing_in.summary).to_contain_text("Pas de connexion")
    still_typed(signing_in)

    phone.context.set_offline(False)
    signing_in.go_on()
    SecurityCode(phone).shows()
    expect(signing_in.summary).to_have_count(0)


def test_an_answer_lost_on_its_way_is_made_good_by_pressing_again(stage, phone, watch):
    watch.excused |= {"ERR_FAILED", "htmx:error"}
    stage.sends_letter_to()
    walk(REGISTRATION, stage, phone, until="about_me")

    def deliver_but_lose_the_answer(route):
        route.fetch()
        route.abort()

    phone.route("**/inscription/cgu", deliver_but_lose_the_answer, times=1)
    Terms(phone).accept().press("Continuer")
    expect(Terms(phone).summary).to_contain_text("Le site ne répond pas")
    Terms(phone).go_on()
    AboutMe(phone).says("Votre inscription est prise en compte")
    assert stage.mails(ODILE.email, CONFIRMATION) == 1


def test_a_server_that_rests_keeps_the_form(signing_in, stage, phone, watch):
    watch.excused.add("status of 503")
    with stage.database_locked():
        signing_in.press("Je me connecte")
        expect(signing_in.summary).to_contain_text("Le service se repose un instant")
    still_typed(signing_in)

    signing_in.go_on()
    SecurityCode(phone).shows()


def test_without_scripts_a_server_that_rests_says_so_too(stage, open_browser, watch):
    watch.excused.add("status of 503")
    stage.has_account_of(ODILE)
    page = open_browser(scripts=False)
    screen = SignIn(page).open().fill(ODILE.email)
    with stage.database_locked():
        screen.go_on()
        screen.says("Le service se repose un instant")


def test_a_shown_password_is_hidden_again_when_it_is_sent(signing_in, phone, watch):
    watch.excused |= {"ERR_INTERNET_DISCONNECTED", "htmx:error"}
    signing_in.press("Afficher le mot de passe")
    phone.context.set_offline(True)
    signing_in.press("Je me connecte")
    expect(signing_in.summary).to_contain_text("Pas de connexion")
    expect(signing_in.field("Mot de passe")).to_have_attribute("type", "password")


@pytest.mark.parametrize("letters", ["100%", "200%"])
def test_the_notice_hides_nothing_that_has_the_focus(signing_in, stage, phone, watch, letters):
    """WCAG 2.4.11, and with large letters in a small window too."""
    watch.excused.add("status of 503")
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
    with stage.database_locked():
        signing_in.press("Je me connecte")
        expect(signing_in.summary).to_contain_text("Le service se repose un instant")

    seen = []
    for _ in range(phone.locator("a:visible, button:visible, input:visible").count()):
        phone.keyboard.press("Tab")
        seen.append(tuple(phone.evaluate(HIDDEN)))
    assert len(set(seen)) > 10
    assert not [what for what, hidden in seen if hidden]
