"""What a supervisor does to operators, also when two do it at once."""

import pytest

from player.world import StillClock, test_settings
from tests.authenticator import Phone
from tests.journeys import BROWSER, count, journalled, refused
from tests.operators import operator
from tests.threads import at_once, refusals
from webapp.desk_application import at_the_desk
from webapp.models.operator import Enrolment, Operator, OperatorSession
from webapp.rules.roles import Role
from webapp.services.kernel.challenges import Answer
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.operators import keys, news, sessions, staff, supervising
from webapp.services.operators.sessions import AtWork

DESK = "http://localhost:8001"


@pytest.fixture
def world(world: World) -> World:
    """The desk's."""
    return at_the_desk(world, test_settings(desk_url=DESK))


@pytest.fixture
def martin(work: Work) -> AtWork:
    """A supervisor at work."""
    token = sessions.mint(work, operator(work, "c.martin", Role.SUPERVISOR))
    found = sessions.find(work, token)
    assert found is not None
    work.operator_id = found.operator_id
    work.settle()
    return found


def test_of_four_who_add_one_name_at_once_one_has_the_link(work: Work, martin: AtWork) -> None:
    def act(own: Work, _which: int) -> staff.Link:
        return supervising.add(own, martin, name="m.durand", role=Role.ADVISER)

    assert refusals(at_once(work, 4, act)) == ["desk_operator_known"] * 3
    assert count(work, Operator) == 2
    assert count(work, Enrolment) == 2  # c.martin's own, never opened, and m.durand's


def test_what_is_done_is_journaled_with_who_did_it(work: Work, martin: AtWork) -> None:
    supervising.add(work, martin, name="m.durand", role=Role.ADVISER)
    durand = operator(work, "m.durand")
    supervising.reset(work, martin, durand)
    supervising.disable(work, martin, durand)
    assert journalled(work, "operator.added")[-1]["by"] == "c.martin"
    assert journalled(work, "operator.reset") == [{"name": "m.durand", "by": "c.martin"}]
    assert journalled(work, "operator.disabled") == [{"name": "m.durand", "by": "c.martin"}]


def test_oneself_and_who_is_gone_are_refused(work: Work, martin: AtWork) -> None:
    for act in (supervising.disable, supervising.reset):
        with refused("desk_oneself"):
            act(work, martin, martin.operator_id)
        with refused("desk_operator_gone"):
            act(work, martin, 999_999)


def test_no_session_outlives_a_disable_that_runs_beside_its_sign_in(
    work: Work, martin: AtWork
) -> None:
    link = supervising.add(work, martin, name="m.durand", role=Role.ADVISER).token
    durand, phone = operator(work, "m.durand"), Phone(origin=DESK)
    who = keys.newcomer(work, link)
    ceremony = keys.to_enrol(work, who, browser=BROWSER)
    work.settle()
    keys.enrol(work, who, Answer(phone.make(ceremony.options), ceremony.token, BROWSER))
    work.settle()
    answers = []
    for _ in range(3):
        asked = keys.to_sign_in(work, browser=BROWSER)
        answers.append(Answer(phone.sign(asked.options), asked.token, BROWSER))
    work.settle()

    def act(own: Work, which: int) -> str:
        if which == 3:
            return supervising.disable(own, martin, durand)
        return keys.sign_in(own, answers[which])

    tokens = [each for each in at_once(work, 4, act) if isinstance(each, str)]
    assert all(sessions.find(work, token) is None for token in tokens)
    supervising.add(work, martin, name="m.durand", role=Role.AUDITOR)
    assert all(sessions.find(work, token) is None for token in tokens)
    assert count(work, OperatorSession) == 1  # the supervisor's own


def test_seen_never_goes_back_nor_ahead_of_now(
    work: Work, martin: AtWork, clock: StillClock
) -> None:
    me = martin.operator_id
    first = news.untold(work, me)
    assert [each.words for each in first] == ["Opérateur ajouté\u00a0: c.martin, superviseur"]
    clock.advance(minutes=1)
    supervising.add(work, martin, name="m.durand", role=Role.ADVISER)
    newest = news.untold(work, me)[-1]
    news.seen(work, me, newest.at)
    news.seen(work, me, first[0].at)  # an older page, in another tab
    assert news.untold(work, me) == []
    clock.advance(minutes=1)
    news.seen(work, me, clock.now().replace(year=2999))
    clock.advance(minutes=1)
    staff.disable(work, "m.durand", by="root")
    assert [each.by for each in news.untold(work, me)] == ["root"]
