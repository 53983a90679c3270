"""Mailed codes as they are stored: « keyed hash@expiry » pieces, side by side in one column.

A new code is appended by the database itself (`codes || :piece`), so that two requests at once
never lose one, and asking for another never kills the one under way.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from webapp.rules import credentials, lifetimes, limits
from webapp.services.kernel.work import Work

_SECONDS_DIGITS = 10


def new(work: Work, purpose: str, owner: str, life: timedelta) -> tuple[str, str]:
    """Six fresh digits, and what to append for them."""
    code = work.world.chance.digits(credentials.SECURITY_CODE_DIGITS)
    return code, stored_code(work, purpose, owner, code, work.now + life)


def stored_code(work: Work, purpose: str, owner: str, code: str, expires: datetime) -> str:
    """What to store for a code that lives until `expires`, bound to its purpose and owner."""
    mac = work.world.seals.mac(purpose, owner, code)
    return f"{_mark(mac)}{int(expires.timestamp())} "


def held(
    work: Work, column: InstrumentedAttribute[str], purpose: str, owner: str, code: str
) -> ColumnElement[bool]:
    """The condition that a column holds this code, under today's key or a former one, and that the
    code's own life is not over."""
    marks = [_mark(mac) for mac in work.world.seals.macs(purpose, owner, code)]
    return or_(*(and_(column.contains(mark), _lives(work, column, mark)) for mark in marks))


def _lives(work: Work, column: InstrumentedAttribute[str], mark: str) -> ColumnElement[bool]:
    """The condition that the code after this mark has not expired. Expiries are compared as text:
    seconds have ten digits until the year 2286."""
    place = func.strpos if work.db.dialect.name == "postgresql" else func.instr
    expires = func.substr(column, place(column, mark) + len(mark), _SECONDS_DIGITS)
    return expires > str(int(work.now.timestamp()))


def _mark(mac: bytes) -> str:
    """What stands before a code's expiry."""
    return f"{mac.hex()}@"


def verdict(work: Work, purpose: str, owner: str, code: str, pieces: str) -> str:
    """« right », « expired » or « wrong », in the same time whichever it is."""
    now, answer = work.now, "wrong"
    for stored, expires in _read(pieces):
        same = work.world.seals.same(bytes.fromhex(stored), purpose, owner, code)
        if same and answer != "right":
            answer = "right" if expires > now else "expired"
    return answer


def last_expiry(pieces: str) -> datetime | None:
    """Until when the youngest code lives, None when there is none."""
    return max((expires for _, expires in _read(pieces)), default=None)


def left(work: Work, ends_at: datetime | None) -> timedelta | None:
    """How long a code that lives until `ends_at` may be used yet; None when there is none, or when
    it is over."""
    span = ends_at - work.now if ends_at else timedelta(0)
    return span if span > timedelta(0) else None


def pause_left(work: Work, pieces: str) -> timedelta:
    """How long no other code may be mailed yet, the whole pause when none was; zero or less once
    one may."""
    youngest = last_expiry(pieces)
    mailed_at = youngest - lifetimes.SECURITY_CODE if youngest else work.now
    return mailed_at + limits.RESEND_PAUSE - work.now


def _read(pieces: str) -> list[tuple[str, datetime]]:
    parts = (each.split("@") for each in pieces.split())
    return [(mac, datetime.fromtimestamp(int(expires), UTC)) for mac, expires in parts]
