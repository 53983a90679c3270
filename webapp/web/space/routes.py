"""The personal space, screen 13 on paper."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import devices, journal, space, takeover
from webapp.services import sessions as store
from webapp.web import device_cookie, screens, sessions
from webapp.web.doors import ROW_ID, open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("space", __name__, url_prefix="/espace")


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """Screen 13: who I am, my contract, my last sign-in, my devices."""
    return _screen(OneClickForm.blank())


@bp.post("/prolonger")
@open_to(Rank.MEMBER)
def extend() -> ResponseReturnValue:
    """« Rester connecté »: the session's idle time starts afresh."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, refusal)
    store.touch(current_work(), sessions.must())
    return screens.stay("space.page")


@bp.post(f"/appareils/<{ROW_ID}:device_id>/oublier")
@open_to(Rank.MEMBER)
def forget(device_id: int) -> ResponseReturnValue:
    """Forget one of my devices."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, refusal)
    devices.forget(current_work(), _account_id(), device_id)
    return screens.advance("space.page", fait="appareil")


@bp.post("/deconnecter-partout")
@open_to(Rank.MEMBER)
def leave_everywhere() -> ResponseReturnValue:
    """Sign out on every device, and forget them all."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, refusal)
    work, account_id = current_work(), _account_id()
    devices.forget_all(work, account_id)
    store.end_all(work, account_id)
    journal.write(work, "session.ended", account_id=account_id, all=True)
    sessions.become_visitor()
    device_cookie.drop()
    return screens.send_to("sign_in.page", fait="partout")


@bp.post("/nouveau-courrier")
@open_to(Rank.MEMBER)
def stop_takeover() -> ResponseReturnValue:
    """« J’arrête ce changement »: a newer letter is not to replace this access."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, refusal)
    stopped = takeover.stop_own(current_work(), _account_id())
    return screens.advance("space.page", fait="arrete" if stopped else "rien_a_arreter")


@bp.get("/nouveau-courrier")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to("space.page")


def _screen(form: OneClickForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    facts = sessions.must()
    home = space.home(current_work(), facts)
    context = {"me": home, "here": facts.device_id}
    if refusal is not None:
        return screens.refuse("space/page.html", form, refusal, **context)
    return screens.show("space/page.html", form=form, **context)


def _account_id() -> int:
    return sessions.must().account_id or 0
