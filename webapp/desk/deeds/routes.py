"""`/adherent/<id>/faire/<deed>`: whom it is about, what it does, why; then it is done."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout, two_persons
from webapp.desk.doors import open_to
from webapp.desk.fields import ReasonForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import ON_THE_TELEPHONE
from webapp.services.desk import looks, whom
from webapp.services.desk.deeds import catalogue
from webapp.services.desk.deeds.catalogue import Deed
from webapp.services.desk.second_operator import Request
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.flash import Flash
from webapp.web.transactions import current_work

bp = Blueprint("deeds", __name__, url_prefix=f"/adherent/<{ROW_ID}:roll_id>/faire")
bp.add_app_template_global(catalogue.offered, "deeds_offered")

ASKED = flash.declare(
    "guichet-a-deux",
    "C’est demandé : un deuxième opérateur doit accepter dans les 24 heures.",
)
DONE: dict[str, Flash] = {
    key: flash.declare(f"guichet-{address}", words)
    for key, address, words in (
        ("letter", "courrier", "Courrier demandé : il sera dans le prochain lot."),
        ("letter_back", "courrier-repris", "Demande de courrier reprise."),
        ("confirmation", "confirmation", "Message de confirmation renvoyé."),
        ("delays", "attente", "Attente levée : il peut réessayer tout de suite."),
        ("sign_out", "deconnecte", "Toutes ses connexions sont fermées, ses appareils oubliés."),
        ("suspend", "suspendu", "Espace suspendu : personne n’y entre plus."),
        ("resume", "remis", "Espace remis en service."),
        ("newer_letter", "arrete", "Changement arrêté : les deux adresses sont prévenues."),
        ("part", "retire", "Adhérent retiré de l’espace partagé."),
        ("returned", "npai", "« NPAI » noté : ce courrier n’ouvre plus rien."),
        ("arrives", "adresse-bonne", "Adresse notée bonne : un courrier peut être demandé."),
        ("deceased", "deces", "« Décédé » noté. Faites-le noter aussi dans le fichier."),
        ("refused", "refus", "« Ne veut pas » noté. Faites-le noter aussi dans le fichier."),
        ("active", "adherent", "« Adhérent » noté. Faites-le noter aussi dans le fichier."),
    )
}


@bp.app_template_global()
def asked_of_two(roll_id: int) -> list[Request]:
    """What waits for a second operator about this member."""
    return two_persons.about(roll_id)


@bp.get("/<address>")
@open_to(*ON_THE_TELEPHONE)
def page(roll_id: int, address: str) -> ResponseReturnValue:
    """Who it is, what it does, how it is undone."""
    deed = _deed(address)
    if not _is_open(roll_id):
        return _back(roll_id)
    return screens.show("desk/deeds/page.html", form=ReasonForm, **_context(deed, roll_id))


@bp.post("/<address>")
@open_to(*ON_THE_TELEPHONE)
def do(roll_id: int, address: str) -> ResponseReturnValue:
    """Done, or asked of a second operator."""
    deed = _deed(address)
    if not _is_open(roll_id):
        return _back(roll_id)
    form, work = ReasonForm(), current_work()
    try:
        form.check()
        done = catalogue.perform(work, deed, roll_id, form.reason.normal)
    except Refusal as refusal:
        context = _context(deed, roll_id)
        return screens.refuse("desk/deeds/page.html", form, refusal, **context)
    looks.keep_open(work, at_work.must().operator_id, roll_id)
    return layout.go_on("member.page", DONE[deed.key] if done else ASKED, roll_id=roll_id)


def _deed(address: str) -> Deed:
    return catalogue.BY_ADDRESS.get(address) or abort(404)


def _is_open(roll_id: int) -> bool:
    """Whether this operator has the member's page open, and the caller answered."""
    found = looks.opened(current_work(), at_work.must().operator_id, roll_id)
    return found is not None and found.checked


def _back(roll_id: int) -> ResponseReturnValue:
    return screens.send_to("member.page", roll_id=roll_id)  # type: ignore[call-arg]


def _context(deed: Deed, roll_id: int) -> dict[str, object]:
    work = current_work()
    return {"deed": deed, "member": whom.find(work, roll_id), "two": deed.two(work, roll_id)}
