"""Mails that this process's sender holds from their birth: sent at once, or anybody's again."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from player.world import test_settings
from tests.faults.portal import wait_until
from webapp.adapters import hands as hands_module
from webapp.adapters import sender as sender_module
from webapp.adapters.relay import SmtpRelay
from webapp.adapters.sender import Sender
from webapp.models import OutboxMail
from webapp.rules import lifetimes
from webapp.services.kernel.work import Work
from webapp.services.mail import claims, outbox


class TickingClock:
    """A second later each time that it is looked at."""

    def __init__(self, clock):
        self._clock = clock

    def now(self):
        self._clock.advance(seconds=1)
        return self._clock.now()


@pytest.fixture
def write(engine, world, sender):
    """Write a code in a work of its own, as a request does."""

    def write(keep=True, hands=sender.hands):
        work = Work(engine, replace(world, hands=hands))
        mail_id = outbox.post_in_hand(
            work,
            "security_code",
            to="odile@example.org",
            best_before=work.now + timedelta(minutes=5),
            priority=claims.FIRST,
            code="123456",
            life=lifetimes.SECURITY_CODE,
        )
        work.close(keep=keep)
        return mail_id

    return write


def rows(work):
    found = work.db.execute(select(OutboxMail.state, OutboxMail.attempts)).all()
    work.settle()
    return sorted(tuple(row) for row in found)


def test_a_running_sender_sends_it_without_looking_for_it(work, sink, sender, write):
    sender.start()
    mail_id = write()
    wait_until(lambda: rows(work) == [("sent", 1)])
    sender.stop()
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{mail_id}@example.org>"]


def test_no_other_sender_takes_it_before_its_lease_ends(
    work, clock, sink, sender, another_sender, write
):
    sender.hands.open("a worker that dies now")
    write()
    assert rows(work) == [("claimed", 1)]
    assert another_sender.send_waiting() == 0
    clock.advance(seconds=claims.LEASE.total_seconds() + 1)
    assert another_sender.send_waiting() == 1
    assert rows(work) == [("sent", 2)]


def test_a_copy_that_leaves_after_a_crash_is_the_same_to_its_date(
    engine, world, work, clock, another_sender, sink
):
    """Though time passes while the mail is written."""
    moving = replace(world, clock=TickingClock(clock))
    relay = SmtpRelay(test_settings(mail_port=sink.port))
    held = Sender(engine, relay, moving)
    held.hands.open("a worker that dies too soon")
    own = Work(engine, replace(moving, hands=held.hands))
    outbox.post_in_hand(
        own,
        "security_code",
        to="odile@example.org",
        best_before=own.now + timedelta(minutes=5),
        code="123456",
        life=lifetimes.SECURITY_CODE,
    )
    own.close(keep=True)
    relay.deliver(held.hands.next())
    relay.hang_up()
    clock.advance(seconds=claims.LEASE.total_seconds() + 60)
    assert another_sender.send_waiting() == 1
    first, second = sink.mails
    assert first.as_bytes() == second.as_bytes()


def test_what_was_undone_is_in_nobody_s_hand(work, sender, write):
    sender.hands.open(sender._name)
    write(keep=False)
    assert rows(work) == [] and sender.hands.next() is None


def test_without_a_sender_of_its_own_it_waits_for_any(work, another_sender, write):
    write()
    assert rows(work) == [("ready", 0)]
    assert another_sender.send_waiting() == 1


def test_with_full_hands_it_waits_for_any(work, another_sender, sender, write):
    sender.hands.open(sender._name)
    for _ in range(hands_module.MOST + 2):
        write()
    assert [row[0] for row in rows(work)].count("ready") == 2
    assert another_sender.send_waiting() == 2


def test_a_sender_that_is_told_to_stop_gives_back_what_it_holds(
    work, sender, another_sender, write
):
    sender.hands.open(sender._name)
    write()
    sender.hands.close()
    assert rows(work) == [("ready", 0)]
    write()
    assert rows(work) == [("ready", 0)] * 2
    assert another_sender.send_waiting() == 2


def test_a_mail_committed_while_the_sender_stops_is_given_back_too(
    engine, world, work, sender, another_sender, write
):
    sender.hands.open(sender._name)
    taken = sender.hands.take

    def late(mails):
        sender.hands.close()
        taken(mails)

    sender.hands.take = late
    write()
    assert rows(work) == [("ready", 0)]


def test_what_was_held_too_long_is_given_back_unsent(
    work, sender, another_sender, write, monkeypatch
):
    sender.hands.open(sender._name)
    write()
    monkeypatch.setattr(hands_module, "FRESH_SECONDS", -1)
    assert sender.hands.next() is None
    assert another_sender.send_waiting() == 1


def test_giving_back_never_costs_the_request_that_wrote_it(work, sender, write, monkeypatch):
    def away(_mails):
        raise OperationalError("UPDATE", None, Exception("away"))

    monkeypatch.setattr(sender, "_give_back", away)
    sender.hands.open(sender._name)
    taken = sender.hands.take
    sender.hands.take = lambda mails: (sender.hands.close(), taken(mails))
    write()
    assert rows(work) == [("claimed", 1)]


def test_a_relay_that_is_down_delays_it_as_any_other(work, clock, sink, sender, write):
    sink.close()
    sender.start()
    write()
    wait_until(lambda: rows(work) == [("ready", 1)])
    sender.stop()


def test_a_forked_process_holds_nothing_of_its_parent_s(sender, write):
    sender.hands.open("parent")
    write()
    sender.hands.open("child")
    assert sender.hands.next() is None and sender.hands.name() == "child"


def test_with_a_slow_relay_those_in_hand_do_not_keep_the_others_waiting(
    engine, world, work, clock, sink, write, monkeypatch
):
    """Whoever found no room in hand came first, and leaves among them."""

    class Slow(SmtpRelay):
        def deliver(self, claimed):
            time.sleep(0.05)
            super().deliver(claimed)

    monkeypatch.setattr(sender_module, "CLAIM_SECONDS", 0.04)
    monkeypatch.setattr(sender_module, "POLL_SECONDS", 0.1)
    slow = Sender(engine, Slow(test_settings(mail_port=sink.port)), world)
    slow.start()
    mails = []
    for each in range(16):
        mails.append(write(hands=slow.hands if each != 2 else None))
        time.sleep(0.03)  # faster than it sends
    sink.wait_for(16)
    slow.stop()
    order = [mail["Message-ID"].split("@")[0].strip("<") for mail in sink.mails]
    assert sorted(order) == sorted(mails)
    assert order.index(mails[2]) < 12
