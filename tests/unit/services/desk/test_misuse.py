"""Signs of misuse are counted from the journal, of each operator apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert

from player.members import ODILE, RENE, on_the_roll
from player.world import StillClock
from tests.operators import operator
from webapp.models import JournalEntry
from webapp.models.base import table
from webapp.rules.misuse import MONTH, SIGNS
from webapp.services.desk import looks, misuse
from webapp.services.kernel.work import Work

NONE = dict.fromkeys(SIGNS, 0)


@pytest.fixture(autouse=True)
def afternoon(clock: StillClock) -> None:
    """A Wednesday, at 18 h in Paris."""
    wednesday = datetime(2026, 12, 2, 17, tzinfo=UTC)
    clock.advance(seconds=(wednesday - clock.now()).total_seconds())


@pytest.fixture
def petit(work: Work) -> int:
    return operator(work, "a.petit")


def written(
    work: Work, operator_id: int, key: str, roll_id: int | None = None, **ago: float
) -> None:
    """An entry as any of the desk's journeys writes it."""
    work.db.execute(
        insert(table(JournalEntry)).values(
            at=work.now - timedelta(**ago),
            event=key,
            account_id=None,
            roll_id=roll_id,
            operator_id=operator_id,
            origin="10.0.0.7",
            facts={},
        )
    )


def month(work: Work) -> dict[str, misuse.Signs]:
    return {each.name: each for each in misuse.since(work, work.now - MONTH)}


@contextmanager
def counted(work: Work) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(work.db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(work.db.engine, "before_cursor_execute", note)


def test_nobody_who_did_not_look_is_listed(work: Work, petit: int) -> None:
    assert misuse.since(work, work.now - MONTH) == []
    assert misuse.last_hour(work) == {"looks": 0, **NONE}


def test_a_look_that_a_deed_followed_is_none_of_the_idle(work: Work, petit: int) -> None:
    one, other = on_the_roll(work), on_the_roll(work, RENE)
    neuf = operator(work, "b.neuf")
    written(work, petit, "desk.looked", one, hours=5)
    written(work, petit, "letter.returned", one, hours=4)
    written(work, petit, "desk.looked", other, hours=3)
    written(work, petit, "desk.answers_wrong", other, hours=3)
    written(work, neuf, "letter.returned", other, hours=2)  # another's deed
    found = month(work)["a.petit"]
    assert (found.looks, found.counts) == (2, NONE | {"idle": 1, "wrong": 1})


def test_a_deed_before_the_look_follows_nothing(work: Work, petit: int) -> None:
    one = on_the_roll(work)
    written(work, petit, "letter.returned", one, hours=6)
    written(work, petit, "desk.looked", one, hours=5)
    assert month(work)["a.petit"].counts["idle"] == 1


def test_looks_at_night_are_counted(work: Work, petit: int, clock: StillClock) -> None:
    one = on_the_roll(work)
    monday = datetime(2027, 1, 4, 22, tzinfo=UTC)
    clock.advance(seconds=(monday - clock.now()).total_seconds())
    written(work, petit, "desk.looked", one)
    written(work, petit, "desk.looked", one, hours=10)
    written(work, petit, "desk.looked", one, hours=36)  # a Sunday, at 11 h
    assert month(work)["a.petit"].counts["night"] == 2
    assert misuse.last_hour(work)["night"] == 1


def test_a_member_of_an_operator_s_name_is_counted_once(work: Work) -> None:
    one = on_the_roll(work)  # Odile Exemple
    exemple, petit = operator(work, "o.exemple"), operator(work, "a.petit")
    for who in (exemple, petit, petit):
        written(work, who, "desk.looked", one, hours=2)
    assert {name: each.counts["colleagues"] for name, each in month(work).items()} == {
        "o.exemple": 1, "a.petit": 1,
    }  # fmt: skip


def test_a_member_at_whom_three_operators_looked_is_counted_for_each(work: Work) -> None:
    one, other = on_the_roll(work), on_the_roll(work, RENE)
    for name in ("a.petit", "b.neuf", "c.roux"):
        written(work, operator(work, name), "desk.looked", one, hours=2)
    for name in ("a.petit", "b.neuf"):
        written(work, operator(work, name), "desk.looked", other, hours=2)
    crowd = {name: each.counts["crowd"] for name, each in month(work).items()}
    assert crowd == {"a.petit": 1, "b.neuf": 1, "c.roux": 1}


def test_whoever_goes_on_after_the_hour_s_budget_is_counted(work: Work, petit: int) -> None:
    work.operator_id = petit
    for _ in range(work.world.looks_per_operator):
        looks.spend(work, petit)
    for _ in range(2):
        with pytest.raises(Exception, match="desk_looks_closed"):
            looks.spend(work, petit)
    assert month(work)["a.petit"].counts["closed"] == 2


def test_the_month_and_the_hour_end(work: Work, petit: int) -> None:
    one = on_the_roll(work)
    written(work, petit, "desk.looked", one, days=31)
    assert month(work) == {}
    written(work, petit, "desk.unasked", one, days=2)
    written(work, petit, "desk.sought", None, minutes=50)
    assert month(work)["a.petit"].counts == NONE | {"unasked": 1, "sought": 1}
    assert misuse.last_hour(work) == {"looks": 0, **NONE, "sought": 1}


def test_an_alert_is_about_the_worst_operator_and_names_nobody(work: Work, petit: int) -> None:
    one = on_the_roll(work)
    neuf = operator(work, "b.neuf")
    for who, many in ((petit, 2), (neuf, 5)):
        for _ in range(many):
            written(work, who, "desk.looked", one, minutes=5)
    assert misuse.last_hour(work)["looks"] == 5


def test_five_statements_count_them_however_many_there_are(work: Work, petit: int) -> None:
    one = on_the_roll(work)
    for which in range(30):
        written(work, operator(work, f"n{which}"), "desk.looked", one, hours=1)
    with counted(work) as said:
        assert len(misuse.since(work, work.now - MONTH)) == 30
    assert len(said) == 5
    assert ODILE.number not in "".join(said)
