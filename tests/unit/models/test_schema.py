"""The migrations make exactly the schema that the tables describe, on both databases."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from player.members import ODILE, RENE, on_the_roll, with_account
from tests.journeys import count, enter
from webapp.models import Account, Base, Registration, RollEntry, StoredSession, schema
from webapp.models.engine import open_engine
from webapp.rules.ranks import Rank
from webapp.services.kernel import sessions


# how the database derives it is what tests/unit/models/test_spelling.py looks at
@pytest.mark.filterwarnings("ignore:Computed default on roll.spelling")
def test_the_migrations_make_exactly_the_metadatas_schema(engine):
    with engine.connect() as connection:
        defaults = engine.dialect.name == "postgresql"  # SQLite does not say its identities
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": defaults}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_an_index_of_some_rows_alone_has_its_condition_in_the_database(engine):
    for table in Base.metadata.tables.values():
        made = {each["name"]: each for each in inspect(engine).get_indexes(table.name)}
        for index in table.indexes:
            there = made[index.name]["dialect_options"].get(f"{engine.dialect.name}_where")
            wanted = index.info.get("where")
            assert (there is None) == (wanted is None), index.name
            assert re.findall(r"'\w+'", str(there)) == re.findall(r"'\w+'", str(wanted))


def test_the_database_says_the_version_that_the_code_wants(engine):
    with engine.connect() as connection:
        assert schema.version(connection) == schema.wanted() is not None


def test_upgrading_twice_is_harmless(engine, work):
    on_the_roll(work)
    work.settle()
    assert schema.upgrade(engine) == schema.upgrade(engine) == schema.wanted()
    assert count(work, RollEntry) == 1


def test_an_empty_database_has_no_version_until_it_is_upgraded(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/new/portal.sqlite3")
    with engine.connect() as connection:
        assert schema.version(connection) is None
    schema.upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {
        *Base.metadata.tables,
        "alembic_version",
    }
    engine.dispose()


@pytest.mark.parametrize(
    ("versions", "newer"),
    [
        ([], False), (["0001"], False), (["9999"], True), (["half a v"], True),
        (["0001", "0002"], True),
    ],
)  # fmt: skip
def test_another_schema_is_older_or_newer_and_a_look_changes_nothing(engine, versions, newer):
    assert schema.other(engine) is None
    try:
        _say(engine, versions)
        assert schema.other(engine) == schema.Other(", ".join(versions) or None, newer)
    finally:
        _say(engine, [schema.wanted()])
        _say_oldest(engine, "0006")
    assert schema.other(engine) is None


@pytest.mark.parametrize(
    ("oldest", "served"), [("0005", True), (schema.wanted(), True), ("9999", False), (None, False)]
)
def test_a_newer_schema_says_which_code_may_still_serve_it(engine, oldest, served):
    try:
        _say(engine, ["9999"])
        _say_oldest(engine, oldest)
        assert schema.other(engine) == schema.Other("9999", newer=True, served=served)
    finally:
        _say(engine, [schema.wanted()])
        _say_oldest(engine, "0006")


def test_an_older_schema_is_never_served(engine):
    try:
        _say(engine, ["0005"])
        _say_oldest(engine, "0006")
        assert schema.other(engine) == schema.Other("0005", newer=False)
    finally:
        _say(engine, [schema.wanted()])
        _say_oldest(engine, "0006")


def test_an_upgrade_writes_which_code_may_still_serve(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/new/portal.sqlite3")
    schema.upgrade(engine)
    with engine.connect() as connection:
        said = connection.execute(text("SELECT oldest_code FROM alembic_version")).scalar_one()
    assert said == "0006"
    engine.dispose()


def _say_oldest(engine, oldest):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET oldest_code = :v"), {"v": oldest})


def _say(engine, versions):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        for version in versions:
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:v)"), {"v": version}
            )


def test_a_look_makes_no_embedded_database_and_waits_for_none(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    assert schema.other(engine) == schema.Other(None, newer=False)
    assert list(tmp_path.iterdir()) == []
    assert schema.other(open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")) is None


def test_every_constraint_and_index_has_a_name(engine):
    inspector = inspect(engine)
    for table in Base.metadata.tables:
        named = [
            inspector.get_pk_constraint(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_indexes(table),
        ]
        assert all(each["name"] for each in named), table


def test_one_account_a_letter_and_one_an_address(work):
    with_account(work)
    on_the_roll(work, RENE)
    work.settle()
    rows = {row.number: row.id for row in work.db.execute(select(RollEntry.id, RollEntry.number))}
    for number, email in ((ODILE.number, RENE.email), (RENE.number, ODILE.email)):
        with pytest.raises(IntegrityError):
            work.db.execute(
                insert(Account).values(
                    roll_id=rows[number],
                    email=email,
                    email_key=email,
                    password_hash="",
                    created_at=work.now,
                )
            )
        work.db.rollback()


def registration(work, roll_id, state):
    row_id = work.world.chance.row_id()
    work.db.execute(
        insert(Registration).values(
            id=row_id,
            link_id=row_id,
            roll_id=roll_id,
            state=state,
            email="",
            email_key="",
            password_hash="",
            codes="",
            terms_version="",
            terms_hash="",
            terms_origin="",
            created_at=work.now,
            expires_at=work.now,
        )
    )
    return row_id


def test_one_registration_in_waiting_a_letter_and_as_many_drafts_as_wanted(work):
    roll_id = on_the_roll(work)
    for state in ("draft", "draft", "confirmed", "waiting"):
        registration(work, roll_id, state)
    with pytest.raises(IntegrityError):
        registration(work, roll_id, "waiting")


def test_a_session_survives_its_registration_without_it(work):
    row_id = registration(work, on_the_roll(work), "draft")
    token = enter(work, Rank.REGISTERING, None, registration_id=row_id)
    work.db.execute(Registration.__table__.delete())
    assert sessions.find(work, token).registration_id is None


def test_sessions_fall_with_their_account(work):
    enter(work, Rank.MEMBER, None, account_id=with_account(work))
    work.db.execute(Base.metadata.tables["terms_acceptance"].delete())
    work.db.execute(Account.__table__.delete())
    assert count(work, StoredSession) == 0


def test_the_version_that_is_served_is_the_last_migration():
    folder = Path(schema.__file__).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.wanted()
