"""The page « Sécurité » and what it does at once; the password's own page."""

from collections.abc import Collection

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.factors import Removed
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import password
from webapp.services.sign_in import devices
from webapp.services.sign_in import recent_factors as steps
from webapp.services.sign_in.recent_factors import RecentStep
from webapp.services.space import security
from webapp.web import device_cookie, flash, own_tries_cookie, recent_factors, screens, sessions
from webapp.web.doors import ROW_ID, open_to
from webapp.web.forms import OneClickForm
from webapp.web.security.forms import ChangePasswordForm, LeavingForm
from webapp.web.transactions import current_work

bp = Blueprint("security", __name__, url_prefix="/espace/securite")

FORGOTTEN = flash.declare("appareil", "C’est fait : cet appareil est oublié.")
CLOSED = flash.declare("connexion-fermee", "C’est fait : cette connexion est fermée.")
CLOSED_ALREADY = flash.declare("connexion-deja", "Cette connexion était déjà fermée.")
OTHERS_CLOSED = flash.declare(
    "connexions-fermees", "C’est fait : toutes vos autres connexions sont fermées."
)
LEFT = flash.declare(
    "partout", "C’est fait : vous êtes déconnecté partout et vos appareils sont oubliés."
)


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """All that touches the security of the space, each in a section of its own."""
    return _screen(OneClickForm.blank())


@bp.get("/mot-de-passe")
@open_to(Rank.MEMBER)
def new_password() -> ResponseReturnValue:
    """« Changer mon mot de passe »."""
    return screens.show("security/password.html", form=ChangePasswordForm.blank(), recent=_recent())


@bp.post("/mot-de-passe")
@open_to(Rank.MEMBER)
def change_password() -> ResponseReturnValue:
    """« Enregistrer »: this browser stays, under another session id."""
    form = ChangePasswordForm()
    present = form.present_password
    try:
        form.check()
        token, facts = password.change(
            current_work(), sessions.member(), present=present.data, password=form.password.data
        )
        gone = _remove(form.remove.data)
    except Refusal as refusal:
        return screens.refuse("security/password.html", form, refusal, recent=_recent())
    sessions.enter(token, facts)
    device_cookie.drop()
    own_tries_cookie.give(_account_id())
    return screens.advance("security.password_changed", flash=recent_factors.told(gone))


@bp.get("/mot-de-passe/fait")
@open_to(Rank.MEMBER)
def password_changed() -> ResponseReturnValue:
    """The new password is in force."""
    return screens.show("security/password_changed.html")


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
    return screens.advance("security.page", flash=FORGOTTEN)


@bp.post(f"/connexions/<{ROW_ID}:session_id>/fermer")
@open_to(Rank.MEMBER)
def end_session(session_id: int) -> ResponseReturnValue:
    """Close one of my other sessions."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _screen(form, refusal)
    ended = security.end_session(current_work(), sessions.member(), session_id)
    return screens.advance("security.page", flash=CLOSED if ended else CLOSED_ALREADY)


@bp.post("/connexions/fermer")
@open_to(Rank.MEMBER)
def end_other_sessions() -> ResponseReturnValue:
    """« Fermer toutes les autres »."""
    form = OneClickForm()
    try:
        form.check()
        security.end_other_sessions(current_work(), sessions.member())
    except Refusal as refusal:
        return _screen(form, refusal)
    return screens.advance("security.page", flash=OTHERS_CLOSED)


@bp.post("/deconnecter-partout")
@open_to(Rank.MEMBER)
def leave_everywhere() -> ResponseReturnValue:
    """Sign out on every device, and forget them all."""
    form = OneClickForm()
    try:
        form.check()
        return _leave(())
    except Refusal as refusal:
        return _screen(form, refusal)


@bp.get("/deconnecter-partout/retirer")
@open_to(Rank.MEMBER, proved="security.leaving")
def leaving() -> ResponseReturnValue:
    """What was added recently, to be removed while everything is closed."""
    return screens.show("security/leaving.html", form=LeavingForm.blank(), recent=_recent())


@bp.post("/deconnecter-partout/retirer")
@open_to(Rank.MEMBER, proved="security.leaving")
def leave_and_remove() -> ResponseReturnValue:
    """« Me déconnecter partout », what is ticked being removed."""
    form = LeavingForm()
    try:
        form.check()
        return _leave(form.remove.data)
    except Refusal as refusal:
        return screens.refuse("security/leaving.html", form, refusal, recent=_recent())


@bp.get(f"/appareils/<{ROW_ID}:_row>/oublier")
@bp.get(f"/connexions/<{ROW_ID}:_row>/fermer")
@bp.get("/connexions/fermer")
@bp.get("/deconnecter-partout")
@open_to(Rank.MEMBER)
def reopened(_row: int = 0) -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to("security.page")


def _screen(form: OneClickForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    facts = sessions.member()
    context = {"mine": security.overview(current_work(), facts), "here": facts}
    if refusal is not None:
        return screens.refuse("security/page.html", form, refusal, **context)
    return screens.show("security/page.html", form=form, **context)


def _leave(keys: Collection[str]) -> ResponseReturnValue:
    security.leave_everywhere(current_work(), sessions.member())
    gone = _remove(keys)
    sessions.become_visitor()
    device_cookie.drop()
    return screens.send_to("sign_in.page", flash=recent_factors.told(gone, LEFT))


def _recent() -> tuple[RecentStep, ...]:
    return steps.listed(current_work(), _account_id())


def _remove(keys: Collection[str]) -> tuple[Removed, ...]:
    return steps.remove(current_work(), _account_id(), keys, email=sessions.member().email)


def _account_id() -> int:
    return sessions.member().account_id
