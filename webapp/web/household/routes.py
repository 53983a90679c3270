"""Who asks to join this space, and the owner's answer."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Member, Rank
from webapp.rules.refusals import Refusal
from webapp.services.household import answers
from webapp.services.household.answers import Asking
from webapp.services.kernel.work import Work
from webapp.web import flash, screens, sessions
from webapp.web.doors import ROW_ID, open_to
from webapp.web.flash import Flash
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("household", __name__, url_prefix="/espace/rattachement")

AGREED = flash.declare(
    "autorise",
    "C’est fait : cette personne fait maintenant partie de votre espace. Nous vous l’avons aussi"
    " écrit par mail.",
)
REFUSED = flash.declare(
    "refuse",
    "C’est fait : la demande est refusée, et rien ne change pour vous. Nous l’avons écrit par mail"
    " à l’adresse de l’espace.",
)

PAGE, TEMPLATE = "household.page", "household/page.html"
Answer = Callable[[Work, Member, int], Asking]


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """Who asks, until when, and what an agreement means."""
    return screens.show(TEMPLATE, form=OneClickForm.blank(), asking=_asking())


@bp.post(f"/<{ROW_ID}:roll_id>/autoriser")
@open_to(Rank.MEMBER, proved=PAGE)
def agree(roll_id: int) -> ResponseReturnValue:
    """« Autoriser »."""
    return _answer(_agreed, roll_id, AGREED)


@bp.post(f"/<{ROW_ID}:roll_id>/refuser")
@open_to(Rank.MEMBER, proved=PAGE)
def refuse(roll_id: int) -> ResponseReturnValue:
    """« Refuser »."""
    return _answer(answers.refuse, roll_id, REFUSED)


@bp.get(f"/<{ROW_ID}:_roll_id>/autoriser")
@bp.get(f"/<{ROW_ID}:_roll_id>/refuser")
@open_to(Rank.MEMBER)
def reopened(_roll_id: int) -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to(PAGE)


def _agreed(work: Work, session: Member, roll_id: int) -> Asking:
    asking = answers.agree(work, session, roll_id)
    sessions.becomes_several()
    return asking


def _answer(act: Answer, roll_id: int, done: Flash) -> ResponseReturnValue:
    form = OneClickForm()
    try:
        form.check()
        act(current_work(), sessions.member(), roll_id)
    except Refusal as refusal:
        return screens.refuse(TEMPLATE, form, refusal, asking=_asking())
    return screens.advance("space.page", flash=done)


def _asking() -> list[Asking]:
    return answers.waiting(current_work(), sessions.member())
