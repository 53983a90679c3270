"""Every door says who may enter. A route without one stops the start; none is open by default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import ANYONE, SIGNED_IN, Member, Rank
from webapp.services.kernel import sessions as store
from webapp.services.sign_in import reauthentication
from webapp.web import locks, persons, screens, sessions
from webapp.web.flash import SESSION_ENDED, Flash
from webapp.web.transactions import SAFE_METHODS, current_work, new_work

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Door:
    """Who may enter, and where the others are sent: to the first step that they have not done.

    `proved` is set where re-authentication is asked (services/sign_in/reauthentication.py): it is
    the endpoint of the page to come back to, once the present password was given again.
    `late_notice` is the flash message that a member reads in the space, when their form comes to a
    door that is no longer theirs; `notice`, when they come to a page that is not theirs.
    """

    ranks: tuple[Rank, ...]
    otherwise: str = ""
    proved: str = ""
    late_notice: Flash | None = None
    notice: Flash | None = None


def open_to(
    *ranks: Rank,
    otherwise: str = "sign_in.page",
    proved: str = "",
    late_notice: Flash | None = None,
    notice: Flash | None = None,
) -> Callable[[View], View]:
    """Mark a view's door. Members who come to a door that is not theirs go to their space."""

    def mark(view: View) -> View:
        view.door = Door(ranks, otherwise, proved, late_notice, notice)  # type: ignore[attr-defined]
        return view

    return mark


open_to_all = open_to(*ANYONE)

LARGEST_ROW_ID = 2**63 - 1  # what the database can count
ROW_ID = f"int(max={LARGEST_ROW_ID})"  # a converter for routes


def install(app: Flask) -> None:
    """Guard every route of the application. Raises RuntimeError for a route without a door."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "door"):
            raise RuntimeError(f"no door on {rule.rule} ({rule.endpoint}): mark it with @open_to")
    doors: list[Door] = [vars(view)["door"] for view in app.view_functions.values()]
    app.extensions["portal_ways_back"] = {door.proved for door in doors if door.proved}
    persons.install(app, lambda endpoint: vars(app.view_functions[endpoint])["door"].ranks)
    locks.install(app)
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    door: Door = current_app.view_functions[request.endpoint].door  # type: ignore[union-attr]
    if door.ranks == ANYONE:
        return None
    facts = sessions.current()
    rank = facts.rank if facts else Rank.VISITOR
    if persons.is_gone(facts):
        return _without_the_person(rank, door)
    if rank not in door.ranks:
        lost = rank is Rank.VISITOR and (
            bool(g.get("had_session")) or request.method not in SAFE_METHODS
        )
        told = SESSION_ENDED if lost else _notice(door) if rank is Rank.MEMBER else None
        return screens.send_to(redirect_for(rank, door), flash=told)
    if rank in (Rank.CODE, *SIGNED_IN):
        _touch()
    if door.proved and rank in SIGNED_IN and not is_proved():
        return screens.send_to("reauthentication.page", suite=door.proved)
    return None


def _without_the_person(rank: Rank, door: Door) -> ResponseReturnValue:
    """The same page of who is here, for a page of somebody who is not; nothing is done for them. A
    row of one's own, and what was to be done, has no such page: their space has."""
    if request.method in SAFE_METHODS and rank in door.ranks and not request.view_args:
        return screens.leave_for(persons.address_without())
    return screens.send_to(redirect_for(rank, door), flash=persons.GONE)


def _notice(door: Door) -> Flash | None:
    return door.notice if request.method in SAFE_METHODS else door.late_notice


def is_proved() -> bool:
    """Whether this session's member gave their password within the last ten minutes."""
    facts = sessions.current()
    return isinstance(facts, Member) and reauthentication.is_young(current_work(), facts)


def way_back(endpoint: str) -> str:
    """Where to go once the password was given again: a page that asked for it and is open to this
    rank, else the space (or the terms to accept before it)."""
    if endpoint in current_app.extensions["portal_ways_back"]:
        door: Door = vars(current_app.view_functions[endpoint])["door"]
        if sessions.rank() in door.ranks:
            return endpoint
    return "new_terms.page" if sessions.rank() is Rank.TERMS else "space.page"


def redirect_for(rank: Rank, door: Door) -> str:
    """The endpoint to which a door sends somebody of another rank."""
    to_space = Rank.MEMBER in door.ranks or door.otherwise == "sign_in.page"
    if rank is Rank.MEMBER:
        return "space.page"
    if rank is Rank.TERMS:
        return "new_terms.page"
    if rank is Rank.SHUT and to_space:
        return "sign_in.shut"
    if rank is Rank.CODE and to_space and Rank.CODE not in door.ranks:
        return "sign_in.code"
    if rank is Rank.WAITING and to_space:
        return "registration.in_progress"
    return door.otherwise


def _touch() -> None:
    facts = sessions.current()
    if facts is None or not store.is_stale(current_work().now, facts):
        return
    if request.method not in SAFE_METHODS:
        store.touch(current_work(), facts)
        return
    with new_work() as work:
        store.touch(work, facts)
