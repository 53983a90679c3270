"""Another e-mail address: asked, confirmed by code or by link, undone."""

from accessibility.states.state import State
from accessibility.visit import Visit
from player.members import ODILE
from player.screens.recovery import LinkOver
from player.screens.security import (
    AddressChanged,
    AddressLink,
    ChangeAddress,
    ConfirmAddress,
    Restored,
    UndoAddress,
)
from player.scripts.security import CONFIRM, MOVED
from webapp.rules.procedure import CHANGE_ADDRESS, SIGN_IN

NEW_EMAIL = ODILE.other_email
CONFIRMS, UNDOES = "Je confirme cette adresse", "Je rétablis mon ancienne adresse"


def page(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CHANGE_ADDRESS, until="to_new_address")


def refused(visit: Visit) -> None:
    page(visit)
    ChangeAddress(visit.page).fill(ODILE.email).go_on()
    ChangeAddress(visit.page).refuses("C’est déjà l’adresse")


def confirmation(visit: Visit) -> None:
    page(visit)
    ChangeAddress(visit.page).fill(NEW_EMAIL).go_on()
    ConfirmAddress(visit.page).shows(NEW_EMAIL)


def undeliverable(visit: Visit) -> None:
    confirmation(visit)
    visit.mails_came_back()
    ConfirmAddress(visit.page).says("n’a pas pu être remis")


def not_gone_yet(visit: Visit) -> None:
    confirmation(visit)
    visit.mails_are_late()
    ConfirmAddress(visit.page).says("n’est pas encore parti")


def code_wrong(visit: Visit) -> None:
    confirmation(visit)
    code = visit.stage.post_office.wait_for(NEW_EMAIL, CONFIRM).security_code
    ConfirmAddress(visit.page).enter(f"{(int(code) + 1) % 10**6:06d}")
    ConfirmAddress(visit.page).refuses("Ce code n’est pas le bon")


def too_soon(visit: Visit) -> None:
    confirmation(visit)
    ConfirmAddress(visit.page).submit("Renvoyer le message")
    ConfirmAddress(visit.page).notes("Un instant", "Un message vient de partir")


def changed(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CHANGE_ADDRESS)


def _asked_elsewhere(visit: Visit) -> str:
    """The link mailed to the new address."""
    _signed_in_elsewhere(visit, until="new_address")
    return visit.stage.post_office.wait_for(NEW_EMAIL, CONFIRM).target(CONFIRMS)


def _changed_elsewhere(visit: Visit) -> str:
    """The link mailed to the former address."""
    _signed_in_elsewhere(visit, until="address_code")
    return visit.stage.post_office.wait_for(ODILE.email, MOVED).target(UNDOES)


def _signed_in_elsewhere(visit: Visit, until: str) -> None:
    scene = visit.elsewhere(SIGN_IN)
    visit.walk(CHANGE_ADDRESS, until=until, page=scene.page)


def link(visit: Visit) -> None:
    visit.page.goto(_asked_elsewhere(visit))
    AddressLink(visit.page).shows()


def link_over(visit: Visit) -> None:
    address = _asked_elsewhere(visit)
    visit.stage.clock.advance(hours=25)
    visit.page.goto(address)
    LinkOver(visit.page).shows("24 heures")


def undo(visit: Visit) -> None:
    visit.page.goto(_changed_elsewhere(visit))
    UndoAddress(visit.page).shows()


def restored(visit: Visit) -> None:
    undo(visit)
    UndoAddress(visit.page).confirm()
    Restored(visit.page).shows()


def late(visit: Visit) -> None:
    address = _changed_elsewhere(visit)
    visit.stage.clock.advance(days=7, seconds=1)
    visit.page.goto(address)
    LinkOver(visit.page).shows("7 jours")


def linked(visit: Visit) -> None:
    link(visit)
    AddressLink(visit.page).confirm()
    AddressChanged(visit.page).shows()


STATES: tuple[State, ...] = (
    State("adresse", "Changer mon adresse e-mail", "address/page.html", page),
    State("adresse-refusee", "Adresse refusée", "address/page.html", refused),
    State("adresse-code", "Nouvelle adresse, le code", "address/confirmation.html", confirmation),
    State("adresse-code-faux", "Nouvelle adresse, code faux", "address/confirmation.html", code_wrong),
    State("adresse-non-remis", "Nouvelle adresse, mail revenu", "address/confirmation.html", undeliverable),
    State("adresse-pas-parti", "Nouvelle adresse, pas parti", "address/confirmation.html", not_gone_yet),
    State("adresse-trop-tot", "Nouvelle adresse, trop tôt", "address/confirmation.html", too_soon),
    State("adresse-changee", "Adresse changée", "address/changed.html", changed),
    State("adresse-lien", "Lien de la nouvelle adresse", "address/link.html", link),
    State("adresse-confirmee", "Adresse changée par le lien", "address/changed.html", linked),
    State("adresse-lien-perime", "Lien d’adresse périmé", "address/over.html", link_over),
    State("adresse-retablir", "Rétablir mon adresse", "address/undo.html", undo),
    State("adresse-retablie", "Adresse rétablie", "address/restored.html", restored),
    State("adresse-tard", "Trop tard pour rétablir", "address/late.html", late),
)  # fmt: skip
