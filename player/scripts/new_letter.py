"""The steps of a newer letter: it takes its member's account over, or is stopped."""

from player.scene import Scene, by_key
from player.screens.mailbox import NEW_ACCESS, NEW_LETTER
from player.screens.registration import Finished
from player.screens.sign_in import SignIn
from player.screens.takeover import StopPage, Stopped


def new_access(scene: Scene) -> None:
    """A day passes; the sender lets it take effect by itself."""
    Finished(scene.page).shows("attendre 24 heures", "ancienne adresse e-mail")

    scene.stage.clock.advance(hours=24)
    mail = scene.open_mail(NEW_ACCESS)
    scene.page.goto(mail.target("Me connecter"))
    SignIn(scene.page).shows()


def stop_mail(scene: Scene) -> None:
    """It is the former address that is told."""
    mail = scene.open_mail(NEW_LETTER)
    assert mail.says("Ce n’était pas vous ?")
    scene.page.goto(mail.target("J’arrête ce changement"))
    StopPage(scene.page).shows()


def stop_takeover(scene: Scene) -> None:
    StopPage(scene.page).stop()
    Stopped(scene.page).shows("restent les mêmes")


SCRIPTS = by_key(new_access, stop_mail, stop_takeover)
