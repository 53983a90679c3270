"""How the mutual writes a number, as the database derives it, and the migration that began it."""

import random
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    Engine,
    column,
    create_engine,
    insert,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import NullPool

from webapp.models import Account, JournalEntry, Registration, RollEntry, schema
from webapp.models.engine import open_engine
from webapp.models.sqlite import rebuilding
from webapp.rules.credentials import identity, member_number

NOW = datetime(2026, 11, 29, tzinfo=UTC)
CONTROLS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"  # that no number may hold
WHITE = [each for each in map(chr, range(0x3001)) if each.isspace() and each not in CONTROLS]
SIGNS = [*string.ascii_letters, *string.digits, *"00OIl", *".-/_·–", *WHITE, *"ｋ１ﬁſıº°"]


def _values(number: str, key: str | None = None) -> dict[str, Any]:
    return {
        "number": number, "number_key": key or member_number(number), "code_mac": b"x",
        "civility": "", "last_name": "", "first_name": "", "contract": "",
        "code_issued_at": NOW, "updated_at": NOW,
    }  # fmt: skip


def test_the_database_tells_numbers_apart_as_the_rules_do(engine: Engine) -> None:
    chance = random.Random(7)
    made = ("".join(chance.choices(SIGNS, k=chance.randint(1, 12))) for _ in range(5_000))
    numbers = {identity(each): each for each in made if member_number(each)}
    assert len(numbers) > 1_000
    with engine.connect() as connection:
        connection.execute(insert(RollEntry), [_values(each) for each in numbers.values()])
        columns = RollEntry.number, RollEntry.number_key, RollEntry.spelling
        for number, key, spelling in connection.execute(select(*columns)):
            assert (spelling or key) == identity(number)
            assert (spelling == "") == (identity(number) == key)


@pytest.mark.parametrize("again", ["12.3", "1 2.3", "12.3 "])
def test_no_two_members_have_one_number(engine: Engine, again: str) -> None:
    with engine.connect() as connection:
        connection.execute(insert(RollEntry), [_values("123"), _values("12.3"), _values("0123")])
        with pytest.raises(IntegrityError):
            connection.execute(insert(RollEntry), [_values(again)])


# The migration


def _on(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    folder = Path(schema.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@pytest.fixture
def former(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind as the former version left it."""
    if engine.dialect.name == "sqlite":
        url = make_url(f"sqlite:///{tmp_path}/former.sqlite3")
    else:
        url = engine.url.set(database="portal_tests_former")
        server = create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS portal_tests_former"))
            connection.execute(text("CREATE DATABASE portal_tests_former"))
    made = open_engine(url.render_as_string(hide_password=False))
    with made.connect() as connection, rebuilding(connection):
        command.upgrade(_on(connection), "0006")
    yield made
    made.dispose()


def _lived_in(former: Engine) -> None:
    """Two members, one with a space, a registration under way and a history."""
    columns = (column(name, RollEntry.__table__.c[name].type) for name in _values("1"))
    roll, now = table("roll", *columns), NOW  # without the columns of later migrations
    with former.begin() as connection:
        connection.execute(insert(roll), [_values("00 12"), _values("00-13")])
        moments = {"created_at": now, "expires_at": now}
        empty = dict.fromkeys(("codes", "terms_version", "terms_hash", "terms_origin"), "")
        of = {"email": "a@example.org", "email_key": "a@example.org", "password_hash": "x"}
        connection.execute(
            insert(Account), [{"roll_id": 1, **of, "terms_version": "", "created_at": now}]
        )
        connection.execute(
            insert(Registration),
            [{"id": "r", "link_id": "l", "roll_id": 2, "state": "draft", **of, **empty, **moments}],
        )
        connection.execute(
            insert(JournalEntry),
            [{"at": now, "event": "letter.reissued", "roll_id": 2, "origin": "cli", "facts": {}}],
        )


def test_who_was_on_the_roll_stays_with_all_that_hangs_on_it(former: Engine) -> None:
    _lived_in(former)
    schema.upgrade(former)
    with former.connect() as connection:
        told = RollEntry.id, RollEntry.number_key, RollEntry.spelling
        assert connection.execute(select(*told).order_by("id")).all() == [
            (1, "0012", ""), (2, "0013", "00-13"),
        ]  # fmt: skip
        for bearer in (Account.roll_id, Registration.roll_id, JournalEntry.roll_id):
            assert connection.execute(select(bearer)).all()
        connection.rollback()
        with pytest.raises(DatabaseError):  # foreign keys are looked at again
            connection.execute(text("DELETE FROM roll WHERE id = 1"))


def test_a_former_process_goes_on_adding_and_changing_members(former: Engine) -> None:
    schema.upgrade(former)
    with former.begin() as connection:
        connection.execute(insert(RollEntry), [_values("00-13")])
        connection.execute(text("UPDATE roll SET number = '0013' WHERE number_key = '0013'"))
        assert connection.execute(select(RollEntry.spelling)).scalar_one() == ""


def test_a_migration_refuses_to_drop_a_table_that_others_hang_on(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/portal.sqlite3")
    with engine.begin() as connection, pytest.raises(RuntimeError, match="foreign keys are on"):
        command.upgrade(_on(connection), "head")
    engine.dispose()
