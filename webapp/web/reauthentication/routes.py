"""« C’est bien vous ? »: the present password, asked again before what is sensitive.

Doors marked `proved=` lead here when the last proof is older than ten minutes, and back.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webapp.rules import lifetimes
from webapp.rules.ranks import SIGNED_IN, Rank
from webapp.rules.refusals import Refusal
from webapp.services.sign_in import passkeys, reauthentication
from webapp.services.sign_in.passkeys import Purpose
from webapp.web import doors, screens, sessions
from webapp.web.doors import open_to
from webapp.web.passkeys import PasskeyForm
from webapp.web.reauthentication.forms import ReauthForm
from webapp.web.transactions import current_work

bp = Blueprint("reauthentication", __name__, url_prefix="/espace/preuve")


@bp.get("")
@open_to(*SIGNED_IN)
def page() -> ResponseReturnValue:
    """Ask the present password, unless it was given a moment ago."""
    if doors.is_proved():
        return screens.send_to(_way_back())
    return screens.show("reauthentication/page.html", form=ReauthForm.blank(), **_context())


@bp.post("")
@open_to(*SIGNED_IN)
def give() -> ResponseReturnValue:
    """« Continuer »."""
    form = ReauthForm()
    try:
        form.check()
        reauthentication.give(
            current_work(), sessions.member(), password=form.present_password.data
        )
    except Refusal as refusal:
        return screens.refuse("reauthentication/page.html", form, refusal, **_context())
    sessions.refresh()
    return screens.advance(_way_back())


@bp.get("/cle")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused passkey, whose address a browser kept and opens again."""
    return screens.send_to("reauthentication.page", suite=_way_back())


@bp.post("/cle")
@open_to(Rank.MEMBER)
def give_passkey() -> ResponseReturnValue:
    """« Utiliser ma clé d’accès »: the device has answered."""
    key = PasskeyForm()
    try:
        key.check()
        passkeys.prove(current_work(), sessions.member(), key.given())
    except Refusal as refusal:
        return screens.refuse(
            "reauthentication/page.html", ReauthForm.blank(), refusal, **_context()
        )
    sessions.refresh()
    return screens.advance(_way_back())


def _way_back() -> str:
    return doors.way_back(request.args.get("suite", ""))


def _context() -> dict[str, object]:
    return {
        "way_back": _way_back(),
        "life": lifetimes.PROOF,
        "ceremony": passkeys.to_use(
            current_work(), Purpose.PROOF, sessions.member(), browser=sessions.browser_secret()
        ),
    }
