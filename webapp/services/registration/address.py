"""A registration in waiting, written to another address."""

from webapp.rules import credentials, limits
from webapp.rules.ranks import OfRegistration, Waiting
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, throttle
from webapp.services.kernel.work import Work
from webapp.services.registration import pending_mail, stored
from webapp.services.roll import entries


def change(
    work: Work, session: OfRegistration, *, email: str, access_code: str | None = None
) -> None:
    """Write to another address from now on; the links and codes sent to the former one die.

    A session signed in with the password may; one that only registered here proves its letter
    again, since somebody else may sit there by now.
    Raises Refusal: missing_access_code, access_code_wrong, letter_closed, origin_closed,
    same_email, mail_closed, registration_over, registration_done.
    """
    registration_id = session.registration_id
    if registration_id is None:
        raise Refusal("registration_over")
    if not isinstance(session, Waiting):
        _prove_letter(work, registration_id, access_code)
    row = stored.waiting(work, registration_id)
    key = credentials.email_key(email)
    if key == row.email_key:
        raise Refusal("same_email", "email")
    throttle.spend(work, limits.REGISTRATION_MAIL, str(row.roll_id), "mail_closed")
    link_id = work.world.chance.row_id()
    address = pending_mail.look_up(work, email, row.roll_id)
    pending_mail.write(
        work,
        registration_id,
        row,
        address,
        link_id=link_id,
        pieces="",
        email=email,
        email_key=key,
    )
    journal.write(
        work, "registration.address_changed", roll_id=row.roll_id, address_taken=address.taken
    )


def _prove_letter(work: Work, registration_id: str, access_code: str | None) -> None:
    """The code typed is that of this registration's letter, counted as on screen 5."""
    row = stored.load(work, registration_id)
    if row is None:
        raise Refusal("registration_over")
    if access_code is None:
        raise Refusal("missing_access_code", "access_code")
    try:
        entries.entry_of_letter(work, row.number, access_code)
    except Refusal as refusal:
        if refusal.key != "letter_wrong":
            raise
        raise Refusal("access_code_wrong", "access_code") from refusal
