"""Invented members by the million: written by SQL alone, with one password for all of them."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Engine,
    Select,
    String,
    case,
    cast,
    insert,
    literal,
    select,
    text,
    type_coerce,
)

from player.members import Letter
from webapp.models import Account, JournalEntry, RollEntry, StoredSession, TermsAcceptance
from webapp.rules.ranks import Rank
from webapp.services.kernel import new_sessions
from webapp.services.kernel.new_sessions import SessionValues
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.roll import entries

PASSWORD = "quatre mots sans rapport"
ACCESS_CODE = "4F7K9QXM2T6B"
BROWSER = "Firefox sur Linux"  # from which everybody signed in a week ago: see bench/browser.py
_NUMBERS, _NEWCOMERS = 10_000_000, 90_000_000
_AT_A_TIME = 5_000


def member(number: int) -> str:
    """The address of the member of this number, from 1, who has an account."""
    return f"membre{number}@example.org"


def number(of: int) -> str:
    """The member number on the paper letter of this member."""
    return str(_NUMBERS + of)


def newcomer(number: int) -> Letter:
    """The paper letter of somebody who has no account yet, from 1, and the address they give."""
    return Letter(f"{_NEWCOMERS + number}", ACCESS_CODE, f"nouveau{number}@example.org")


def write(
    engine: Engine,
    world: World,
    *,
    members: int = 0,
    newcomers: int = 0,
    browser: str = BROWSER,
) -> None:
    """Put them all into a migrated, empty database; members know that `browser`, so that no letter
    tells them of a new one."""
    work = Work(engine, world, "127.0.0.1")
    if engine.dialect.name == "postgresql":
        work.db.execute(text("SET LOCAL statement_timeout = 0"))
    if members:
        _with_accounts(work, members, browser)
        _signed_in(work, min(members, max(members // 100, 10)))
    letters = (newcomer(number) for number in range(1, newcomers + 1))
    while chunk := [_letter_row(work, letter) for letter in itertools.islice(letters, _AT_A_TIME)]:
        work.db.execute(insert(RollEntry), chunk)
    work.close(commit=True)
    if engine.dialect.name == "postgresql":  # as autovacuum will have done on a server that lives
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))


def token(number: int) -> str:
    """The cookie's id of the session that this member, one of the first hundredth, has open."""
    return f"open-session-of-member-{number:020d}"


def _with_accounts(work: Work, members: int, browser: str) -> None:
    """Roll entry, account, proof of terms and two journal entries each: five INSERT … SELECT."""
    now, terms = work.now, work.world.terms
    ids = count_to(members)
    printed = cast(literal(_NUMBERS) + ids.c.n, String)
    address = literal("membre") + cast(ids.c.n, String) + literal("@example.org")
    fill(
        work, RollEntry, select(ids.c.n),
        id=ids.c.n, number=printed, number_key=printed, civility="Mme",
        last_name=case((ids.c.n % 2 == 0, "Lefèvre"), else_="D’Hérouville"),
        first_name="Odile", contract="Santé Confort", code_mac=bytes(32),
        code_issued_at=now, updated_at=now,
    )  # fmt: skip
    fill(
        work, Account, select(ids.c.n),
        id=ids.c.n, roll_id=ids.c.n, email=address, email_key=address,
        password_hash=work.world.hasher.hash(PASSWORD), terms_version=terms.version,
        mailed_code_off=False, created_at=now,
    )  # fmt: skip
    fill(
        work, TermsAcceptance, select(ids.c.n),
        account_id=ids.c.n, roll_id=ids.c.n, version=terms.version, text_hash=terms.text_hash,
        accepted_at=now, origin="127.0.0.1",
    )  # fmt: skip
    signed_in = {"by": "code", "agent": browser, "remembered": False}
    for days, event, facts in (
        (30, "registration.confirmed", {}),
        (7, "sign_in.done", signed_in),
    ):
        fill(
            work, JournalEntry, select(ids.c.n),
            at=now - timedelta(days=days), event=event, account_id=ids.c.n, roll_id=ids.c.n,
            origin="127.0.0.1", facts=type_coerce(literal(facts, JSON), JSON),
        )  # fmt: skip
    if work.db.dialect.name == "postgresql":
        for table in ("roll", "account"):
            work.db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), :last)"),
                            {"last": members})  # fmt: skip


def count_to(last: int) -> Any:
    """SQL: the numbers from 1 to the last."""
    counted = select(literal(1).label("n")).cte("numbers", recursive=True)
    return counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))


def fill(work: Work, table: Any, source: Select[Any], **values: Any) -> None:
    """INSERT … SELECT: what each column is, an expression over `source` or a value."""
    columns = table.__table__.columns
    cells: list[ColumnElement[Any]] = [
        (value if isinstance(value, ColumnElement) else literal(value, columns[name].type)).label(
            name
        )
        for name, value in values.items()
    ]
    work.db.execute(insert(table).from_select(list(values), source.with_only_columns(*cells)))


def _signed_in(work: Work, members: int) -> None:
    def rows() -> Iterator[SessionValues]:
        for number in range(1, members + 1):
            yield new_sessions.fresh(
                work, Rank.MEMBER, token(number), account_id=number, proved_at=work.now
            )

    waiting = rows()
    while chunk := list(itertools.islice(waiting, _AT_A_TIME)):
        work.db.execute(insert(StoredSession), chunk)


def _letter_row(work: Work, letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number, "number_key": letter.number, "civility": "M.",
        "last_name": "Gâteau", "first_name": "Benoît", "contract": "Santé Famille",
        "code_mac": entries.code_mac(work, letter.number, letter.access_code),
        "code_issued_at": work.now, "updated_at": work.now,
    }  # fmt: skip
