"""`/connexion`, `/enrolement/<token>`, `/deconnexion`: a passkey with user verification, and
nothing else."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, flashes
from webapp.desk.doors import open_to, open_to_strangers
from webapp.rules.refusals import Refusal
from webapp.rules.roles import EVERYBODY
from webapp.services.operators import keys
from webapp.services.operators import sessions as store
from webapp.services.operators.keys import Newcomer
from webapp.web import flash, screens, sessions
from webapp.web.forms import OneClickForm
from webapp.web.passkeys import PasskeyForm
from webapp.web.transactions import current_work

bp = Blueprint("sign_in", __name__)
ENROLLED = flash.declare(
    "guichet-cle", "Votre clé d’accès est enregistrée. Connectez-vous avec elle."
)


@bp.get("/connexion")
@open_to_strangers
def page() -> ResponseReturnValue:
    """The passkey's button; who is at work already goes on."""
    if at_work.current():
        return screens.send_to("home.page")
    return screens.show("desk/sign_in/page.html", form=PasskeyForm, ceremony=_ceremony())


@bp.post("/connexion")
@open_to_strangers
def sign_in() -> ResponseReturnValue:
    """The device answered."""
    form = PasskeyForm()
    try:
        form.check()
        token = keys.sign_in(current_work(), form.given())
    except Refusal as refusal:
        return screens.refuse("desk/sign_in/page.html", form, refusal, ceremony=_ceremony())
    at_work.come(token)
    return screens.send_to("home.page")


@bp.get("/enrolement/<token>")
@open_to_strangers
def enrolment(token: str) -> ResponseReturnValue:
    """The link of a newcomer, or of somebody who lost a key."""
    try:
        who = keys.newcomer(current_work(), token)
    except Refusal as refusal:
        return _over(refusal)
    return screens.private(_enrolment(who, token, PasskeyForm.blank()))


@bp.post("/enrolement/<token>")
@open_to_strangers
def enrol(token: str) -> ResponseReturnValue:
    """The device made a key."""
    form = PasskeyForm()
    try:
        who = keys.newcomer(current_work(), token)
    except Refusal as refusal:
        form.check()
        return _over(refusal)
    try:
        form.check()
        keys.enrol(current_work(), who, form.given())
    except Refusal as refusal:
        form.refuse(refusal)
        return screens.private((_enrolment(who, token, form), 422))
    return screens.send_to("sign_in.page", flash=ENROLLED)


@bp.post("/deconnexion")
@open_to(*EVERYBODY)
def sign_out() -> ResponseReturnValue:
    """The session ends."""
    OneClickForm().check()
    store.end(current_work(), at_work.must())
    at_work.leave()
    return screens.send_to("sign_in.page", flash=flashes.SIGNED_OUT)


def _ceremony() -> object:
    return keys.to_sign_in(current_work(), browser=sessions.browser_secret())


def _enrolment(who: Newcomer, token: str, form: PasskeyForm) -> str:
    ceremony = keys.to_enrol(current_work(), who, browser=sessions.browser_secret())
    return screens.show(
        "desk/sign_in/enrolment.html", form=form, newcomer=who, token=token, ceremony=ceremony
    )


def _over(refusal: Refusal) -> ResponseReturnValue:
    return screens.private((screens.show("desk/sign_in/over.html", why=refusal.key), 410))
