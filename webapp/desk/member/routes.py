"""`/adherent/<id>`: the reason first, then the questions to the caller, then all that shows."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout
from webapp.desk.doors import open_to
from webapp.desk.member.forms import COMMON, AnswersForm, UnaskedForm, WhyForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import ON_THE_TELEPHONE, Role
from webapp.services.desk import advice, looks, member, questions, screen
from webapp.services.desk.looks import Opened
from webapp.services.desk.questions import Caller
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.forms import PortalForm
from webapp.web.transactions import current_work

bp = Blueprint("member", __name__, url_prefix=f"/adherent/<{ROW_ID}:roll_id>")
CLOSED = flash.declare(
    "guichet-reponses",
    "Trois fois, les réponses n’allaient pas avec le fichier : la page est fermée, et l’adhérent "
    "le lira dans son historique. Proposez de rappeler, le courrier ou la carte sous les yeux.",
    warning=True,
)
OVER = flash.declare(
    "guichet-dix-minutes", "La page est restée ouverte plus de dix minutes : redites pourquoi."
)


@bp.get("")
@open_to(*ON_THE_TELEPHONE)
def page(roll_id: int) -> ResponseReturnValue:
    """As far as this operator has it open."""
    opened = _opened(roll_id)
    if opened is None:
        return _show_why(roll_id)
    try:
        return _show_member(roll_id, opened) if opened.checked else _show_questions(roll_id, opened)
    except LookupError:
        abort(404)


@bp.post("")
@open_to(*ON_THE_TELEPHONE)
def open_it(roll_id: int) -> ResponseReturnValue:
    """The reason is given: that is a look. Without it nothing is told of any address here."""
    form = WhyForm()
    try:
        form.check()
        looks.begin(current_work(), at_work.must().operator_id, roll_id, form.reason.normal)
    except Refusal as refusal:
        return screens.refuse("desk/member/why.html", form, refusal, roll_id=roll_id, common=COMMON)
    except LookupError:
        abort(404)
    return layout.go_on("member.page", roll_id=roll_id)


@bp.post("/reponses")
@open_to(*ON_THE_TELEPHONE)
def answer(roll_id: int) -> ResponseReturnValue:
    """The caller answered."""
    opened = _opened(roll_id)
    if opened is None or opened.checked:
        return _go_back(roll_id, opened)
    caller = _caller(roll_id)
    form = AnswersForm(asked=caller.asked)
    try:
        form.check()
        questions.answer(current_work(), at_work.must().operator_id, roll_id, form.given)
    except Refusal as refusal:
        if refusal.key == "desk_answers_over":
            return layout.go_on("home.page", CLOSED)
        return screens.refuse(
            "desk/member/questions.html", form, refusal, **_of(roll_id, caller, opened)
        )
    return layout.go_on("member.page", roll_id=roll_id)


@bp.post("/sans-question")
@open_to(Role.SUPERVISOR)
def go_on(roll_id: int) -> ResponseReturnValue:
    """The roll has nothing to ask: a supervisor answers for the caller."""
    opened, form = _opened(roll_id), UnaskedForm()
    if opened is None or opened.checked:
        return _go_back(roll_id, opened)
    caller = _caller(roll_id)
    try:
        form.check()
        questions.go_on_unasked(
            current_work(), at_work.must().operator_id, roll_id, form.reason.normal
        )
    except Refusal as refusal:
        return screens.refuse(
            "desk/member/questions.html", form, refusal, **_of(roll_id, caller, opened)
        )
    except LookupError:
        abort(404)
    return layout.go_on("member.page", roll_id=roll_id)


def _opened(roll_id: int) -> Opened | None:
    return looks.opened(current_work(), at_work.must().operator_id, roll_id)


def _go_back(roll_id: int, opened: Opened | None) -> ResponseReturnValue:
    PortalForm().check()
    return layout.go_on("member.page", None if opened else OVER, roll_id=roll_id)


def _caller(roll_id: int) -> Caller:
    try:
        return questions.caller(current_work(), roll_id)
    except LookupError:
        abort(404)


def _of(roll_id: int, caller: Caller, opened: Opened) -> dict[str, object]:
    return {"roll_id": roll_id, "whom": caller, "opened": opened}


def _show_why(roll_id: int) -> str:
    return screens.show("desk/member/why.html", form=WhyForm, roll_id=roll_id, common=COMMON)


def _show_questions(roll_id: int, opened: Opened) -> str:
    caller = questions.caller(current_work(), roll_id)
    form = AnswersForm.blank(asked=caller.asked) if caller.asked else UnaskedForm.blank()
    return screens.show("desk/member/questions.html", form=form, **_of(roll_id, caller, opened))


def _show_member(roll_id: int, opened: Opened) -> str:
    work = current_work()
    facts = member.look(work, roll_id)
    return screens.show(
        "desk/member/page.html", facts=facts, roll_id=roll_id, opened=opened,
        advice=advice.of(facts, work.now), sections=screen.sections(facts, work.now),
    )  # fmt: skip
