"""The address that a browser has just registered with: nobody types it a second time."""

from sqlalchemy import and_, case, literal, select

from webapp.models import Account, Registration
from webapp.services.kernel.work import Work


def own_address(work: Work, registration_id: str | None) -> str | None:
    """The address of a registration that waits, or of the account that it made; None for another.

    A confirmed registration keeps no address of its own (confirmation.py): it is the account's, as
    long as that is of the same letter.
    """
    if registration_id is None:
        return None
    made = and_(Account.roll_id == Registration.roll_id, Account.code_mac == Registration.code_mac)
    address = case(
        (Registration.state == literal("confirmed"), Account.email), else_=Registration.email
    )
    found = select(address).select_from(Registration).outerjoin(Account, made)
    held = Registration.id == registration_id, Registration.state.in_(("waiting", "confirmed"))
    email: str | None = work.db.execute(
        found.where(*held, Registration.expires_at > work.now)
    ).scalar()
    return email or None
