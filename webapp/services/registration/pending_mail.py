"""The mail of a registration in waiting: its link and its code; or word that the address has a
space already which this member cannot join."""

from datetime import timedelta
from typing import NamedTuple, Protocol, TypedDict

from sqlalchemy import bindparam, select, update

from webapp.models import Registration
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import credentials, lifetimes
from webapp.rules.persons import Named, name_of
from webapp.services.household import joinable, leaving
from webapp.services.kernel import mailed_codes
from webapp.services.kernel.work import Work
from webapp.services.mail import outbox
from webapp.services.takeover.waiting import of_another


class Address(NamedTuple):
    """Where the mail goes. `space_id`: the space of somebody else that this address opens and that
    may be joined; `taken`: it opens one, be it open or not; `there`: the one that this member
    shares already."""

    email: str
    space_id: int | None
    taken: bool
    there: bool


class Registering(Named, Protocol):
    """The member whose letter it is. `account_id`: the space that they are in, `shares`: with
    others."""

    @property
    def roll_id(self) -> int: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def shares(self) -> bool: ...


def look_up(work: Work, email: str, roll_id: int) -> Address:
    """What this address opens, for this member."""
    key = credentials.email_key(email)
    opens = joinable.space_of(key, roll_id), of_another(key, roll_id)
    asked = select(*opens, leaving.is_there(key, roll_id))
    space_id, taken, there = work.db.execute(asked).one()
    return Address(email, space_id, bool(taken), bool(there))


_TABLE = table(Registration)
_CHANGE = PreparedChange(update(_TABLE).where(_TABLE.c.id == bindparam("which")))


class _MailFacts(TypedDict, total=False):
    token: str
    code: str
    newer: bool
    leaving: bool
    joining: str
    life: timedelta
    answer: timedelta


def write(
    work: Work,
    registration_id: str,
    member: Registering,
    address: Address,
    *,
    link_id: str,
    pieces: str,
    **values: object,
) -> None:
    """Write the mail and the registration's new state.

    The mail alone says that an address opens a space already, and whose will be opened with it;
    whoever registers learns it from no page (docs/decisions/households.md).
    """
    expires = work.now + lifetimes.REGISTRATION
    code = work.world.chance.digits(credentials.ACTIVATION_CODE_DIGITS)
    joins = joinable.joins(work, address.space_id, member.account_id) is not None
    taken = address.there or (address.taken and not joins)
    facts: _MailFacts = {}
    if not taken:
        pieces += mailed_codes.stored_code(work, "activation_code", link_id, code, expires)
        facts = {
            "token": work.world.seals.seal_link("registration", link_id),
            "code": code,
            "newer": member.account_id is not None,
            "leaving": member.shares,
            "joining": name_of(member) if joins else "",
            "life": lifetimes.REGISTRATION,
            "answer": lifetimes.JOIN_REQUEST,
        }
    mail_id = outbox.post(
        work,
        "already_there" if address.there else "address_taken" if taken else "registration",
        to=address.email,
        roll_id=None if taken else member.roll_id,
        best_before=expires,
        now=True,
        **facts,
    )
    values |= {
        "link_id": link_id,
        "codes": pieces,
        "joins": joins,
        "mailed_at": work.now,
        "expires_at": expires,
        "letter_id": mail_id,
    }
    _CHANGE.run(work.db, values | {"which": registration_id})
