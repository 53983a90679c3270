"""What every template of the desk is given: its layout, who is at work, where they may go."""

from flask import Flask, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, doors
from webapp.services.desk import second_operator
from webapp.web import flash as flash_messages
from webapp.web import screens, slots
from webapp.web.flash import Flash
from webapp.web.forms import shown
from webapp.web.transactions import current_work

# the parts of the desk, in the order of the bar: endpoint, words
PARTS = (
    ("home.page", "Chercher un adhérent"),
    ("second_operator.page", "Demandes à deux"),
)
# how many wait for this operator there
COUNTS = {"second_operator.page": second_operator.count}


def install(app: Flask) -> None:
    """Give every template of the desk what it needs."""
    app.context_processor(_context)
    app.jinja_env.filters.update(shown=shown, slot=slots.slot, keyed=slots.keyed)
    app.jinja_env.globals.update(parts=_parts, in_desk=True)


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


def _parts() -> list[tuple[str, str, bool]]:
    """Address, words, whether it is the present page: the parts that this operator may open."""
    who = at_work.current()
    here = g.get("endpoint") or request.endpoint
    return [
        (url_for(endpoint), _counted(endpoint, words), endpoint == here)
        for endpoint, words in PARTS
        if who and doors.may_enter(endpoint, who.role)
    ]


def _counted(endpoint: str, words: str) -> str:
    count = COUNTS[endpoint](current_work()) if endpoint in COUNTS else 0
    return f"{words} ({count})" if count else words


def go_on(endpoint: str, flash: Flash | None = None, **place: object) -> ResponseReturnValue:
    """Go on to another screen of the desk: a 303 for a plain form, for HTMX the screen itself."""
    return screens.advance(endpoint, flash, **place)  # type: ignore[arg-type]
