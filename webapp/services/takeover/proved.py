"""A newer letter is proved: what it changes is written down, and waits for a day (waiting.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import BindParameter, ColumnElement, SQLColumnExpression, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import Account, Leaving, Registration, RollEntry, Takeover
from webapp.rules import lifetimes
from webapp.services.kernel import membership
from webapp.services.kernel.work import Work


class Began(NamedTuple):
    """What waits from now on, for whom it is told. `to`: the former address; `address`: the new
    one, masked; `person`: who proved the letter."""

    account_id: int
    roll_id: int
    to: str
    address: str
    effective_at: datetime
    token: str
    by: str
    terms: str
    person: str


class Stopped(NamedTuple):
    """What waits no more. `to`: both addresses."""

    account_id: int
    roll_id: int
    to: Sequence[str]
    by: str
    person: str


@dataclass(frozen=True)
class Kind:
    """What a newer letter changes a day later. `seal`: of its links; `one_a`: the column of which
    each value has one at most; `names_person`: its page says whom it is about.

    In SQL, where a Registration is proved by a RollEntry: `account` joins the Account, `used` is
    the letter that served last, `taken` whether the address is not to be had; `whose`: the member,
    where a row's account is joined. `began` and `stopped` write it down and tell it.
    """

    table: type[Takeover] | type[Leaving]
    seal: str
    one_a: str
    account: ColumnElement[bool]
    used: SQLColumnExpression[bytes] | SQLColumnExpression[bytes | None]
    taken: ColumnElement[bool]
    whose: InstrumentedAttribute[int]
    began: Callable[[Work, Began], None]
    stopped: Callable[[Work, Stopped], None]
    names_person: bool = False


class Proved(Protocol):
    """The registration of a member who has an account, as it was when its link or code was read."""

    @property
    def id(self) -> str: ...
    @property
    def link_id(self) -> str: ...
    @property
    def roll_id(self) -> int: ...
    @property
    def letter_mac(self) -> bytes: ...
    @property
    def email(self) -> str: ...
    @property
    def terms_version(self) -> str: ...


def still(
    which: BindParameter[str] | str,
    link_id: BindParameter[str] | str,
    now: BindParameter[datetime] | datetime,
) -> tuple[ColumnElement[bool], ...]:
    """SQL, where a Registration and its member's RollEntry are joined and locked: it is the one
    that was proved, it waits, its letter is the member's of today, and they neither left nor
    died."""
    return (
        Registration.id == which,
        Registration.link_id == link_id,
        Registration.state == "waiting",
        Registration.expires_at > now,
        Registration.code_mac == RollEntry.code_mac,
        membership.goes_on(),
    )


_TERMS = ("terms_version", "terms_hash", "terms_at", "terms_origin")
_COPIED = ("email", "email_key", "password_hash", "password_tag", *_TERMS)


def write(work: Work, kind: Kind, registration: Proved) -> int | None:
    """One statement that only one caller passes; returns the account's id, None when the
    registration is not the one that was proved any more, or its address is not to be had. The
    letter is locked before its registration, as in services/registration/pending.py."""
    columns = _values(work, kind)
    source = (
        select(*columns.values())
        .select_from(Registration)
        .join(RollEntry, RollEntry.id == Registration.roll_id)
        .join(Account, kind.account)
        .where(
            *still(registration.id, registration.link_id, work.now),
            kind.used.is_distinct_from(RollEntry.code_mac),
            ~kind.taken,
        )
        .with_for_update(of=[RollEntry, Registration], key_share=True)
    )
    insert = work.insert(kind.table).from_select(list(columns), source)
    replaced = {name: insert.excluded[name] for name in columns if name != kind.one_a}
    return work.db.execute(
        insert.on_conflict_do_update(
            index_elements=[kind.one_a], set_=replaced | {"ended_at": None}
        ).returning(kind.table.account_id)
    ).scalar()


def _values(work: Work, kind: Kind) -> dict[str, SQLColumnExpression[object]]:
    moment = Takeover.created_at.type
    values: dict[str, SQLColumnExpression[object]] = {
        "id": Registration.id,
        "account_id": Account.id,
        "state": literal("waiting"),
        **{name: getattr(Registration, name) for name in _COPIED},
        "created_at": literal(work.now, moment),
        "effective_at": literal(work.now + lifetimes.TAKEOVER, moment),
    }
    return values if kind.one_a in values else {**values, kind.one_a: RollEntry.id}
