"""A newer letter: it takes its member's account over a day later, or is stopped."""

from dataclasses import replace

from accessibility.states.state import State
from accessibility.visit import Visit
from player.members import ODILE, Letter
from player.screens.mailbox import NEW_LETTER as NEW_LETTER_MAIL
from player.screens.recovery import LinkOver
from player.screens.registration import AboutMe, AlreadyMember, Finished
from player.screens.sign_in import Held, SignIn
from player.screens.space import Space
from player.screens.takeover import StopPage, Stopped, TooLate
from player.world import NEW_PASSWORD
from webapp.rules.procedure import NEW_LETTER, SIGN_IN

NEW = "odile.neuve@example.org"
STOPS = "J’arrête ce changement"


def _newer(visit: Visit) -> Letter:
    """Odile has an account, and in her hands a newer letter."""
    visit.has_account()
    return replace(visit.stage.sends_another_letter_to(ODILE), email=NEW)


def _used_elsewhere(visit: Visit, until: str = "confirm") -> Letter:
    letter = _newer(visit)
    visit.elsewhere(NEW_LETTER, until=until, letter=letter, password=NEW_PASSWORD)
    return letter


def _stop_link(visit: Visit) -> str:
    return visit.stage.post_office.wait_for(ODILE.email, NEW_LETTER_MAIL).target(STOPS)


def waits(visit: Visit) -> None:
    visit.walk(NEW_LETTER, until="confirm", letter=_newer(visit), password=NEW_PASSWORD)
    Finished(visit.page).shows("attendre 24 heures")


def too_early(visit: Visit) -> None:
    _used_elsewhere(visit)
    SignIn(visit.page).open().fill(NEW, NEW_PASSWORD).go_on()
    SignIn(visit.page).refuses("s’ouvrira dans")


def used(visit: Visit) -> None:
    letter = _used_elsewhere(visit)
    AboutMe(visit.page).open().fill(letter, NEW_PASSWORD).go_on()
    AlreadyMember(visit.page).shows("déjà servi")


def link(visit: Visit) -> None:
    _used_elsewhere(visit)
    visit.page.goto(_stop_link(visit))
    StopPage(visit.page).shows()


def stopped(visit: Visit) -> None:
    link(visit)
    StopPage(visit.page).stop()
    Stopped(visit.page).shows()


def too_late(visit: Visit) -> None:
    _used_elsewhere(visit, until="new_access")
    visit.page.goto(_stop_link(visit))
    TooLate(visit.page).shows()


def over(visit: Visit) -> None:
    """More than a week later."""
    _used_elsewhere(visit, until="new_access")
    link = _stop_link(visit)
    visit.stage.clock.advance(days=8)
    visit.stage.purges()
    visit.page.goto(link)
    LinkOver(visit.page).shows("Un courrier plus récent")


def warned(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    _used_elsewhere(visit)
    visit.page.reload()
    Space(visit.page).shows("Un nouveau courrier va remplacer votre accès")


def stopped_inside(visit: Visit) -> None:
    warned(visit)
    Space(visit.page).submit(STOPS)
    Space(visit.page).shows("le changement est arrêté")


def held(visit: Visit) -> None:
    """Her space is suspended: a letter alone learns no more than whom to call."""
    letter = _newer(visit)
    visit.stage.suspends()
    AboutMe(visit.page).open().fill(letter, NEW_PASSWORD).go_on()
    Held(visit.page).shows("nous vous dirons quoi faire")


STATES: tuple[State, ...] = (
    State("relais-attente", "Nouvel accès dans 24 heures", "registration/finished.html", waits),
    State("relais-trop-tot", "Nouvel accès, trop tôt", "sign_in/page.html", too_early),
    State("relais-servi", "Courrier déjà servi", "registration/already.html", used),
    State("relais-retenu", "Courrier d’un espace suspendu", "sign_in/shut.html", held),
    State("relais-lien", "Un courrier va remplacer votre accès", "takeover/link.html", link),
    State("relais-arrete", "Changement arrêté", "takeover/link.html", stopped),
    State("relais-tard", "Changement déjà fait", "takeover/link.html", too_late),
    State("relais-perime", "Lien du changement périmé", "takeover/link.html", over),
    State("relais-espace", "Mon espace, un courrier l’ouvre", "space/page.html", warned),
    State("relais-arrete-espace", "Arrêté depuis mon espace", "space/page.html", stopped_inside),
)  # fmt: skip
