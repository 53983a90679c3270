"""« Sécurité »: password, devices, open sessions, history, disputes."""

from accessibility.states.state import WRONG, State
from accessibility.visit import Visit
from player.screens.security import (
    ChangePassword,
    Disputed,
    History,
    NotMine,
    Security,
)
from player.screens.space import Space
from webapp.rules.procedure import CHANGE_ADDRESS, CHANGE_PASSWORD, DISPUTE, SIGN_IN


def security(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    Space(visit.page).follow("Sécurité")
    Security(visit.page).shows()


def security_full(visit: Visit) -> None:
    """Two devices, two sessions, another address that waits."""
    visit.elsewhere(SIGN_IN, remember=True)
    visit.minute_passes()
    visit.walk(SIGN_IN, remember=True)
    visit.walk(CHANGE_ADDRESS, until="new_address")
    Security(visit.page).open()


def mails_come_back(visit: Visit) -> None:
    """The notice of a device that is remembered."""
    visit.walk(SIGN_IN, remember=True)
    Security(visit.page).open()
    visit.mails_came_back()
    Security(visit.page).says("nous reviennent")


def device_forgotten(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)
    Security(visit.page).open().forget_device()
    Security(visit.page).shows("cet appareil est oublié")


def session_closed(visit: Visit) -> None:
    visit.elsewhere(SIGN_IN)
    visit.minute_passes()
    visit.walk(SIGN_IN)
    Security(visit.page).open().close_session()
    Security(visit.page).shows("cette connexion est fermée")


def password(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CHANGE_PASSWORD, until="to_new_password")


def password_refused(visit: Visit) -> None:
    password(visit)
    ChangePassword(visit.page).fill("trop court", WRONG).go_on()
    ChangePassword(visit.page).refuses("12")


def password_changed(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CHANGE_PASSWORD)


def history(visit: Visit) -> None:
    visit.elsewhere(SIGN_IN)
    visit.minute_passes()
    visit.walk(SIGN_IN)
    visit.walk(DISPUTE, until="to_history")


def not_mine(visit: Visit) -> None:
    history(visit)
    _press_not_mine(visit)


def _press_not_mine(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Ce n’était pas moi").first.click()
    NotMine(visit.page).shows()


def not_mine_moved(visit: Visit) -> None:
    """The address changed after that sign-in."""
    visit.elsewhere(SIGN_IN)
    visit.minute_passes()
    visit.walk(SIGN_IN)
    visit.walk(CHANGE_ADDRESS)
    History(visit.page).open()
    _press_not_mine(visit)
    NotMine(visit.page).shows("L’adresse e-mail a changé depuis")


def disputed(visit: Visit) -> None:
    not_mine(visit)
    NotMine(visit.page).close_all()
    Disputed(visit.page).shows()


STATES: tuple[State, ...] = (
    State("securite", "Sécurité", "security/page.html", security),
    State("securite-pleine", "Sécurité, bien remplie", "security/page.html", security_full),
    State("mails-revenus", "Mails revenus", "security/page.html", mails_come_back),
    State("appareil-oublie", "Appareil oublié", "security/page.html", device_forgotten),
    State("connexion-coupee", "Connexion fermée d’ici", "security/page.html", session_closed),
    State("passe", "Changer mon mot de passe", "security/password.html", password),
    State("passe-refuse", "Mot de passe refusé", "security/password.html", password_refused),
    State("passe-change", "Mot de passe changé", "security/password_changed.html", password_changed),
    State("historique", "Historique", "history/page.html", history),
    State("pas-moi", "Ce n’était pas vous ?", "history/not_mine.html", not_mine),
    State("pas-moi-adresse", "Pas vous, autre adresse", "history/not_mine.html", not_mine_moved),
    State("tout-ferme", "Tout est fermé", "history/disputed.html", disputed),
)  # fmt: skip
