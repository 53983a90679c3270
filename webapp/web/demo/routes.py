"""`/demo/boite-mail`: the mails of the demonstration, as they would arrive."""

import ipaddress

from flask import Blueprint, Flask, abort, make_response, request
from flask.typing import ResponseReturnValue

from webapp.services.mail import demo_mailbox
from webapp.web import screens
from webapp.web.doors import ROW_ID, open_to_all
from webapp.web.transactions import current_work

bp = Blueprint("demo", __name__, url_prefix="/demo")


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
