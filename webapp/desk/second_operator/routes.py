"""`/a-deux`: what waits for a second operator; `/a-deux/<id>`: agree, or refuse."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from wtforms import StringField

from webapp.desk import layout, two_persons
from webapp.desk.doors import open_to
from webapp.desk.fields import ReasonField, ReasonForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.desk import second_operator
from webapp.services.desk.second_operator import Request
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.transactions import current_work

bp = Blueprint("second_operator", __name__, url_prefix="/a-deux")
MAY_ASK = (Role.ADVISER, Role.SUPERVISOR, Role.LETTERS)
AGREED = flash.declare("guichet-accepte", "Accepté, et fait.")
REFUSED = flash.declare("guichet-refuse", "Refusé : rien n’a été fait.")
TAKEN_BACK = flash.declare("guichet-reprise", "Demande reprise : rien n’a été fait.")
OVER = flash.declare(
    "guichet-finie",
    "Cette demande n’attend plus : quelqu’un y a répondu, ou ses 24 heures sont passées.",
    warning=True,
)


class AnswerForm(ReasonForm):
    """Why, and which button was pressed: `agree`, or anything else for no."""

    reason = ReasonField("Votre motif")
    answer = StringField()


@bp.get("")
@open_to(*MAY_ASK)
def page() -> ResponseReturnValue:
    """What this operator asked for, and what they may agree to."""
    requests = two_persons.waiting()
    return screens.show("desk/second_operator/page.html", requests=requests)


@bp.get(f"/<{ROW_ID}:request_id>")
@open_to(*MAY_ASK)
def one(request_id: int) -> ResponseReturnValue:
    """Who asks, whom about, what, why, until when."""
    request = _find(request_id)
    if request is None:
        return screens.send_to("second_operator.page", OVER)
    return screens.show("desk/second_operator/one.html", form=AnswerForm, asked=request)


@bp.post(f"/<{ROW_ID}:request_id>")
@open_to(*MAY_ASK)
def answer(request_id: int) -> ResponseReturnValue:
    """« Accepter et faire », « Refuser », « Reprendre ma demande »."""
    form = AnswerForm()
    try:
        form.check()
        told = _answer(request_id, form)
    except Refusal as refusal:
        request = _find(request_id)
        if request is None:
            return screens.send_to("second_operator.page", OVER)
        return screens.refuse("desk/second_operator/one.html", form, refusal, asked=request)
    return layout.go_on("second_operator.page", told)


def _answer(request_id: int, form: AnswerForm) -> flash.Flash:
    work, why = current_work(), form.reason.normal
    if form.answer.data == "agree":
        second_operator.agree(work, request_id, why)
        return AGREED
    return TAKEN_BACK if second_operator.refuse(work, request_id, why) else REFUSED


def _find(request_id: int) -> Request | None:
    return next((each for each in two_persons.waiting() if each.id == request_id), None)
