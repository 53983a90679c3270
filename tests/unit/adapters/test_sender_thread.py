"""The sender as it runs: woken, stopped, started again, outliving its database's absence."""

import logging
import threading

from sqlalchemy import select

from player.world import test_settings
from tests.journeys import journalled
from webapp.adapters.relay import SmtpRelay
from webapp.adapters.sender import Sender
from webapp.models import OutboxMail
from webapp.models.engine import open_engine

PATIENCE = 20


def rows(work):
    found = work.db.execute(select(OutboxMail.__table__)).all()
    work.settle()
    return found


def test_a_woken_sender_sends_at_once_and_stops_when_told(work, sink, sender, post):
    before = threading.active_count()
    sender.start()
    try:
        post()
        work.world.local_queue.wake()
        sink.wait_for(1)
    finally:
        sender.stop(PATIENCE)
    assert [row.state for row in rows(work)] == ["sent"], "the mail under way was finished"
    assert threading.active_count() == before


def test_a_stopped_sender_can_be_started_again(work, sink, sender, post):
    for each in (1, 2):
        sender.start()
        post()
        work.world.local_queue.wake()
        sink.wait_for(each)
        sender.stop(PATIENCE)


def test_a_running_sender_purges_what_is_past(work, clock, sink, sender, post):
    post()
    sender.send_waiting()
    clock.advance(days=90)
    sender.start()
    post("222222")
    work.world.local_queue.wake()
    sink.wait_for(2)
    sender.stop(PATIENCE)
    assert [row.state for row in rows(work)] == ["sent"]
    assert journalled(work, "database.purged")


class Listener(logging.Handler):
    """Hears what the log is told."""

    def __init__(self):
        super().__init__()
        self.heard, self.said = threading.Event(), ""

    def emit(self, record):
        self.said += record.getMessage()
        self.heard.set()


def test_a_database_that_is_away_is_waited_for_and_the_sender_lives(tmp_path, world, sink):
    without_tables = open_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
    sender = Sender(without_tables, SmtpRelay(test_settings(mail_port=sink.port)), world)
    listener, log = Listener(), logging.getLogger("portal.mail")
    log.addHandler(listener)
    sender.start()
    try:
        assert listener.heard.wait(PATIENCE)
        listener.heard.clear()
        world.local_queue.wake()
        assert listener.heard.wait(PATIENCE), "it still looks"
    finally:
        sender.stop(PATIENCE)
        log.removeHandler(listener)
        without_tables.dispose()
    assert listener.said.startswith("outbox out of reach: OperationalError")
