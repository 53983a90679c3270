"""Processes killed at random moments, hundreds of times; an import killed in its midst."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.faults import oracle
from tests.faults.conftest import NewPortal, Tell
from tests.faults.portal import BIN, Portal, wait_until
from tests.faults.relay import Handed
from tests.faults.test_kills import BROKEN, LEASE
from tests.faults.visitor import Visitor
from webapp.models import OutboxMail, RollEntry
from webapp.settings import ROOT

KILLS = int(os.environ.get("FAULTS_KILLS") or 500)


@pytest.mark.long
def test_killed_at_random_moments_nothing_is_lost(own_portal: NewPortal, tell: Tell) -> None:
    """S10, S11: FAULTS_KILLS times SIGKILL (500 unless told) among registrations and sends."""
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
    wait_until(lambda: _held_by_the_dead_alone(own), what="a living sender stands still")
    own.first.advance(LEASE)  # not before: a jump would have a living sender's mails sent twice
    own.all_sent()
    handed = own.relay.handed
    mailed = Counter(to for each in handed for to in each.to)
    lost = [email for email in accepted if not mailed[email]]
    copies = Counter(each.id for each in handed)
    doubled = sum(many > 1 for many in copies.values())
    unexplained = _sent_again_by_the_living(handed)
    tell(
        f"{kills['done']} SIGKILLs, {len(accepted)} registrations, {kills['broken']} broken "
        f"connections: {len(lost)} lost; {len(copies)} mails, {doubled} more than once (same "
        f"Message-ID, {max(copies.values())} times at most), each but the last time by a sender "
        f"killed at its relay's answer; {len(unexplained)} otherwise"
    )
    assert lost == []
    assert own.waiting_mails() == 0
    assert unexplained == set()
    oracle.check(own, copies=max(copies.values()))
    _each_mail_was_kept_or_replaced(own, accepted)


def _sent_again_by_the_living(handed: list[Handed]) -> set[str]:
    """Mails that left once more although their sender lived to note that they had left."""
    noted: set[str] = set()
    again: set[str] = set()
    for each in handed:
        if each.id in noted:
            again.add(each.id)
        if each.sender_lived:
            noted.add(each.id)
    return again


def _held_by_the_dead_alone(own: Portal) -> bool:
    """Whether all that has yet to leave is in the hands of processes that are no more."""
    waits = select(OutboxMail.state, OutboxMail.worker).where(
        OutboxMail.state.in_(["ready", "claimed"])
    )
    living = {str(pid) for pid in own.first.workers}
    with own.engine.connect() as connection:
        rows = connection.execute(waits).all()
    return all(row.state == "claimed" and row.worker.split(":")[-2] not in living for row in rows)


def _each_mail_was_kept_or_replaced(own: Portal, accepted: list[str]) -> None:
    """Whoever was told « prise en compte » holds a link that works. Not always the one that came
    last: a mail that a dead sender held leaves after the one that replaced it."""
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
