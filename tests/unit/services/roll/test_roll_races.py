"""What others do to a letter while an import runs is never undone by it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select

from player.statements import Statements
from player.world import StillClock
from tests.roll_desk import SOURCE, WHO_WAITS, batch_of
from webapp.models import Account, RollEntry
from webapp.rules.roll_headers import plan
from webapp.services.account import erasure
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.letters.sheets import Sheet
from webapp.services.roll.entries import USED_UP, code_mac
from webapp.services.roll.import_file import import_roll

CODE, OTHER_CODE = "7K2M9QXD4HRT", "B5WN3C8ZPV6J"
HEADER = ["numero_adherent", "code_acces", "nom"]
Act = Callable[[], None]


@pytest.fixture
def load(engine: Engine, world: World) -> Callable[..., list[Sheet]]:
    """Import rows as a process of its own does; what goes to the printer."""

    def load(*rows: list[str], header: list[str] = HEADER) -> list[Sheet]:
        work = Work(engine, world, origin="cli")
        import_roll(work, plan(header).header, lambda: enumerate(rows, 2), source=SOURCE)
        letters = batch_of(work, WHO_WAITS)
        work.close(commit=True)
        return letters

    return load


@pytest.fixture
def opened(engine: Engine, world: World) -> Act:
    """The letter of the one member opens a space."""

    def open_account() -> None:
        with engine.begin() as connection:
            entry = connection.execute(select(RollEntry.id, RollEntry.code_mac)).one()
            connection.execute(
                insert(Account).values(
                    roll_id=entry.id, code_mac=entry.code_mac, created_at=world.clock.now(),
                    email="a@example.org", email_key="a@example.org", password_hash="x",
                )
            )  # fmt: skip

    return open_account


@pytest.fixture
def erased(engine: Engine, world: World) -> Act:
    """The space of the one member is erased, as the purge does it."""

    def erase() -> None:
        work = Work(engine, world, origin="worker")
        over = work.now - timedelta(seconds=1)
        work.db.execute(Account.__table__.update().values(closing_at=over))  # type: ignore[attr-defined]
        assert erasure.erase_due(work) == 1
        work.close(commit=True)

    return erase


@contextmanager
def meanwhile(engine: Engine, act: Act) -> Iterator[None]:
    """`act` on a connection of its own once the import has read the roll; on SQLite, where the
    import is the only writer from its first statement on, just before it."""
    waiting = [act]
    if engine.dialect.name == "sqlite":
        waiting.pop()()

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if waiting and "LEFT OUTER JOIN account" in statement:
            waiting.pop()()

    event.listen(engine, "after_cursor_execute", look)
    yield
    event.remove(engine, "after_cursor_execute", look)
    assert not waiting


def stored(engine: Engine) -> Any:
    with engine.connect() as connection:
        return connection.execute(select(RollEntry)).one()


def test_a_used_letter_whose_space_is_erased_meanwhile_is_not_revived(
    engine: Engine, load: Any, opened: Act, erased: Act
) -> None:
    load(["001", CODE, "Lefèvre"])
    opened()
    with meanwhile(engine, erased):
        load(["001", CODE, "Martin"])
    entry = stored(engine)
    assert (entry.last_name, entry.code_issued_at) == ("Martin", USED_UP)


def test_a_letter_that_opens_a_space_meanwhile_stays_the_one_that_opened_it(
    engine: Engine, world: World, load: Any, opened: Act
) -> None:
    load(["001", CODE, "Lefèvre"])
    with meanwhile(engine, opened):
        load(["001", OTHER_CODE, "Martin"])
    entry = stored(engine)
    assert entry.last_name == "Martin"
    assert entry.code_mac == code_mac(Work(engine, world, "cli"), "001", CODE)


def test_no_code_is_printed_for_a_letter_that_came_to_serve_meanwhile(
    engine: Engine, world: World, load: Any, opened: Act
) -> None:
    work = Work(engine, world, origin="cli")
    header, rows = plan(["numero_adherent"]).header, [(2, ["001"])]
    import_roll(work, header, lambda: rows, source=SOURCE)
    work.close(commit=True)
    with meanwhile(engine, opened):
        assert load(["001"], header=["numero_adherent"]) == []


def test_a_new_code_after_an_erasure_is_another_letter(
    engine: Engine, world: World, clock: StillClock, load: Any, opened: Act, erased: Act
) -> None:
    load(["001", CODE, "Lefèvre"])
    opened()
    erased()
    load(["001", OTHER_CODE, "Lefèvre"])
    entry = stored(engine)
    assert entry.code_mac == code_mac(Work(engine, world, "cli"), "001", OTHER_CODE)
    assert entry.code_issued_at == clock.now()


def test_only_the_columns_that_change_are_written(engine: Engine, load: Any) -> None:
    load(["001", CODE, "Lefèvre"], ["002", OTHER_CODE, "Martin"])
    with Statements(engine) as statements:
        load(["001", CODE, "Durand"], ["002", OTHER_CODE, "Martin"])
    [change] = [each for each in statements.writing if each.startswith("UPDATE roll SET")]
    written = change.partition(" SET ")[2].partition(" WHERE ")[0]
    assert {each.partition("=")[0].strip() for each in written.split(",")} == {
        "last_name",
        "updated_at",
    }
    with engine.connect() as connection:
        names = connection.execute(select(RollEntry.last_name).order_by(RollEntry.number)).scalars()
        assert list(names) == ["Durand", "Martin"]
