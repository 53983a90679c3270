"""The page of second steps: what the member has, what they add and take away.

Adding a passkey or an app has pages of its own (adding.py).
"""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.sign_in import authenticators, passkeys, recovery_codes, second_factors
from webapp.web import flash, screens, sessions
from webapp.web.doors import ROW_ID, open_to
from webapp.web.flash import Flash
from webapp.web.forms import OneClickForm
from webapp.web.second_factors import codes_cookie
from webapp.web.transactions import current_work

bp = Blueprint("second_factors", __name__, url_prefix="/espace/securite/deuxieme-etape")

REMOVED = flash.declare(
    "etape_retiree",
    "C’est fait : cette deuxième étape est retirée. Nous vous l’avons aussi écrit par mail.",
)
GONE_ALREADY = flash.declare(
    "etape_absente",
    "C’était déjà retiré, peut-être depuis une autre page. Voici où vous en êtes.",
)
MAIL_STOPPED = flash.declare(
    "mail_arrete", "C’est fait : nous ne vous enverrons plus de code par mail."
)
MAIL_RESUMED = flash.declare(
    "mail_repris", "C’est fait : vous pourrez de nouveau recevoir un code par mail."
)
CODES_NOTED = flash.declare(
    "codes_notes",
    "Très bien. Gardez vos codes de secours en lieu sûr, loin de votre téléphone.",
)

PAGE, TEMPLATE = "second_factors.page", "second_factors/page.html"


@bp.get("")
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """What I have, and what I can add."""
    return screens.show(TEMPLATE, form=OneClickForm.blank(), **_context())


@bp.post(f"/cle/<{ROW_ID}:passkey_id>/retirer")
@open_to(Rank.MEMBER, proved=PAGE)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """« Retirer » beside a passkey."""

    def act() -> Flash:
        gone = passkeys.remove(current_work(), sessions.member(), passkey_id)
        return REMOVED if gone else GONE_ALREADY

    return _done(act)


@bp.post("/application/retirer")
@open_to(Rank.MEMBER, proved=PAGE)
def remove_app() -> ResponseReturnValue:
    """« Retirer » beside the app."""

    def act() -> Flash:
        gone = authenticators.remove(current_work(), sessions.member())
        return REMOVED if gone else GONE_ALREADY

    return _done(act)


@bp.post("/mail/arreter")
@open_to(Rank.MEMBER, proved=PAGE)
def stop_mail() -> ResponseReturnValue:
    """« Ne plus envoyer de code par mail »."""

    def act() -> Flash:
        second_factors.stop_mail(current_work(), sessions.member())
        return MAIL_STOPPED

    return _done(act)


@bp.post("/mail/reprendre")
@open_to(Rank.MEMBER, proved=PAGE)
def resume_mail() -> ResponseReturnValue:
    """« Envoyer de nouveau un code par mail »."""

    def act() -> Flash:
        second_factors.resume_mail(current_work(), sessions.member())
        return MAIL_RESUMED

    return _done(act)


@bp.get("/codes")
@open_to(Rank.MEMBER)
def codes() -> ResponseReturnValue:
    """The new recovery codes, to print or copy; a few minutes, in this session alone."""
    found = codes_cookie.codes()
    if not found:
        return screens.send_to(PAGE)
    form = OneClickForm.blank()
    return screens.show("second_factors/codes.html", form=form, codes=found)


@bp.post("/codes")
@open_to(Rank.MEMBER, proved=PAGE)
def renew_codes() -> ResponseReturnValue:
    """« Nouveaux codes de secours »: the former ones are worth nothing any more."""
    form = OneClickForm()
    try:
        form.check()
        new = recovery_codes.renew(current_work(), sessions.member())
    except Refusal as refusal:
        return refuse(form, refusal)
    codes_cookie.hand_over(new)
    return screens.advance("second_factors.codes")


@bp.post("/codes/notes")
@open_to(Rank.MEMBER)
def codes_noted() -> ResponseReturnValue:
    """« J’ai gardé mes codes »: they are not shown any more."""

    def act() -> Flash:
        codes_cookie.drop()
        return CODES_NOTED

    return _done(act)


@bp.get(f"/cle/<{ROW_ID}:passkey_id>/retirer")
@open_to(Rank.MEMBER)
def reopened_passkey(passkey_id: int) -> ResponseReturnValue:
    """A refused « Retirer », whose address a browser kept and opens again."""
    return screens.send_to(PAGE)


@bp.get("/application/retirer", endpoint="reopened_app")
@bp.get("/mail/arreter", endpoint="reopened_stop")
@bp.get("/mail/reprendre", endpoint="reopened_resume")
@bp.get("/codes/notes", endpoint="reopened_codes")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to(PAGE)


def _done(act: Callable[[], Flash]) -> ResponseReturnValue:
    """One button: what it does returns what the page says of it."""
    form = OneClickForm()
    try:
        form.check()
        told = act()
    except Refusal as refusal:
        return refuse(form, refusal)
    return screens.advance(PAGE, flash=told)


def refuse(form: OneClickForm, refusal: Refusal) -> ResponseReturnValue:
    """The page of second factors again, the refusal on it."""
    return screens.refuse(TEMPLATE, form, refusal, **_context())


def _context() -> dict[str, object]:
    work, member = current_work(), sessions.member()
    steps = second_factors.overview(work, member)
    return {"steps": steps, "kept": passkeys.kept(work, member, steps.passkeys)}
