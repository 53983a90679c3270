"""The second way: the 13 digits, for a member whose link fails."""

from dataclasses import replace

import pytest

from player.browsers import DESKTOP, PHONE
from player.members import ODILE, RENE
from player.screens.mailbox import CONFIRMATION, Mailbox
from player.screens.registration import Finished, InProgress, Link
from player.screens.sign_in import SignIn
from player.walk import registered, walk
from tests.e2e.test_small_screens import SMALL
from webapp.rules.credentials import grouped_digits
from webapp.rules.procedure import ACTIVATION, REGISTRATION

BY_CODE = replace(ACTIVATION, steps=ACTIVATION.steps[-2:])


def test_the_activation_code_is_good_on_another_device(stage, phone, open_browser):
    stage.sends_letter_to()
    registered(stage, open_browser())
    walk(BY_CODE, stage, phone)


def test_the_mail_is_sent_again_and_readdressed_from_the_page_of_the_activation_code(stage, phone):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, phone, letter=replace(ODILE, email=RENE.email), until="recorded")
    SignIn(phone).open().fill(RENE.email).go_on()
    stage.clock.advance(seconds=61)
    InProgress(phone).shows().send_again()
    InProgress(phone).shows("un nouveau message est parti").change_address(ODILE.email)
    InProgress(phone).shows("le message est parti à la nouvelle adresse", ODILE.email)
    InProgress(phone).activate(
        Mailbox(stage.post_office, ODILE.email).confirmation().activation_code
    )
    Finished(phone).shows()


def test_five_wrong_activation_codes_close_that_way_for_an_hour_and_the_link_still_works(
    stage, phone, open_browser
):
    stage.sends_letter_to()
    scene = registered(stage, phone)
    mail = scene.open_mail(CONFIRMATION)
    SignIn(phone).open().fill(ODILE.email).go_on()
    wrong = str(int(mail.activation_code[::-1]) ^ 1).zfill(13)
    for _ in range(5):
        InProgress(phone).activate(wrong)
        InProgress(phone).refuses("Ce code d’activation n’est pas le bon")
    InProgress(phone).activate(mail.activation_code)
    InProgress(phone).refuses("Trop d’essais")

    elsewhere = open_browser()
    elsewhere.goto(mail.link)
    Link(elsewhere).confirm()
    Finished(elsewhere).shows()


@pytest.mark.parametrize("device", [SMALL, PHONE, DESKTOP], ids=["small", "phone", "computer"])
def test_it_is_seen_whole_as_it_is_copied_from_the_mail(stage, open_browser, device):
    stage.sends_letter_to(ODILE)
    page = open_browser(device)
    mail = registered(stage, page).open_mail(CONFIRMATION)
    SignIn(page).open().fill(ODILE.email).go_on()
    InProgress(page).shows().write("Code d’activation", grouped_digits(mail.activation_code))
    field = InProgress(page).field("Code d’activation")
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")
    InProgress(page).submit("Valider")
    Finished(page).shows()
