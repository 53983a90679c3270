"""What operators find of the members of bench/members.py: a birth, an address, a letter, mails."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    Engine,
    Integer,
    String,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
    update,
)

from bench import members
from webapp.models import Letter, LetterBatch, OutboxMail, RollEntry
from webapp.models.desk import Look
from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.operators import demo

FIRST_BIRTH, BIRTHS = date(1925, 1, 1), 30_000  # a member a day, then another one
POSTAL_CODE = "38000"


def born(number: int) -> date:
    """When the member of this number was born."""
    return FIRST_BIRTH + timedelta(days=number % BIRTHS)


def first_name(number: int) -> str:
    """« Odile 12 »: nobody else has this name and this birth."""
    return f"Odile {number}"


def last_name(number: int) -> str:
    """As bench/members.py writes it."""
    return "Lefèvre" if number % 2 == 0 else "D’Hérouville"


def write(engine: Engine, world: World, count: int) -> None:
    """What operators find of so many members, each with a letter and two mails."""
    work = Work(engine, world, "127.0.0.1")
    if engine.dialect.name == "postgresql":
        work.db.execute(text("SET LOCAL statement_timeout = 0"))
    work.db.execute(
        update(RollEntry).values(
            birth_date=_birth(engine.dialect.name),
            first_name=literal("Odile ") + cast(RollEntry.id, String),
            address=f"12 RUE HAUTE\n{POSTAL_CODE} GRENOBLE",
        )
    )
    _letters(work, count)
    _mails(work, count)
    work.close(commit=True)
    if engine.dialect.name == "postgresql":  # as autovacuum will have done on a server that lives
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))


def _birth(database: str) -> ColumnElement[date]:
    first, days = literal(FIRST_BIRTH, Date), RollEntry.id % BIRTHS
    if database == "postgresql":
        return type_coerce(first + cast(days, Integer), Date)
    return func.date(first, cast(days, String) + literal(" days"), type_=Date)


def _letters(work: Work, count: int) -> None:
    work.db.execute(
        insert(LetterBatch).values(
            id=1, made_at=work.now, operator="bench", letters=count, skipped={},
            good_until=work.now.date() + timedelta(days=105), portal="http://localhost",
            recipe="", files=[], trial=False, posted_by="",
        )
    )  # fmt: skip
    ids = members.count_to(count)
    members.fill(
        work, Letter, select(ids.c.n), batch_id=1, sequence=ids.c.n, roll_id=ids.c.n,
        code_mac=bytes(32), address_mac=bytes(32),
    )  # fmt: skip


def _mails(work: Work, count: int) -> None:
    for name in ("registration", "account_opened"):
        ids = members.count_to(count)
        which = literal(f"{name[:3]}-") + cast(ids.c.n, String)
        members.fill(
            work, OutboxMail, select(ids.c.n),
            id=which, name=name, to_key=which, sealed=b"", priority=1, state="sent",
            not_before=work.now, best_before=work.now, attempts=1, last_error="",
            created_at=work.now, ended_at=work.now,
        )  # fmt: skip


def at_work(engine: Engine, world: World, numbers: Iterable[int]) -> str:
    """An adviser who has the pages of these members open; returns the id for the cookie."""
    with Work(engine, world, "127.0.0.1") as work:
        token = demo.at_work(work, Role.ADVISER)
        operator_id = work.db.execute(select(Operator.id)).scalar_one()
        opened = {
            "operator_id": operator_id, "reason": "mesure", "opened_at": work.now,
            "open_until": work.now + timedelta(days=1), "checked_at": work.now, "misses": 0,
        }  # fmt: skip
        rows = [{**opened, "roll_id": number} for number in sorted(set(numbers))]
        work.db.execute(insert(Look), rows)
    return token
