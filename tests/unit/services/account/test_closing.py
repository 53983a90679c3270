"""Closing a space: asked twice over, seven days to change one's mind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from player import mails
from tests.closings import ask, closed, confirm, names, purge
from tests.journeys import (
    again,
    code_in_mail,
    count,
    found,
    journalled,
    refused,
    signed_in,
    wrong,
)
from tests.threads import at_once, refusals
from webapp.models import (
    Account,
    Device,
    StoredSession,
)
from webapp.services.account import closing
from webapp.services.kernel import sessions

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def session(work):
    """Odile, in her space."""
    return found(work, signed_in(work).token)


def due(work, session):
    moment = closing.due_at(work, session)
    work.settle()
    return moment


def test_the_right_password_mails_a_code_and_closes_nothing(work, session):
    ask(work, session)
    assert names(work)[-1] == "closing_code"
    assert due(work, session) is None


def test_a_wrong_password_mails_nothing(work, session):
    with refused("present_wrong"):
        ask(work, session, "pas le bon mot de passe")
    assert "closing_code" not in names(work)


def test_the_right_code_closes_in_seven_days_and_tells_the_owner(work, session, clock):
    closed(work, session)
    assert due(work, session) == clock.time + timedelta(days=7)
    assert mails.waiting(work)[-1].name == "closing"
    assert "8\u00a0décembre 2026" in mails.waiting(work)[-1].text
    assert journalled(work, "account.closing") == [{}]


def test_every_other_session_and_device_ends_and_this_one_stays(work, session):
    other = signed_in(work, browser="another browser", remember=True)
    assert count(work, Device) == 1
    closed(work, session)
    assert sessions.find(work, other.token) is None
    assert count(work, Device) == 0
    live = select(StoredSession.id).where(StoredSession.idle_until > work.now)
    assert work.db.execute(live).scalars().all() == [session.id]


def test_a_code_lives_five_minutes_to_the_second(work, session, clock):
    asked = ask(work, session)
    code = code_in_mail(work)
    clock.advance(minutes=5)
    with refused("code_expired"):
        confirm(work, asked, code)
    assert due(work, session) is None
    clock.advance(seconds=-1)
    confirm(work, asked, code)
    assert due(work, session)


def test_five_wrong_codes_end_the_request_and_the_right_one_comes_too_late(work, session):
    asked = ask(work, session)
    code = code_in_mail(work)
    for by in range(1, 5):
        with refused("code_wrong"):
            confirm(work, asked, wrong(code, by))
    with refused("closing_spent"):
        confirm(work, asked, wrong(code, 5))
    with refused("closing_over"):
        confirm(work, asked, code)
    assert due(work, session) is None
    assert [each["left"] for each in journalled(work, "account.closing_code_refused")] == [
        4, 3, 2, 1, 0,
    ]  # fmt: skip


def test_another_session_of_the_same_member_cannot_use_the_code(work, session):
    other = found(work, signed_in(work, browser="another browser").token)
    ask(work, session)
    with refused("closing_over"):
        confirm(work, other, code_in_mail(work))


def test_within_a_minute_no_second_mail_leaves_and_the_code_stays_good(work, session):
    ask(work, session)
    code = code_in_mail(work)
    asked = ask(work, session)
    assert names(work).count("closing_code") == 1
    confirm(work, asked, code)
    assert due(work, session)


def test_another_code_after_a_minute_and_five_an_hour(work, session, clock):
    asked = ask(work, session)
    first = code_in_mail(work)
    with refused("resend_soon"):
        closing.resend(work, asked)
    for _ in range(4):
        clock.advance(minutes=1)
        closing.resend(work, again(work, asked))
        work.settle()
    clock.advance(minutes=1)
    with refused("resend_closed"):
        closing.resend(work, again(work, asked))
    assert names(work).count("closing_code") == 5
    with refused("code_expired"):
        confirm(work, again(work, asked), first)


def test_nothing_is_sent_again_that_was_not_asked_for(work, session):
    with refused("closing_over"):
        closing.resend(work, session)


def test_of_four_right_codes_at_once_one_closes(work, session):
    asked = ask(work, session)
    code = code_in_mail(work)
    answers = at_once(work, 4, lambda own, _: closing.confirm(own, asked, code=code))
    assert answers.count(None) == 1
    assert set(refusals(answers)) <= {"closing_already", "closing_over"}
    assert names(work).count("closing") == 1


def test_a_second_tab_is_told_that_it_closes_already(work, session):
    closed(work, session)
    with refused("closing_already"):
        ask(work, again(work, session))


def test_changing_one_s_mind_keeps_everything_and_kills_the_code(work, session, clock):
    asked = ask(work, session)
    code = code_in_mail(work)
    confirm(work, asked, code)
    kept = again(work, asked)
    assert closing.cancel(work, kept) is True
    work.settle()
    assert due(work, session) is None
    assert names(work)[-1] == "closing_kept"
    with refused("closing_over"):
        confirm(work, asked, code)
    assert closing.cancel(work, kept) is False
    assert names(work).count("closing_kept") == 1
    clock.advance(days=30)
    purge(work)
    assert count(work, Account) == 1


def test_a_member_signs_in_during_the_seven_days_and_keeps_the_space(work, session, clock):
    closed(work, session)
    clock.advance(days=6, hours=23)
    later = found(work, signed_in(work).token)
    assert closing.cancel(work, later)
    clock.advance(days=1)
    purge(work)
    assert count(work, Account) == 1
