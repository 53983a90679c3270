"""Somebody registers with the address of a space, and its owner answers."""

from accessibility.states.state import State
from accessibility.visit import Visit
from player.members import ODILE, RENE, Letter
from player.screens.household import Asking
from player.screens.registration import Finished
from player.screens.space import Space
from player.walk import walk
from player.world import NEW_PASSWORD
from webapp.rules.procedure import REGISTRATION, SIGN_IN

RENE_HERE = Letter(RENE.number, RENE.access_code, ODILE.email)


def _asked(visit: Visit) -> str:
    """René registered with Odile's address in another browser and pressed the link; its address."""
    visit.has_account()
    visit.stage.sends_letter_to(RENE_HERE)
    page = visit.other_browser()
    scene = walk(
        *(REGISTRATION, visit.stage, page),
        until="confirm",
        letter=RENE_HERE,
        password=NEW_PASSWORD,
    )
    Finished(scene.page).shows("Il reste l’accord")
    assert scene.mail, "the link was in a mail"
    return scene.mail.link


def finished(visit: Visit) -> None:
    visit.page.goto(_asked(visit))
    Finished(visit.page).shows("Il reste l’accord")


def home(visit: Visit) -> None:
    _asked(visit)
    visit.walk(SIGN_IN)
    Space(visit.page).says("demande à rejoindre cet espace")


def page(visit: Visit) -> None:
    home(visit)
    Space(visit.page).follow("Répondre")
    Asking(visit.page).shows("Rien ne se fait sans votre accord")


def agreed(visit: Visit) -> None:
    page(visit)
    Asking(visit.page).agree()
    Space(visit.page).shows("fait maintenant partie de votre espace")


def finished_over(visit: Visit) -> None:
    address = _asked(visit)
    visit.walk(SIGN_IN)
    Asking(visit.page).open().refuse()
    Space(visit.page).shows("la demande est refusée")
    visit.page.goto(address)
    Finished(visit.page).says("Votre demande n’est plus valable")


def nobody(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    Asking(visit.page).open().shows("Personne n’attend")


STATES: tuple[State, ...] = (
    State("rattachement-fini", "Finalisée, accord à venir", "registration/finished.html", finished),
    State("espace-demande", "Mon espace, une demande", "space/page.html", home),
    State("rattachement", "Une demande", "household/page.html", page),
    State("espace-rejoint", "Mon espace, demande autorisée", "space/page.html", agreed),
    State("rattachement-refuse", "Demande refusée", "registration/finished.html", finished_over),
    State("rattachement-vide", "Aucune demande", "household/page.html", nobody),
)  # fmt: skip
