"""Back, reload, reopening from the mail app, two tabs: no step is lost, nothing is done twice."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from player.members import ODILE
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE
from player.screens.registration import AboutMe, Recorded, Terms
from player.screens.screen import Screen
from player.screens.security import Security
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.walk import registered, signed_in, walk
from tests.e2e.ledger import BY_FORM, Ledger
from webapp.rules.procedure import ACTIVATION, REGISTRATION, SIGN_IN, Step


class ComesBack(Ledger):
    """Witness: after each form, reload, back and forward, and another tab all show its screen, and
    none of them sends a form again."""

    def __init__(self, page: Page):
        super().__init__(page)
        self._tab: Page | None = None

    def __call__(self, step: Step, page: Page) -> None:
        if step.key not in BY_FORM:
            return
        screen = Screen(page)
        screen.heading = screen.h1.inner_text()
        self.forget()
        page.reload()
        screen.shows()
        with screen.replaced():
            page.go_back()
        with screen.replaced():
            page.go_forward()
        screen.shows()
        self._in_another_tab(screen, page)
        assert not self.posts(), f"{step.key} was sent again"

    def _in_another_tab(self, screen: Screen, page: Page) -> None:
        self._tab = self._tab or page.context.new_page()
        self._tab.goto(page.url)
        expect(Screen(self._tab).h1).to_have_text(screen.heading)


def test_no_step_is_lost_and_no_mail_sent_twice(stage, page):
    stage.sends_letter_to()
    witness = ComesBack(page)
    walk(REGISTRATION, stage, page, witness)
    walk(SIGN_IN, stage, page, witness)
    assert stage.mails(ODILE.email, CONFIRMATION) == 1
    assert stage.mails(ODILE.email, SECURITY_CODE) == 1


def test_nor_is_it_with_the_activation_code(stage, page):
    stage.sends_letter_to()
    registered(stage, page)
    witness = ComesBack(page)
    walk(replace(ACTIVATION, steps=ACTIVATION.steps[-2:]), stage, page, witness)
    assert stage.mails(ODILE.email, CONFIRMATION) == 1


def test_back_from_the_terms_finds_the_answers_but_for_the_secrets(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, until="about_me")
    page.go_back()
    AboutMe(page).shows().is_filled_with(ODILE)
    AboutMe(page).go_on()
    Terms(page).shows()


def test_back_from_a_done_step_leads_forward_again(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, until="terms")
    page.go_back()
    Recorded(page).shows()


def test_who_closed_everything_at_the_terms_finds_them_again_within_the_day(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, until="about_me")
    tab = page.context.new_page()
    page.close()
    stage.clock.advance(hours=5)
    tab.goto(Recorded.path)
    Terms(tab).shows().accept().go_on()
    Recorded(tab).shows()


@pytest.mark.parametrize("path", ["/inscription/renvoyer", "/inscription/adresse"])
def test_the_address_of_a_refused_form_reopened_later_leads_to_its_screen(stage, page, path):
    stage.sends_letter_to()
    registered(stage, page)
    page.goto(path)
    Recorded(page).shows()


def test_the_address_of_a_refused_resend_reopened_later_leads_to_the_code(stage, page):
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, page, until="password")
    page.goto("/connexion/renvoyer")
    Screen(page).says("Saisissez votre code de sécurité")


def test_an_old_sign_in_form_in_a_second_tab_leads_to_the_space(stage, page):
    stage.has_account_of(ODILE)
    old = page.context.new_page()
    SignIn(old).open().fill(ODILE.email)
    walk(SIGN_IN, stage, page)
    SignIn(old).go_on()
    Space(old).shows()
    assert stage.mails(ODILE.email, SECURITY_CODE) == 1


def test_signing_out_in_one_tab_ends_what_the_other_one_tries(stage, page):
    stage.has_account_of(ODILE)
    signed_in(stage, page, remember=True)
    other = page.context.new_page()
    Security(other).open()
    Space(page).leave()
    Security(other).forget_device()
    SignIn(other).shows("Votre session est terminée").knows(ODILE.email)


def test_a_form_older_than_its_cookie_keeps_what_was_typed_and_then_works(stage, page):
    stage.has_account_of(ODILE)
    SignIn(page).open().fill(ODILE.email)
    page.context.clear_cookies()
    SignIn(page).go_on()
    SignIn(page).refuses("Cette page était ouverte depuis longtemps").knows(ODILE.email)
    walk(SIGN_IN, stage, page)
