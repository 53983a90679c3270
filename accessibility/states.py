"""Every screen and state that a member can see: a name, a title, its template, and how to get there.

Add one: write a function that takes a `Visit` and stops at the state, and put a line in STATES. Its
last act should be the one that shows the state, since what is announced then is written down. A
test of the house fails while a template is shown by no state, and a run fails when a state shows
another template than it says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accessibility.visit import Visit
from tests.e2e.screens.mailbox import CONFIRMATION, RECOVERY
from tests.e2e.screens.recovery import Changed, Forgotten, LinkOver, NewPassword, Sent
from tests.e2e.screens.registration import (
    AboutMe,
    AddressInUse,
    AlreadyMember,
    Finished,
    InProgress,
    Link,
    Over,
    Recorded,
    Terms,
)
from tests.e2e.screens.sign_in import SecurityCode, SignIn
from tests.e2e.screens.space import Space
from tests.members import ODILE
from webapp.rules.procedure import RECOVERY as RECOVERY_STEPS
from webapp.rules.procedure import REGISTRATION, SIGN_IN

Reach = Callable[[Visit], None]
WRONG = "pas le bon mot de passe"


@dataclass(frozen=True)
class State:
    """`shows`: the template. `needs_scripts`: nothing like it exists without them.
    `excused`: console messages that this state brings about on purpose."""

    name: str
    title: str
    shows: str
    reach: Reach
    needs_scripts: bool = False
    excused: tuple[str, ...] = ()
    kind: str = "page"  # or "letter"


def opens(path: str) -> Reach:
    """Type an address."""

    def reach(visit: Visit) -> None:
        visit.page.goto(path)

    return reach


# --- signing in


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
    visit.stage.clock.advance(minutes=31)
    Space(visit.page).forget_device()
    SignIn(visit.page).shows("Votre session est terminée")


def stale_form(visit: Visit) -> None:
    SignIn(visit.page).open().fill(ODILE.email)
    visit.page.context.clear_cookies()
    SignIn(visit.page).go_on()
    SignIn(visit.page).refuses("Cette page était ouverte depuis longtemps")


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


def code_too_soon(visit: Visit) -> None:
    screen = _at_code(visit)
    screen.send_again()
    screen.refuses("Un message vient de partir")


# --- registration


def about_me_errors(visit: Visit) -> None:
    AboutMe(visit.page).open().go_on()
    AboutMe(visit.page).refuses()


def about_me_weak(visit: Visit) -> None:
    visit.on_the_roll()
    screen = AboutMe(visit.page).open()
    screen.fill(ODILE, "motdepasse", email="odile", repeat="autre chose").go_on()
    screen.refuses()


def about_me_wrong_letter(visit: Visit) -> None:
    visit.on_the_roll()
    AboutMe(visit.page).open().fill(ODILE, access_code="AAAABBBBCCCC").go_on()
    AboutMe(visit.page).refuses("ne vont pas ensemble")


def about_me_again(visit: Visit) -> None:
    terms(visit)
    Terms(visit.page).follow("Retour")
    AboutMe(visit.page).shows("Déjà vérifié")


def terms(visit: Visit) -> None:
    visit.walk(REGISTRATION, until="about_me")


def terms_unticked(visit: Visit) -> None:
    terms(visit)
    Terms(visit.page).go_on()
    Terms(visit.page).refuses("Cochez la case")


def recorded(visit: Visit) -> None:
    visit.walk(REGISTRATION, until="terms")


def recorded_again(visit: Visit) -> None:
    recorded(visit)
    visit.stage.clock.advance(seconds=61)
    Recorded(visit.page).send_again()
    Recorded(visit.page).shows("un nouveau message est parti")


def recorded_same_address(visit: Visit) -> None:
    recorded(visit)
    Recorded(visit.page).change_address(ODILE.email)
    Recorded(visit.page).refuses("adresse à laquelle nous avons déjà écrit")


def recorded_undeliverable(visit: Visit) -> None:
    recorded(visit)
    visit.letters_came_back()
    visit.page.reload()
    Recorded(visit.page).says("n’a pas pu être remis")


def _registered_elsewhere(visit: Visit) -> str:
    """The confirmation mail's link, of a registration made in another browser."""
    return visit.elsewhere(REGISTRATION, until="recorded").open_mail(CONFIRMATION).link


