"""The second step: five tries a sign-in, each code its five minutes, one entry."""

from datetime import timedelta

import pytest

from player.members import RENE, with_account
from tests.journeys import (
    again,
    at_code,
    code_in_mail,
    count,
    found,
    give_code,
    give_password,
    journalled,
    refused,
    resend,
    signed_in,
    wrong,
)
from tests.threads import at_once, refusals
from webapp.models import StoredSession
from webapp.rules.ranks import Rank
from webapp.services.sign_in import mailed_code

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def session(work, account_id):
    return at_code(work)


def fail(work, session, code, times=1):
    for each in range(times):
        with refused("code_wrong") as refusal:
            give_code(work, session, wrong(code, each))
        assert refusal.value.field == "security_code"


def test_the_right_code_opens_the_space_under_a_new_id(work, session):
    entered = give_code(work, session, code_in_mail(work))
    member = found(work, entered.token)
    assert (member.rank, member.account_id, member.codes) == (
        Rank.MEMBER,
        session.account_id,
        "",
    )
    assert entered.device_secret is None
    assert journalled(work, "sign_in.done") == [
        {"by": "code", "agent": "Firefox, Linux", "remembered": False}
    ]


def test_a_code_serves_once(work, session):
    code = code_in_mail(work)
    give_code(work, session, code)
    with refused("code_over"):
        give_code(work, session, code)


def test_a_code_lives_five_minutes(work, clock, session):
    clock.advance(minutes=4, seconds=59)
    assert give_code(work, session, code_in_mail(work)).rank is Rank.MEMBER


def test_after_five_minutes_a_code_is_said_to_be_past_and_no_try_is_spent(work, clock, session):
    clock.advance(minutes=5)
    for _ in range(6):
        with refused("code_expired"):
            give_code(work, session, code_in_mail(work))
    resend(work, session)
    assert give_code(work, again(work, session), code_in_mail(work)).rank is Rank.MEMBER


def test_asking_for_another_code_does_not_kill_the_one_under_way(work, clock, session):
    first = code_in_mail(work)
    clock.advance(minutes=1)
    resend(work, session)
    assert code_in_mail(work) != first
    assert give_code(work, again(work, session), first).rank is Rank.MEMBER


def test_each_code_lives_its_own_five_minutes(work, clock, session):
    first = code_in_mail(work)
    clock.advance(minutes=3)
    resend(work, session)
    clock.advance(minutes=2)
    with refused("code_expired"):
        give_code(work, again(work, session), first)
    clock.advance(minutes=2, seconds=59)
    assert give_code(work, again(work, session), code_in_mail(work)).rank is Rank.MEMBER


def test_the_first_right_code_uses_up_all(work, clock, session):
    clock.advance(minutes=1)
    resend(work, session)
    second = code_in_mail(work)
    stale = again(work, session)
    give_code(work, stale, second)
    with refused("code_over"):
        give_code(work, stale, second)


def test_five_wrong_codes_and_it_starts_again_at_the_password(work, session):
    code = code_in_mail(work)
    fail(work, session, code, 4)
    with refused("code_spent"):
        give_code(work, session, wrong(code, 9))
    with refused("code_over"):
        give_code(work, session, code)
    assert count(work, StoredSession) == 0
    assert [each["left"] for each in journalled(work, "sign_in.code_refused")] == [4, 3, 2, 1, 0]
    assert len(journalled(work, "sign_in.code_locked")) == 1


def test_another_code_brings_no_new_tries(work, clock, session):
    fail(work, session, code_in_mail(work), 4)
    clock.advance(minutes=1)
    resend(work, session)
    with refused("code_spent"):
        give_code(work, again(work, session), wrong(code_in_mail(work)))


def test_the_password_given_again_by_the_same_browser_brings_no_new_tries(work, session):
    fail(work, session, code_in_mail(work), 4)
    next_session = at_code(work, previous=again(work, session))
    with refused("code_spent"):
        give_code(work, next_session, wrong(code_in_mail(work)))


def test_a_code_counts_for_its_own_sign_in_alone(work, session):
    code = code_in_mail(work)
    elsewhere = at_code(work, browser="another browser")
    with refused("code_wrong"):
        give_code(work, elsewhere, code)
    with refused("code_wrong"):
        give_code(work, session, code_in_mail(work))
    assert give_code(work, session, code).rank is Rank.MEMBER


def test_a_code_of_another_member_opens_nothing(work, session):
    with_account(work, RENE)
    at_code(work, email=RENE.email)
    with refused("code_wrong"):
        give_code(work, session, code_in_mail(work))


def test_the_right_code_in_eight_threads_enters_once(work, session):
    code = code_in_mail(work)
    answers = at_once(
        work, 8, lambda own, _: mailed_code.enter(own, session, code=code, agent="Firefox")
    )
    assert refusals(answers) == ["code_over"] * 7
    assert len(journalled(work, "sign_in.done")) == 1
    assert count(work, StoredSession) == 1


def test_forty_wrong_codes_at_once_are_compared_five_times(work, session):
    code = code_in_mail(work)

    def guess(own, which):
        return mailed_code.enter(own, session, code=wrong(code, which), agent="Firefox")

    answers = at_once(work, 40, guess)
    assert refusals(answers) == ["code_over"] * 35 + ["code_spent"] + ["code_wrong"] * 4
    assert len(journalled(work, "sign_in.code_refused")) == 5
    assert len(journalled(work, "sign_in.code_locked")) == 1
    with refused("code_over"):
        give_code(work, session, code)


def test_twenty_wrong_codes_a_day_close_the_second_step_of_an_account(work, clock, session):
    for round_ in range(4):
        under_way = at_code(work, browser=f"browser {round_}")
        code = code_in_mail(work)
        fail(work, under_way, code, 4)
        with refused("code_spent"):
            give_code(work, under_way, wrong(code, 9))
    last = at_code(work, browser="the owner's")
    with refused("code_closed") as refusal:
        give_code(work, last, code_in_mail(work))
    assert refusal.value.wait == timedelta(days=1)
    clock.advance(days=1)
    assert signed_in(work, browser="the next day").rank is Rank.MEMBER


def test_the_right_code_forgets_the_wrong_ones_of_its_account(work):
    for each in range(6):
        session = at_code(work, browser=f"browser {each}")
        code = code_in_mail(work)
        fail(work, session, code, 4)
        assert give_code(work, session, code).rank is Rank.MEMBER


def test_wrong_codes_count_as_failures_of_their_origin(work, session):
    code = code_in_mail(work)
    for each in range(98):
        with refused("sign_in_wrong"):
            give_password(work, f"personne{each}@example.org")
    fail(work, session, code, 2)
    with refused("origin_closed"):
        give_password(work)


def test_the_code_step_is_not_refused_by_its_origin_and_a_slip_is_told_as_such(work, session):
    code = code_in_mail(work)
    for each in range(100):
        with refused("sign_in_wrong"):
            give_password(work, f"personne{each}@example.org")
    fail(work, session, code, 1)
    assert give_code(work, session, code).rank is Rank.MEMBER
