"""Of whom a page of a space of several speaks: `?pour=` in its address, by their roll entry.

A link to a page of the space carries it, a form's address and a redirect too; no other link does.
An address without it speaks of the first who is here. A page that is open to all (help, the terms)
speaks of nobody, and its header leads back to the person of the page that led there.
"""

from collections.abc import Callable
from typing import Any, TypeGuard
from urllib.parse import parse_qs, urlencode

from flask import Flask, current_app, g, request

from webapp.rules.persons import Person
from webapp.rules.ranks import ANYONE, SIGNED_IN, Member, Rank
from webapp.web import flash, slots

KEY = "pour"
LONGEST = 19  # digits of an id
SHARED = frozenset(("security", "address", "second_factors", "adding_factor"))  # blueprints
GONE = flash.declare("plus-ici", "Cette personne n’est plus dans cet espace.", warning=True)


def install(app: Flask, ranks_of: Callable[[str], tuple[Rank, ...]]) -> None:
    """Keep the person in each link to a page that only who is signed in may open; `ranks_of` says
    who may open the page of an endpoint."""
    doors = {endpoint: ranks_of(endpoint) for endpoint in app.view_functions}
    space = frozenset(
        endpoint
        for endpoint, ranks in doors.items()
        if ranks != ANYONE and not set(SIGNED_IN).isdisjoint(ranks)
    )

    def keep(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in space and are_several(facts := g.get("facts")):
            slots.refuse_while_recording(f"the address of {endpoint}")
            values.setdefault(KEY, facts.roll_id)

    app.extensions["portal_space"] = space
    app.url_defaults(keep)
    app.jinja_env.globals.update(
        in_space=in_space,
        person_label=label,
        persons_here=here,
        persons_away=away,
        of_all_persons=is_of_all,
    )


def asked() -> int | None:
    """Whom the address asks for; None when it does not say, 0 for what is nobody's number."""
    if KEY not in request.environ["QUERY_STRING"] or KEY not in request.args:
        return None
    return _number(request.args[KEY])


def wanted() -> int | None:
    """Whom this request speaks of, if they are of the space: who the address asks for; on a page
    open to all, who the page that led there spoke of. Only our own pages say that, and whoever
    makes it up sees but another member of their own space."""
    told = asked()
    came_from = request.environ.get("HTTP_REFERER", "")
    if told is not None or KEY not in came_from or not came_from.startswith(request.host_url):
        return told
    if request.endpoint in current_app.extensions["portal_space"]:
        return None
    found = parse_qs(came_from.partition("?")[2]).get(KEY)
    return _number(found[0]) if found else None


def _number(told: str) -> int:
    readable = told.isascii() and told.isdecimal() and len(told) <= LONGEST
    return int(told) if readable else 0


def is_gone(facts: object) -> bool:
    """Whether the address asks for somebody who is not in the space of this session (any more)."""
    return isinstance(facts, Member) and asked() not in (None, facts.roll_id)


def address_without() -> str:
    """The address of this request, which asks for nobody and says that who it asked for is gone."""
    args = request.args.items(multi=True)
    left = [(name, value) for name, value in args if name not in (KEY, "fait")]
    query = urlencode([*left, ("fait", GONE.query)])
    return f"{request.script_root}{request.path}?{query}"


def are_several(facts: object) -> TypeGuard[Member]:
    """Whether several members share the space of this session."""
    return isinstance(facts, Member) and bool(facts.persons)


def shown() -> Person | None:
    """Of whom this page speaks, when it is one of a space of several."""
    facts = g.get("facts")
    if not isinstance(facts, Member) or not facts.persons:
        return None
    slots.refuse_while_recording("a page of several")
    endpoint = g.get("endpoint") or request.endpoint
    return facts.person if endpoint in current_app.extensions["portal_space"] else None


def in_space(path: str) -> str:
    """The address of a page of the space, as templates write it: `url_for` without its cost."""
    facts = g.get("facts")
    if not are_several(facts):
        return path
    slots.refuse_while_recording(f"the address {path}")
    return f"{path}?{KEY}={facts.roll_id}"


def label(person: Person) -> str:
    """« M. Gérard Exemple », with the number where another of the same space has that name."""
    namesakes = [each for each in _everybody() if each.name == person.name]
    return f"{person.name} ({person.number})" if len(namesakes) > 1 else person.name


def is_of_all() -> bool:
    """Whether this page is of what all of them share, whoever is shown."""
    endpoint = g.get("endpoint") or request.endpoint or ""
    return endpoint.partition(".")[0] in SHARED


def here() -> list[Person]:
    """Those who share the space of this page."""
    return [each for each in _everybody() if each.is_here]


def away() -> list[Person]:
    """Those who shared it until they left the mutual, or died."""
    return [each for each in _everybody() if not each.is_here]


def _everybody() -> tuple[Person, ...]:
    facts = g.get("facts")
    return facts.persons if isinstance(facts, Member) else ()
