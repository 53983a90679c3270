"""One screen, one template, whole or in part. The words HX-… stand here, in the layouts and in the
form macro, and nowhere else: no view asks whether it is HTMX."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypedDict, Unpack

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

from webapp.rules.refusals import Refusal
from webapp.web import sessions
from webapp.web.forms import PortalForm, shown
from webapp.web.kept_pages import KeptPages, mark, marks
from webapp.web.tokens import csrf_token

_STATUS = {"busy": 503}
LATE = {"csrf_token": csrf_token, "session_left": sessions.left}
# no cache, the browser's own included, may take the step for the document
VARY = "HX-Request-Type, Cookie, Accept-Encoding"


def install(app: Flask) -> None:
    """Give every template its layout, and every answer its Vary."""
    app.context_processor(lambda: {"layout": layout(), "done": _told()})
    app.jinja_env.filters["shown"] = shown
    app.extensions["portal_screens"] = KeptPages(LATE)


def partial() -> bool:
    """Whether the browser asks for the step alone, to put it in the page that it has."""
    return request.headers.get("HX-Request-Type") == "partial"


def layout() -> str:
    """The layout of this answer: the whole document, the step alone, or a notice for an error."""
    if not partial():
        return "layouts/document.html"
    return "layouts/notice.html" if g.get("failing") else "layouts/fragment.html"


def show(template: str, **context: object) -> str:
    """Render a screen."""
    return render_template(template, **context)


def show_kept(
    template: str,
    words: Mapping[str, str] = MappingProxyType({}),
    forms: Mapping[str, type[PortalForm]] = MappingProxyType({}),
    **context: Hashable,
) -> str:
    """A screen that differs by its words, its forms' token and a session's end: rendered once a
    process for each `context` (kept_pages.py).

    Nothing was typed and nothing is told. The template prints words as they are, without a
    filter, and asks of one at most whether it is empty.
    """

    def render(shown: Mapping[str, str] = words) -> str:
        blank = {name: form.blank() for name, form in forms.items()}
        return show(template, **context, **blank, **shown)

    if request.script_root or _told() or current_app.jinja_env.auto_reload:
        return render()
    kept: KeptPages = current_app.extensions["portal_screens"]
    which = (template, layout(), *context.items())

    def with_marks() -> str:
        with _late_marks():
            return render(marks(words))

    return kept.page(which, words, with_marks)


@contextmanager
def _late_marks() -> Iterator[None]:
    """Marks for the late words stand in `g`, for who looks there first."""
    own = {name: g.pop(name) for name in LATE if name in g}
    for name in LATE:
        setattr(g, name, mark(name))
    try:
        yield
    finally:
        for name in LATE:
            g.pop(name)
        for name, value in own.items():
            setattr(g, name, value)


def _told() -> str:
    told: str = g.get("done") or request.args.get("fait", "")
    return told


def private(answer: ResponseReturnValue) -> Response:
    """The address of this page is a key: it is told to nobody."""
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
    response = make_response(render_template(template, form=form, **context), status)
    if refusal.wait is not None:
        response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return response


class Place(TypedDict, total=False):
    """What an address of ours may carry besides its endpoint."""

    fait: str
    suite: str
    token: str


def advance(endpoint: str, **values: Unpack[Place]) -> ResponseReturnValue:
    """The step is done, go on to the next: a 303 for a plain form, the next screen itself for
    HTMX, with its address."""
    if not partial():
        return redirect(url_for(endpoint, **values), 303)
    g.done = values.get("fait")
    arguments = {
        k: v for k, v in values.items() if current_app.url_map.is_endpoint_expecting(endpoint, k)
    }
    response = make_response(current_app.view_functions[endpoint](**arguments))
    if response.status_code in (302, 303):
        return _leave(response.headers["Location"])
    response.headers["HX-Push-Url"] = url_for(endpoint, **values)
    return response


def stay(endpoint: str) -> ResponseReturnValue:
    """Done, and the page on the screen goes on as it is (HTMX); a plain form goes to `endpoint`."""
    return make_response("", 204) if partial() else redirect(url_for(endpoint), 303)


def send_to(endpoint: str, *, ended: bool = False, **values: Unpack[Place]) -> ResponseReturnValue:
    """Not here: go there instead, with a whole new page. `ended` tells that a session is over."""
    g.sent_away = True
    if ended:
        values["fait"] = "session"
    return _leave(url_for(endpoint, **values))


def _leave(location: str) -> Response:
    if partial():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = location
        return response
    return make_response(redirect(location, 303))


def mark_failure(response: Response) -> Response:
    """An error never replaces the step on the screen: it goes to the page's notice."""
    if partial():
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
