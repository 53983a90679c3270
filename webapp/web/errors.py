"""When something is not there, not allowed or broken: a clear page in French, in both shapes."""

import logging
import traceback

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.rules.refusals import Refusal
from webapp.web import near_addresses, screens

log = logging.getLogger("portal.web")

TOLD = (400, 403, 404, 405, 413, 415, 422, 429, 500, 503)
RETRY_SECONDS = 30


def install(app: Flask, *, template: str = "errors/error.html") -> None:
    """Answer every error with its page."""
    app.extensions["portal_error_page"] = template
    app.register_error_handler(HTTPException, _http)
    # also what a failed commit becomes
    app.register_error_handler(InternalServerError, _unforeseen)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(Exception, _unforeseen)


def page(status: int) -> Response:
    """The page of a status, or its notice when HTMX asks."""
    g.failing = True
    known = status if status in TOLD else (400 if status < 500 else 500)
    body = render_template(current_app.extensions["portal_error_page"], status=known)
    response = screens.mark_failure(make_response(body, status))
    if known == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return make_response(error.response)
    if error.code is not None and error.code < 400:
        return make_response(error.get_response(request.environ))
    if error.code == 404 and (meant := near_addresses.meant()):
        return make_response(redirect(meant, 301))
    response = page(error.code or 500)
    if error.code == 405 and hasattr(error, "valid_methods") and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _refusal(refusal: Refusal) -> Response:
    """A refusal that no screen caught: the machine is busy, or a limit is reached."""
    return page(503 if refusal.key == "busy" else 429)


def _database(error: Exception) -> Response:
    """Away or full is 503, try again; anything else is a fault of ours."""
    away = isinstance(error, (PoolTimeout, OperationalError, InterfaceError, InternalError))
    if not away:
        return _unforeseen(error)
    log.error("the database does not answer: %s", type(error).__name__)
    return page(503)


def _unforeseen(error: Exception) -> Response:
    original = getattr(error, "original_exception", None) or error
    if isinstance(original, SQLAlchemyError) and not isinstance(error, SQLAlchemyError):
        return _database(original)
    if isinstance(original, DBAPIError):  # a driver's words repeat the values that it was given
        where = "".join(traceback.format_tb(original.__traceback__))
        log.error("unforeseen: %s\n%s", type(original).__name__, where)
    else:
        log.error("unforeseen", exc_info=original)
    return page(InternalServerError.code)
