"""The sender, from a real outbox to a real SMTP server: nothing is lost, nothing leaves twice."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from player.world import test_settings
from tests.journeys import journalled
from tests.sinks import Sink
from webapp.adapters.relay import SmtpRelay
from webapp.adapters.sender import Sender
from webapp.models import OutboxMail
from webapp.services.kernel.work import Work
from webapp.services.mail import claims

PATIENCE = 20


def rows(work):
    found = work.db.execute(select(OutboxMail.__table__)).all()
    work.settle()
    return found


def test_what_waits_leaves_once_and_is_wiped(work, sink, sender, post):
    ids = [post(str(100_000 + each)) for each in range(3)]
    assert sender.send_waiting() == 3
    assert sender.send_waiting() == 0
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{each}@example.org>" for each in ids]
    assert {(row.state, row.sealed) for row in rows(work)} == {("sent", b"")}


def test_with_nothing_to_send_nobody_is_called(sink, sender):
    assert sender.send_waiting() == 0
    assert sink.connections == 0


def test_a_server_that_is_down_loses_nothing_and_gets_it_exactly_once(
    work, clock, sink, sender, post
):
    mail_id = post()
    sink.close()
    for _ in range(4):
        assert sender.send_waiting() == 0
        clock.advance(seconds=60)
    again = Sink(port=sink.port)
    clock.advance(hours=1)
    assert sender.send_waiting() == 1
    clock.advance(hours=1)
    assert sender.send_waiting() == 0
    assert [mail["Message-ID"] for mail in again.mails] == [f"<{mail_id}@example.org>"]
    again.close()


def test_a_busy_server_gets_the_mail_later(work, clock, sink, sender, post):
    post()
    sink.recipient_answer = "451 try again later"
    assert sender.send_waiting() == 0
    assert [(row.state, row.last_error) for row in rows(work)] == [("ready", "451")]
    sink.recipient_answer = "250 OK"
    assert sender.send_waiting() == 0, "not before its pause"
    clock.advance(seconds=5)
    assert sender.send_waiting() == 1


def test_a_refused_mail_is_failed_and_never_tried_again(work, clock, sink, sender, post):
    post()
    sink.recipient_answer = "550 no such user"
    assert sender.send_waiting() == 0
    assert [(row.state, row.sealed) for row in rows(work)] == [("failed", b"")]
    assert journalled(work, "mail.failed") == [{"letter": "security_code", "status": "550"}]
    sink.recipient_answer = "250 OK"
    clock.advance(days=1)
    assert sender.send_waiting() == 0 and sink.mails == []


def test_a_refused_mail_does_not_hold_up_the_others(work, sink, sender, post):
    post()
    sink.data_answer = "554 no"
    sender.send_waiting()
    sink.data_answer = "250 OK"
    post("222222")
    assert sender.send_waiting() == 1


def test_a_mail_past_its_best_before_never_leaves(work, clock, sink, sender, post):
    post(life=timedelta(minutes=5))
    clock.advance(minutes=5)
    assert sender.send_waiting() == 0
    assert [(row.state, row.sealed) for row in rows(work)] == [("expired", b"")]
    assert sink.mails == []


def test_a_code_that_could_not_leave_in_time_is_dropped(work, clock, sink, sender, post):
    post(life=timedelta(minutes=5))
    sink.recipient_answer = "451 try again later"
    for _ in range(12):
        sender.send_waiting()
        clock.advance(seconds=30)
    sink.recipient_answer = "250 OK"
    assert sender.send_waiting() == 0 and sink.mails == []
    clock.advance(hours=1)
    sender.send_waiting()
    assert [row.state for row in rows(work)] == ["expired"]


def test_a_sender_that_died_after_claiming_is_replaced_when_its_lease_ends(
    work, clock, sink, sender, post
):
    mail_id = post()
    assert claims.claim(work, "a sender that dies now")
    work.settle()
    assert sender.send_waiting() == 0
    clock.advance(seconds=120)
    assert sender.send_waiting() == 1
    assert sink.mails[0]["Message-ID"] == f"<{mail_id}@example.org>"


def test_two_senders_never_send_the_same_mail(work, engine, world, sink, post):
    ids = [post(str(100_000 + each)) for each in range(30)]
    together = threading.Barrier(2)

    def send():
        relay = SmtpRelay(test_settings(mail_port=sink.port))
        together.wait(PATIENCE)
        Sender(engine, relay, world).send_waiting()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE)
    arrived = Counter(mail["Message-ID"] for mail in sink.mails)
    assert arrived == Counter(f"<{each}@example.org>" for each in ids)


def test_a_connection_lost_while_the_relay_answered_makes_no_double(
    engine, world, clock, sink, post
):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")

    class Cut(SmtpRelay):
        def deliver(self, claimed):
            super().deliver(claimed)
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            others += " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            with engine.connect() as connection:
                connection.execute(text(others))

    post()
    sender = Sender(engine, Cut(test_settings(mail_port=sink.port)), world)
    assert sender.send_waiting() == 1
    clock.advance(seconds=claims.LEASE.total_seconds() + 1)
    assert sender.send_waiting() == 0
    assert len(sink.mails) == 1


def test_no_log_line_holds_an_address_or_a_code(work, clock, sink, sender, post, caplog):
    post("987654")
    with caplog.at_level("DEBUG"):
        for answer in ("451 odile@example.org is busy", "550 odile@example.org is unknown"):
            sink.recipient_answer = answer
            sender.send_waiting()
            clock.advance(minutes=1)
    told = [record for record in caplog.records if record.name == "portal.mail"]
    assert len(told) == 2
    assert not any(
        secret in record.getMessage() for record in told for secret in ("odile", "987654")
    )


def test_a_mail_that_waits_is_seen_by_work_of_any_process(engine, world, work, post):
    post()
    other = Work(engine, world, reading=True)
    assert claims.due(other)
    other.close(commit=True)


def test_a_mail_that_can_t_be_written_is_told_tried_again_and_holds_up_no_other(
    work, clock, sink, sender, post, caplog
):
    forged = post(to="odile@example.org\nBcc: x@example.net")
    post("222222")
    assert sender.send_waiting() == 1
    (told,) = [record.getMessage() for record in caplog.records if record.name == "portal.mail"]
    assert forged in told and "BadHeaderError at message.py:" in told
    assert "odile" not in told and "example.net" not in told
    (waits,) = [row for row in rows(work) if row.state == "ready"]
    assert (waits.id, waits.last_error) == (forged, "stumbled BadHeaderError")
    assert sender.send_waiting() == 0 and len(caplog.records) == 1, "not before its pause"
    clock.advance(days=1)
    sender.send_waiting()
    assert {row.state for row in rows(work)} == {"sent", "expired"}


def test_a_relay_that_refuses_us_gets_the_mail_once_it_is_mended(work, clock, sink, sender, post):
    post()
    sink.recipient_answer = "554 5.7.1 Relay access denied"
    assert sender.send_waiting() == 0
    assert [(row.state, row.last_error) for row in rows(work)] == [("ready", "relay 554 5.7.1")]
    sink.recipient_answer = "250 OK"
    clock.advance(seconds=5)
    assert sender.send_waiting() == 1
    assert journalled(work, "mail.failed") == []
