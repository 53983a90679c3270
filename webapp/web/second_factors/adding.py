"""Adding a passkey or an authenticator app: a page each, behind a young proof."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.sign_in import authenticators, passkeys
from webapp.web import flash, screens, sessions
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.second_factors import codes_cookie
from webapp.web.second_factors.forms import NewAppForm, NewPasskeyForm
from webapp.web.second_factors.routes import PAGE, refuse
from webapp.web.transactions import current_work
from webapp.web.user_agent import agent

bp = Blueprint("adding_factor", __name__, url_prefix="/espace/securite/deuxieme-etape")

ADDED = flash.declare(
    "etape_ajoutee",
    "C’est fait : votre deuxième étape est ajoutée. Nous vous l’avons aussi écrit par mail.",
)
APP_OVER = flash.declare(
    "app_finie",
    "L’ajout de l’application est déjà terminé ou abandonné. Voici où vous en êtes.",
)

PASSKEY, APP = "adding_factor.passkey", "adding_factor.app"


@bp.get("/cle")
@open_to(Rank.MEMBER, proved=PASSKEY)
def passkey() -> ResponseReturnValue:
    """« Ajouter une clé d’accès »."""
    form = NewPasskeyForm.blank(data={"name": agent()})
    return screens.show("second_factors/passkey.html", form=form, ceremony=_ceremony())


@bp.post("/cle")
@open_to(Rank.MEMBER, proved=PASSKEY)
def add_passkey() -> ResponseReturnValue:
    """The device has made a passkey."""
    form = NewPasskeyForm()
    try:
        form.check()
        codes = passkeys.add(current_work(), sessions.member(), form.given(), name=form.name.normal)
    except Refusal as refusal:
        return screens.refuse("second_factors/passkey.html", form, refusal, ceremony=_ceremony())
    return _added(codes)


@bp.get("/application")
@open_to(Rank.MEMBER, proved=PAGE)
def app() -> ResponseReturnValue:
    """The QR code of the app being added; without one, what the member has."""
    setup = authenticators.setup(current_work(), sessions.member())
    if setup is None:
        return screens.send_to(PAGE, flash=APP_OVER)
    return screens.show("second_factors/app.html", form=NewAppForm.blank(), setup=setup)


@bp.post("/application")
@open_to(Rank.MEMBER, proved=PAGE)
def start_app() -> ResponseReturnValue:
    """« Ajouter une application d’authentification »."""
    form = OneClickForm()
    try:
        form.check()
        authenticators.start(current_work(), sessions.member())
    except Refusal as refusal:
        return refuse(form, refusal)
    return screens.advance(APP)


@bp.get("/application/valider")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused first code, whose address a browser kept and opens again."""
    return screens.send_to(APP)


@bp.post("/application/valider")
@open_to(Rank.MEMBER, proved=PAGE)
def confirm_app() -> ResponseReturnValue:
    """The first code that the app shows, « Valider »."""
    form = NewAppForm()
    try:
        form.check()
        codes = authenticators.confirm(
            current_work(), sessions.member(), name=form.name.normal, code=form.app_code.normal
        )
    except Refusal as refusal:
        return _refuse_app(form, refusal)
    return _added(codes)


def _added(codes: tuple[str, ...]) -> ResponseReturnValue:
    """The codes made along with the first step, to print; else the page with the new step."""
    if not codes:
        return screens.advance(PAGE, flash=ADDED)
    codes_cookie.hand_over(codes)
    return screens.advance("second_factors.codes")


def _refuse_app(form: NewAppForm, refusal: Refusal) -> ResponseReturnValue:
    setup = authenticators.setup(current_work(), sessions.member())
    if setup is None:
        return screens.send_to(PAGE, flash=APP_OVER)
    return screens.refuse("second_factors/app.html", form, refusal, setup=setup)


def _ceremony() -> object:
    browser = sessions.browser_secret()
    return passkeys.to_add(current_work(), sessions.member(), browser=browser)
