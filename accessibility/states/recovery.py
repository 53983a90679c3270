"""A forgotten password."""

from accessibility.states.state import State, opens
from accessibility.visit import Visit
from player.members import ODILE
from player.screens.mailbox import RECOVERY
from player.screens.recovery import Changed, Forgotten, LinkOver, NewPassword, Sent
from webapp.rules.procedure import RECOVERY as RECOVERY_STEPS


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


STATES: tuple[State, ...] = (
    State("oubli", "Mot de passe oublié", "recovery/page.html", opens("/mot-de-passe-oublie")),
    State("oubli-vide", "Mot de passe oublié, vide", "recovery/page.html", forgotten_errors),
    State("oubli-envoye", "Lien envoyé", "recovery/sent.html", sent),
    State("choix", "Nouveau mot de passe", "recovery/choose.html", choose),
    State("choix-refuse", "Mot de passe refusé", "recovery/choose.html", choose_refused),
    State("change", "Mot de passe changé", "recovery/done.html", changed),
    State("lien-perime", "Lien périmé", "recovery/over.html", recovery_late),
)  # fmt: skip
