"""The passkeys that are kept: each credential once, ten an account at most."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import aliased

from webapp.models import Account, Passkey, RollEntry
from webapp.rules import limits
from webapp.rules.refusals import Refusal
from webapp.services.kernel import household
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import MadePasskey


class Found(NamedTuple):
    """A passkey, and what a sign-in needs to know of its account."""

    id: int
    handle: bytes
    public_key: bytes
    account_id: int
    email: str
    terms_version: str
    password_hash: str
    epoch: int
    status: str
    roll_id: int
    joined: int


def find(work: Work, credential_id: bytes) -> Found | None:
    """The passkey of this credential, its account locked; None when we keep no such one."""
    row = work.db.execute(
        select(
            Passkey.id,
            Passkey.handle,
            Passkey.public_key,
            Account.id.label("account_id"),
            Account.email,
            Account.terms_version,
            Account.password_hash,
            Account.epoch,
            household.status(),
            Account.roll_id,
            Account.joined,
        )
        .join(Account, Account.id == Passkey.account_id)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Passkey.credential_id == credential_id)
        # the account before its passkey, as in services/kernel/new_beginning.py
        .with_for_update(read=True, key_share=True, of=Account)
    ).first()
    return Found(*row) if row else None


def keep(work: Work, account_id: int, made: MadePasskey, name: str) -> None:
    """Insert the passkey unless the account has ten; no credential is kept twice.

    Raises Refusal: passkey_known, passkeys_many.
    """
    others = aliased(Passkey)
    handle = select(others.handle).where(others.account_id == account_id).order_by(others.id)
    values = {
        "account_id": account_id,
        "credential_id": made.credential_id,
        "handle": handle_of(work, account_id),
        "public_key": made.public_key,
        "sign_count": made.sign_count,
        "transports": made.transports,
        "name": name,
        "created_at": work.now,
    }
    columns = [Passkey.__table__.c[key] for key in values]
    many = select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)
    given: dict[str, ColumnElement[object]] = {
        key: literal(value, Passkey.__table__.c[key].type) for key, value in values.items()
    }
    given["handle"] = func.coalesce(handle.limit(1).scalar_subquery(), given["handle"])
    row = select(*given.values())
    kept = work.db.execute(
        work.insert(Passkey)
        .from_select(columns, row.where(many.scalar_subquery() < limits.PASSKEYS))
        .on_conflict_do_nothing(index_elements=["credential_id"])
        .returning(Passkey.id)
    ).first()
    if kept is None:
        known = find(work, made.credential_id) is not None
        raise Refusal("passkey_known" if known else "passkeys_many")


class Kept(NamedTuple):
    """What a browser is told of a passkey, and what its device calls the account."""

    credential_id: bytes
    transports: str
    handle: bytes


def of_account(work: Work, account_id: int) -> list[Kept]:
    """Those of an account, the first one first."""
    rows = work.db.execute(
        select(Passkey.credential_id, Passkey.transports, Passkey.handle)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
    ).all()
    return [Kept(*row) for row in rows]


def handle_of(work: Work, account_id: int) -> bytes:
    """What the device of an account's first passkey keeps in the place of a name: it tells nobody
    whose account it is. Kept with the passkey, since this key may change; its challenge, which
    follows from the same key, is refused when that happens between the page and the answer."""
    return work.world.seals.mac("passkey_handle", str(account_id))
