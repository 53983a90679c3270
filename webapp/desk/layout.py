"""What every template of the desk is given: its layout, who is at work, where they may go."""

from typing import NamedTuple

from flask import Flask, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, doors, two_persons
from webapp.rules import postal
from webapp.rules.roles import ON_THE_TELEPHONE, Role
from webapp.services.operators import news
from webapp.services.operators.news import Item
from webapp.web import flash as flash_messages
from webapp.web import screens, slots
from webapp.web.flash import Flash
from webapp.web.forms import shown
from webapp.web.transactions import current_work

# the parts of the desk, in the order of the bar: the endpoint of their page, words
PARTS = (
    ("home.page", "Chercher un adhérent"),
    ("second_operator.page", "Demandes à deux"),
    ("lots.page", "Lots de courriers"),
    ("imports.page", "Imports"),
    ("stuck.page", "Ce qui est bloqué"),
    ("journal.page", "Journal"),
    ("operators.page", "Opérateurs"),
)
# the blueprints of a part that are not called like it
WITHIN = {
    "member": "home", "deeds": "home", "lots_returned": "lots", "imports_looking": "imports",
    "imports_undoing": "imports", "journal_export": "journal",
}  # fmt: skip
# how many wait for this operator there
COUNTS = {"second_operator.page": two_persons.count}


def install(app: Flask) -> None:
    """Give every template of the desk what it needs."""
    app.context_processor(_context)
    app.jinja_env.filters.update(shown=shown, slot=slots.slot, keyed=slots.keyed)
    app.jinja_env.globals.update(parts=_parts, supervisor_news=_news)
    app.jinja_env.filters.update(lines=postal.lines, shown_lines=_shown_lines)


def _shown_lines(text: str) -> str:
    """A list as it was pasted, line by line, without what HTML can't carry."""
    return "\n".join(map(shown, text.splitlines()))


def _context() -> dict[str, object]:
    who = None if g.get("failing") else g.get("at_work")
    return {"layout": _layout(), "done": _done(), "who": who}


def _layout() -> str:
    if not screens.partial():
        return "desk/layouts/document.html"
    return "layouts/notice.html" if g.get("failing") else "desk/layouts/fragment.html"


def _done() -> Flash | None:
    done: Flash | None = g.get("done")
    return done or flash_messages.of(request.args.get("fait", ""))


class Part(NamedTuple):
    """A part of the desk that this operator may open. `here` is its `aria-current`: "page" on its
    own page, "true" further in, "" elsewhere."""

    address: str
    words: str
    here: str


def _parts() -> list[Part]:
    """Those of the bar."""
    who = at_work.current()
    return [
        Part(url_for(endpoint), _words(endpoint, words, who.role), _here(endpoint))
        for endpoint, words in PARTS
        if who and doors.may_enter(endpoint, who.role)
    ]


def _here(part: str) -> str:
    endpoint = g.get("endpoint") or request.endpoint or ""
    if endpoint == part:
        return "page"
    blueprint = endpoint.partition(".")[0]
    return "true" if WITHIN.get(blueprint, blueprint) == part.partition(".")[0] else ""


def _news() -> list[Item]:
    """What happened to operators that this one, a supervisor, has not seen yet."""
    who = at_work.current()
    if who is None or who.role is not Role.SUPERVISOR:
        return []
    return news.untold(current_work(), who.operator_id)


def _words(endpoint: str, words: str, role: Role) -> str:
    """With how many wait there. Who opens no member's page begins on one that tells them what is
    theirs."""
    if endpoint == "home.page" and role not in ON_THE_TELEPHONE:
        return "Accueil"
    count = COUNTS[endpoint]() if endpoint in COUNTS else 0
    return f"{words} ({count})" if count else words


def go_on(endpoint: str, flash: Flash | None = None, **place: object) -> ResponseReturnValue:
    """Go on to another screen of the desk: a 303 for a plain form, for HTMX the screen itself."""
    return screens.advance(endpoint, flash, **place)  # type: ignore[arg-type]
