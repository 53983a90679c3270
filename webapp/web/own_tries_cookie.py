"""The cookie of the owner's own tries: a pass, an hour long (services/sign_in/own_tries.py)."""

from flask import request

from webapp.rules import lifetimes
from webapp.services.sign_in import own_tries
from webapp.web import cookies
from webapp.web.transactions import current_work

_NAME = "tries"
_LONGEST = 400  # signs: what we never wrote is not looked at


def value() -> str | None:
    """The pass that this browser holds, None without one."""
    held = request.cookies.get(cookies.named(_NAME), "")
    return held if 0 < len(held) <= _LONGEST else None


def give(account_id: int) -> None:
    """Have this answer give the browser tries of its own at this account."""
    cookies.later(_NAME, own_tries.give(current_work(), account_id), lifetimes.OWN_TRIES)


def give_for(token: str) -> bool:
    """The same for the link of a mail; False when that is late or not ours."""
    held = own_tries.exchange(current_work(), token)
    if held is not None:
        cookies.later(_NAME, held, lifetimes.OWN_TRIES)
    return held is not None
