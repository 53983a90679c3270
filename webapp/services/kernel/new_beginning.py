"""A new beginning of an account: what was opened or begun before it opens nothing any more.

One statement counts it up (`counted`, folded into the UPDATE of the account that the act does
anyway). Whatever is opened or begun bears the count of its account as it stood *when its ground was
proved*: in the very row in which the password, the device, the passkey or the session was read. It
is worth something only while both are equal. What another transaction inserts and commits a
moment later bears a former count, and is dead although no DELETE saw it.

A row without a count was made by the former release, which may still serve: it is judged as it
was then, good until somebody deletes it.

The rows are deleted as well (`sweep`), so that nobody is shown them and nothing personal stays.
An ending waits for nothing but its account's row; the rows that somebody holds at that moment are
passed over, shown to nobody (`ended`), and removed by the next purge.
"""

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    and_,
    delete,
    exists,
    or_,
    select,
)

from webapp.models import Account, AddressChange, Authenticator, Device, Recovery, StoredSession
from webapp.rules.ranks import OfAccount
from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work

Bearer = (  # a table whose rows bear their account's count
    type[StoredSession] | type[Device] | type[Recovery] | type[AddressChange] | type[Authenticator]
)

# Every table that names an account: what a new beginning does to its rows.
ENDED = {
    "session": "all but the one that the act was done in, which is carried over where it stays",
    "device": "all, unless only the other sessions were closed",
    "recovery": "a link to a new password that was mailed before",
    "address_change": "a change that waits; one that is done may still be undone",
    "authenticator": "an app whose first code has not come; one in force stays",
}
# Of those tables that also keep what had its effect: which rows still wait for it.
_WAITS: dict[Bearer, ColumnElement[bool]] = {
    Recovery: Recovery.used_at.is_(None),
    AddressChange: AddressChange.state == "waiting",
    Authenticator: Authenticator.confirmed_at.is_(None),
}
BEARERS: tuple[Bearer, ...] = (StoredSession, Device, Recovery, AddressChange, Authenticator)
STAYS = {
    "passkey": "its member's own; those younger than a dispute go in services/account/take_back.py",
    "recovery_code": "as the passkey",
    "takeover": "a newer letter's holder may be the owner: a stranger's new password stops it not",
    "leaving": "as the takeover, of one member of several",
    "join_request": "a letter asked; the owner of the space may still agree, or not",
    "joined_member": "shares the space, whatever its password",
    "terms_acceptance": "a proof",
    "journal": "what happened, happened",
}


def counted() -> dict[str, ColumnElement[int]]:
    """The values to write on an account so that it begins anew with that statement."""
    return {"epoch": Account.epoch + 1}


def current(epoch: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """SQL: whether what bears this count is worth something, where its account is joined."""
    return or_(epoch.is_(None), epoch == Account.epoch)


def is_current(table: Bearer) -> ColumnElement[bool]:
    """`current` for a row of this table, where its account is not joined."""
    same = exists().where(Account.id == table.account_id, Account.epoch == table.epoch)
    return or_(table.epoch.is_(None), same)


def ended(table: Bearer) -> ColumnElement[bool]:
    """SQL: whether a row of one of these tables died by a new beginning. What had its effect
    before (a change that is done, an app in force, a link that was used) did not."""
    former = exists().where(Account.id == table.account_id, Account.epoch != table.epoch)
    return and_(former, *(_WAITS[each] for each in _WAITS if each is table))


def still(session: OfAccount) -> ColumnElement[bool]:
    """SQL: this session's account, unless it began anew since the session was looked for. On
    PostgreSQL an UPDATE looks again once it has the row: that is what makes it safe."""
    own = Account.id == session.account_id
    return own if session.epoch is None else and_(own, Account.epoch == session.epoch)


def held(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """SQL: the account's id, None unless the conditions hold. Who locks a row of its own that an
    ending deletes asks for it in that very statement: the account is locked first then, as the
    ending does (PostgreSQL), and no two wait for each other."""
    own = select(Account.id).where(*conditions)
    return own.with_for_update(read=True, key_share=True).scalar_subquery()


def lock_account(work: Work, session: OfAccount) -> None:
    """Take a row lock on the account: until this work ends it does not begin anew, and nobody else
    changes its second factors. Raises Refusal("session_over") when it has just begun anew."""
    own = select(Account.id).where(still(session)).with_for_update(key_share=True)
    if work.db.execute(own).first() is None:
        raise Refusal("session_over")


def subject(account_id: int | None, epoch: int | None) -> str:
    """What tries at an account's codes are counted for: those of before a new beginning are
    forgotten. (Without one, as the former release counts.)"""
    return f"{account_id} {epoch}" if epoch else str(account_id)


def end_all(work: Work, account_id: int) -> None:
    """After the count: no session and no device of the account is left."""
    sweep(work, account_id, Device)
    sweep(work, account_id, StoredSession)


def end_begun(work: Work, account_id: int) -> None:
    """`end_all`, and all that was begun is deleted too, where there is time for it."""
    end_all(work, account_id)
    sweep_begun(work, account_id)


def any_uncounted(account_id: int | None) -> ColumnElement[bool]:
    """SQL, beside the count: whether something begun bears none. It must be `sweep_begun` then.

    By id: correlated to the row of a RETURNING, SQLite finds none.
    """
    left = (
        exists().where(t.account_id == account_id, t.epoch.is_(None), begun)
        for t, begun in _WAITS.items()
    )
    return or_(*left).label("uncounted")


def sweep_begun(work: Work, account_id: int) -> None:
    """After the count: all that was begun and not finished is deleted."""
    for table, begun in _WAITS.items():
        sweep(work, account_id, table, begun)


def sweep(work: Work, account_id: int, table: Bearer, *which: ColumnElement[bool]) -> None:
    """Delete what has died by the count: rows of a table that names its account."""
    work.db.execute(delete(table).where(within_reach(table, account_id), *which))


def within_reach(table: Bearer, account_id: int | None) -> ColumnElement[bool]:
    """SQL: this account's rows that nobody holds, and those without a count, which are waited
    for: nothing else ends them."""
    own = table.account_id == account_id
    free = select(table.id).where(own).with_for_update(skip_locked=True)
    return and_(own, or_(table.epoch.is_(None), table.id.in_(free)))
