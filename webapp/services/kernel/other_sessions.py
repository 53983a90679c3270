"""Ending the other sessions of an account, when its member begins anew in one of them."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import StoredSession
from webapp.rules.ranks import SIGNED_IN, Member, OfAccount, Rank
from webapp.services.kernel import new_beginning
from webapp.services.kernel.sessions import hashed
from webapp.services.kernel.work import Work

T = TypeVar("T")


class _Renewed(NamedTuple):
    """What a session that stays alone gets with its new id."""

    id_hash: bytes
    proved_at: datetime


def stay_alone(work: Work, session: Member, epoch: int) -> tuple[str, Member]:
    """`end_others`, and this session has another id and a proof of now."""
    token, now = work.world.chance.token(), work.now
    _end_others(work, session, epoch, _Renewed(hashed(token), now))
    return token, replace(
        session, browser_key=None, codes="", device_id=None, proved_at=now, epoch=epoch
    )


def end_others(work: Work, session: OfAccount, epoch: int) -> None:
    """End every other session of this account, in one statement, once the account's count went up.

    This session goes on with that count (`epoch`). The rows of the others are emptied, so that
    nothing can revive them, and the purge removes them.
    """
    _end_others(work, session, epoch, None)


def _end_others(work: Work, session: OfAccount, epoch: int, renewed: _Renewed | None) -> None:
    mine, now = StoredSession, work.now
    this = and_(
        mine.id == session.id,
        mine.rank.in_(SIGNED_IN if session.rank in SIGNED_IN else (session.rank,)),
        or_(mine.epoch.is_(None), mine.epoch == epoch - 1),
    )

    def only_this(
        own: InstrumentedAttribute[T] | ColumnElement[T], otherwise: ColumnElement[T] | T
    ) -> ColumnElement[T]:
        return case((this, own), else_=otherwise)

    values: dict[str, object] = {
        "id_hash": only_this(mine.id_hash, _hash_of_none(work)),
        "codes": only_this(mine.codes, ""),
        "tries_left": only_this(mine.tries_left, 0),
        "proved_at": only_this(mine.proved_at, None),
    }
    if renewed is not None:
        its = {
            name: literal(value, mine.__table__.c[name].type)
            for name, value in renewed._asdict().items()
        }
        values |= {
            "id_hash": only_this(its["id_hash"], _hash_of_none(work)),
            "codes": "",
            "tries_left": 0,
            "proved_at": only_this(its["proved_at"], None),
        }
    work.db.execute(
        update(mine)
        .where(or_(mine.id == session.id, new_beginning.within_reach(mine, session.account_id)))
        .where(mine.account_id == session.account_id)
        .values(
            rank=only_this(mine.rank, literal(Rank.VISITOR, mine.rank.type)),
            browser_key=None,
            epoch=only_this(literal(epoch, mine.epoch.type), mine.epoch),
            idle_until=only_this(mine.idle_until, literal(now, mine.idle_until.type)),
            ends_at=only_this(mine.ends_at, literal(now, mine.ends_at.type)),
            **values,
        )
    )


def _hash_of_none(work: Work) -> ColumnElement[bytes]:
    """SQL: a value of its own for each row that is the SHA-256 of no cookie. The former hash must
    be free: a sign-in from the same browser may derive it again
    (services/sign_in/mailed_code.py)."""
    number = cast(StoredSession.id, String)
    if work.db.dialect.name == "postgresql":
        return func.convert_to(number, "UTF8", type_=LargeBinary)
    return cast(number, LargeBinary)
