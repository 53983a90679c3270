"""A worker that is told to go closes its sockets once, whenever it is told."""

import os
import selectors
import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import TCPSocket

from webapp.adapters.draining_worker import DrainingWorker


@pytest.fixture
def worker() -> Iterator[DrainingWorker]:
    """A worker as gunicorn makes it, before its loop runs."""
    settings = Config()
    listener = TCPSocket(("127.0.0.1", 0), settings, Logger(settings))
    worker = DrainingWorker(1, os.getppid(), [listener], None, 30, settings, Logger(settings))
    worker.tmp.close()
    worker.tpool, worker.poller = worker.get_thread_pool(), selectors.DefaultSelector()
    yield worker
    worker.poller.close()
    worker.tpool.shutdown()
    listener.close()


def test_a_worker_told_to_go_while_it_starts_closes_its_sockets_once(worker) -> None:
    address = worker.sockets[0].getsockname()
    worker.alive = False
    worker.set_accept_enabled(True)
    worker.set_accept_enabled(False)
    worker.set_accept_enabled(False)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_worker_with_too_many_connections_keeps_its_sockets(worker) -> None:
    address = worker.sockets[0].getsockname()
    worker.set_accept_enabled(True)
    worker.set_accept_enabled(False)
    socket.create_connection(address).close()
