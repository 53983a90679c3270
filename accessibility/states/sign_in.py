"""Signing in with the mailed code."""

from accessibility.states.state import WRONG, State, opens
from accessibility.visit import Visit
from player.members import ODILE
from player.screens.mailbox import TEN_FAILURES
from player.screens.registration import AboutMe
from player.screens.security import Security
from player.screens.sign_in import SecurityCode, Shut, SignIn, Suspended
from player.screens.space import Space
from webapp.rules.procedure import SIGN_IN
from webapp.rules.statuses import DECEASED, LEFT


def sign_in_empty(visit: Visit) -> None:
    SignIn(visit.page).open().go_on()
    SignIn(visit.page).refuses()


def sign_in_refused(visit: Visit) -> None:
    visit.has_account()
    SignIn(visit.page).open().fill(ODILE.email, WRONG).go_on()
    SignIn(visit.page).refuses()


def sign_in_closed(visit: Visit) -> None:
    visit.has_account()
    screen = SignIn(visit.page).open()
    for _ in range(6):
        screen.fill(ODILE.email, WRONG).go_on()
    screen.refuses("Trop d’essais")


def sign_in_remembered(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)
    Space(visit.page).leave()
    SignIn(visit.page).shows("Vous êtes déconnecté")


def session_over(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)
    Security(visit.page).open()
    visit.stage.clock.advance(minutes=31)
    Security(visit.page).forget_device()
    SignIn(visit.page).shows("Votre session est terminée")


def stale_form(visit: Visit) -> None:
    SignIn(visit.page).open().fill(ODILE.email)
    visit.page.context.clear_cookies()
    SignIn(visit.page).go_on()
    SignIn(visit.page).refuses("Cette page était ouverte depuis longtemps")


def own_tries(visit: Visit) -> None:
    visit.page.goto(_link_of_own_tries(visit))
    SignIn(visit.page).shows("cinq essais rien que pour vous")


def own_tries_late(visit: Visit) -> None:
    address = _link_of_own_tries(visit)
    visit.stage.clock.advance(hours=24)
    visit.page.goto(address)
    SignIn(visit.page).shows("Ce lien n’est plus valable")


def _link_of_own_tries(visit: Visit) -> str:
    """Somebody elsewhere typed ten wrong passwords; the mail came."""
    visit.has_account()
    stranger = visit.other_browser()
    for each in range(10):
        visit.stage.clock.advance(hours=each > 4)
        SignIn(stranger).open().fill(ODILE.email, WRONG).go_on()
        SignIn(stranger).refuses()
    mail = visit.stage.post_office.wait_for(ODILE.email, TEN_FAILURES)
    return mail.target("J’ouvre mes cinq essais")


def code(visit: Visit) -> None:
    visit.walk(SIGN_IN, until="password")


def _at_code(visit: Visit) -> SecurityCode:
    visit.walk(SIGN_IN, until="password")
    return SecurityCode(visit.page)


def code_empty(visit: Visit) -> None:
    screen = _at_code(visit)
    screen.enter("")
    screen.refuses()


def code_wrong(visit: Visit) -> None:
    screen = _at_code(visit)
    screen.enter(visit.wrong_code())
    screen.refuses("Ce code n’est pas le bon")


def code_expired(visit: Visit) -> None:
    screen = _at_code(visit)
    code = visit.security_code()
    visit.stage.clock.advance(minutes=5, seconds=1)
    screen.enter(code)
    screen.refuses("Ce code a dépassé ses 5 minutes")


def code_spent(visit: Visit) -> None:
    screen, wrong = _at_code(visit), visit.wrong_code()
    for _ in range(5):
        screen.enter(wrong)
    SignIn(visit.page).refuses("Cinq codes faux")


def code_sent_again(visit: Visit) -> None:
    screen = _at_code(visit)
    visit.stage.clock.advance(seconds=61)
    screen.send_again()
    screen.shows("un nouveau message est parti")


def code_undeliverable(visit: Visit) -> None:
    screen = _at_code(visit)
    visit.mails_came_back()
    screen.says("n’a pas pu être remis")


def code_late(visit: Visit) -> None:
    screen = _at_code(visit)
    visit.mails_are_late()
    screen.says("n’est pas encore parti")


def code_too_soon(visit: Visit) -> None:
    screen = _at_code(visit)
    screen.send_again()
    screen.notes("Un instant", "Un message vient de partir")


def left(visit: Visit) -> None:
    _signs_in_once(visit, LEFT)
    Shut(visit.page).shows("vous n’êtes plus adhérent")


def deceased(visit: Visit) -> None:
    _signs_in_once(visit, DECEASED)
    Shut(visit.page).shows("nous vous présentons nos condoléances")


def _signs_in_once(visit: Visit, status: str) -> None:
    visit.has_account()
    visit.stage.says(status)
    visit.sign_in_by_mail()


def suspended(visit: Visit) -> None:
    visit.has_account()
    visit.stage.suspends()
    visit.sign_in_by_mail()
    Suspended(visit.page).shows("à votre demande ou par précaution")


def membership_over(visit: Visit) -> None:
    """A letter that came before its member left."""
    visit.on_the_roll()
    visit.stage.says(LEFT)
    AboutMe(visit.page).open().fill(ODILE).go_on()
    Shut(visit.page).shows("cette adhésion a pris fin")


STATES: tuple[State, ...] = (
    State("connexion", "Connexion", "sign_in/page.html", opens("/connexion")),
    State("connexion-vide", "Connexion, champs vides", "sign_in/page.html", sign_in_empty),
    State("connexion-refusee", "Connexion refusée", "sign_in/page.html", sign_in_refused),
    State("connexion-fermee", "Connexion, trop d’essais", "sign_in/page.html", sign_in_closed),
    State("connexion-connue", "Connexion, déconnecté", "sign_in/page.html", sign_in_remembered),
    State("session-terminee", "Connexion, session terminée", "sign_in/page.html", session_over),
    State("page-ancienne", "Connexion, page ancienne", "sign_in/page.html", stale_form),
    State("essais", "Connexion, essais à soi", "sign_in/page.html", own_tries),
    State("essais-fin", "Connexion, lien d’essais périmé", "sign_in/page.html", own_tries_late),
    State("code", "Code de sécurité", "sign_in/code.html", code),
    State("code-vide", "Code de sécurité, vide", "sign_in/code.html", code_empty),
    State("code-faux", "Code de sécurité, faux", "sign_in/code.html", code_wrong),
    State("code-perime", "Code de sécurité, périmé", "sign_in/code.html", code_expired),
    State("code-epuise", "Cinq codes faux", "sign_in/page.html", code_spent),
    State("code-renvoye", "Code de sécurité, renvoyé", "sign_in/code.html", code_sent_again),
    State("code-non-remis", "Code de sécurité, mail revenu", "sign_in/code.html", code_undeliverable),
    State("code-pas-parti", "Code de sécurité, pas parti", "sign_in/code.html", code_late),
    State("code-trop-tot", "Code redemandé trop tôt", "sign_in/code.html", code_too_soon),
    State("espace-parti", "Espace fermé, adhérent parti", "sign_in/shut.html", left),
    State("espace-deces", "Espace fermé, adhérent décédé", "sign_in/shut.html", deceased),
    State("espace-suspendu", "Espace suspendu", "sign_in/shut.html", suspended),
    State("adhesion-finie", "Adhésion finie, courrier", "sign_in/shut.html", membership_over),
)  # fmt: skip
