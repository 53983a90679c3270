"""The passkey that the space offers: a device on which « Non merci » was said is asked no more.

The answer is of the device, not of the account: a cookie, which goes to the space alone.
"""

from flask import request

from webapp.rules import lifetimes
from webapp.web import cookies

_NAME, _PATH = "no-passkey", "/espace"


def declined() -> bool:
    """Whether this browser said no."""
    return cookies.named(_NAME, _PATH) in request.cookies


def decline() -> None:
    """Have this answer keep the no."""
    cookies.later(_NAME, "1", lifetimes.KEY_DECLINED, path=_PATH, same_site="Strict")
