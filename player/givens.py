"""What must be true before some procedures and that no step of a member brings about.

Where only the inside of a portal can do it, a place that is outside raises NotHere.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

from player.scene import NotHere, Scene, by_key, has_scripts
from player.screens.mailbox import SECURITY_CODE
from player.screens.my_data import NewTerms
from player.screens.screen import Screen
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.scripts import SCRIPTS
from player.virtual_authenticator import VirtualAuthenticator
from webapp.rules.procedure import NEW_LETTER, Procedure


def signed_out(scene: Scene) -> None:
    Screen(scene.page).submit("Me déconnecter")


def another_session(scene: Scene) -> None:
    """The member left the space open in another browser. Codes are mailed once a minute."""
    scene.stage.clock.advance(seconds=61)
    with scene.another_browser() as page:
        _sign_in(scene, page)
        Space(page).shows()


def asked_new_terms(scene: Scene) -> None:
    """The terms changed since the registration: the sign-in leads to them."""
    scene.stage.has_older_terms(scene.letter)
    _sign_in(scene, scene.page)
    NewTerms(scene.page).shows()


def another_letter(scene: Scene) -> None:
    """The member lost password and mailbox, and got a newer letter; there is a new mailbox."""
    newer = scene.stage.sends_another_letter_to(scene.letter)
    scene.letter = replace(newer, email=scene.letter.other_email)
    scene.password = scene.new_password


def letter_of_another(scene: Scene) -> None:
    """Somebody else who reads the same mailbox holds a letter of their own."""
    scene.space_password, scene.password = scene.password, scene.new_password
    scene.letter = scene.stage.sends_letter_beside(scene.letter)


def begun_takeover(scene: Scene) -> None:
    """Somebody used a newer letter, up to its confirmation."""
    with scene.another_browser() as page:
        somebody = replace(scene, page=page)
        another_letter(somebody)
        for step in NEW_LETTER:
            SCRIPTS[step.key](somebody)
            if step.key == "confirm":
                break


def device_with_keys(scene: Scene) -> None:
    """A device that keeps passkeys and recognises its owner: Chromium plays one itself."""
    if not has_scripts(scene.page):
        raise NotHere("sans scripts, aucun navigateur ne demande de clé d’accès")
    if not (urlsplit(scene.stage.url).hostname or "").strip("0123456789.:"):
        raise NotHere("une clé d’accès demande un portail qui a un nom, par exemple localhost")
    try:
        VirtualAuthenticator(scene.page)
    except Error as fault:
        raise NotHere("seul Chromium joue lui-même l’appareil qui garde la clé") from fault


def _sign_in(scene: Scene, page: Page) -> None:
    SignIn(page).open().fill(scene.letter.email, scene.password).go_on()
    SecurityCode(page).shows().enter(
        scene.stage.post_office.wait_for(scene.letter.email, SECURITY_CODE).security_code
    )


def letters_of(procedure: Procedure) -> int:
    """How many paper letters a procedure takes: one, and one for whoever else holds one in it."""
    return 1 + sum(
        each.given == letter_of_another.__name__ for each in (*procedure.after, procedure)
    )


GIVENS = by_key(
    *(signed_out, another_session, asked_new_terms, another_letter, begun_takeover),
    letter_of_another,
    device_with_keys,
)
