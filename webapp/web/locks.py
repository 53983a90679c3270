"""What every request is held to before a door is asked: where it comes from, and of what it is."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from webapp.web.transactions import SAFE_METHODS

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def install(app: Flask) -> None:
    """Hold every request of the application to it."""
    app.before_request(_no_nul)
    app.before_request(_same_site)
    app.before_request(_forms_only)
    app.before_request(_few_fields)
    app.after_request(_token_was_checked)


def _no_nul() -> None:
    """No address of ours has one: PostgreSQL would not take it as part of any text."""
    if "\0" in request.path:
        abort(404)


def _same_site() -> None:
    """Refuse what another site posts, before anything is read; the token is the second lock."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        abort(403)


def _forms_only() -> None:
    """Refuse a body that is not a form, or that has no content type, before anything reads it. An
    empty request goes on: it is answered that the form is too old.

    No route takes JSON: a passkey's answer is the text of a field (web/passkeys.py).
    """
    if request.method in SAFE_METHODS or request.mimetype in FORMS:
        return
    if request.content_type or request.content_length or "Transfer-Encoding" in request.headers:
        abort(415)


def _few_fields() -> None:
    """Refuse a flood of fields; Werkzeug itself counts those of multipart forms only."""
    if request.method in SAFE_METHODS:
        return
    if sum(map(len, request.form.listvalues())) > current_app.config["MAX_FORM_PARTS"]:
        abort(413)


def _token_was_checked(response: Response) -> Response:
    """A tripwire: no POST may succeed whose form did not check its token."""
    accepted = request.method == "POST" and response.status_code < 400
    if accepted and not (g.get("token_checked") or g.get("sent_away")):
        raise RuntimeError(f"{request.endpoint} accepted a POST without checking its token")
    return response
