"""Told to go (SIGTERM), a host finishes what it took and refuses the rest at once: nobody waits in
a queue that will be reset. `docs/decisions/restarts.md`"""

import http.client
import os
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Tell
from tests.faults.portal import Host, Portal, wait_until
from tests.faults.proxy import MISSING, installed, nginx
from tests.faults.relay import HOST
from tests.faults.rolling import ANSWERED, restart, senders
from tests.faults.visitor import Visitor

GUNICORN_S_OWN = ("--worker-class", "gthread")
behind_nginx = pytest.mark.skipif(not installed(), reason=MISSING)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Portal]:
    """Two hosts of two processes each; which database is nothing to them."""
    portal = Portal(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite3'}", LIMIT_PER_ADDRESS="0")
    portal.another_host()
    for host in portal.hosts:
        host.start()
    yield portal
    portal.close()


def ports(portal: Portal) -> list[int]:
    """Where its hosts listen."""
    return [host.port for host in portal.hosts]


def told(ended: Counter[int | str]) -> str:
    """For the figures."""
    return f"{ended.total()} POSTs, {ended.total() - ended[ANSWERED]} lost"


def test_a_host_told_to_go_loses_no_form(two: Portal) -> None:
    """With a request of a second under way; whoever is refused goes to the other host."""
    with senders(two, ports(two), pause=0.05) as ended:
        assert restart(two, two.first, 1) == ANSWERED
    assert set(ended) == {ANSWERED}


@pytest.mark.long
@behind_nginx
def test_twenty_rolling_restarts_lose_no_form_of_five_thousand(two: Portal, tell: Tell) -> None:
    """Behind the proxy's sample, with a request of three seconds under way each time."""
    with nginx(two) as port, senders(two, [port]) as ended:
        for number in range(20):
            assert restart(two, two.hosts[number % 2], 3) == ANSWERED
            time.sleep(0.2)
    tell(f"20 rolling restarts behind nginx: {told(ended)}")
    assert set(ended) == {ANSWERED} and ended.total() >= 5_000


@pytest.mark.long
@behind_nginx
def test_gunicorn_s_own_worker_still_loses_some(two: Portal, tell: Tell) -> None:
    """A canary: where this fails, gunicorn has mended it, and our worker class can go."""
    for host in two.hosts:
        host.stop()
        host.start(*GUNICORN_S_OWN)
    with nginx(two) as port, senders(two, [port]) as ended:
        for host in two.hosts:
            restart(two, host, 3, *GUNICORN_S_OWN)
    tell(f"2 rolling restarts of gunicorn's own worker: {told(ended)}")
    assert ended[502] > 0


@pytest.mark.long
def test_a_reload_loses_no_form(two: Portal, tell: Tell) -> None:
    """SIGHUP: the former workers close their sockets, the new ones go on accepting."""
    with senders(two, [two.first.port]) as ended:
        for _ in range(3):
            time.sleep(0.5)
            changed_workers(two.first, two.first.reload)
    tell(f"3 reloads of one host alone: {told(ended)}")
    assert set(ended) == {ANSWERED}


@pytest.mark.long
def test_a_worker_that_hangs_has_a_successor(two: Portal) -> None:
    """gunicorn ends a worker that gives no sign of life for `--timeout`; the socket stays open."""
    two.first.stop()
    two.first.start("--timeout", "2")
    hangs = two.first.workers[0]
    os.kill(hangs, signal.SIGSTOP)
    wait_until(lambda: hangs not in two.first.workers and len(two.first.workers) == 2)
    with senders(two, [two.first.port], pause=0.05) as ended:
        time.sleep(1)
    assert set(ended) == {ANSWERED}


@pytest.mark.long
@behind_nginx
def test_a_slow_reader_detains_no_host_and_gets_the_whole_file(two: Portal, tell: Tell) -> None:
    """The proxy has the answer before its reader: the host goes at once, the file arrives."""
    path = re.findall(r'href="(/static/[^"]+\.pdf)"', Visitor(two).get("/aide").text)[0]
    with nginx(two) as port:
        connection = http.client.HTTPConnection(HOST, port)
        connection.sock = narrow_socket(port)
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        got = len(answer.read(10_000))
        began = time.monotonic()
        for host in two.hosts:
            host.stop()
        took = time.monotonic() - began
        time.sleep(2)
        got += len(answer.read())
        connection.close()
    tell(f"both hosts gone in {took:.1f} s while a reader was at 10,000 of {got} bytes")
    assert got == int(answer.headers["Content-Length"]) > 1_000_000
    assert took < 8


def narrow_socket(port: int) -> socket.socket:
    """A connection that takes in little at a time."""
    narrow = socket.socket()
    narrow.settimeout(30)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    narrow.connect((HOST, port))
    return narrow


def changed_workers(host: Host, change) -> None:
    """Do it, and wait until two other workers are there alone."""
    former = set(host.workers)
    change()
    wait_until(lambda: len(host.workers) == 2 and not former & set(host.workers))
