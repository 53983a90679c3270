"""SQLite and PostgreSQL opened so that both keep the same promises."""

import errno
import os
import sqlite3
import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError

from player.members import on_the_roll
from tests.journeys import count
from tests.threads import at_once
from webapp.models import Account, RollEntry
from webapp.models import sqlite as models_sqlite
from webapp.models.engine import has_room, open_engine
from webapp.services.kernel.work import Work

PATIENCE = 20


def ask(engine, question):
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar_one()


@pytest.fixture
def sqlite(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/a/new/folder/portal.sqlite3")
    yield engine
    engine.dispose()


def test_the_folder_of_a_sqlite_file_is_made(sqlite, tmp_path):
    assert ask(sqlite, "SELECT 1") == 1
    assert (tmp_path / "a/new/folder/portal.sqlite3").exists()


@pytest.mark.parametrize(
    ("blocks", "flags", "room"), [(100, 0, True), (10, 0, False), (100, os.ST_RDONLY, False)]
)
def test_a_disk_without_room_or_that_is_only_read_is_seen(sqlite, monkeypatch, blocks, flags, room):
    disk = SimpleNamespace(f_bavail=blocks, f_frsize=4096, f_flag=flags)
    monkeypatch.setattr(os, "statvfs", lambda _folder: disk)
    assert has_room(sqlite) is room


def test_a_server_looks_after_its_own_disk(postgres_engine, monkeypatch):
    monkeypatch.setattr(os, "statvfs", None)
    assert has_room(postgres_engine)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),  # our own commit flushes what this leaves
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_every_sqlite_connection_keeps_what_was_answered(sqlite, pragma, value):
    assert ask(sqlite, f"PRAGMA {pragma}") == value


def test_a_commit_is_on_the_disk_before_it_returns_and_locks_nobody_out_meanwhile(
    sqlite, monkeypatch
):
    flushed = []

    def flush(descriptor):
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        if len(flushed) == 1:
            with sqlite.begin() as other:  # it can write, and sees what is being flushed
                assert other.scalar(text("SELECT count(*) FROM kept")) == 1

    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER)"))
    monkeypatch.setattr(models_sqlite, "_flush", flush)
    with sqlite.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
        assert flushed == []
    assert flushed == 2 * [f"{sqlite.url.database}-wal"]


def test_what_only_reads_waits_for_no_disk(sqlite, monkeypatch):
    ask(sqlite, "SELECT 1")
    monkeypatch.setattr(models_sqlite, "_flush", None)
    with sqlite.connect().execution_options(reading=True) as connection, connection.begin():
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_disk_that_fails_to_flush_is_an_error_not_an_answer(sqlite, monkeypatch):
    def fail(_descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(models_sqlite, "_flush", fail)
    with sqlite.connect() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER)"))
        with pytest.raises(OperationalError, match="disk I/O error"):
            connection.commit()


def test_without_a_log_sqlite_flushes_each_commit_itself():
    connection = sqlite3.connect(":memory:", factory=models_sqlite.InTurn)
    models_sqlite.prepare(connection, None)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert not connection.flushes
    connection.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("transaction_isolation", "read committed"),
        ("statement_timeout", "5s"),
        ("TimeZone", "UTC"),
    ],
)
def test_every_postgresql_connection_has_its_settings(postgres_engine, setting, value):
    assert ask(postgres_engine, f"SHOW {setting}") == value


def test_a_plain_postgresql_address_is_opened_with_psycopg_3():
    engine = open_engine("postgresql://portal@db.example.org/portal")
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


def test_an_unreadable_address_is_an_argument_error():
    with pytest.raises(ArgumentError):
        open_engine("not an address")


def test_foreign_keys_hold(work):
    with pytest.raises(IntegrityError):
        work.db.execute(
            insert(Account).values(
                roll_id=10**6, email="", email_key="", password_hash="", created_at=work.now
            )
        )


def test_writers_go_one_after_the_other_and_none_is_lost(work):
    on_the_roll(work)
    add = text("UPDATE roll SET contract = contract || '+'")
    at_once(work, 12, lambda own, _: [(own.db.execute(add), own.settle()) for _ in range(5)])
    contract = work.db.execute(select(RollEntry.contract)).scalar_one()
    assert contract.count("+") == 60


def test_what_was_read_before_writing_does_not_lock_anybody_out(work):
    """A SQLite lock taken after a read could not wait: writers take theirs at once."""
    on_the_roll(work)

    def read_then_write(own, which):
        own.db.execute(select(RollEntry.id)).all()
        own.db.execute(text("UPDATE roll SET contract = contract || '+'"))

    at_once(work, 12, read_then_write)
    contract = work.db.execute(select(RollEntry.contract)).scalar_one()
    assert contract.count("+") == 12


def test_readers_see_what_is_committed_while_a_writer_writes(engine, world):
    writer = Work(engine, world)
    on_the_roll(writer)
    seen = []

    def read():
        reader = Work(engine, world, reading=True)
        seen.append(count(reader, RollEntry))
        reader.close(commit=True)

    reading = threading.Thread(target=read)
    reading.start()
    reading.join(PATIENCE)
    writer.close(commit=True)
    assert seen == [0]


def test_a_writer_that_failed_lets_the_next_one_write(engine, world):
    failing = Work(engine, world)
    on_the_roll(failing)
    with pytest.raises(DBAPIError, match="nowhere"):
        failing.db.execute(text("UPDATE nowhere SET x = 1"))
    failing.close(commit=False)
    work = Work(engine, world)
    on_the_roll(work)
    work.close(commit=True)


def test_a_connection_given_back_holds_no_lock(engine, world):
    forgetful = engine.connect()
    forgetful.execute(text("UPDATE roll SET contract = ''"))
    forgetful.close()
    work = Work(engine, world)
    on_the_roll(work)
    work.close(commit=True)
