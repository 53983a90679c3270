"""`/`, `/chercher/…`, and `/sante`."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout
from webapp.desk.doors import open_to, open_to_strangers
from webapp.desk.home.forms import ByEmail, ByName, ByNumber
from webapp.rules.refusals import Refusal
from webapp.rules.roles import EVERYBODY, ON_THE_TELEPHONE
from webapp.services.desk import search
from webapp.services.desk.search import Nobody
from webapp.services.mail import outbox
from webapp.web import screens
from webapp.web.forms import PortalForm
from webapp.web.transactions import current_work, new_work, reads

bp = Blueprint("home", __name__)
WAYS = {"by_number": ByNumber, "by_name": ByName, "by_email": ByEmail}


@bp.get("/")
@open_to(*EVERYBODY)
def page() -> ResponseReturnValue:
    """Where an operator begins: whom the caller is, or the parts that are theirs."""
    if at_work.must().role in ON_THE_TELEPHONE:
        return screens.show("desk/home/search.html", form=ByNumber, **WAYS)
    return screens.show("desk/home/page.html")


@bp.post("/chercher/numero")
@open_to(*ON_THE_TELEPHONE)
@reads
def by_number() -> ResponseReturnValue:
    """The number is known."""
    form = ByNumber()
    return _found(form, lambda: search.by_number(current_work(), form.number.normal))


@bp.post("/chercher/nom")
@open_to(*ON_THE_TELEPHONE)
@reads
def by_name() -> ResponseReturnValue:
    """The names and the day of birth are."""
    form = ByName()
    return _found(form, lambda: search.by_name(
        current_work(), last_name=form.last_name.normal, first_name=form.first_name.normal,
        born=form.born.normal,
    ))  # fmt: skip


@bp.post("/chercher/email")
@open_to(*ON_THE_TELEPHONE)
@reads
def by_email() -> ResponseReturnValue:
    """The address of the space is."""
    form = ByEmail()
    return _found(form, lambda: search.by_email(current_work(), form.space_email.normal))


def _found(form: PortalForm, find: Callable[[], int]) -> ResponseReturnValue:
    try:
        form.check()
        roll_id = find()
    except Refusal as refusal:
        told = _counted(refusal) if isinstance(refusal, Nobody) else refusal
        ways = {name: form if isinstance(form, way) else way for name, way in WAYS.items()}
        return screens.refuse("desk/home/search.html", form, told, **ways)
    return layout.go_on("member.page", roll_id=roll_id)


def _counted(nobody: Nobody) -> Refusal:
    """What to say once the look is spent: that, or that none was left."""
    who = at_work.must().operator_id
    with new_work() as work:
        work.operator_id = who
        try:
            search.count(work, who, nobody)
        except Refusal as closed:
            return closed  # committed: whoever goes on is written down
    return nobody


@bp.get("/sante")
@open_to_strangers
def health() -> Response:
    """200 « ok » when the database answers and there is room to write."""
    if not outbox.is_writable(current_work()):
        abort(503)
    return make_response("ok", 200, {"Content-Type": "text/plain; charset=utf-8"})


@bp.get("/sw.js")
@open_to_strangers
def service_worker() -> Response:
    """The service worker that the portal's script asks for: at the desk it keeps nothing."""
    nothing = "// nothing of the desk is kept for later\n"
    return make_response(nothing, 200, {"Content-Type": "text/javascript; charset=utf-8"})
