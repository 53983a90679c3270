"""One transaction a request. It is committed below status 500, a refusal (422) too, and rolled back
otherwise."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request

from webapp.services.kernel.work import Work
from webapp.web import origins

View = TypeVar("View", bound=Callable[..., object])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    """End each request's work; its database and world are the application's (`furnish`)."""
    app.after_request(_keep_or_undo)
    app.teardown_request(_let_go)


def reads(view: View) -> View:
    """Mark a view that writes nothing in the request's own work, whatever the method: no write lock
    is taken for it, and no disk waited for."""
    view.reads = True  # type: ignore[attr-defined]
    return view


def only_reads() -> bool:
    """Whether this request's work only reads: a GET's, and that of a view which says so."""
    if request.method in SAFE_METHODS:
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "reads", False))


def current_work() -> Work:
    """This request's work."""
    if "work" not in g:
        g.work = new_work(reading=only_reads())
    work: Work = g.work
    return work


def new_work(*, reading: bool = False) -> Work:
    """A piece of work beside the request's, for what must be committed whatever becomes of that."""
    engine, world = current_app.extensions["portal"]
    return Work(engine, world, origin(), reading=reading)


def origin() -> str:
    """The address of origin, for limits and the journal. An unreadable one counts as the peer's,
    the proxy in front of us. It is never empty, since no limit would count that."""
    told = origins.counted(request.remote_addr or "")
    if told:
        return told
    _, world = current_app.extensions["portal"]
    origins.warn(current_app.logger, world.clock.now())
    return origins.counted(origins.peer(request.environ)) or origins.UNREADABLE


def _keep_or_undo(response: Response) -> Response:
    work: Work | None = g.pop("work", None)
    if work is not None:
        work.close(commit=response.status_code < 500)
    return response


def _let_go(_error: BaseException | None) -> None:
    work: Work | None = g.pop("work", None)
    if work is not None:
        work.close(commit=False)
