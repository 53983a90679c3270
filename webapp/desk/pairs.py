"""Requests of the printer's that wait for a second operator, answered where they show."""

from collections.abc import Collection

from webapp.desk import at_work, two_persons
from webapp.rules.refusals import Refusal
from webapp.services.desk import second_operator
from webapp.services.desk.second_operator import Request
from webapp.web import flash
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

ASKED = flash.declare(
    "a-deux-demande",
    "Votre demande est enregistrée. Un autre opérateur a 24 heures pour y répondre ; sans réponse, "
    "elle tombe et rien n’est fait.",
)
AGREED = flash.declare("a-deux-fait", "C’est fait, à deux : la demande est acceptée.")
REFUSED = flash.declare("a-deux-non", "La demande est refusée : rien n’est fait.")


def waiting(deeds: Collection[str]) -> list[Request]:
    """Those of these deeds."""
    return [each for each in two_persons.waiting() if each.deed in deeds]


def answered(
    request_id: int, deeds: Collection[str], what: str, not_done: flash.Flash
) -> flash.Flash:
    """The answer (« accepter », « refuser ») of the form that was sent to a request of one of these
    deeds; what to tell then, `not_done` where nothing came of it."""
    try:
        OneClickForm().check()
        return _answer(request_id, deeds, agreed=what == "accepter")
    except Refusal as refusal:
        return flash.OLD_PAGE if refusal.key == "stale_form" else not_done


def _answer(request_id: int, deeds: Collection[str], *, agreed: bool) -> flash.Flash:
    # looked up apart: the page after the answer is another one
    found = second_operator.waiting(current_work(), role=at_work.must().role)
    if not any(each.id == request_id and each.deed in deeds for each in found):
        raise Refusal("desk_request_over")
    if agreed:
        second_operator.agree(current_work(), request_id)
        return AGREED
    second_operator.refuse(current_work(), request_id, "")
    return REFUSED
