"""Registration, from the letter to the mailed link."""

from accessibility.states.state import State, opens
from accessibility.visit import Visit
from player.members import LUCE, ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import (
    AboutMe,
    AddressInUse,
    AlreadyMember,
    Finished,
    InProgress,
    Link,
    Over,
    Recorded,
    Terms,
    Waits,
)
from player.screens.sign_in import SignIn
from webapp.rules.procedure import REGISTRATION
from webapp.rules.statuses import LEFT


def about_me_by_qr(visit: Visit) -> None:
    AboutMe(visit.page).open_by_qr(ODILE).has_taken(ODILE)


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


def about_me_letter_over(visit: Visit) -> None:
    visit.on_the_roll()
    visit.stage.clock.advance(days=91)
    AboutMe(visit.page).open().fill(ODILE).go_on()
    AboutMe(visit.page).refuses("plus valable depuis le")


def about_me_letter_replaced(visit: Visit) -> None:
    visit.on_the_roll()
    visit.stage.sends_another_letter_to(ODILE)
    AboutMe(visit.page).open().fill(ODILE).go_on()
    AboutMe(visit.page).refuses("remplace celui-ci")


def about_me_letter_returned(visit: Visit) -> None:
    visit.on_the_roll()
    visit.stage.notes_a_letter_returned_from(ODILE)
    AboutMe(visit.page).open().fill(ODILE).go_on()
    AboutMe(visit.page).refuses("nous est revenu")


def about_me_again(visit: Visit) -> None:
    terms(visit)
    Terms(visit.page).follow("Retour")
    AboutMe(visit.page).shows("Déjà vérifié")


def about_me_letter_again(visit: Visit) -> None:
    about_me_again(visit)
    AboutMe(visit.page).fill(ODILE, email="autre@example.org", access_code="").go_on()
    AboutMe(visit.page).refuses("Saisissez votre code d’accès").says("Vous changez d’adresse")


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
    Recorded(visit.page).change_address(ODILE.email, ODILE.access_code)
    Recorded(visit.page).refuses("adresse à laquelle nous avons déjà écrit")


def recorded_wrong_letter(visit: Visit) -> None:
    recorded(visit)
    Recorded(visit.page).change_address("autre@example.org", "AAAABBBBCCCC")
    Recorded(visit.page).refuses("n’est pas celui de votre courrier")


def recorded_undeliverable(visit: Visit) -> None:
    recorded(visit)
    visit.mails_came_back()
    Recorded(visit.page).says("n’a pas pu être remis")


def recorded_late(visit: Visit) -> None:
    recorded(visit)
    visit.mails_are_late()
    Recorded(visit.page).says("n’est pas encore parti")


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


def finished_here(visit: Visit) -> None:
    visit.walk(REGISTRATION, until="confirm")
    Finished(visit.page).shows("Quelqu’un d’autre s’inscrit ici")


def over(visit: Visit) -> None:
    address = _registered_elsewhere(visit)
    visit.stage.clock.advance(hours=25)
    visit.page.goto(address)
    Over(visit.page).shows()


def taken(visit: Visit) -> None:
    address = _registered_elsewhere(visit)
    visit.takes_the_address(ODILE.email)
    visit.stage.says(LEFT, LUCE)  # nobody joins a space that is shut
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


def in_progress_failed(visit: Visit) -> None:
    in_progress(visit)
    visit.mails_came_back()
    InProgress(visit.page).says("n’a pas pu être remis")


def in_progress_wrong(visit: Visit) -> None:
    in_progress(visit)
    InProgress(visit.page).activate("0000000000000")
    InProgress(visit.page).refuses("pas le bon")


def waits(visit: Visit) -> None:
    recorded(visit)
    Waits(visit.page).open()


STATES: tuple[State, ...] = (
    State("infos", "Mes infos", "registration/about_me.html", opens("/inscription")),
    State("infos-qr", "Inscription par QR", "registration/about_me.html", about_me_by_qr, needs_scripts=True),
    State("infos-vides", "Mes infos, vides", "registration/about_me.html", about_me_errors),
    State("infos-refusees", "Mes infos, refusées", "registration/about_me.html", about_me_weak),
    State("courrier-faux", "Courrier refusé", "registration/about_me.html", about_me_wrong_letter),
    State("courrier-perime", "Courrier périmé", "registration/about_me.html", about_me_letter_over),
    State("courrier-remplace", "Courrier remplacé", "registration/about_me.html", about_me_letter_replaced),
    State("courrier-revenu", "Courrier revenu", "registration/about_me.html", about_me_letter_returned),
    State("infos-retour", "Mes infos, au retour", "registration/about_me.html", about_me_again),
    State("infos-code", "Courrier redemandé", "registration/about_me.html", about_me_letter_again),
    State("conditions", "CGU", "registration/terms.html", terms),
    State("conditions-refus", "CGU, case vide", "registration/terms.html", terms_unticked),
    State("enregistree", "Inscription prise en compte", "registration/recorded.html", recorded),
    State("renvoi", "Message renvoyé", "registration/recorded.html", recorded_again),
    State("meme-adresse", "Même adresse", "registration/recorded.html", recorded_same_address),
    State("adresse-faux", "Courrier faux", "registration/recorded.html", recorded_wrong_letter),
    State("non-remis", "Message non remis", "registration/recorded.html", recorded_undeliverable),
    State("pas-parti", "Message pas encore parti", "registration/recorded.html", recorded_late),
    State("attend", "Une inscription attend", "registration/waits.html", waits),
    State("lien-coupe", "Lien coupé", "registration/cut.html", opens("/inscription/validation/a-link.of.ours")),
    State("lien", "Lien du mail", "registration/link.html", link),
    State("finalisee", "Inscription finalisée", "registration/finished.html", finished),
    State("finalisee-ici", "Finalisée ici", "registration/finished.html", finished_here),
    State("perimee", "Inscription périmée", "registration/over.html", over),
    State("adresse-prise", "Adresse déjà prise", "registration/taken.html", taken),
    State("deja-adherent", "Déjà un espace", "registration/already.html", already),
    State("en-cours", "Inscription en cours", "registration/in_progress.html", in_progress),
    State("en-cours-refus", "En cours, mail revenu", "registration/in_progress.html", in_progress_failed),
    State("en-cours-faux", "Code faux", "registration/in_progress.html", in_progress_wrong),
)  # fmt: skip
