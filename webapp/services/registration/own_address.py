"""The address that a browser has just registered with: nobody types it a second time."""

from typing import NamedTuple

from sqlalchemy import and_, case, literal, select

from webapp.models import Account, Registration
from webapp.services.kernel import household
from webapp.services.kernel.work import Work


class OwnAddress(NamedTuple):
    """`waits`: its registration is not confirmed yet."""

    email: str
    waits: bool


def own_address(work: Work, registration_id: str | None) -> OwnAddress | None:
    """The address of a registration that waits, or of the account that it made; None for another.

    A confirmed registration keeps no address of its own (confirmation.py): it is the account's, as
    long as that is of the same letter.
    """
    if registration_id is None:
        return None
    whose = Registration.roll_id
    served = household.mac_used_by(whose) == Registration.code_mac
    made = and_(Account.id == household.account_of(whose), served)
    address = case(
        (Registration.state == literal("confirmed"), Account.email), else_=Registration.email
    )
    found = select(address, Registration.state == literal("waiting"))
    held = Registration.id == registration_id, Registration.state.in_(("waiting", "confirmed"))
    row = work.db.execute(
        found.select_from(Registration)
        .outerjoin(Account, made)
        .where(*held, Registration.expires_at > work.now)
    ).one_or_none()
    return OwnAddress(row[0], row[1]) if row and row[0] else None
