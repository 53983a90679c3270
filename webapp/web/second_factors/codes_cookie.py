"""New recovery codes on their way to the page that prints them: in the browser alone, sealed, for
ten minutes and for this session. The database never holds them, so no GET has to erase them."""

import base64
import json
from datetime import datetime, timedelta

from flask import g, request

from webapp.rules import lifetimes
from webapp.web import cookies, sessions
from webapp.web.transactions import current_work

NAME, PATH = "codes", "/espace/securite/deuxieme-etape/codes"


def hand_over(codes: tuple[str, ...]) -> None:
    """Have this answer give the browser its codes."""
    g.new_codes = codes
    content = {"codes": codes, "until": (current_work().now + lifetimes.CODES_SHOWN).isoformat()}
    sealed = current_work().world.seals.lock(_bond(), json.dumps(content).encode())
    _write(base64.urlsafe_b64encode(sealed).decode("ascii"), lifetimes.CODES_SHOWN)


def codes() -> tuple[str, ...]:
    """The codes that this session was handed a moment ago, none otherwise."""
    if "new_codes" in g:
        handed: tuple[str, ...] = g.new_codes
        return handed
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_name(), ""))
        content = json.loads(current_work().world.seals.unlock(_bond(), sealed))
    except ValueError:  # none, somebody else's, or altered
        return ()
    late = current_work().now >= datetime.fromisoformat(content["until"])
    return () if late else tuple(content["codes"])


def drop() -> None:
    """Have this answer take the codes away."""
    g.new_codes = ()
    _write("", timedelta(0))


def _bond() -> str:
    """Another session, even of the same member, can't read them."""
    return f"new-codes:{sessions.member().id}:{sessions.member().created_at.isoformat()}"


def _name() -> str:
    return cookies.named(NAME, PATH)


def _write(value: str, life: timedelta) -> None:
    cookies.later(NAME, value, life, path=PATH, same_site="Strict")
