"""Operators at the very same moment: one deed, one answer, one letter."""

import pytest
from sqlalchemy import func, select

from player.members import ODILE, RENE, on_the_roll
from tests.journeys import at_code, code_in_mail, count, journalled, settled
from tests.operators import operator
from tests.threads import at_once, refusals
from webapp.models import Account, Device, Letter, StoredSession
from webapp.models.desk import TwoPersonRequest, WantedLetter
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.desk import second_operator
from webapp.services.desk.deeds import catalogue, letter, suspension
from webapp.services.kernel import sessions
from webapp.services.letters import batches, posting
from webapp.services.letters.batches import Maker, Nobody
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.sign_in import mailed_code

MANY = 8
WHY = "course"
RESUME = catalogue.BY_ADDRESS["remettre-en-service"]
MAKER = Maker("c.martin", "recipe", "https://adherents.example.org")
NEXT = Choice(no_address_needed=True)


@pytest.fixture
def many(work):
    """So many supervisors."""
    ids = [operator(work, f"s.{which}", Role.SUPERVISOR) for which in range(MANY)]
    work.settle()
    return ids


@pytest.fixture
def roll_id(work, account_id, adviser):
    return work.db.execute(select(Account.roll_id)).scalar_one()


@pytest.fixture
def asked(work, roll_id):
    """The request to resume Odile's space."""
    settled(work, suspension.suspend, roll_id, WHY)
    settled(work, catalogue.perform, RESUME, roll_id, WHY)
    return work.db.execute(select(TwoPersonRequest.id)).scalar_one()


@pytest.fixture
def rene(work, adviser):
    return on_the_roll(work, RENE)


def test_of_many_who_agree_at_once_one_does_it(work, asked, many):
    def agree(own, which):
        own.operator_id = many[which]
        return second_operator.agree(own, asked)

    answers = at_once(work, MANY, agree)
    assert answers.count("resume") == 1
    assert refusals(answers) == ["desk_request_over"] * (MANY - 1)
    assert len(journalled(work, "space.resumed")) == 1


def test_one_agrees_while_the_asker_takes_it_back(work, asked, adviser, many):
    def act(own, which):
        own.operator_id = many[which] if which else adviser
        if which == 0:
            return second_operator.refuse(own, asked, WHY)
        return second_operator.agree(own, asked)

    answers = at_once(work, MANY, act)
    done = [each for each in answers if not isinstance(each, Refusal)]
    assert len(done) == 1
    resumed = work.db.execute(select(Account.suspended_at)).scalar_one() is None
    assert resumed is (done == ["resume"])


def test_of_many_who_ask_at_once_one_request_waits(work, roll_id, many):
    settled(work, suspension.suspend, roll_id, WHY)

    def ask(own, which):
        own.operator_id = many[which]
        return catalogue.perform(own, RESUME, roll_id, WHY)

    answers = at_once(work, MANY, ask)
    assert answers.count(False) == 1
    assert refusals(answers) == ["desk_asked"] * (MANY - 1)
    assert count(work, TwoPersonRequest) == 1


def test_a_letter_wanted_by_many_is_wanted_once(work, rene, many):
    def want(own, which):
        own.operator_id = many[which]
        letter.want(own, rene, WHY)

    answers = at_once(work, MANY, want)
    assert answers.count(None) == 1
    assert refusals(answers) == ["desk_letter_wanted"] * (MANY - 1)
    assert count(work, WantedLetter) == 1


def test_a_letter_is_taken_back_or_made_never_both(work, rene, many):
    for turn in range(5):
        settled(work, letter.want, rene, WHY)
        before = work.db.scalar(select(func.count()).select_from(Letter))

        def act(own, which):
            own.operator_id = many[which]
            if which:
                return letter.take_back(own, rene, WHY)
            try:
                batches.make(own, NEXT, maker=MAKER, unfit=room_for_all)
            except Nobody:
                own.undo()
                return "nobody"
            return "made"

        answers = at_once(work, 2, act)
        after = work.db.scalar(select(func.count()).select_from(Letter))
        made, taken = answers[0] == "made", answers[1] is None
        assert made is not taken, (turn, answers)
        assert after - before == int(made)
        assert count(work, WantedLetter) == 0
        if made:
            batch = work.db.scalar(select(func.max(Letter.batch_id)))
            posting.posted(work, batch, on=None, operator="c.martin")
        work.settle()


def test_whoever_comes_in_while_it_is_suspended_is_out(work, roll_id, many):
    session = at_code(work, remember=True)
    code = code_in_mail(work)

    def act(own, which):
        own.operator_id = many[which] if which == 0 else None
        if which == 0:
            return suspension.suspend(own, roll_id, WHY)
        return mailed_code.enter(own, session, code=code, agent="Firefox, Linux")

    answers = at_once(work, 2, act)
    assert answers[0] is None
    entered = answers[1]
    if not isinstance(entered, Refusal):
        assert sessions.find(work, entered.token) is None
    live = [
        row
        for row in work.db.execute(
            select(StoredSession.epoch).union_all(select(Device.epoch))
        ).scalars()
        if row == work.db.scalar(select(Account.epoch))
    ]
    assert live == []
    work.settle()


def test_of_many_who_suspend_at_once_one_does(work, roll_id, many):
    def act(own, which):
        own.operator_id = many[which]
        return suspension.suspend(own, roll_id, WHY)

    answers = at_once(work, MANY, act)
    assert answers.count(None) == 1
    assert refusals(answers) == ["desk_suspended"] * (MANY - 1)
    assert ODILE.email not in str(journalled(work, "space.suspended"))
