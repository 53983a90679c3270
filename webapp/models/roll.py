"""The roll: who is a member of the mutual, and the keyed hash of the letter's access code."""

from datetime import date, datetime

from sqlalchemy import FetchedValue, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigId
from webapp.rules.postal import ADDRESS_ROOM
from webapp.rules.statuses import ACTIVE


class RollEntry(Base):
    """A member, as the mutual's file says. `number` is shown.

    `number_key`: what anybody who types the number makes of it, its normal form. Several members
    may share it; none shares `spelling` as well: how the mutual writes the number, without spaces
    and in capitals, where that is not the normal form itself, "" where it is. The database derives
    it from `number`; `identity` of rules/credentials.py does the same.
    `code_issued_at`: from when the 90 days of the code run, which for a letter of ours may be days
    ahead; three moments of 1970 say that it opens nothing (services/roll/entries.py).
    `returned_mac`: keyed hash of the address from which the last letter came back: no other is made
    for it. `replaced_mac`: of the file's code in whose place a letter was made. Importing that
    file again does not bring it back. `status`: rules/statuses.py; `address`: rules/postal.py.
    `missing_since`: marked as left because a whole roll did not name them. `added_by`: the import.
    """

    __tablename__ = "roll"
    __table_args__ = (Index("uq_roll_identity", "number_key", "spelling", unique=True),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    number_key: Mapped[str] = mapped_column(String(32))
    spelling: Mapped[str] = mapped_column(String(64), FetchedValue())  # migration 0007 says how
    civility: Mapped[str] = mapped_column(String(20), default="")
    last_name: Mapped[str] = mapped_column(String(120), default="")
    first_name: Mapped[str] = mapped_column(String(120), default="")
    birth_date: Mapped[date | None] = mapped_column(index=True)
    contract: Mapped[str] = mapped_column(String(200), default="")
    joined_on: Mapped[date | None]
    code_mac: Mapped[bytes]
    code_issued_at: Mapped[datetime]
    replaced_mac: Mapped[bytes | None]
    returned_mac: Mapped[bytes | None]
    updated_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default=ACTIVE, server_default=ACTIVE)
    address: Mapped[str] = mapped_column(String(ADDRESS_ROOM), default="", server_default="")
    missing_since: Mapped[datetime | None]
    added_by: Mapped[int | None]
