"""« Mon espace », the end of a session, the re-authentication before what is sensitive."""

from accessibility.states.state import WRONG, State
from accessibility.visit import Visit
from player.screens.sign_in import SignIn
from player.screens.space import Space
from webapp.rules.procedure import SIGN_IN


def space(visit: Visit) -> None:
    visit.walk(SIGN_IN)


def space_with_device(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)


def session_warning(visit: Visit) -> None:
    visit.page.clock.install()
    visit.walk(SIGN_IN)
    Space(visit.page).watches()
    visit.page.clock.fast_forward(28 * 60_000)
    Space(visit.page).warning.wait_for()


def proof(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.stage.clock.advance(minutes=11)
    visit.page.goto("/espace/preuve")


def proof_refused(visit: Visit) -> None:
    proof(visit)
    screen = SignIn(visit.page)
    screen.field("Mot de passe actuel").fill(WRONG)
    screen.submit("Continuer")
    screen.says("Il y a un problème")


STATES: tuple[State, ...] = (
    State("espace", "Mon espace", "space/page.html", space),
    State("espace-appareil", "Mon espace, un appareil", "space/page.html", space_with_device),
    State(
        "session-fin", "Toujours là ?", "space/page.html", session_warning, needs_scripts=True
    ),
    State("preuve", "C’est bien vous ?", "reauthentication/page.html", proof),
    State("preuve-refusee", "Preuve refusée", "reauthentication/page.html", proof_refused),
)  # fmt: skip
