"""The personal space, screen 13 on paper."""

from typing import TypedDict

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import SIGNED_IN, Rank
from webapp.rules.refusals import Refusal
from webapp.services.household import leaving
from webapp.services.kernel import sessions as store
from webapp.services.space import home
from webapp.services.space.home import Space
from webapp.web import flash, key_offer, screens, sessions
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("space", __name__, url_prefix="/espace")

STOPPED = flash.declare(
    "arrete",
    "C’est fait : le changement est arrêté. Votre accès reste le même. "
    "Ce n’était pas votre courrier ? Appelez-nous au {phone}.",
)
NOTHING_TO_STOP = flash.declare(
    "rien_a_arreter",
    "Il n’y a plus rien à arrêter : le changement l’était déjà, ou un courrier plus récent "
    "l’a remplacé.",
)
NO_KEY = flash.declare(
    "sans-cle",
    "C’est noté. Si vous changez d’avis, vous pourrez ajouter une clé d’accès dans « Sécurité ».",
)


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """Screen 13: who I am, my contract, my last sign-in, whether all is well."""
    shown = _context()
    offers_key = not shown["me"].has_passkey and not key_offer.declined()
    return screens.show("space/page.html", form=OneClickForm, offers_key=offers_key, **shown)


@bp.post("/prolonger")
@open_to(*SIGNED_IN)
def extend() -> ResponseReturnValue:
    """« Rester connecté »: the session's idle time starts afresh."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        if sessions.rank() is Rank.TERMS:
            return screens.send_to("new_terms.page", flash=flash.OLD_PAGE)
        return _refuse(form, refusal)
    store.touch(current_work(), sessions.member())
    return screens.stay("space.page")


@bp.post("/nouveau-courrier")
@open_to(Rank.MEMBER)
def stop_takeover() -> ResponseReturnValue:
    """« J’arrête ce changement »: a newer letter is not to replace this access."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _refuse(form, refusal)
    stopped = leaving.stop_own(current_work(), sessions.member())
    return screens.advance("space.page", flash=STOPPED if stopped else NOTHING_TO_STOP)


@bp.post("/sans-cle")
@open_to(Rank.MEMBER)
def decline_key() -> ResponseReturnValue:
    """« Non merci » to the passkey that the space offers: this device is asked no more."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _refuse(form, refusal)
    key_offer.decline()
    return screens.send_to("space.page", flash=NO_KEY)


@bp.get("/sans-cle")
@bp.get("/nouveau-courrier")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to("space.page")


def _refuse(form: OneClickForm, refusal: Refusal) -> ResponseReturnValue:
    return screens.refuse("space/page.html", form, refusal, offers_key=False, **_context())


class _Shown(TypedDict):
    me: Space
    asking: str


def _context() -> _Shown:
    work, member = current_work(), sessions.member()
    me = home.home(work, member)
    return {"me": me, "asking": home.asking(work, member, me)}
