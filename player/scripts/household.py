"""The steps of a second letter that joins a space, and of who agrees to it."""

from player.scene import Scene, by_key
from player.screens.household import Asking, SharedSpace
from player.screens.mailbox import OWN_SPACE
from player.screens.registration import Finished
from player.screens.sign_in import SecurityCode, SignIn


def agreement(scene: Scene) -> None:
    Finished(scene.page).shows("l’accord de la personne").follow("Je me connecte")
    SignIn(scene.page).shows("deux étapes")


def owner(scene: Scene) -> None:
    """The owner's password is not what was typed for nothing with the second letter."""
    scene.password = scene.space_password
    SignIn(scene.page).fill(scene.letter.email, scene.password).go_on()
    SecurityCode(scene.page).shows("5 minutes")


def asked(scene: Scene) -> None:
    SharedSpace(scene.page).follow("Répondre")
    Asking(scene.page).shows("Rien ne se fait sans votre accord")


def agree(scene: Scene) -> None:
    Asking(scene.page).agree()
    SharedSpace(scene.page).shows()


def switch(scene: Scene) -> None:
    """From one to the other: each number shows on its own page alone."""
    space = SharedSpace(scene.page)
    space.change_to_another().shows(scene.letter.number)


def own_access(scene: Scene) -> None:
    """A day passes; the sender lets it take effect by itself."""
    Finished(scene.page).shows("attendre 24 heures")
    scene.stage.clock.advance(hours=24)
    mail = scene.open_mail(OWN_SPACE)
    scene.page.goto(mail.target("Je me connecte"))
    SignIn(scene.page).shows()


SCRIPTS = by_key(agreement, owner, asked, agree, switch, own_access)
