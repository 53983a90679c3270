"""A stranger tries passwords; the owner opens the mail's link and signs in all the same."""

import os
from pathlib import Path

import pytest

from player.camera import picture
from player.members import ODILE
from player.screens.mailbox import TEN_FAILURES, Mailbox
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.world import NEW_PASSWORD


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


def fails(stage, stranger, times):
    for each in range(times):
        stage.clock.advance(hours=each > 4)
        SignIn(stranger).open().fill(ODILE.email, NEW_PASSWORD).go_on()
        SignIn(stranger).refuses("L’e-mail ou le mot de passe n’est pas le bon")


def test_the_link_of_the_mail_lets_the_owner_in(stage, page, open_browser, scripts):
    stranger = open_browser()
    fails(stage, stranger, 10)
    SignIn(page).open().fill(ODILE.email).go_on()
    SignIn(page).refuses("Trop d’essais pour cette adresse")
    mail = stage.post_office.wait_for(ODILE.email, TEN_FAILURES)
    assert mail.says("cinq essais rien que pour vous")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(mail.target("J’ouvre mes cinq essais"))
    SignIn(page).shows("cinq essais rien que pour vous")
    if folder := os.environ.get("PICTURES"):
        picture(page, Path(folder) / f"own-tries-{'htmx' if scripts else 'plain'}.png")
    SignIn(page).fill(ODILE.email).go_on()
    SecurityCode(page).enter(Mailbox(stage.post_office, ODILE.email).security_code())
    Space(page).shows()


def test_a_link_of_yesterday_says_what_to_do(stage, phone, open_browser):
    fails(stage, open_browser(), 10)
    mail = stage.post_office.wait_for(ODILE.email, TEN_FAILURES)
    stage.clock.advance(hours=24)
    phone.goto(mail.target("J’ouvre mes cinq essais"))
    SignIn(phone).shows("Ce lien n’est plus valable").follow("Mot de passe oublié ?")
