"""A forgotten password: what the member does at each step, and what must then show."""

from player.scene import Scene, by_key
from player.screens.mailbox import RECOVERY
from player.screens.recovery import Changed, Forgotten, NewPassword, Sent
from player.screens.sign_in import SignIn


def forgotten(scene: Scene) -> None:
    SignIn(scene.page).open().follow("Mot de passe oublié ?")
    Forgotten(scene.page).shows("plus accès à votre boîte mail").fill(scene.letter).go_on()
    Sent(scene.page).shows("30 minutes")


def recovery_mail(scene: Scene) -> None:
    mail = scene.open_mail(RECOVERY)
    assert mail.says("30 minutes")
    scene.page.goto(mail.target("Je choisis un nouveau mot de passe"))


def new_password(scene: Scene) -> None:
    """From then on the member signs in with it."""
    NewPassword(scene.page).fill(scene.new_password).go_on()
    scene.password = scene.new_password
    Changed(scene.page).shows("Je me connecte")


SCRIPTS = by_key(forgotten, recovery_mail, new_password)
