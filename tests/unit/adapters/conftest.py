"""A mail written, a real SMTP server, and the sender between them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from player.world import test_settings
from tests.sinks import Sink
from webapp.adapters.relay import TIMEOUT_SECONDS, SmtpRelay
from webapp.adapters.sender import Sender
from webapp.rules import lifetimes
from webapp.services.kernel.local_queue import LocalQueue
from webapp.services.mail import outbox


@pytest.fixture
def sink():
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def relay_to():
    """Relays to a port, hung up afterwards."""
    relays = []

    def relay_to(port, **settings):
        timeout = settings.pop("timeout", TIMEOUT_SECONDS)
        relay = SmtpRelay(test_settings(mail_port=port, **settings), timeout=timeout)
        relays.append(relay)
        return relay

    yield relay_to
    for relay in relays:
        relay.hang_up()


@pytest.fixture
def sender(engine, world, sink):
    return Sender(engine, SmtpRelay(test_settings(mail_port=sink.port)), world)


@pytest.fixture
def another_sender(engine, world, sink):
    """Another process's, which has a queue of its own."""
    elsewhere = replace(world, local_queue=LocalQueue())
    return Sender(engine, SmtpRelay(test_settings(mail_port=sink.port)), elsewhere)


@pytest.fixture
def post(work):
    def post(code="123456", life=timedelta(hours=24), to="odile@example.org"):
        mail_id = outbox.post(
            work,
            "security_code",
            to=to,
            best_before=work.now + life,
            code=code,
            life=lifetimes.SECURITY_CODE,
        )
        work.settle()
        return mail_id

    return post
