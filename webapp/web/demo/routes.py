"""`/demo/…`: what the demonstration's members get by post, and by mail."""

import ipaddress

from flask import Blueprint, Flask, abort, current_app, make_response, request
from flask.typing import ResponseReturnValue

from webapp.services.mail import demo_mailbox
from webapp.web import screens
from webapp.web.doors import ROW_ID, open_to_all
from webapp.web.transactions import current_work

bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.get("/courriers")
@open_to_all
def letters() -> str:
    """The paper letters, and where their QR codes lead."""
    sheets, _ = current_app.extensions["portal_demo_letters"]
    return screens.show("demo/letters.html", letters=sheets(current_work().now))


@bp.get("/courriers.pdf")
@open_to_all
def letters_pdf() -> ResponseReturnValue:
    """The same on paper."""
    _, pdf = current_app.extensions["portal_demo_letters"]
    response = make_response(pdf(current_work().now))
    response.content_type = "application/pdf"
    return response


@bp.get("/boite-mail")
@open_to_all
def mailbox() -> str:
    """The youngest mails first."""
    return screens.show("demo/mailbox.html", mails=demo_mailbox.youngest(current_work()))


@bp.get(f"/boite-mail/<{ROW_ID}:mail_id>")
@open_to_all
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail, its HTML part as a mail client shows it."""
    row = demo_mailbox.one(current_work(), mail_id)
    if row is None:
        abort(404)
    response = make_response(row.html_body)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def only_loopback(app: Flask) -> None:
    """The demonstration answers this machine alone, whatever it was bound to."""

    def check() -> None:
        peer = request.environ.get("REMOTE_ADDR", "")
        try:
            own = ipaddress.ip_address(peer).is_loopback
        except ValueError:
            own = False
        if not own:
            abort(403)

    app.before_request(check)
