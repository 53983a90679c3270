"""When something fails."""

from accessibility.states.state import State, opens
from accessibility.visit import Visit
from player.members import ODILE
from player.screens.screen import Screen
from player.screens.sign_in import SignIn


def no_network(visit: Visit) -> None:
    screen = SignIn(visit.page).open().fill(ODILE.email)
    visit.page.context.set_offline(True)
    screen.press("Je me connecte")
    screen.says("Pas de connexion")


def server_rests(visit: Visit) -> None:
    visit.has_account()
    screen = SignIn(visit.page).open().fill(ODILE.email)
    with visit.stage.database_locked():
        screen.press("Je me connecte")
        screen.says("Le service se repose un instant")


def no_form(visit: Visit) -> None:
    SignIn(visit.page).open()
    visit.page.locator("form").first.evaluate(
        "form => { form.enctype = 'text/plain'; form.submit() }"
    )
    Screen(visit.page).says("Cette demande n’est pas un formulaire")


STATES: tuple[State, ...] = (
    State("hors-ligne", "Page sans réseau", "pwa/offline.html", opens("/hors-ligne")),
    State("introuvable", "Page introuvable", "errors/error.html", opens("/nulle-part")),
    State(
        "pas-un-formulaire", "Pas un formulaire", "errors/error.html", no_form,
        excused=("status of 415",),
    ),
    State(
        "sans-reseau", "Réseau perdu", "sign_in/page.html", no_network, needs_scripts=True,
        excused=("ERR_INTERNET_DISCONNECTED", "htmx:error"),
    ),
    State(
        "repos", "Service au repos", "errors/error.html", server_rests,
        needs_scripts=True, excused=("status of 503",),
    ),
)  # fmt: skip
