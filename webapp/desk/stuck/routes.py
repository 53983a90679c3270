"""`/bloques`: what is stuck, in counts; members' numbers ten at a time, never a name."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from webapp.desk import at_work
from webapp.desk.doors import open_to
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER, Role
from webapp.services.desk import stuck
from webapp.web import screens
from webapp.web.forms import PortalForm
from webapp.web.transactions import current_work

bp = Blueprint("stuck", __name__, url_prefix="/bloques")
KINDS = ", ".join(stuck.KINDS)


class NextForm(PortalForm):
    """Where the next ten begin."""

    after = HiddenField()

    def begins(self) -> int:
        """After which entry; 0 for the first."""
        text = (self.after.data or "")[:18]
        return int(text) if text.isascii() and text.isdigit() else 0


@bp.get("")
@open_to(*AT_THE_PRINTER, Role.ADVISER)
def page() -> ResponseReturnValue:
    """How many of each kind."""
    return screens.show("desk/stuck/page.html", form=NextForm, **_counts())


def _counts() -> dict[str, object]:
    return {
        "counts": stuck.counts(current_work()),
        "at_printer": at_work.must().role in AT_THE_PRINTER,
    }


@bp.post(f"/<any({KINDS}):kind>")
@open_to(*AT_THE_PRINTER, Role.ADVISER)
def numbers(kind: str) -> ResponseReturnValue:
    """Ten of them, for one look."""
    form = NextForm()
    try:
        form.check()
        shown, after = stuck.numbers(current_work(), kind, form.begins())
    except Refusal as refusal:
        return screens.refuse("desk/stuck/page.html", form, refusal, **_counts())
    return screens.show(
        "desk/stuck/numbers.html", form=NextForm, kind=kind, numbers=shown, after=after
    )
