"""One transaction a request. It is committed below status 500, a refusal (422) too, and rolled back
otherwise."""

from flask import Flask, Response, current_app, g, request

from webapp.services.kernel.work import Work
from webapp.web import origins

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    """End each request's work; its database and world are the application's (`furnish`)."""
    app.after_request(_keep_or_undo)
    app.teardown_request(_let_go)


def current_work() -> Work:
    """This request's work. A GET only reads."""
    if "work" not in g:
        g.work = new_work(reading=request.method in SAFE_METHODS)
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
