"""The temporary folder after a server: stopped or killed, it leaves nothing there for long."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.conftest import NewPortal, no_database_decides
from tests.faults.portal import Host, Portal, wait_until

TOKEN = "a-token-of-the-tests-long-and-random-enough"
pytestmark = no_database_decides


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def kill_all(host: Host) -> None:
    """SIGKILL each process of the server at once, as a machine out of memory does."""
    workers = host.workers
    host.kill_master()
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def left(temporary: Path) -> list[str]:
    return sorted(each.name for each in temporary.iterdir())


def metered(new: NewPortal, temporary: Path, **environment: str) -> Portal:
    return new(TMPDIR=str(temporary), **environment)


def test_a_killed_server_leaves_nothing_behind(own_portal: NewPortal, temporary: Path) -> None:
    portal = metered(own_portal, temporary)
    portal.first.start()
    kill_all(portal.first)
    assert left(temporary) == []


def test_counts_of_requests_are_gone_with_a_stop_or_with_the_start_after_a_kill(
    own_portal: NewPortal, temporary: Path
) -> None:
    portal = metered(own_portal, temporary, METRICS_TOKEN=TOKEN)
    portal.first.start()
    (counts,) = left(temporary)
    kill_all(portal.first)
    portal.first.start()
    assert len(left(temporary)) == 1 and counts not in left(temporary)
    portal.first.stop()
    assert left(temporary) == []


def test_a_worker_that_was_killed_takes_none_of_its_counts_along(
    own_portal: NewPortal, temporary: Path
) -> None:
    portal = metered(own_portal, temporary, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="1")
    portal.first.start()
    before = portal.first.counted(TOKEN)
    assert before >= 1
    (worker,) = portal.first.workers
    portal.first.kill()
    wait_until(lambda: portal.first.workers not in ([], [worker]))
    assert portal.first.counted(TOKEN) > before
