"""Mails that this process's sender sends without looking for them, or that are anybody's again."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player.world import test_settings
from tests.faults.portal import wait_until
from webapp.adapters import sender as sender_module
from webapp.adapters.relay import SmtpRelay
from webapp.adapters.sender import Sender
from webapp.models import OutboxMail
from webapp.models.engine import open_engine
from webapp.rules import lifetimes
from webapp.services.kernel.local_queue import MOST, LocalQueue
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
def local_queue(world):
    """The way to this process's sender, closed until a test or a sender opens it."""
    return world.local_queue


@pytest.fixture
def write(engine, world):
    """Write a code in a work of its own, as a request does."""

    def write(keep=True, local_queue=world.local_queue):
        work = Work(engine, replace(world, local_queue=local_queue))
        mail_id = outbox.post(
            work,
            "security_code",
            now=True,
            to="odile@example.org",
            best_before=work.now + timedelta(minutes=5),
            priority=claims.FIRST,
            code="123456",
            life=lifetimes.SECURITY_CODE,
        )
        work.close(commit=keep)
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
    work, clock, sink, local_queue, sender, another_sender, write
):
    local_queue.open("a worker that dies now", sender.give_back)
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
    moving = replace(world, clock=TickingClock(clock), local_queue=LocalQueue())
    relay = SmtpRelay(test_settings(mail_port=sink.port))
    held = Sender(engine, relay, moving)
    moving.local_queue.open("a worker that dies too soon", held.give_back)
    own = Work(engine, moving)
    outbox.post(
        own,
        "security_code",
        now=True,
        to="odile@example.org",
        best_before=own.now + timedelta(minutes=5),
        code="123456",
        life=lifetimes.SECURITY_CODE,
    )
    own.close(commit=True)
    relay.deliver(moving.local_queue.next())
    relay.hang_up()
    clock.advance(seconds=claims.LEASE.total_seconds() + 60)
    assert another_sender.send_waiting() == 1
    first, second = sink.mails
    assert first.as_bytes() == second.as_bytes()


def test_what_was_undone_is_in_no_queue(work, local_queue, sender, write):
    local_queue.open("this worker", sender.give_back)
    write(keep=False)
    assert rows(work) == [] and local_queue.next() is None


def test_without_a_sender_of_its_own_it_waits_for_any(work, another_sender, write):
    write()
    assert rows(work) == [("ready", 0)]
    assert another_sender.send_waiting() == 1


@pytest.fixture
def opened(local_queue, sender):
    """The queue of a sender that takes mails and, for now, sends none."""
    local_queue.open(sender.name, sender.give_back)
    return local_queue


def test_with_a_full_queue_it_waits_for_any(work, another_sender, opened, write):
    for _ in range(MOST + 2):
        write()
    assert [row[0] for row in rows(work)].count("ready") == 2
    assert another_sender.send_waiting() == 2


def test_one_that_finds_the_queue_full_once_committed_waits_for_any_too(
    work, another_sender, opened, write
):
    write()
    claimed_while_there_was_room = opened.next()
    for _ in range(MOST):
        write()
    opened.put(claimed_while_there_was_room)
    assert [row[0] for row in rows(work)].count("ready") == 1
    assert another_sender.send_waiting() == 1


def test_a_sender_that_is_told_to_stop_gives_back_what_it_holds(
    work, opened, another_sender, write
):
    write()
    opened.close()
    assert rows(work) == [("ready", 0)]
    write()
    assert rows(work) == [("ready", 0)] * 2
    assert another_sender.send_waiting() == 2


class Closing(LocalQueue):
    """A queue that is closed between the claim of a mail and its commit."""

    def put(self, mail):
        self.close()
        super().put(mail)


def test_a_mail_committed_while_the_sender_stops_is_given_back_too(work, sender, write):
    closing = Closing()
    closing.open(sender.name, sender.give_back)
    write(local_queue=closing)
    assert rows(work) == [("ready", 0)]


def test_what_was_held_too_long_is_given_back_unsent(work, sender, another_sender, write):
    impatient = LocalQueue(fresh_seconds=-1)
    impatient.open(sender.name, sender.give_back)
    write(local_queue=impatient)
    assert impatient.next() is None
    assert another_sender.send_waiting() == 1


def test_giving_back_never_costs_the_request_that_wrote_it(tmp_path, world, work, sink, write):
    without_tables = open_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
    lost = Sender(without_tables, SmtpRelay(test_settings(mail_port=sink.port)), world)
    closing = Closing()
    closing.open(lost.name, lost.give_back)
    write(local_queue=closing)
    assert rows(work) == [("claimed", 1)]
    without_tables.dispose()


def test_a_relay_that_is_down_delays_it_as_any_other(work, clock, sink, sender, write):
    sink.close()
    sender.start()
    write()
    wait_until(lambda: rows(work) == [("ready", 1)])
    sender.stop()


def test_a_forked_process_holds_nothing_of_its_parent_s(local_queue, sender, write):
    local_queue.open("parent", sender.give_back)
    write()
    local_queue.open("child", sender.give_back)
    assert local_queue.next() is None and local_queue.worker == "child"


def test_with_a_slow_relay_those_in_the_queue_do_not_keep_the_others_waiting(
    engine, world, work, clock, sink, write, monkeypatch
):
    """Whoever found no room in the queue came first, and leaves among them."""

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
        mails.append(write(local_queue=LocalQueue() if each == 2 else world.local_queue))
        time.sleep(0.03)  # faster than it sends
    sink.wait_for(16)
    slow.stop()
    order = [mail["Message-ID"].split("@")[0].strip("<") for mail in sink.mails]
    assert sorted(order) == sorted(mails)
    assert order.index(mails[2]) < 12
