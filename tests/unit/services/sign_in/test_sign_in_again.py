"""Asking again: one more code, a double tap, Back and the password once more."""

from datetime import timedelta

import pytest

from player.mails import waiting
from tests.journeys import (
    again,
    at_code,
    code_in_mail,
    count,
    found,
    give_code,
    give_password,
    refused,
    resend,
)
from tests.threads import at_once, refusals
from webapp.models import StoredSession
from webapp.rules.ranks import Rank
from webapp.services.sign_in import mailed_code

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def session(work, account_id):
    return at_code(work)


def test_one_new_code_a_minute_and_five_an_hour(work, clock, session):
    clock.advance(seconds=59)
    with refused("resend_soon") as refusal:
        resend(work, session)
    assert refusal.value.wait == timedelta(seconds=1)
    clock.advance(seconds=1)
    for _ in range(5):
        resend(work, again(work, session))
        clock.advance(minutes=1)
    with refused("resend_closed"):
        resend(work, again(work, session))
    assert len(waiting(work)) == 6
    assert len(again(work, session).codes.split()) == 6, "the refused one left no code behind"


def test_eight_taps_on_send_again_mail_one_code(work, clock, session):
    clock.advance(minutes=1)
    answers = at_once(work, 8, lambda own, _: mailed_code.resend(own, session))
    assert refusals(answers) == ["resend_soon"] * 7
    assert len(waiting(work)) == 2


def test_a_double_tap_on_the_password_mails_one_code_that_opens(work):
    def tap(own, _):
        return give_password(own, browser="a hasty browser")

    answers = at_once(work, 2, tap)
    code = code_in_mail(work)
    assert len(waiting(work)) == 1 and count(work, StoredSession) == 1
    # whichever answer the browser keeps, it holds the same sign-in
    assert len({each.token for each in answers}) == 1
    assert give_code(work, found(work, answers[0].token), code).rank is Rank.MEMBER


def test_back_and_the_password_again_within_a_minute_mails_no_second_code(work, session):
    code = code_in_mail(work)
    next_session = at_code(work, previous=session)
    assert len(waiting(work)) == 1
    assert give_code(work, next_session, code).rank is Rank.MEMBER


def test_the_password_again_after_a_minute_mails_another_and_the_first_still_opens(
    work, clock, session
):
    first = code_in_mail(work)
    clock.advance(minutes=1)
    next_session = at_code(work, previous=session)
    assert len(waiting(work)) == 2
    assert give_code(work, next_session, first).rank is Rank.MEMBER


def test_a_mail_flood_has_a_lid(work):
    for each in range(20):
        give_password(work, browser=f"browser {each}")
    with refused("mail_closed"):
        give_password(work, browser="one too many")
    assert len(waiting(work)) == 20
