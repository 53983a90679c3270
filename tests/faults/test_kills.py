"""Processes killed at every statement, at every point of a mail's dialogue, and at random."""

import http.client
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import oracle
from tests.faults.conftest import ALL, NewPortal, Tell, database_url
from tests.faults.portal import BIN, Portal, portal, wait_until
from tests.faults.visitor import Visitor, about_me, mailed_link
from tests.world import PASSWORD
from webapp.models import Account, Registration, RollEntry
from webapp.services import outbox
from webapp.settings import ROOT

BROKEN = (OSError, http.client.HTTPException)
KILLS = int(os.environ.get("FAULTS_KILLS") or 40)
LEASE = outbox.LEASE.total_seconds() + 1


@pytest.fixture(scope="module")
def doomed_all_along(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A portal whose processes die under it: a letter may leave twice, the same."""
    folder = tmp_path_factory.mktemp("doomed")
    with portal(folder, database_url(kind, folder, request)) as running:
        yield running


@pytest.fixture
def doomed(doomed_all_along: Portal) -> Iterator[Portal]:
    """Judged by the oracle afterwards."""
    yield doomed_all_along
    doomed_all_along.first.advance(0)
    oracle.check(doomed_all_along, copies=2)


def dies(visitor: Visitor, path: str, fields: dict[str, str], at: str) -> bool:
    """Send a form to a process that dies there; False when it had answered before."""
    try:
        visitor.post(path, fields, X_Dies_At=at)
    except BROKEN:
        return True
    return False


def points() -> list[str]:
    """Before each statement, at the commit, between the commit and the answer."""
    return [*map(str, range(1, 10)), "commit", "answer"] if ALL else ["4", "commit", "answer"]


@pytest.mark.parametrize("at", points())
def test_a_registration_killed_anywhere_is_whole_or_not_there(doomed: Portal, at: str) -> None:
    """S10: the member sees a broken connection, sends the form again, and all is as it should."""
    member, visitor = doomed.member(), Visitor(doomed)
    visitor.get("/inscription")
    dies(visitor, "/inscription", about_me(member), at)
    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    dies(visitor, "/inscription/cgu", {"accept": "y"}, at)
    visitor.get("/inscription/cgu")
    visitor.post("/inscription/cgu", {"accept": "y"})
    assert visitor.get("/inscription/confirmation").status == 200
    doomed.first.advance(LEASE)  # the sender may have died with a letter in its hands
    link = mailed_link(doomed, member)
    mine = (Registration.email == member.email, Registration.state == "waiting")
    assert doomed.count(Registration, *mine) == 1

    visitor.get(link)
    dies(visitor, link, {}, at)
    visitor.confirm(link)
    assert "finalisée" in visitor.get(link).text
    assert doomed.count(Account, Account.email == member.email) == 1
    doomed.all_sent()
    assert len({each.id for each in doomed.relay.to(member.email)}) == 1


@pytest.mark.parametrize("at", points())
def test_a_sign_in_killed_anywhere_lets_its_member_in_once_more(doomed: Portal, at: str) -> None:
    """S10 for the sign-in: a code that was consumed is consumed, one that was not still opens."""
    member, visitor = doomed.member(account=True), Visitor(doomed)
    visitor.get("/connexion")
    dies(visitor, "/connexion", {"email": member.email, "password": PASSWORD}, at)
    assert visitor.give_password(member).leads_to == "/connexion/code"
    doomed.first.advance(LEASE)
    doomed.relay.wait_for(member.email)

    member, again = doomed.member(account=True), Visitor(doomed)
    code = again.at_code(member)
    again.get("/connexion/code")
    before = doomed.events("sign_in.done")
    dies(again, "/connexion/code", {"security_code": code}, at)
    done = doomed.events("sign_in.done") - before
    assert done <= 1
    again.give_code(code)
    if not done:
        assert again.is_in()
    assert doomed.events("sign_in.done") - before == 1


DIALOGUE = ("greeting", "sender", "data", "end", "answered")


@pytest.mark.long
@pytest.mark.parametrize("point", DIALOGUE)
def test_a_sender_killed_in_the_dialogue_loses_nothing(
    own_portal: NewPortal, point: str, tell: Tell
) -> None:
    """S11: a second copy only from the letter's end on, the same to the last byte."""
    own = own_portal(WEB_CONCURRENCY="1")
    own.first.start()
    member, visitor = own.member(), Visitor(own)
    struck = threading.Event()

    def strike(reached: str) -> None:
        if reached == point and not struck.is_set():
            struck.set()
            own.first.kill()

    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    own.relay.at = strike
    try:
        visitor.post("/inscription/cgu", {"accept": "y"})
    except BROKEN:
        visitor.accept_terms()
    assert struck.wait(30)
    wait_until(lambda: own.first.workers, what="no successor")
    own.first.advance(LEASE)
    own.relay.wait_for(member.email)
    own.all_sent()
    copies = own.relay.to(member.email)
    late = point in ("end", "answered")
    assert len(copies) <= (2 if late else 1)
    assert len({each.raw for each in copies}) == 1
    oracle.check(own, copies=2 if late else 1)
    oracle.ended_well(own)
    tell(f"sender killed at « {point} »: {len(copies)} copy, lost 0")


@pytest.mark.long
def test_a_worker_of_its_own_told_to_stop_finishes_its_letter(own_portal: NewPortal) -> None:
    """S11: SIGTERM, the letter under way leaves, the process ends well within 15 seconds."""
    own = own_portal(WEB_CONCURRENCY="1")
    own.first.start()
    reached = threading.Event()

    def slow(point: str) -> None:
        if point == "data":
            reached.set()
            time.sleep(1)

    own.relay.at = slow
    member = own.member()
    Visitor(own).register(member)
    assert reached.wait(10)
    began = time.monotonic()
    own.first.stop()
    assert time.monotonic() - began < 15
    assert len(own.relay.to(member.email)) == 1
    assert own.waiting_letters() == 0


@pytest.mark.long
def test_killed_at_random_moments_nothing_is_lost(own_portal: NewPortal, tell: Tell) -> None:
    """S10, S11: FAULTS_KILLS times SIGKILL (40 unless told) among registrations and sends."""
    own = own_portal(MAIL_WORKER="embedded")
    own.first.start()
    chance, over, kills = random.Random(6), threading.Event(), Counter[str]()

    def killer() -> None:
        while kills["done"] < KILLS:
            time.sleep(chance.uniform(0.01, 0.3))
            answered = kills["answered"]
            patience = time.monotonic() + 3
            while kills["answered"] < answered + 3 and time.monotonic() < patience:
                time.sleep(0.01)  # members come on between two deaths, however slow the machine
            workers = own.first.workers
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
                kills["done"] += 1
        over.set()

    def members() -> list[str]:
        """Register one member after the other, whatever breaks on the way."""
        accepted = []
        while not over.is_set():
            member, visitor = own.member(), Visitor(own, seconds=20)
            while True:
                try:
                    visitor.prove_letter(member)
                    kills["answered"] += 1
                    visitor.accept_terms()
                    kills["answered"] += 1
                    if "prise en compte" in visitor.get("/inscription/confirmation").text:
                        accepted.append(member.email)
                        break
                except BROKEN:
                    kills["broken"] += 1
                    time.sleep(0.05)
        return accepted

    with ThreadPoolExecutor(5) as threads:
        work = [threads.submit(members) for _ in range(4)]
        threads.submit(killer).result()
        accepted = [email for each in work for email in each.result()]
    for ahead in range(1, 20):
        own.first.advance(LEASE * ahead)
        try:
            own.all_sent(8)
            break
        except AssertionError:
            continue
    mailed = Counter(to for each in own.relay.handed for to in each.to)
    lost = [email for email in accepted if not mailed[email]]
    copies = Counter(each.id for each in own.relay.handed)
    doubled = sum(many > 1 for many in copies.values())
    tell(
        f"{kills['done']} SIGKILLs, {len(accepted)} registrations, {kills['broken']} broken "
        f"connections: {len(lost)} lost, {doubled} letters twice (same Message-ID)"
    )
    assert lost == []
    assert own.waiting_letters() == 0
    assert max(copies.values()) <= 3
    oracle.check(own, copies=3)
    _each_letter_was_kept_or_replaced(own, accepted)


def _each_letter_was_kept_or_replaced(own: Portal, accepted: list[str]) -> None:
    """Whoever was told « prise en compte » holds a link that works. Not always the one that came
    last: a letter that a dead sender held leaves after the one that replaced it."""
    for email in accepted[:: max(len(accepted) // 20, 1)]:
        links = {
            each.find(r"https?://[^/\s]+(/inscription/validation/\S+)")
            for each in own.relay.to(email)
        }
        pages = [Visitor(own).get(link).text for link in links]
        assert sum("Je valide mon inscription</button>" in page for page in pages) == 1


@pytest.mark.long
def test_an_import_killed_in_the_middle_is_not_there(own_portal: NewPortal) -> None:
    """S23: kill -9 while the roll is read: nothing; again: all; once more: no change."""
    own = own_portal()
    file = own.folder / "adherents.csv"
    rows = "".join(f"{n:07d};Nom{n};Odile\n" for n in range(6000))
    file.write_text("numero_adherent;nom;prenom\n" + rows)
    command = [BIN / "flask", "members", "import", str(file)]
    for pause in (0.9, 1.3, 1.8):
        letters = ["--letters", str(own.folder / f"letters-{pause}.csv")]
        killed = subprocess.Popen(
            [*command, *letters], cwd=ROOT, env=own.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(pause)
        killed.kill()
        killed.wait()
        assert own.count(RollEntry) in (0, 6000)
    own.flask("members", "import", str(file), "--letters", str(own.folder / "last.csv"))
    assert own.count(RollEntry) == 6000
    own.flask("members", "import", str(file))
    assert own.count(RollEntry) == 6000
