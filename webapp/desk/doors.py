"""Every door of the desk says which roles may enter. A route without one stops the start."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, flashes
from webapp.rules.roles import Role
from webapp.services.operators import sessions as store
from webapp.web import locks, screens
from webapp.web.transactions import SAFE_METHODS, current_work, new_work, only_reads

View = TypeVar("View", bound=Callable[..., object])


def open_to(*roles: Role) -> Callable[[View], View]:
    """Mark a view's door: operators of these roles. Strangers go to the sign-in, operators of
    another role read that it is not theirs."""

    def mark(view: View) -> View:
        view.roles = roles  # type: ignore[attr-defined]
        return view

    return mark


def open_to_strangers(view: View) -> View:
    """Mark a door that stands open: the sign-in, the enrolment, the health."""
    view.roles = None  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Guard every route. Raises RuntimeError for a route without a door."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "roles"):
            raise RuntimeError(f"no door on {rule.rule} ({rule.endpoint}): mark it with @open_to")
    locks.install(app)
    app.before_request(_guard)


def may_enter(endpoint: str, role: Role) -> bool:
    """Whether this role may open the page of an endpoint."""
    roles: tuple[Role, ...] | None = vars(current_app.view_functions[endpoint])["roles"]
    return roles is None or role in roles


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    roles: tuple[Role, ...] | None = vars(current_app.view_functions[request.endpoint])["roles"]
    if roles is None:
        return None
    who = at_work.current()
    if who is None:
        return to_the_sign_in()
    current_work().operator_id = who.operator_id
    _touch(who)
    return None if who.role in roles else _not_theirs()


def to_the_sign_in() -> ResponseReturnValue:
    """The answer to a stranger."""
    ended = bool(g.get("had_session")) or request.method not in SAFE_METHODS
    return screens.send_to("sign_in.page", flash=flashes.SESSION_ENDED if ended else None)


def _not_theirs() -> ResponseReturnValue:
    """The answer to an operator of another role."""
    return make_response(screens.show("desk/not_yours.html"), 403)


def _touch(who: store.AtWork) -> None:
    if not only_reads():
        store.touch(current_work(), who)
        return
    with new_work() as work:
        store.touch(work, who)
