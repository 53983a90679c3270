"""Password, address, sessions and disputes, played in a browser."""

import pytest

from player.camera import cameras
from player.members import ODILE
from player.screens.mailbox import PASSWORD_CHANGED
from player.screens.security import AddressChanged, AddressLink, Security
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.scripts.security import CONFIRM
from player.walk import signed_in, walk
from player.world import NEW_PASSWORD
from webapp.rules.procedure import (
    CHANGE_ADDRESS,
    CHANGE_PASSWORD,
    DISPUTE,
    SESSIONS,
    SIGN_IN,
    UNDO_ADDRESS,
)


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


@pytest.fixture
def film(scripts):
    return lambda name: cameras(f"phone-{'htmx' if scripts else 'plain'}-{name}")


def test_another_password_leaves_this_browser_alone_open(stage, page, film, open_browser):
    other = open_browser()
    signed_in(stage, other)
    signed_in(stage, page)
    walk(CHANGE_PASSWORD, stage, page, *film("password"))
    assert stage.mails(ODILE.email, PASSWORD_CHANGED) == 1
    Security(page).open()
    other.reload()
    SignIn(other).shows("Votre session est terminée").fill(ODILE.email).go_on()
    SignIn(other).refuses().fill(ODILE.email, NEW_PASSWORD).go_on()


def test_another_address_then_back_to_the_former_one(stage, page, film):
    signed_in(stage, page)
    walk(CHANGE_ADDRESS, stage, page, *film("address"))
    Space(page).open().shows(ODILE.other_email)
    scene = walk(UNDO_ADDRESS, stage, page, *film("undo"))
    walk(SIGN_IN, stage, page.context.new_page(), password=scene.password)


def test_the_link_confirms_on_another_device(stage, page, open_browser):
    signed_in(stage, page)
    walk(CHANGE_ADDRESS, stage, page, until="new_address")
    phone = open_browser()
    phone.goto(
        stage.post_office.wait_for(ODILE.other_email, CONFIRM).target("Je confirme cette adresse")
    )
    AddressLink(phone).confirm()
    AddressChanged(phone).shows().follow("Mon espace")
    SignIn(phone).shows()


def test_a_forgotten_session_is_closed_from_here(stage, page, film, open_browser):
    other = open_browser()
    signed_in(stage, other)
    signed_in(stage, page)
    walk(SESSIONS, stage, page, *film("sessions"))
    other.reload()
    SignIn(other).shows("Votre session est terminée")


def test_a_sign_in_that_was_not_mine(stage, page, film, open_browser):
    stranger = open_browser()
    signed_in(stage, stranger)
    signed_in(stage, page)
    scene = walk(DISPUTE, stage, page, *film("dispute"))
    stranger.reload()
    SignIn(stranger).shows("Votre session est terminée")
    walk(SIGN_IN, stage, page.context.new_page(), password=scene.password)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone):
    signed_in(stage, phone)
    walk(CHANGE_PASSWORD, stage, phone)
    phone.goto("/espace")
    walk(CHANGE_ADDRESS, stage, phone, password=NEW_PASSWORD)
    walk(UNDO_ADDRESS, stage, phone)
