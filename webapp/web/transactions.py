"""One piece of work a request: kept below status 500, undone otherwise; a refusal is kept."""

import ipaddress
from functools import lru_cache

from flask import Flask, Response, current_app, g, request

from webapp.services.work import Work

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
    """A work of its own, for what must be kept whatever becomes of the request."""
    engine, world = current_app.extensions["portal"]
    return Work(engine, world, origin(), reading=reading)


def origin() -> str:
    """The address of origin that limits count: IPv6 by its /64, which one household holds."""
    return _counted(request.remote_addr or "")


@lru_cache(maxsize=1_000)
def _counted(remote: str) -> str:
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def _keep_or_undo(response: Response) -> Response:
    work: Work | None = g.pop("work", None)
    if work is not None:
        work.close(keep=response.status_code < 500)
    return response


def _let_go(_error: BaseException | None) -> None:
    work: Work | None = g.pop("work", None)
    if work is not None:
        work.close(keep=False)
