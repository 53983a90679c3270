"""When a notice leaves: in its turn among those to the same address. It is worked out in the
statement that writes the mail, so that counting costs no question of its own."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)

from webapp.models import OutboxMail
from webapp.models.base import Moment, table
from webapp.models.prepared import PreparedChange
from webapp.rules.limits import NOTICES

_HOUR = int(NOTICES.span.total_seconds())  # urgent ones have the same
_OUTBOX = table(OutboxMail)


class Turn(NamedTuple):
    """Among the mails of this `to_key`: an hour after the one that is `places` before it, or now
    where there are not so many."""

    key: str
    places: int
    now: datetime

    @property
    def values(self) -> dict[str, object]:
        """For `WRITES`."""
        return {"turn_key": self.key, "turn_places": self.places - 1, "turn_now": self.now}

    def said(self, database: str) -> ColumnElement[datetime]:
        """The same in an INSERT of several mails."""
        return _at(database, literal(self.key), literal(self.places - 1), literal(self.now, Moment))


def _at(
    database: str,
    key: ColumnElement[str],
    passed_over: ColumnElement[int],
    now: ColumnElement[datetime],
) -> ColumnElement[datetime]:
    last = (
        select(_OUTBOX.c.turn)
        .where(_OUTBOX.c.to_key == key)
        .order_by(_OUTBOX.c.turn.desc())
        .offset(passed_over)
        .limit(1)
        .scalar_subquery()
    )
    if database == "postgresql":
        return func.greatest(now, last + text(f"interval '{_HOUR} seconds'"), type_=Moment)
    later = func.strftime("%Y-%m-%d %H:%M:%f000", last, literal_column(f"'+{_HOUR} seconds'"))
    return func.max(now, func.coalesce(later, now, type_=String), type_=Moment)


def _write(database: str) -> PreparedChange:
    turn = _at(
        database,
        bindparam("turn_key", type_=String),
        bindparam("turn_places", type_=Integer),
        bindparam("turn_now", type_=Moment),
    )
    return PreparedChange(insert(_OUTBOX).values(turn=turn, not_before=turn))


WRITES = {database: _write(database) for database in ("sqlite", "postgresql")}
