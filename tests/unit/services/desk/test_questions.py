"""Three answers to the questions and no more, however many come at the same moment."""

from sqlalchemy import func, select

from tests.callers import BORN, POSTAL_CODE, REASON, known
from tests.operators import operator
from tests.threads import at_once, refusals
from webapp.models import JournalEntry
from webapp.models.desk import Look
from webapp.services.desk import looks, questions
from webapp.services.kernel.work import Work

WRONG = {"birth_date": BORN, "postal_code": "75001"}
RIGHT = {"birth_date": BORN, "postal_code": POSTAL_CODE}


def opened(work: Work) -> tuple[int, int]:
    """An operator, and the roll entry whose page they opened."""
    roll_id, operator_id = known(work), operator(work)
    looks.begin(work, operator_id, roll_id, REASON)
    work.settle()
    return operator_id, roll_id


def test_eight_wrong_answers_at_once_are_three(work: Work) -> None:
    operator_id, roll_id = opened(work)
    answers = at_once(work, 8, lambda own, _: questions.answer(own, operator_id, roll_id, WRONG))
    assert refusals(answers) == ["desk_answers_over"] * 6 + ["desk_answers_wrong"] * 2
    wrong = JournalEntry.event == "desk.answers_wrong"
    assert work.db.scalar(select(func.count()).where(wrong)) == 1
    assert looks.opened(work, operator_id, roll_id) is None


def test_a_button_pressed_four_times_at_once_opens_and_refuses_nobody(work: Work) -> None:
    operator_id, roll_id = opened(work)
    answers = at_once(work, 4, lambda own, _: questions.answer(own, operator_id, roll_id, RIGHT))
    assert answers == [None] * 4
    found = looks.opened(work, operator_id, roll_id)
    assert found is not None
    assert found.checked


def test_one_page_opened_eight_times_at_once_is_one_look(work: Work) -> None:
    roll_id, operator_id = known(work), operator(work)
    for _ in range(work.world.looks_per_operator - 1):
        looks.spend(work, operator_id)
    answers = at_once(work, 8, lambda own, _: looks.begin(own, operator_id, roll_id, REASON))
    assert answers == [None] * 8
    assert work.db.scalar(select(func.count()).select_from(Look)) == 1
    looked = select(func.count()).where(JournalEntry.event == "desk.looked")
    assert work.db.scalar(looked) == 1


def test_a_look_too_many_leaves_nothing_open(work: Work) -> None:
    roll_id, operator_id = known(work), operator(work)
    for _ in range(work.world.looks_per_operator):
        looks.spend(work, operator_id)
    [answer] = at_once(work, 1, lambda own, _: looks.begin(own, operator_id, roll_id, REASON))
    assert refusals([answer]) == ["desk_looks_closed"]
    assert looks.opened(work, operator_id, roll_id) is None


def test_the_budget_of_an_hour_holds_whatever_comes_at_once(work: Work) -> None:
    operator_id = operator(work)
    most = work.world.looks_per_operator
    for _ in range(most - 3):
        looks.spend(work, operator_id)
    answers = at_once(work, 8, lambda own, _: looks.spend(own, operator_id))
    assert refusals(answers) == ["desk_looks_closed"] * 5
