"""`flask database restored`: what a backup brings back opens, sends and erases nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.journeys import (
    at_code,
    code_in_mail,
    count,
    give_code,
    in_waiting,
    journalled,
    signed_in,
    taking_over,
)
from webapp.models import Account, Device, Registration, StoredSession, Takeover
from webapp.services.kernel import sessions
from webapp.services.sign_in import devices


@pytest.fixture
def run(app):
    """The command, in a script."""
    return lambda: app.test_cli_runner().invoke(
        args=["database", "restored", "--yes"], catch_exceptions=False
    )


def test_a_stolen_phone_that_was_signed_out_since_is_out(run, work):
    with_account(work)
    entered = signed_in(work, remember=True)
    work.settle()
    result = run()
    assert result.exit_code == 0, result
    assert "Espaces déconnectés\u00a0: 1." in result.stdout
    assert sessions.find(work, entered.token) is None
    assert devices.remembered_email(work, entered.device_secret) is None
    assert count(work, StoredSession) == count(work, Device) == 0
    assert journalled(work, "database.restored") == [{"spaces": 1}]


def test_the_owner_signs_in_again_with_password_and_mailed_code(run, work):
    with_account(work)
    work.settle()
    assert run().exit_code == 0
    session = at_code(work)
    assert give_code(work, session, code_in_mail(work))


def test_a_link_of_before_opens_nothing_and_no_mail_leaves_twice(run, work):
    on_the_roll(work, RENE)
    in_waiting(work, RENE)
    assert mails.waiting(work)
    work.settle()
    assert run().exit_code == 0
    assert count(work, Registration) == 0
    assert mails.waiting(work) == []


def test_a_takeover_that_its_owner_may_have_stopped_never_takes_effect(run, work):
    with_account(work)
    taking_over(work)
    work.settle()
    assert run().exit_code == 0
    assert count(work, Takeover) == 0


@pytest.mark.parametrize(("asked", "left"), [(timedelta(days=-1), 7), (timedelta(days=9), 9)])
def test_a_closing_that_may_have_been_cancelled_leaves_a_week(run, work, asked, left):
    with_account(work)
    work.db.execute(update(Account).values(closing_at=work.now + asked))
    work.settle()
    assert run().exit_code == 0
    assert work.db.execute(select(Account.closing_at)).scalar() == work.now + timedelta(days=left)
    assert ODILE.email in str(work.db.execute(select(Account.email)).scalar())
