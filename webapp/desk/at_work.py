"""The operator of this request."""

from typing import cast

from flask import g, session

from webapp.services.operators import sessions as store
from webapp.services.operators.sessions import AtWork
from webapp.web import sessions
from webapp.web.sessions import PortalSession
from webapp.web.transactions import current_work


def current() -> AtWork | None:
    """Who is at work, None for a stranger. Looked up once."""
    if "at_work" not in g:
        token = cast(PortalSession, session).token
        g.at_work = store.find(current_work(), token) if token else None
        if token and g.at_work is None:
            g.had_session = True
            leave()
    found: AtWork | None = g.at_work
    return found


def must() -> AtWork:
    """Who is at work, behind a door."""
    found = current()
    if found is None:
        raise RuntimeError("a door of the desk let a stranger in")
    return found


def come(token: str) -> None:
    """Give the browser the session that was minted, from this answer on."""
    sessions.enter(token)
    g.pop("at_work", None)


def leave() -> None:
    """From this answer on, the browser holds no session."""
    sessions.become_visitor()
    g.at_work = None
