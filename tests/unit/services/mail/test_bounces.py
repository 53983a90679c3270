"""Reports of mails that came back: kept once, told to the journal once, and nothing else."""

import pytest
from sqlalchemy import select, update

from player.members import ODILE, on_the_roll, with_account
from tests.journeys import in_waiting, journalled
from webapp.models import JournalEntry, OutboxMail, RollEntry
from webapp.rules.delivery_reports import Outcome, Report
from webapp.services.mail import bounces, notices
from webapp.services.mail.bounces import Noted


@pytest.fixture
def sent(work):
    """A mail that the relay took."""
    on_the_roll(work)
    in_waiting(work)
    work.db.execute(update(OutboxMail).values(state="sent", sealed=b"", ended_at=work.now))
    mail_id = work.db.execute(select(OutboxMail.id)).scalar_one()
    work.settle()
    return mail_id


def note(work, mail_id, outcome=Outcome.FAILED, status="5.1.1"):
    noted = bounces.note(work, Report((mail_id,), outcome, status))
    work.settle()
    return noted


def kept(work):
    row = work.db.execute(
        select(OutboxMail.state, OutboxMail.outcome, OutboxMail.outcome_status)
    ).one()
    work.settle()
    return tuple(row)


def test_a_failure_is_kept_with_its_mail_and_told_once(work, sent):
    assert note(work, sent) is Noted.NEW
    assert note(work, sent) is Noted.KNOWN
    assert kept(work) == ("sent", "failed", "5.1.1")
    assert journalled(work, "mail.bounced") == [{"letter": "registration", "status": "5.1.1"}]


def test_the_journal_says_whose_registration_waits(work, sent):
    note(work, sent)
    whose = select(JournalEntry.roll_id).where(JournalEntry.event == "mail.bounced")
    assert work.db.execute(whose).scalar_one() == work.db.execute(select(RollEntry.id)).scalar_one()
    work.settle()


def test_a_delay_is_kept_and_is_no_failure(work, sent):
    assert note(work, sent, Outcome.DELAYED, "4.4.1") is Noted.NEW
    assert kept(work) == ("sent", "delayed", "4.4.1")
    assert journalled(work, "mail.bounced") == []
    assert note(work, sent) is Noted.NEW, "the relay gave up in the end"
    assert note(work, sent, Outcome.DELAYED, "4.4.1") is Noted.KNOWN
    assert kept(work) == ("sent", "failed", "5.1.1")


def test_a_report_on_no_mail_of_ours_changes_nothing(work, sent):
    assert note(work, "f" * 32) is Noted.FOREIGN
    assert bounces.note(work, Report((), Outcome.FAILED, "5.1.1")) is Noted.FOREIGN
    work.settle()
    assert kept(work) == ("sent", None, None)


def told(work, address=ODILE.email):
    found = work.db.execute(select(bounces.comes_back(work, address))).scalar_one()
    work.settle()
    return bool(found)


def notice(work):
    mail_id = notices.tell(work, "password_changed", to=ODILE.email)
    work.db.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail_id)
        .values(state="sent", sealed=b"", ended_at=work.now)
    )
    work.settle()
    return mail_id


def test_notices_that_come_back_are_told_until_one_arrives(work, clock):
    with_account(work)
    first = notice(work)
    assert not told(work)
    note(work, first)
    assert told(work) and not told(work, "rene@example.org")
    clock.advance(hours=1)
    notice(work)
    assert told(work), "it may still come back"
    clock.advance(days=1)
    assert not told(work)


def test_they_are_told_for_thirty_days(work, clock):
    with_account(work)
    note(work, notice(work))
    clock.advance(days=29)
    assert told(work)
    clock.advance(days=1)
    assert not told(work)


def test_a_notice_that_the_relay_refused_at_once_is_told_too(work):
    with_account(work)
    notice(work)
    work.db.execute(update(OutboxMail).values(state="failed"))
    assert told(work)
