"""One screen, one template, whole or in part. The words HX-… stand here, in the layouts and in the
form macro, and nowhere else: no view asks whether it is HTMX."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, TypeGuard, Unpack

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined

from webapp.rules.refusals import Refusal
from webapp.web import flash as flash_messages
from webapp.web import persons, sessions, slots
from webapp.web.flash import Flash
from webapp.web.forms import PortalForm, shown
from webapp.web.page_cache import CACHED, PageCache

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SHUT = "sign_in/shut.html"  # a space that lets nobody in: several journeys lead there
SHUT_FOR = {"membership_over": None, "space_held": "held"}  # the refusals that it tells, and how
_STATUS = {"busy": 503}
# what Flask tells every template of its request is of one visitor
_NOBODY = {name: StrictUndefined(name=name) for name in ("g", "request", "session")}
# no cache, the browser's own included, may take the step for the document
VARY = "HX-Request-Type, Cookie, Accept-Encoding"


def install(app: Flask) -> None:
    """Give every template its layout, and every answer its Vary."""
    app.context_processor(_context)
    app.jinja_env.filters.update(shown=shown, slot=slots.slot, keyed=slots.keyed)
    app.jinja_env.globals.update(
        session_left=slots.asked_anew(sessions.left),
        session_rank=slots.asked_anew(sessions.rank),
        session_email=slots.asked_anew(sessions.email),
        signed_in=slots.asked_anew(sessions.signed_in),
        header_changes=slots.asked_anew(sessions.header_changes),
    )
    app.extensions["portal_pages"] = PageCache()


def _context() -> dict[str, object]:
    """What every template is given: of whom the page speaks, where several share the space. That a
    person is gone is said by the layout, on any page."""
    done = _flash()
    gone = done if done is persons.GONE else None
    return {
        "layout": layout(), "done": None if gone else done, "gone": gone, "person": persons.shown()
    }  # fmt: skip


def partial() -> bool:
    """Whether the browser asks for the step alone, to put it in the page that it has."""
    return fetched_by_ours(request.environ)


def fetched_by_ours(environ: "WSGIEnvironment") -> bool:
    """Whether a script of ours asks, for a step: no browser shows the answer as a document."""
    return environ.get("HTTP_HX_REQUEST_TYPE") == "partial"


def arriving(environ: "WSGIEnvironment") -> bool:
    """Whether nothing says that the browser had a page of ours, and so has our style sheet: a page
    brings it then. Wrong, it costs time or bytes, and the page is the same."""
    if environ.get("HTTP_SEC_FETCH_SITE") == "same-origin":
        return False
    return "session=" not in environ.get("HTTP_COOKIE", "")


def layout() -> str:
    """The layout of this answer: the whole document, for a browser that arrives with its style
    sheet in it; the step alone, or a notice for an error."""
    if not partial():
        return "layouts/arrival.html" if arriving(request.environ) else "layouts/document.html"
    return "layouts/notice.html" if g.get("failing") else "layouts/fragment.html"


def show(template: str, **context: object) -> str:
    """Render a screen. A form's class in the context stands for its blank form.

    A screen of CACHED (web/page_cache.py) comes from the page cache, unless a form is filled in or
    a flash message is shown.
    """
    if template not in CACHED or _is_of_one_visitor(context):
        return render_template(template, **_with_blank(context))
    forms = {name: each for name, each in context.items() if _is_form(each)}
    facts = {name: each for name, each in context.items() if name not in forms}

    def render(facts: Mapping[str, object]) -> str:
        return render_template(template, **_with_blank(forms), **_NOBODY, **facts)

    cache: PageCache = current_app.extensions["portal_pages"]
    return cache.page((template, layout(), *context, *forms.values()), facts, render)


def _is_of_one_visitor(context: Mapping[str, object]) -> bool:
    """Whether more than facts sets this page apart from another visitor's."""
    if request.script_root or current_app.jinja_env.auto_reload or _flash() or _is_of_several():
        return True
    return any(isinstance(each, PortalForm) for each in context.values())


def _is_of_several() -> bool:
    """Whether the page, or the header that it comes with, is of somebody in a space of several:
    their links carry a person."""
    if "facts" not in g and not partial():
        sessions.signed_in()  # as the header asks
    return persons.are_several(g.get("facts"))


def _with_blank(context: Mapping[str, object]) -> dict[str, object]:
    return {name: each.blank() if _is_form(each) else each for name, each in context.items()}


def _is_form(value: object) -> TypeGuard[type[PortalForm]]:
    return isinstance(value, type) and issubclass(value, PortalForm)


def _flash() -> Flash | None:
    """The flash message that this answer shows, None for none."""
    done: Flash | None = g.get("done")
    if done is None and "fait" in request.args:  # `get` would raise and catch an error to say no
        return flash_messages.of(request.args["fait"])
    return done


def private(answer: ResponseReturnValue) -> Response:
    """The same answer without a Referer: this page's address is a key that no site may learn."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def refuse(
    template: str, form: PortalForm, refusal: Refusal, **context: object
) -> ResponseReturnValue:
    """The same screen again, the refusal beside its field, what was typed still there."""
    form.refuse(refusal)
    closed = refusal.key.endswith("_closed") or refusal.key == "resend_soon"
    status = _STATUS.get(refusal.key, 429 if closed else 422)
    response = make_response(render_template(template, form=form, **_with_blank(context)), status)
    if refusal.wait is not None:
        response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return response


class Place(TypedDict, total=False):
    """What an address of ours may carry besides its endpoint; `fait` is its flash message."""

    fait: str
    suite: str
    token: str


def advance(
    endpoint: str, flash: Flash | None = None, **place: Unpack[Place]
) -> ResponseReturnValue:
    """Go on to the next step: a 303 for a plain form; for HTMX the next screen in this answer, with
    its address. `flash` is shown there."""
    values = _values(place, flash)
    if not partial():
        return redirect(url_for(endpoint, **values), 303)
    arguments = {
        k: v for k, v in values.items() if current_app.url_map.is_endpoint_expecting(endpoint, k)
    }
    g.done, g.endpoint, g.place = flash, endpoint, arguments
    response = make_response(current_app.view_functions[endpoint](**arguments))
    if response.status_code in (302, 303):
        return _leave(response.headers["Location"])
    response.headers["HX-Push-Url"] = url_for(endpoint, **values)
    return response


def stay(endpoint: str) -> ResponseReturnValue:
    """Leave the page on the screen as it is (HTMX); a plain form goes to `endpoint`."""
    return make_response("", 204) if partial() else redirect(url_for(endpoint), 303)


def send_to(
    endpoint: str, flash: Flash | None = None, **place: Unpack[Place]
) -> ResponseReturnValue:
    """Send the browser to another endpoint, as a whole new page, where `flash` is shown."""
    return leave_for(url_for(endpoint, **_values(place, flash)))


def leave_for(address: str) -> ResponseReturnValue:
    """Send the browser to an address of ours, as a whole new page."""
    g.sent_away = True
    return _leave(address)


def _values(place: Place, flash: Flash | None) -> Place:
    return {**place, "fait": flash.query} if flash else place


def _leave(location: str) -> Response:
    if partial():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = location
        return response
    return make_response(redirect(location, 303))


def mark_failure(response: Response) -> Response:
    """Show an error in the page's notice; it never replaces the step on the screen."""
    if partial():
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
