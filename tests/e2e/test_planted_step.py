"""What a stranger planted from a stolen session goes with a new beginning, and opens nothing."""

import re

import pytest

from player.members import ODILE
from player.screens.mailbox import RECOVERY as RECOVERY_MAIL
from player.screens.recovery import Changed, Forgotten, NewPassword
from player.screens.screen import Screen
from player.screens.second_factors import Direct
from player.screens.security import ChangePassword, Leaving, PasswordChanged, Security
from player.screens.sign_in import SignIn
from player.virtual_authenticator import VirtualAuthenticator
from player.walk import signed_in, walk
from player.world import NEW_PASSWORD
from webapp.rules.procedure import PASSKEY

REMOVED = "Retiré en même temps"


@pytest.fixture
def host():
    return "localhost"


@pytest.fixture
def owner(stage, page):
    """Odile, signed in before anything happened."""
    stage.has_account_of(ODILE)
    signed_in(stage, page)
    return page


@pytest.fixture
def stranger(stage, owner, open_browser):
    """Somebody in Odile's space, who adds a passkey of their own."""
    page = open_browser()
    VirtualAuthenticator(page)
    signed_in(stage, page)
    walk(PASSKEY, stage, page)
    return page


def tick(screen):
    screen.actor.tick(screen.page.get_by_label(re.compile("^Retirer la clé d’accès")))


def shut_out(stage, stranger):
    Direct(stranger).open().use()
    Direct(stranger).refuses("n’ouvre aucun espace")
    assert stage.mails(ODILE.email, "Une clé d’accès retirée") == 1


def test_a_new_password_takes_it_along(stage, owner, stranger):
    screen = ChangePassword(owner).open().fill("trop court")
    tick(screen)
    screen.go_on()
    screen.refuses("12").fill(NEW_PASSWORD).go_on()  # the tick was kept
    PasswordChanged(owner).shows(REMOVED)
    stranger.goto("/espace")
    SignIn(stranger).shows()
    shut_out(stage, stranger)


def test_signing_out_everywhere_takes_it_along(stage, owner, stranger):
    Security(owner).open().follow("Retirer un ajout et me déconnecter partout")
    screen = Leaving(owner).shows("Chrome sur Linux")
    tick(screen)
    screen.submit("Me déconnecter partout")
    SignIn(owner).shows("vous êtes déconnecté partout", REMOVED)
    shut_out(stage, stranger)


def test_a_recovered_password_takes_it_along(stage, owner, stranger):
    Screen(owner).submit("Me déconnecter")
    Forgotten(owner).open().fill(ODILE).go_on()
    mail = stage.post_office.wait_for(ODILE.email, RECOVERY_MAIL)
    owner.goto(mail.target("Je choisis un nouveau mot de passe"))
    screen = NewPassword(owner).shows().fill(NEW_PASSWORD)
    tick(screen)
    screen.go_on()
    Changed(owner).shows(REMOVED)
    shut_out(stage, stranger)


def test_left_unticked_it_stays_until_the_owner_says_so(stage, owner, stranger):
    ChangePassword(owner).open().fill(NEW_PASSWORD).go_on()
    PasswordChanged(owner).shows()
    Direct(stranger).open().use()
    Screen(stranger).says("Mon espace")
