"""The personal space, screen 13 on paper."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.moments import day, moment
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import sessions as store
from webapp.services import space, takeover
from webapp.services.space import Space
from webapp.web import screens, sessions, words
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("space", __name__, url_prefix="/espace")


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """Screen 13: who I am, my contract, my last sign-in, whether all is well."""
    me = space.home(current_work(), sessions.member())
    forms = {"form": OneClickForm}
    return screens.show_kept("space/page.html", _words(me), forms, is_well=me.is_well)


@bp.post("/prolonger")
@open_to(Rank.MEMBER, Rank.TERMS)
def extend() -> ResponseReturnValue:
    """« Rester connecté »: the session's idle time starts afresh."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        if sessions.rank() is Rank.TERMS:
            return screens.send_to("new_terms.page", fait="ancienne")
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
    stopped = takeover.stop_own(current_work(), sessions.member().account_id)
    return screens.advance("space.page", fait="arrete" if stopped else "rien_a_arreter")


@bp.get("/nouveau-courrier")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to("space.page")


def _refuse(form: OneClickForm, refusal: Refusal) -> ResponseReturnValue:
    me = space.home(current_work(), sessions.member())
    return screens.refuse("space/page.html", form, refusal, is_well=me.is_well, **_words(me))


def _words(me: Space) -> dict[str, str]:
    """What the page says of this member; "" for what it doesn't say."""
    return {
        "name": " ".join(filter(None, (me.civility, me.first_name, me.last_name))),
        "number": me.number,
        "born": words.said(day, me.birth_date),
        "email": me.email,
        "contract": me.contract,
        "joined": words.said(day, me.joined_on),
        "previous": words.said(moment, me.last_sign_in),
        "closing": words.said(moment, me.closing_at),
        "takeover": words.said(moment, me.takeover_at),
        "new_email": me.new_email or "",
        **words.counted("one_wrong_password", "wrong_passwords", me.wrong_passwords),
        **words.counted("one_device", "devices", me.devices),
    }