def link(visit: Visit) -> None:
    visit.page.goto(_registered_elsewhere(visit))
    Link(visit.page).shows()


def finished(visit: Visit) -> None:
    visit.page.goto(_registered_elsewhere(visit))
    Link(visit.page).shows().confirm()
    Finished(visit.page).shows()


def over(visit: Visit) -> None:
    address = _registered_elsewhere(visit)
    visit.stage.clock.advance(hours=25)
    visit.page.goto(address)
    Over(visit.page).shows()


def taken(visit: Visit) -> None:
    address = _registered_elsewhere(visit)
    visit.takes_the_address(ODILE.email)
    visit.page.goto(address)
    Link(visit.page).shows().confirm()
    AddressInUse(visit.page).shows()


def already(visit: Visit) -> None:
    visit.has_account()
    AboutMe(visit.page).open().fill(ODILE, email="autre@example.org").go_on()
    AlreadyMember(visit.page).shows()


def in_progress(visit: Visit) -> None:
    visit.elsewhere(REGISTRATION, until="recorded")
    SignIn(visit.page).open().fill(ODILE.email).go_on()
    InProgress(visit.page).shows()


def in_progress_wrong(visit: Visit) -> None:
    in_progress(visit)
    InProgress(visit.page).activate("0000000000000")
    InProgress(visit.page).refuses("pas le bon")


# --- a forgotten password


def forgotten_errors(visit: Visit) -> None:
    Forgotten(visit.page).open().go_on()
    Forgotten(visit.page).refuses()


def sent(visit: Visit) -> None:
    Forgotten(visit.page).open().fill(ODILE).go_on()
    Sent(visit.page).shows()


def _recovery_link(visit: Visit) -> str:
    scene = visit.elsewhere(RECOVERY_STEPS, until="forgotten")
    return scene.open_mail(RECOVERY).target("Je choisis un nouveau mot de passe")


def choose(visit: Visit) -> None:
    visit.page.goto(_recovery_link(visit))
    NewPassword(visit.page).shows()


def choose_refused(visit: Visit) -> None:
    choose(visit)
    NewPassword(visit.page).fill("trop court").go_on()
    NewPassword(visit.page).refuses("12")


def changed(visit: Visit) -> None:
    choose(visit)
    NewPassword(visit.page).fill("une autre phrase bien longue").go_on()
    Changed(visit.page).shows()


def recovery_late(visit: Visit) -> None:
    address = _recovery_link(visit)
    visit.stage.clock.advance(minutes=31)
    visit.page.goto(address)
    LinkOver(visit.page).shows("30 minutes")


# --- the space


def space(visit: Visit) -> None:
    visit.walk(SIGN_IN)


def space_with_device(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)


def device_forgotten(visit: Visit) -> None:
    visit.walk(SIGN_IN, remember=True)
    Space(visit.page).forget_device()
    Space(visit.page).shows("cet appareil est oublié")


def session_warning(visit: Visit) -> None:
    visit.page.clock.install()
    visit.walk(SIGN_IN)
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


# --- when something fails


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


