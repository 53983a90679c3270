"""The account that a confirmed registration becomes, in one statement that only one caller passes.

What else a confirmation does stands in confirmation.py.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, literal, select

from webapp.models import Account, Registration, RollEntry
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.services.household import joinable
from webapp.services.kernel.work import Work
from webapp.services.takeover import proved

_NOW = bindparam("now", type_=Moment)
_ACCOUNT_COLUMNS = ("roll_id", "email", "email_key", "password_hash", "terms_version", "code_mac")
_TO_BE = (
    select(*(table(Registration).c[name] for name in _ACCOUNT_COLUMNS), _NOW, literal(False))
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .where(
        *proved.still(bindparam("which"), bindparam("link"), _NOW),
        joinable.in_no_space(Registration.roll_id),
    )
    .with_for_update(of=[RollEntry, Registration], key_share=True)
)


class _Made(NamedTuple):
    id: int


_MAKE = Prepared(
    _Made,
    lambda insert: (
        insert(table(Account))
        .from_select([*_ACCOUNT_COLUMNS, "created_at", "mailed_code_off"], _TO_BE)
        .on_conflict_do_nothing()
        .returning(Account.id)
    ),
)


def make(work: Work, registration_id: str, *, link_id: str) -> int | None:
    """Make the account; returns its id, None when the registration was replaced since it was read.

    The letter is locked before its registration, as in services/registration/pending.py: those
    who use one letter in two browsers at once go one after the other.
    """
    values = {"which": registration_id, "link": link_id, "now": work.now}
    made = _MAKE.first(work.db, values)
    return None if made is None else made.id
