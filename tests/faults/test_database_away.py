"""The database restarts, is away, is full, stands still: 503 and back, nothing doubled."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import oracle
from tests.faults.conftest import ALL, Tell
from tests.faults.portal import Portal, portal
from tests.faults.postgres import Postgres
from tests.faults.test_kills import LEASE
from tests.faults.visitor import Visitor, mailed_link
from webapp.models import Account, Registration

POOL = 8 + 2  # of a process: gunicorn's threads, its own, the sender's
LINK = r"https?://[^/\s]+(/inscription/validation/\S+)"
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
        shaken.first.advance(LEASE)  # what a sender held when the database went waits for its lease
        shaken.all_sent()
        for member in members:  # whoever was told 503 for a commit that was done has two mails
            for mail in shaken.relay.to(member.email):
                Visitor(shaken).confirm(mail.find(LINK))
        assert shaken.count(Account) == 12
        oracle.check(shaken, copies=2)
    tell(f"PostgreSQL restarted ({mode}): 12 registrations, 12 accounts, statuses {sorted(seen)}")


@pytest.mark.long
def test_a_database_that_takes_no_more_connections_is_503_and_back(
    tmp_path: Path, postgres: Postgres, tell: Tell
) -> None:
    """S12: idle clients hold every connection; once they let go it serves, nothing restarted."""
    with portal(tmp_path, postgres.new_database()) as crowded:
        member = crowded.member()
        crowded.engine.dispose()
        with postgres.crowded_out(crowded.settings.database_url) as held:
            began = time.monotonic()
            refused = Visitor(crowded).prove_letter(member)
            waited = time.monotonic() - began
            assert (refused.status, Visitor(crowded).get("/connexion").status) == (503, 200)
        Visitor(crowded).register(member)
        mailed_link(crowded, member)
        crowded.all_sent()
        oracle.check(crowded)
    tell(f"PostgreSQL full ({held} idle clients): 503 in {waited:.1f} s, then serves again")


def test_a_portal_that_stands_still_under_a_stopped_worker_goes_on(town: Portal) -> None:
    """S12: one of two processes frozen (SIGSTOP) is no loss for those who come to the other."""
    frozen = town.first.workers[0]
    with town.engine.begin():  # our turn to write: on SQLite it is not frozen in the middle of its
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