STATES: tuple[State, ...] = (
    State("accueil", "Accueil", "home/page.html", opens("/")),
    State("aide", "Aide et contact", "home/help.html", opens("/aide")),
    State("cgu", "Conditions générales, à lire", "home/terms.html", opens("/cgu")),
    State("accessibilite", "Déclaration", "home/accessibility.html", opens("/accessibilite")),
    State("introuvable", "Page introuvable", "errors/error.html", opens("/nulle-part")),
    State("connexion", "Connexion", "sign_in/page.html", opens("/connexion")),
    State("connexion-vide", "Connexion, champs vides", "sign_in/page.html", sign_in_empty),
    State("connexion-refusee", "Connexion refusée", "sign_in/page.html", sign_in_refused),
    State("connexion-fermee", "Connexion, trop d’essais", "sign_in/page.html", sign_in_closed),
    State("connexion-connue", "Connexion, déconnecté", "sign_in/page.html", sign_in_remembered),
    State("session-terminee", "Connexion, session terminée", "sign_in/page.html", session_over),
    State("page-ancienne", "Connexion, page ancienne", "sign_in/page.html", stale_form),
    State("code", "Code de sécurité", "sign_in/code.html", code),
    State("code-vide", "Code de sécurité, vide", "sign_in/code.html", code_empty),
    State("code-faux", "Code de sécurité, faux", "sign_in/code.html", code_wrong),
    State("code-perime", "Code de sécurité, périmé", "sign_in/code.html", code_expired),
    State("code-epuise", "Cinq codes faux", "sign_in/page.html", code_spent),
    State("code-renvoye", "Code de sécurité, renvoyé", "sign_in/code.html", code_sent_again),
    State("code-trop-tot", "Code redemandé trop tôt", "sign_in/code.html", code_too_soon),
    State("infos", "Mes infos", "registration/about_me.html", opens("/inscription")),
    State("infos-vides", "Mes infos, vides", "registration/about_me.html", about_me_errors),
    State("infos-refusees", "Mes infos, refusées", "registration/about_me.html", about_me_weak),
    State("courrier-faux", "Courrier refusé", "registration/about_me.html", about_me_wrong_letter),
    State("infos-retour", "Mes infos, au retour", "registration/about_me.html", about_me_again),
    State("conditions", "CGU", "registration/terms.html", terms),
    State("conditions-refus", "CGU, case vide", "registration/terms.html", terms_unticked),
    State("enregistree", "Inscription prise en compte", "registration/recorded.html", recorded),
    State("renvoi", "Message renvoyé", "registration/recorded.html", recorded_again),
    State("meme-adresse", "Même adresse", "registration/recorded.html", recorded_same_address),
    State("non-remis", "Message non remis", "registration/recorded.html", recorded_undeliverable),
    State("lien", "Lien du mail", "registration/link.html", link),
    State("finalisee", "Inscription finalisée", "registration/finished.html", finished),
    State("perimee", "Inscription périmée", "registration/over.html", over),
    State("adresse-prise", "Adresse déjà prise", "registration/taken.html", taken),
    State("deja-adherent", "Déjà un espace", "registration/already.html", already),
    State("en-cours", "Inscription en cours", "registration/in_progress.html", in_progress),
    State("en-cours-faux", "Code faux", "registration/in_progress.html", in_progress_wrong),
    State("oubli", "Mot de passe oublié", "recovery/page.html", opens("/mot-de-passe-oublie")),
    State("oubli-vide", "Mot de passe oublié, vide", "recovery/page.html", forgotten_errors),
    State("oubli-envoye", "Lien envoyé", "recovery/sent.html", sent),
    State("choix", "Nouveau mot de passe", "recovery/choose.html", choose),
    State("choix-refuse", "Mot de passe refusé", "recovery/choose.html", choose_refused),
    State("change", "Mot de passe changé", "recovery/done.html", changed),
    State("lien-perime", "Lien périmé", "recovery/over.html", recovery_late),
    State("espace", "Mon espace", "space/page.html", space),
    State("espace-appareil", "Mon espace, un appareil", "space/page.html", space_with_device),
    State("appareil-oublie", "Appareil oublié", "space/page.html", device_forgotten),
    State(
        "session-fin", "Toujours là ?", "space/page.html", session_warning, needs_scripts=True
    ),
    State("preuve", "C’est bien vous ?", "proof/page.html", proof),
    State("preuve-refusee", "Preuve refusée", "proof/page.html", proof_refused),
    State(
        "sans-reseau", "Réseau perdu", "sign_in/page.html", no_network, needs_scripts=True,
        excused=("ERR_INTERNET_DISCONNECTED", "htmx:error"),
    ),
    State(
        "repos", "Service au repos", "errors/error.html", server_rests,
        needs_scripts=True, excused=("status of 503",),
    ),
)  # fmt: skip

# Templates that no member is ever served.
NOT_SHOWN = {
    "demo/mailbox.html": "only in the demonstration (`make run`), on this machine",
}
