"""A confirmed registration whose address opens a space already asks its owner, and waits.

A member never has a space and a request that can still be agreed to. All who put a member into a
space take the row lock on the roll's entry first, then look:

- the roll's entry, then its registration, then what it becomes (an account, a request);
- an account, then the entry of who joins it, then their request (services/household/answers.py).
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, literal, select
from sqlalchemy.orm import aliased

from webapp.models import Account, JoinRequest, Registration, RollEntry
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import lifetimes, limits
from webapp.services.household.joinable import in_no_space, space_of
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import proved
from webapp.services.takeover.proved import Proved

_NOW, _UNTIL = bindparam("now", type_=Moment), bindparam("until", type_=Moment)
_TERMS = ("terms_version", "terms_hash", "terms_at", "terms_origin")
_COLUMNS = ("id", "account_id", "roll_id", "code_mac", *_TERMS, "asked_at", "expires_at")
_SPACE = space_of(Registration.email_key, Registration.roll_id)
_OTHER, _OWNER = aliased(JoinRequest), aliased(Account)
_OTHERS = (
    select(func.count(_OTHER.id))
    .join(_OWNER, _OWNER.id == _OTHER.account_id)
    .where(_OWNER.email_key == Registration.email_key, _OTHER.expires_at > _NOW)
    .where(_OTHER.roll_id != Registration.roll_id)
    .correlate(Registration)
    .scalar_subquery()
)
_TO_ASK = (
    select(
        Registration.id,
        _SPACE.label("account_id"),
        Registration.roll_id,
        Registration.code_mac,
        *(table(Registration).c[name] for name in _TERMS),
        _NOW,
        _UNTIL,
    )
    .join(RollEntry, RollEntry.id == Registration.roll_id)
    .where(
        *proved.still(bindparam("which"), bindparam("link"), _NOW),
        in_no_space(Registration.roll_id),
        _SPACE.is_not(None),
        literal(limits.JOIN_REQUESTS) > _OTHERS,
    )
    .with_for_update(of=[RollEntry, Registration], key_share=True)
)


class _Asked(NamedTuple):
    account_id: int


def _ask() -> Prepared[_Asked]:
    def statement(insert):  # type: ignore[no-untyped-def]
        row = insert(table(JoinRequest)).from_select(list(_COLUMNS), _TO_ASK)
        newer = {name: row.excluded[name] for name in _COLUMNS if name != "roll_id"}
        return row.on_conflict_do_update(index_elements=["roll_id"], set_=newer).returning(
            JoinRequest.account_id
        )

    return Prepared(_Asked, statement)


_ASK = _ask()
_VOID = PreparedChange(delete(table(JoinRequest)).where(JoinRequest.roll_id == bindparam("whose")))


def ask(work: Work, registration: Proved, *, name: str, by: str) -> datetime | None:
    """The owner of the space is asked, by mail and on the space's home, whether `name` may join it;
    returns until when they may agree. The letter is not used up yet.

    None when the registration is not the one that was proved any more, its address opens no space
    that may be joined, its member is in one, or five others wait there.
    """
    until = work.now + lifetimes.JOIN_REQUEST
    values = {"which": registration.id, "link": registration.link_id, "now": work.now}
    asked = _ASK.first(work.db, values | {"until": until})
    if asked is None:
        return None
    notices.tell(
        work,
        "join_asked",
        to=registration.email,
        good_for=lifetimes.JOIN_REQUEST,
        who=name,
        until=until,
    )
    journal.write(work, "household.asked", account_id=asked.account_id)
    journal.write(
        work,
        "registration.join_asked",
        roll_id=registration.roll_id,
        by=by,
        terms=registration.terms_version,
    )
    return until


def void(work: Work, roll_id: int) -> None:
    """What this member asked for is over: they registered anew, and the newer one counts."""
    _VOID.run(work.db, {"whose": roll_id})
