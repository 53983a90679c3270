"""A member and an operator at the same moment: one uses a letter, the other undoes its import."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waits

import pytest

from player.members import ODILE
from player.world import PASSWORD
from tests.roll_desk import Desk
from webapp.models import Registration, RollEntry
from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work
from webapp.services.registration import drafts
from webapp.services.roll import undo
from webapp.services.roll.report import RollRefused
from webapp.services.roll.undo import UndoRefused

A_MOMENT = 0.3  # seconds: enough to come as far as the lock


@pytest.fixture(autouse=True)
def imported(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces\n{ODILE.number}|{ODILE.access_code}")


def registers(work: Work) -> str:
    drafts.write(
        work, number=ODILE.number, access_code=ODILE.access_code, email=ODILE.email,
        password=PASSWORD, previous=None,
    )  # fmt: skip
    return "registered"


def undoes(work: Work) -> str:
    undo.undo(work, 1, operator="a.petit")
    return "undone"


def one_first(desk: Desk, first: Callable[[Work], str], second: Callable[[Work], str]) -> str:
    """`first` does its work and commits only once `second`, beside it, waits for that; how the
    second one ends."""

    def ends() -> str:
        try:
            with desk.work() as work:
                return second(work)
        except (Refusal, UndoRefused) as refusal:
            return refusal.key

    with ThreadPoolExecutor(1) as threads, desk.work() as work:
        first(work)
        beside: Future[str] = threads.submit(ends)
        with pytest.raises(Waits):
            beside.result(A_MOMENT)
        work.settle()
        return beside.result()


def test_who_registers_first_keeps_the_letter(desk: Desk) -> None:
    assert one_first(desk, registers, undoes) == "conflict"
    assert (desk.count(Registration), desk.count(RollEntry)) == (1, 1)


def test_who_registers_a_moment_too_late_is_told_that_the_letter_is_none(desk: Desk) -> None:
    assert one_first(desk, undoes, registers) == "letter_wrong"
    assert (desk.count(Registration), desk.count(RollEntry)) == (0, 0)


def test_of_two_who_undo_the_same_import_one_does(desk: Desk) -> None:
    if desk.engine.dialect.name == "sqlite":
        assert one_first(desk, undoes, undoes) == "undone"
        return
    with desk.work() as work:
        undoes(work)
        with pytest.raises(RollRefused, match="busy"), desk.work() as other:
            undoes(other)
