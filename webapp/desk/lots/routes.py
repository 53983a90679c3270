"""`/lots`: the batches; one is asked for, agreed to, its list handed out once, posted."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, make_response
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout, pairs
from webapp.desk.doors import open_to
from webapp.desk.fields import ReasonForm
from webapp.desk.lots import files
from webapp.desk.lots.forms import AskForm, PostedForm
from webapp.rules import letters
from webapp.rules.moments import paris_date
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER, Role
from webapp.services.desk import lots, returns
from webapp.services.letters import batches, posting, states
from webapp.services.letters.batches import BatchRefused
from webapp.services.letters.choosing import Choice
from webapp.services.roll.report import RollRefused
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("lots", __name__, url_prefix="/lots")
DEEDS = (lots.DEED, returns.DEED)
SHOWN = 20
POSTED = flash.declare(
    "lot-poste",
    "C’est noté : les 90 jours des codes courent, et le lot ne peut plus être imprimé. Supprimez "
    "ses fichiers.",
)
REOPENED = flash.declare("lot-rouvert", "La liste peut être téléchargée une fois de plus.")
GONE = flash.declare("lot-inconnu", "Il n’y a pas de lot de ce numéro.", warning=True)
NOT_DONE = flash.declare(
    "lot-non-fait",
    "Rien n’a été fait : cette demande n’attend plus, elle est la vôtre, un import est en cours, "
    "ou personne n’attend plus ce courrier.",
    warning=True,
)


@bp.get("")
@open_to(*AT_THE_PRINTER)
def page() -> ResponseReturnValue:
    """The last batches, and what waits for a second operator."""
    made = batches.all_of(current_work())
    real = [each for each in made if not each.trial]
    return screens.show(
        "desk/lots/page.html",
        batches=real[:SHOWN],
        more=max(0, len(real) - SHOWN),
        requests=pairs.waiting(DEEDS),
        me=at_work.must(),
    )


@bp.get("/nouveau")
@open_to(*AT_THE_PRINTER)
def new() -> ResponseReturnValue:
    """What a batch would be now, in counts, and the request for one."""
    return screens.show("desk/lots/new.html", form=AskForm.blank(new=True), **_plans())


@bp.post("/nouveau")
@open_to(*AT_THE_PRINTER)
def ask() -> ResponseReturnValue:
    """Ask a second operator for it."""
    form = AskForm()
    try:
        form.check()
        portal = str(current_app.extensions["portal_settings"].public_url)
        lots.ask(
            current_work(), form.choice(), recipient=form.key.normal, portal=portal,
            reason=form.reason.normal,
        )  # fmt: skip
    except Refusal as refusal:
        return screens.refuse("desk/lots/new.html", form, refusal, **_plans())
    return layout.go_on("lots.page", pairs.ASKED)


def _plans() -> dict[str, object]:
    work = current_work()
    kinds = {"new": Choice(new=True), "expired": Choice(expired=True)}
    return {
        "plans": {name: lots.plan(work, choice) for name, choice in kinds.items()},
        "reasons": letters.SKIPPED,
    }


@bp.post(f"/demandes/<{ROW_ID}:request_id>/<any(accepter, refuser):what>")
@open_to(*AT_THE_PRINTER)
def answer(request_id: int, what: str) -> ResponseReturnValue:
    """The second operator agrees, or does not."""
    return layout.go_on("lots.page", pairs.answered(request_id, DEEDS, what, NOT_DONE))


@bp.get(f"/<{ROW_ID}:lot>")
@open_to(*AT_THE_PRINTER)
def one(lot: int) -> ResponseReturnValue:
    """A batch: its letters by state, its list, its posting."""
    try:
        facts = _facts(lot)
    except Refusal:
        return screens.send_to("lots.page", flash=GONE)
    return screens.show("desk/lots/one.html", form=OneClickForm, **facts)


def _facts(lot: int) -> dict[str, object]:
    work, me = current_work(), at_work.must()
    batch = lots.find(work, lot)
    return {
        "batch": batch,
        "counted": states.counts(work, lot),
        "states": letters.STATES,
        "reasons": letters.SKIPPED,
        "me": me,
        "may_reopen": me.role is Role.SUPERVISOR and batch.downloaded_by != me.name,
        "posting": PostedForm.blank(day=f"{paris_date(work.now):%d/%m/%Y}"),
        "reopening": ReasonForm.blank(),
    }


@bp.post(f"/<{ROW_ID}:lot>/liste")
@open_to(*AT_THE_PRINTER)
def download(lot: int) -> ResponseReturnValue:
    """The list, encrypted: once."""
    form = OneClickForm()
    try:
        form.check()
        name, content = files.encrypted_list(current_work(), lot)
    except Refusal as refusal:
        return _refused(lot, form, refusal)
    return _file(name, content)


def _file(name: str, content: bytes) -> Response:
    return make_response(
        content,
        {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@bp.post(f"/<{ROW_ID}:lot>/rouvrir")
@open_to(Role.SUPERVISOR)
def reopen(lot: int) -> ResponseReturnValue:
    """A supervisor lets it be downloaded once more."""
    form = ReasonForm()

    def reopened() -> None:
        lots.reopen_list(current_work(), lot, form.reason.normal)

    return _done(lot, form, reopened, REOPENED, "reopening")


@bp.post(f"/<{ROW_ID}:lot>/poste")
@open_to(*AT_THE_PRINTER)
def posted(lot: int) -> ResponseReturnValue:
    """Its letters left, on that day."""
    form = PostedForm()

    def noted() -> None:
        try:
            posting.posted(current_work(), lot, on=form.day.normal, operator=at_work.must().name)
        except BatchRefused as refused:
            late = refused.key in ("too_early", "too_late")
            key = "desk_posted_day" if late else "desk_batch_over"
            raise Refusal(key, "day" if late else None) from refused
        except RollRefused as busy:
            raise Refusal("desk_roll_busy") from busy

    return _done(lot, form, noted, POSTED, "posting")


Form = OneClickForm | ReasonForm | PostedForm


def _done(
    lot: int, form: Form, act: Callable[[], None], done: flash.Flash, name: str
) -> ResponseReturnValue:
    try:
        form.check()
        act()
    except Refusal as refusal:
        return _refused(lot, form, refusal, name)
    return layout.go_on("lots.one", done, lot=lot)


def _refused(lot: int, form: Form, refusal: Refusal, name: str = "") -> ResponseReturnValue:
    try:
        facts = _facts(lot)
    except Refusal:
        return screens.send_to("lots.page", flash=GONE)
    if name:
        facts[name] = form
    return screens.refuse("desk/lots/one.html", form, refusal, **facts)
