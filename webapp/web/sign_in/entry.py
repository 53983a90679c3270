"""What every way of signing in ends with: the new session's cookie, and the next screen."""

from flask.typing import ResponseReturnValue

from webapp.rules.factors import Way
from webapp.rules.ranks import AtCode, Rank
from webapp.rules.refusals import Refusal
from webapp.services.sign_in import devices
from webapp.services.sign_in.finish import Entered
from webapp.web import device_cookie, screens, sessions
from webapp.web.flash import Flash
from webapp.web.sign_in.forms import PasswordForm
from webapp.web.transactions import current_work

_NEXT = {
    Rank.WAITING: "registration.in_progress",
    Rank.TERMS: "new_terms.page",
    Rank.MEMBER: "space.page",
    Rank.SHUT: "sign_in.shut",
}
_PAGES = {Way.PASSKEY: "second_factor.passkey", Way.APP: "second_factor.app"}


def enter(entered: Entered) -> ResponseReturnValue:
    """The browser holds the new session; on to the second step or to the space."""
    _hold(entered)
    if isinstance(entered.session, AtCode):
        return screens.advance(first_way(entered.session.ways))
    return screens.advance(_NEXT[entered.rank])


def enter_afresh(entered: Entered, *, told: Flash | None = None) -> ResponseReturnValue:
    """The same with a whole new page, which asks the database in a request of its own; what is
    `told` stands on the page of second steps, in the place of the space."""
    _hold(entered)
    if told and entered.rank is Rank.MEMBER:
        return screens.send_to("second_factors.page", flash=told)
    return screens.send_to(_NEXT[entered.rank])


def first_way(ways: str) -> str:
    """The page of the second step that is offered first."""
    return next((page for way, page in _PAGES.items() if way in ways), "sign_in.code")


SPENT = ("code_spent", "code_over")  # the refusals after which a sign-in is used up


def start_again(refusal: Refusal) -> ResponseReturnValue:
    """The sign-in is used up: back to the password, with the reason."""
    sessions.become_visitor()
    return screens.refuse("sign_in/page.html", PasswordForm.blank(), refusal, waits=None)


def _hold(entered: Entered) -> None:
    sessions.enter(entered.token, entered.session)
    if entered.device_secret:
        device_cookie.keep(entered.device_secret, devices.life(current_work()))
