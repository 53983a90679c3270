"""Behind the proxy sample: a rolling restart, slow clients, what it logs and lets through."""

import shutil
import subprocess
import threading
import time

import pytest

from tests.faults.conftest import NewPortal, Tell
from tests.faults.portal import Portal
from tests.faults.proxy import MISSING, installed, log_of, nginx
from tests.faults.relay import HOST
from tests.faults.visitor import Visitor, mailed_link

pytestmark = [pytest.mark.long, pytest.mark.skipif(not installed(), reason=MISSING)]
ATTACKS = {"slow headers": "-H", "slow body": "-B", "slow reading": "-X"}


class Behind(Visitor):
    """Comes through the proxy, from an address of loopback of its own."""

    def __init__(self, portal: Portal, port: int, source: str = "127.0.0.1"):
        super().__init__(portal)
        self.host, self.source = _Door(port), source  # type: ignore[assignment]


class _Door:
    """Where the proxy listens, in a host's place."""

    def __init__(self, port: int):
        self.port = port


@pytest.fixture
def two(own_portal: NewPortal) -> Portal:
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.another_host()
    for host in portal.hosts:
        host.start()
    return portal


def test_a_rolling_restart_fails_no_request(two: Portal, tell: Tell) -> None:
    """Both hosts restarted in turn while members read and register: every answer is a page."""
    over, statuses, lock = threading.Event(), [], threading.Lock()

    def visit(which: int) -> None:
        while not over.is_set():
            visitor = Behind(two, port, f"127.0.1.{which}")
            member = two.member()
            seen = [visitor.get("/connexion").status, visitor.prove_letter(member).status]
            seen.append(visitor.accept_terms().status)
            with lock:
                statuses.extend(seen)
            time.sleep(0.2)

    with nginx(two) as port:
        threads = [threading.Thread(target=visit, args=(n,)) for n in range(1, 4)]
        for thread in threads:
            thread.start()
        for host in two.hosts:
            time.sleep(0.5)
            host.stop()
            host.start()
        time.sleep(0.5)
        over.set()
        for thread in threads:
            thread.join()
        log = log_of(two)
    failed = [each for each in statuses if each >= 500]
    tell(f"rolling restart behind nginx: {len(statuses)} requests, {len(failed)} failed")
    assert failed == []
    assert "/inscription" not in log


@pytest.mark.skipif(not shutil.which("slowhttptest"), reason="slowhttptest is not installed")
@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_clients_do_not_slow_the_others(two: Portal, attack: str, tell: Tell) -> None:
    """S22: 500 slow connections; members' pages keep their p95 below a second."""
    with nginx(two) as port:
        command = [
            "slowhttptest", ATTACKS[attack], "-c", "500", "-r", "200", "-l", "12", "-i", "5",
            "-u", f"http://{HOST}:{port}/connexion",
        ]  # fmt: skip
        slow = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(3)
        times = []
        for number in range(30):
            began = time.perf_counter()
            answer = Behind(two, port, f"127.0.2.{number + 1}").get("/connexion")
            times.append(time.perf_counter() - began)
            assert answer.status == 200
        slow.terminate()
        slow.wait(30)
    p95 = sorted(times)[int(len(times) * 0.95)]
    tell(f"{attack}, 500 connections behind nginx: pages p95 {p95 * 1000:.0f} ms")
    assert p95 < 1


def test_the_sample_hides_what_is_for_inside_and_logs_no_link(two: Portal) -> None:
    """ASVS 13.4.5, 14.2.1: no metrics from outside; a link's key is in no log of the proxy."""
    with nginx(two) as port:
        visitor, member = Behind(two, port), two.member()
        assert visitor.get("/metrics").status == 404
        visitor.register(member)
        link = mailed_link(two, member)
        assert visitor.get(link).status == 200
        assert visitor.request("POST", "/connexion", b"a" * 70_000).status == 413
        told = "".join(each.read_text() for each in (two.folder / "nginx").glob("*.log"))
        assert link.rpartition("/")[2] not in told
