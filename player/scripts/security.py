"""What the member does at each step of password, address, sessions and disputes."""

from playwright.sync_api import Page

from player.post_office import Mail
from player.scene import Scene, by_key
from player.screens.recovery import Changed, NewPassword
from player.screens.security import (
    AddressChanged,
    ChangeAddress,
    ChangePassword,
    ConfirmAddress,
    Disputed,
    History,
    NotMine,
    Restored,
    Security,
    UndoAddress,
)
from player.screens.space import Space

CONFIRM, MOVED = "Confirmez votre nouvelle adresse", "Votre adresse e-mail a changé"
FORCED = "Choisissez un nouveau mot de passe"


def open_security(scene: Scene) -> None:
    Space(scene.page).follow("Sécurité")
    Security(scene.page).shows("Connexions ouvertes")


def to_new_password(scene: Scene) -> None:
    Security(scene.page).follow("Changer mon mot de passe")
    ChangePassword(scene.page).shows()


def changed_password(scene: Scene) -> None:
    ChangePassword(scene.page).fill(scene.new_password, scene.password).go_on()
    scene.password = scene.new_password
    Changed(scene.page).shows("Vous restez connecté ici")


def to_new_address(scene: Scene) -> None:
    Security(scene.page).follow("Changer mon adresse e-mail")
    ChangeAddress(scene.page).shows(scene.letter.email)


def new_address(scene: Scene) -> None:
    ChangeAddress(scene.page).fill(scene.letter.other_email, scene.password).go_on()
    ConfirmAddress(scene.page).shows(scene.letter.other_email)


def address_code(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRM, to=scene.letter.other_email)
    assert mail.says("24 heures")
    ConfirmAddress(scene.page).enter(mail.security_code)
    AddressChanged(scene.page).shows()


def undo_mail(scene: Scene) -> None:
    mail = scene.open_mail(MOVED)
    assert mail.says("7 jours")
    scene.page.goto(mail.target("Je rétablis mon ancienne adresse"))
    UndoAddress(scene.page).shows()


def undo(scene: Scene) -> None:
    UndoAddress(scene.page).confirm()
    Restored(scene.page).shows()


def forced_after_undo(scene: Scene) -> None:
    """The same, whatever brought the member there."""
    forced_password(scene)


def forced_password(scene: Scene) -> None:
    open_forced(scene.page, scene.open_mail(FORCED))
    page = NewPassword(scene.page)
    page.write("Numéro d’adhérent", scene.letter.number)
    page.fill(scene.new_password).go_on()
    scene.password = scene.new_password
    Changed(scene.page).shows()


def close_session(scene: Scene) -> None:
    Security(scene.page).close_session()
    Security(scene.page).shows()


def to_history(scene: Scene) -> None:
    Security(scene.page).follow("Voir l’historique")
    History(scene.page).shows()


def not_mine(scene: Scene) -> None:
    History(scene.page).dispute()
    NotMine(scene.page).shows("celle-ci aussi")


def close_all(scene: Scene) -> None:
    NotMine(scene.page).close_all()
    Disputed(scene.page).shows()


def open_forced(page: Page, mail: Mail) -> None:
    """The link of the mail that follows when everything was closed."""
    assert mail.says("30 minutes")
    page.goto(mail.target("Je choisis un nouveau mot de passe"))


SCRIPTS = by_key(
    open_security,
    to_new_password,
    changed_password,
    to_new_address,
    new_address,
    address_code,
    undo_mail,
    undo,
    forced_password,
    forced_after_undo,
    close_session,
    to_history,
    not_mine,
    close_all,
)
