"""The database restarts, is away, is full, stands still: 503 and back, nothing doubled."""

import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import oracle
from tests.faults.conftest import ALL, Tell
from tests.faults.portal import Portal, portal
from tests.faults.postgres import Postgres
from tests.faults.visitor import Visitor, mailed_link
from webapp.models import Account, Registration

POOL = 8 + 2  # of a process: gunicorn's threads, its own, the sender's
AWAY = 30.0 if ALL else 1.0

postgresql = pytest.mark.skipif(
    "postgresql" not in os.environ.get("TEST_DATABASES", "postgresql"), reason="PostgreSQL only"
)


def test_postgresql_away_is_503_and_back_without_a_restart(
    tmp_path: Path, postgres: Postgres, tell: Tell
) -> None:
    """S12: an absence in the middle of a registration and of a sign-in."""
    with portal(tmp_path, postgres.new_database()) as away:
        signed, registering = away.member(account=True), away.member()
        member, visitor = Visitor(away), Visitor(away)
        member.sign_in(signed)
        visitor.prove_letter(registering)
        visitor.get("/inscription/cgu")
        workers, threads = away.first.workers, away.first.threads
        postgres.stop("immediate")
        gone, waits, statuses = time.monotonic(), [], set()
        try:
            while time.monotonic() - gone < AWAY:
                for ask in (
                    lambda: member.get("/espace"),
                    lambda: visitor.post("/inscription/cgu", {"accept": "y"}),
                    lambda: Visitor(away).get("/sante"),
                ):
                    began = time.monotonic()
                    answer = ask()
                    waits.append(time.monotonic() - began)
                    statuses.add(answer.status)
                    assert answer.headers["Retry-After"]
                assert Visitor(away).get("/connexion").status == 200  # asks it nothing
                time.sleep(0.3)
        finally:
            postgres.start()
        assert statuses == {503}
        assert member.is_in(), "the session was lost"
        assert visitor.post("/inscription/cgu", {"accept": "y"}).status == 303
        assert away.count(Registration, Registration.state == "waiting") == 1
        mailed_link(away, registering)
        away.all_sent()
        assert away.first.workers == workers
        assert away.first.threads <= len(workers) * POOL, f"{threads} threads before"
        oracle.check(away)
    tell(
        f"PostgreSQL away {AWAY:.0f} s: {len(waits)} answers 503 with Retry-After, slowest "
        f"{max(waits):.1f} s, same processes, no thread more"
    )


@pytest.mark.long
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_restarted_under_load_doubles_nothing(
    tmp_path: Path, postgres: Postgres, mode: str, tell: Tell
) -> None:
    """S12: members register while it restarts, sending again what was answered by a 503."""
    with portal(tmp_path, postgres.new_database()) as shaken:
        members = [shaken.member() for _ in range(12)]

        def register(which: int) -> set[int]:
            visitor, seen = Visitor(shaken), set()
            for _ in range(100):
                answer = visitor.prove_letter(members[which])
                seen.add(answer.status)
                answer = visitor.accept_terms()
                seen.add(answer.status)
                if answer.leads_to == "/inscription/confirmation":
                    return seen
                time.sleep(0.1)
            raise AssertionError("never came through")

        with ThreadPoolExecutor(4) as threads:
            work = [threads.submit(register, n) for n in range(12)]
            time.sleep(0.3)
            postgres.stop(mode)
            time.sleep(1)
            postgres.start()
            seen = set().union(*(each.result() for each in work))
        assert seen <= {303, 422, 429, 503}, seen
        for member in members:
            Visitor(shaken).confirm(mailed_link(shaken, member))
        assert shaken.count(Account) == 12
        shaken.first.advance(121)
        shaken.all_sent()
        oracle.check(shaken, copies=2)
    tell(f"PostgreSQL restarted ({mode}): 12 registrations, 12 accounts, statuses {sorted(seen)}")


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no right to mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_503_and_mends_itself(tmp_path: Path, small_disk: Path, tell: Tell) -> None:
    """S14 on SQLite: nothing is said to be done that is not; reading goes on."""
    with portal(tmp_path, f"sqlite:///{small_disk / 'portal.sqlite3'}") as cramped:
        signed, registering = cramped.member(account=True), cramped.member()
        member, visitor = Visitor(cramped), Visitor(cramped)
        member.sign_in(signed)
        cramped.all_sent()
        visitor.prove_letter(registering)
        visitor.get("/inscription/cgu")
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as full:
            try:
                while True:
                    full.write(b"0" * 4096)
            except OSError:
                pass
        statuses = {visitor.post("/inscription/cgu", {"accept": "y"}).status for _ in range(5)}
        assert statuses == {503}
        assert Visitor(cramped).get("/connexion").status == 200
        assert member.get("/espace").status == 200
        assert cramped.relay.to(registering.email) == []
        filler.unlink()
        assert visitor.post("/inscription/cgu", {"accept": "y"}).status == 303
        mailed_link(cramped, registering)
        cramped.all_sent()
        with cramped.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        oracle.check(cramped)
    tell("disk full: 503, pages still read, whole again once there is room")


def test_a_portal_that_stands_still_under_a_stopped_worker_goes_on(town: Portal) -> None:
    """S12: one of two processes frozen (SIGSTOP) is no loss for those who come to the other."""
    frozen = town.first.workers[0]
    os.kill(frozen, signal.SIGSTOP)
    try:
        member = town.member()
        answered = 0
        for _ in range(6):
            try:
                answered += Visitor(town, seconds=1.5).get("/connexion").status == 200
            except OSError:
                continue
        assert answered
    finally:
        os.kill(frozen, signal.SIGCONT)
    Visitor(town).register(member)


def test_nothing_in_the_answers_tells_which_database(town: Portal) -> None:
    """S12: an error page names no machine, no library, no file."""
    page = Visitor(town).get("/nulle-part").text
    assert not re.search(r"sqlite|postgres|psycopg|sqlalchemy|/tmp|Traceback", page, re.I)
