"""A forgotten password: a mailed link to choose another. It never signs in.

Both steps of the sign-in would otherwise hang on the mailbox alone, so the member number is asked
as well, and the next sign-in asks for its mailed code as always.
"""

import hmac

from sqlalchemy import insert, select, update

from webapp.models import Account, Recovery, RollEntry
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.passwords import weakness
from webapp.rules.refusals import Refusal
from webapp.services import devices, journal, outbox, sessions, throttle
from webapp.services.work import AnyRow, Work


def ask(work: Work, *, email: str, number: str) -> None:
    """Mail a link when address and number belong together; the same answer when they don't.

    Raises Refusal("recovery_closed") when this address of origin asked too often. Too many
    requests for one address are not told: they would tell that it has an account.
    """
    throttle.spend(work, limits.RECOVERY_ORIGIN, work.origin, "recovery_closed")
    key = credentials.email_key(email)
    account = work.db.execute(
        select(Account.id, Account.email, Account.email_key, Account.password_hash)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Account.email_key == key, RollEntry.number_key == number)
    ).first()
    journal.write(work, "recovery.asked", account_id=account.id if account else None)
    try:
        throttle.spend(work, limits.RECOVERY, key, "recovery_closed")
    except Refusal:
        return
    if account is not None:
        _mail(work, account)


def link_state(work: Work, token: str) -> str:
    """What a link is worth, changing nothing: ready, used, over, or unknown (not ours)."""
    opened = work.world.seals.open_link("recovery", token)
    if opened is None:
        return "unknown"
    row = _find(work, opened[0])
    if row is not None and row.used_at is not None:
        return "used"
    return "ready" if row is not None and _alive(work, row) else "over"


def choose(work: Work, token: str, *, password: str) -> None:
    """Set the new password, once; every session and trusted device of the account ends.

    Raises Refusal: recovery_over, or the password's weakness.
    """
    opened = work.world.seals.open_link("recovery", token)
    row = _find(work, opened[0]) if opened else None
    if row is None or not _alive(work, row):
        raise Refusal("recovery_over")
    names = (row.first_name, row.last_name)
    if weak := weakness(password, email=row.email, member_number=row.number, names=names):
        raise Refusal(weak, "password")
    work.settle()
    password_hash = work.world.hasher.hash(password)
    if not _use(work, row):
        raise Refusal("recovery_over")
    change_password(work, row.account_id, row.email, password_hash)
    journal.write(work, "recovery.done", account_id=row.account_id)


def change_password(work: Work, account_id: int, email: str, password_hash: str) -> None:
    """Store the new password, end what the old one opened, tell the owner."""
    work.db.execute(
        update(Account).where(Account.id == account_id).values(password_hash=password_hash)
    )
    sessions.end_all(work, account_id)
    devices.forget_all(work, account_id)
    outbox.post(work, "password_changed", to=email, best_before=work.now + limits.DAY)


def _mail(work: Work, account: AnyRow) -> None:
    recovery_id = work.world.chance.row_id()
    expires = work.now + lifetimes.RECOVERY_LINK
    work.db.execute(
        insert(Recovery).values(
            id=recovery_id,
            account_id=account.id,
            fingerprint=_fingerprint(work, account),
            created_at=work.now,
            expires_at=expires,
        )
    )
    outbox.post(
        work,
        "recovery",
        to=account.email,
        best_before=expires,
        life=lifetimes.RECOVERY_LINK,
        token=work.world.seals.seal_link("recovery", recovery_id),
    )


def _fingerprint(work: Work, account: AnyRow) -> bytes:
    return work.world.seals.mac("recovery", account.email_key, account.password_hash)


def _find(work: Work, recovery_id: str) -> AnyRow | None:
    return work.db.execute(
        select(
            Recovery.id,
            Recovery.account_id,
            Recovery.fingerprint,
            Recovery.expires_at,
            Recovery.used_at,
            Account.email,
            Account.email_key,
            Account.password_hash,
            RollEntry.number,
            RollEntry.first_name,
            RollEntry.last_name,
        )
        .join(Account, Account.id == Recovery.account_id)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Recovery.id == recovery_id)
    ).first()


def _alive(work: Work, row: AnyRow) -> bool:
    same = hmac.compare_digest(row.fingerprint, _fingerprint(work, row))
    return same and row.used_at is None and row.expires_at > work.now


def _use(work: Work, row: AnyRow) -> bool:
    used = work.db.execute(
        update(Recovery)
        .where(Recovery.id == row.id, Recovery.used_at.is_(None), Recovery.expires_at > work.now)
        .values(used_at=work.now)
    )
    return used.rowcount == 1
