"""The sender opens the accesses of newer letters within a minute of their time."""

from datetime import timedelta

from sqlalchemy import insert, select

from player.members import ODILE, RENE, with_account
from player.statements import Statements
from tests.journeys import journalled, taking_over
from tests.shared_spaces import joins, members_of
from webapp.models import Account, Leaving

PATIENCE = 20
NEW = "odile.neuve@example.org"


def address(work):
    found = work.db.execute(select(Account.email)).scalar_one()
    work.settle()
    return found


def begun(work):
    with_account(work)
    taking_over(work, email=NEW)


def test_a_look_with_nothing_due_is_one_question_and_no_lock(work, clock, sender):
    begun(work)
    clock.advance(hours=23, minutes=59)
    with Statements(work.db.engine) as statements:
        work.settle()
        assert sender.take_over_due() == 0
    assert (len(statements.seen), statements.writing) == (1, [])


def test_a_running_sender_lets_it_take_effect_and_sends_the_mails(work, clock, sink, sender):
    begun(work)
    sender.send_waiting()
    sent = len(sink.mails)
    clock.advance(hours=24)
    sender.start()
    try:
        sink.wait_for(sent + 2)
    finally:
        sender.stop(PATIENCE)
    assert address(work) == NEW
    assert journalled(work, "takeover.done") == [{}]


def test_a_running_sender_looks_again_within_a_minute(work, clock, sink, sender):
    begun(work)
    sender.send_waiting()
    sent = len(sink.mails)
    sender.start()
    try:
        clock.advance(hours=23, minutes=59, seconds=30)
        work.world.local_queue.wake()
        clock.advance(seconds=60)
        work.world.local_queue.wake()
        sink.wait_for(sent + 2)
    finally:
        sender.stop(PATIENCE)
    assert address(work) == NEW


def test_two_senders_apply_it_once(work, clock, sink, sender, another_sender):
    begun(work)
    clock.advance(hours=24)
    assert sender.take_over_due() + another_sender.take_over_due() == 1
    assert journalled(work, "takeover.done") == [{}]


def test_a_departure_from_a_space_of_several_is_due_in_the_same_question(work, clock, sender):
    account_id = with_account(work)
    rene = joins(work, account_id, RENE)
    values = dict.fromkeys(("email", "email_key"), NEW)
    texts = dict.fromkeys(("password_hash", "terms_version", "terms_hash", "terms_origin"), "")
    moments = dict.fromkeys(("created_at", "terms_at"), work.now)
    own = {"id": "a", "account_id": account_id, "roll_id": rene, "state": "waiting"}
    leaves = insert(Leaving).values(
        **own, **values, **texts, **moments, effective_at=work.now + timedelta(hours=24)
    )
    work.db.execute(leaves)
    clock.advance(hours=23, minutes=59)
    with Statements(work.db.engine) as statements:
        work.settle()
        assert sender.take_over_due() == 0
    assert (len(statements.seen), statements.writing) == (1, [])
    clock.advance(minutes=1)
    assert sender.take_over_due() == 1
    assert members_of(work, account_id) == [ODILE.number]
