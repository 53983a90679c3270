"""The mail of a registration in waiting: its link and its code, or word that the address has an
account already."""

from datetime import timedelta
from typing import TypedDict

from sqlalchemy import bindparam, select, update

from webapp.models import Registration
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import credentials, lifetimes
from webapp.services.kernel import mailed_codes
from webapp.services.kernel.work import Work
from webapp.services.mail import outbox
from webapp.services.takeover.waiting import of_another


def is_taken(work: Work, email_key: str, roll_id: int) -> bool:
    """Whether an address has the account of somebody else than this member."""
    return bool(work.db.execute(select(of_another(email_key, roll_id))).scalar())


_TABLE = table(Registration)
_CHANGE = PreparedChange(update(_TABLE).where(_TABLE.c.id == bindparam("which")))


class _MailFacts(TypedDict, total=False):
    token: str
    code: str
    newer: bool
    life: timedelta


def write(
    work: Work,
    registration_id: str,
    to: str,
    link_id: str,
    *,
    taken: bool,
    newer: bool,
    pieces: str,
    **values: object,
) -> None:
    """Write the mail and the registration's new state.

    An address that has an account gets a mail that says so, and nobody else learns it.
    """
    expires = work.now + lifetimes.REGISTRATION
    code = work.world.chance.digits(credentials.ACTIVATION_CODE_DIGITS)
    facts: _MailFacts = {}
    if not taken:
        pieces += mailed_codes.stored_code(work, "activation_code", link_id, code, expires)
        token = work.world.seals.seal_link("registration", link_id)
        life = lifetimes.REGISTRATION
        facts = {"token": token, "code": code, "newer": newer, "life": life}
    mail_id = outbox.post(
        work,
        "address_taken" if taken else "registration",
        to=to,
        best_before=expires,
        now=True,
        **facts,
    )
    values |= {
        "link_id": link_id,
        "codes": pieces,
        "mailed_at": work.now,
        "expires_at": expires,
        "letter_id": mail_id,
    }
    _CHANGE.run(work.db, values | {"which": registration_id})
