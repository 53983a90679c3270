"""What happened to an account, and « Ce n’était pas moi »."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.space import history
from webapp.web import device_cookie, screens, sessions
from webapp.web.doors import LARGEST_ROW_ID, ROW_ID, open_to, open_to_all
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("history", __name__, url_prefix="/espace/securite/historique")

_NOT_MINE = f"/<{ROW_ID}:entry_id>/pas-moi"


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """Twelve months, a hundred entries a page."""
    before = request.args.get("avant", type=int)
    if before is not None and not 0 < before <= LARGEST_ROW_ID:
        abort(404)
    told = history.page(current_work(), sessions.member(), before=before)
    return screens.show("history/page.html", told=told, before=before)


@bp.get(_NOT_MINE)
@open_to(Rank.MEMBER, proved="history.page")
def not_mine(entry_id: int) -> ResponseReturnValue:
    """What « Ce n’était pas moi » will do; changes nothing."""
    return _screen(OneClickForm.blank(), entry_id)


@bp.post(_NOT_MINE)
@open_to(Rank.MEMBER, proved="history.page")
def dispute(entry_id: int) -> ResponseReturnValue:
    """« Tout fermer »: this session ends with all others."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, entry_id, refusal)
    if not history.dispute(current_work(), sessions.member(), entry_id):
        abort(404)
    sessions.become_visitor()
    device_cookie.drop()
    return screens.advance("history.disputed")


@bp.get("/tout-est-ferme")
@open_to_all
def disputed() -> ResponseReturnValue:
    """What to do next; nobody is signed in any more."""
    return screens.show("history/disputed.html")


def _screen(
    form: OneClickForm, entry_id: int, refusal: Refusal | None = None
) -> ResponseReturnValue:
    entry = history.sign_in(current_work(), sessions.member(), entry_id)
    if entry is None:
        abort(404)
    if refusal is not None:
        return screens.refuse("history/not_mine.html", form, refusal, entry=entry)
    return screens.show("history/not_mine.html", form=form, entry=entry)
